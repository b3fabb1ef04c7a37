import { ApiObject, App } from 'cdk8s';
import { exampleNames, loadExample } from '../../scripts/demo/examples';
import { checkReferences, refKey } from '../support/references';
import { Manifest, validateObjects } from '../support/validate';
import { McpCluster } from 'cdk8s-mcp';

/** Secrets that the examples leave to whoever applies them. */
const EXTERNALS = new Set([
  ...['dev', 'mcp-system'].map(namespace => refKey('Secret', namespace, 'gateway-session-key')),
  refKey('Secret', 'finance', 'ledger-database'),
  refKey('Secret', 'mcp-system', 'crm-token'),
  refKey('Secret', 'sales', 'crm-key'),
  refKey('Secret', 'sales', 'gateway-session-key'),
  refKey('Secret', 'my-team', 'db-credentials'),
  ...['finance', 'mcp-system'].map(namespace => refKey('Secret', namespace, 'regcred')),
]);

function objectsOf(app: App): Manifest[] {
  return app.charts.flatMap(chart => chart.toJson());
}

describe.each(exampleNames())('%s', name => {
  const app = new App();
  const example = loadExample(name);
  example.build(app);
  const objects = objectsOf(app);

  it('says first what it shows', () => {
    expect(example.summary).toMatch(/^[A-Z].*\.$/);
  });

  it('is valid, and refers to nothing that is not there', () => {
    // OME's own InferenceServices are emitted as they are written; their schema is OME's.
    expect(validateObjects(objects.filter(({ kind }) => kind !== 'InferenceService'))).toEqual([]);
    for (const cluster of new Set(app.charts.map(chart => McpCluster.of(chart)))) {
      const own = app.charts.filter(chart => McpCluster.of(chart) === cluster).flatMap(chart => chart.toJson());
      expect(checkReferences(own, { externals: EXTERNALS })).toEqual([]);
    }
  });

  it('has a namespace for everything that can have one', () => {
    const unplaced = app.node
      .findAll()
      .filter((construct): construct is ApiObject => ApiObject.isApiObject(construct))
      .map(object => object.toJson())
      .filter(({ metadata }) => metadata.namespace === undefined)
      .map(({ kind }) => kind);
    expect(unplaced.filter(kind => !kind.startsWith('Cluster'))).toEqual([]);
  });
});

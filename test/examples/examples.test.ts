import { ApiObject, App } from 'cdk8s';
import { parse } from 'yaml';
import { exampleNames, loadExample } from '../../scripts/demo/examples';
import { AccessMatrix, PermissionReport } from '../../src';
import { Synthesis } from '../../src/synthesis/synthesis';
import { checkReferences, refKey } from '../support/references';
import { Manifest, validateObjects } from '../support/validate';

/** Secrets that the examples leave to whoever applies them. */
const EXTERNALS = new Set([
  ...['dev', 'mcp-system'].map(namespace => refKey('Secret', namespace, 'gateway-session-key')),
  refKey('Secret', 'finance', 'ledger-database'),
  refKey('Secret', 'mcp-system', 'crm-token'),
  refKey('Secret', 'sales', 'crm-key'),
  refKey('Secret', 'sales', 'gateway-session-key'),
  refKey('Secret', 'my-team', 'db-credentials'),
]);

function objectsOf(app: App): Manifest[] {
  return app.charts.flatMap(chart => chart.toJson());
}

const placed = ({ kind, metadata }: Manifest) => `${kind} ${metadata.namespace ?? '(cluster)'}/${metadata.name}`;

function targetsOf(backend: Manifest): string[] {
  return (
    backend.mcp?.targets.map(({ name, mcp, sse, openapi }: Manifest) => {
      const { host, port, path } = mcp ?? sse ?? openapi;
      return `${name} (${host}${port === undefined ? '' : `:${port}${path}`})`;
    }) ?? [backend.host]
  );
}

/** A line for each route of a gateway: where it listens, what it is called, and where it leads. */
function routesOf(configuration: string): string[] {
  return parse(configuration).binds.flatMap(({ port, listeners }: Manifest) =>
    listeners.flatMap(({ routes }: Manifest) =>
      routes.map(({ name, backends }: Manifest) => `:${port} ${name} -> ${backends.flatMap(targetsOf).join(', ')}`),
    ),
  );
}

/** The same of Envoy, whose servers stand in a file of their own. */
function envoyRoutesOf(data: Manifest): string[] {
  const servers = new Map<string, string>(
    parse(data['clusters.yaml']).resources.map(({ name, load_assignment: { endpoints } }: Manifest) => [
      name,
      endpoints.flatMap(addressesOf).join(', '),
    ]),
  );
  return parse(data['routes.yaml']).resources.flatMap(({ virtual_hosts: hosts }: Manifest) =>
    hosts.flatMap(({ routes }: Manifest) =>
      routes.map(
        ({ name, match, route }: Manifest) =>
          `${match.path} ${name} -> ${route === undefined ? 'answered by the gateway' : servers.get(route.cluster)}`,
      ),
    ),
  );
}

function addressesOf({ lb_endpoints: all, load_balancing_weight: weight = 1 }: Manifest): string[] {
  return all.map(
    ({
      endpoint: {
        address: { socket_address: at },
      },
    }: Manifest) => `${at.address}:${at.port_value} x${weight}`,
  );
}

/** What a reader of a change wants to see: which objects there are, and where the gateways lead. */
function summary(objects: readonly Manifest[]): string[] {
  const configurations = objects.filter(
    ({ kind, metadata }) => kind === 'ConfigMap' && metadata.name.endsWith('-gateway-config'),
  );
  return [
    ...objects.map(placed).sort(),
    ...configurations.flatMap(({ data }) =>
      data['config.yaml'] === undefined ? envoyRoutesOf(data) : routesOf(data['config.yaml']),
    ),
  ];
}

describe.each(exampleNames())('%s', name => {
  const app = new App();
  const example = loadExample(name);
  example.build(app);
  const objects = objectsOf(app);

  it('says first what it shows', () => {
    expect(example.summary).toMatch(/^[A-Z].*\.$/);
  });

  it('lets its workloads do', () => {
    expect(PermissionReport.of(app).toMarkdown()).toMatchSnapshot();
  });

  it('synthesizes to', () => {
    expect(summary(objects)).toMatchSnapshot();
  });

  const { guards, policies } = Synthesis.of(app).compile();
  const restricted =
    guards.size > 0 ||
    [...policies.values()].some(({ levels }) =>
      levels.some(({ rules, authzConfig }) => rules.length > 0 || authzConfig !== undefined),
    );
  if (restricted) {
    it('admits, from 10.1.2.3', () => {
      expect(AccessMatrix.of(app, { sourceIp: '10.1.2.3' }).toMarkdown()).toMatchSnapshot();
    });
  }

  it('is valid, and refers to nothing that is not there', () => {
    // OME's own InferenceServices are emitted as they are written; their schema is OME's.
    expect(validateObjects(objects.filter(({ kind }) => kind !== 'InferenceService'))).toEqual([]);
    expect(checkReferences(objects, { externals: EXTERNALS })).toEqual([]);
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

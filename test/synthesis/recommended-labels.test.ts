import { ApiObject, App, Chart } from 'cdk8s';
import { IObjectHook, McpGateway, McpRoute, McpServer, McpServerSource, ObjectHooks } from '../../src';
import { synth } from '../support/synth';
import { Manifest } from '../support/validate';

/* Labels that Kubernetes recommends besides those of the library: on objects, and never where they start pods anew or change what selects them. */

const RECOMMENDED = { 'app.kubernetes.io/part-of': 'billing', 'app.kubernetes.io/version': '1.4.0' };

class PartOf implements IObjectHook {
  public visit(object: ApiObject): void {
    object.metadata.addLabel('app.kubernetes.io/part-of', 'billing');
  }
}

function objectsOf(labels: { [key: string]: string } | undefined, hook?: IObjectHook): Manifest[] {
  const app = new App();
  const chart = new Chart(app, 'team', { namespace: 'team' });
  const gateway = new McpGateway(chart, 'gateway', { labels, replicas: 2 });
  const server = new McpServer(chart, 'ledger', { source: McpServerSource.image('x/y:1.4.0'), labels });
  new McpRoute(chart, 'books', { gateway, backends: [{ server }], labels });
  if (hook !== undefined) {
    ObjectHooks.of(app).add(hook);
  }
  return synth(chart);
}

const withoutOwn = (object: Manifest): unknown => ({ ...object, metadata: { ...object.metadata, labels: undefined } });
/** What of an object is about pods. */
const templates = (objects: Manifest[]): unknown[] =>
  objects.filter(({ kind }) => kind === 'Deployment' || kind === 'Service').map(withoutOwn);

it('are on every object of a construct that is given them, and on no pod', () => {
  const objects = objectsOf(RECOMMENDED);
  expect(objects.length).toBeGreaterThan(8);
  for (const { metadata } of objects) {
    expect(metadata.labels).toMatchObject(RECOMMENDED);
    expect(metadata.labels['app.kubernetes.io/managed-by']).toBe('cdk8s-mcp');
  }
  expect(templates(objects)).toEqual(templates(objectsOf(undefined)));
});

it('are on every object of an app with a hook', () => {
  const objects = objectsOf(undefined, new PartOf());
  expect(objects.filter(({ metadata }) => metadata.labels['app.kubernetes.io/part-of'] !== 'billing')).toEqual([]);
  expect(templates(objects)).toEqual(templates(objectsOf(undefined)));
});

import { ApiObject, App, Chart, JsonPatch, Testing } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { IConstruct } from 'constructs';
import {
  ClusterProfile,
  EgressTarget,
  IObjectHook,
  McpApp,
  McpGateway,
  McpRoute,
  McpServer,
  McpServerSource,
  McpTenant,
  NetworkEnforcement,
  ObjectHooks,
  RateLimit,
  RateLimitUnit,
} from '../../src';
import { find, messageOf, objectsOf } from '../support/synth';

const WAVE = 'argocd.argoproj.io/sync-wave';

/** A hook that is a function, and what it saw. */
class Hook implements IObjectHook {
  readonly seen: string[] = [];
  constructor(private readonly act: (object: ApiObject) => void = () => {}) {}
  visit(object: ApiObject): void {
    this.seen.push(`${object.kind} ${object.name}`);
    this.act(object);
  }
}

/** An app with a gateway whose calls are counted, and a server with rights on the Kubernetes API. */
function company(app: App = new App()): { app: App; platform: Chart; team: Chart } {
  const platform = new Chart(app, 'platform', { namespace: 'mcp-system' });
  const gateway = new McpGateway(platform, 'gateway', {
    replicas: 2,
    rateLimits: [RateLimit.perNamespace(10, RateLimitUnit.HOUR)],
  });
  const team = new Chart(app, 'team', { namespace: 'team' });
  const server = new McpServer(team, 'ledger', { source: McpServerSource.image('acme/ledger:1.0.0'), replicas: 3 });
  server.allowKubernetes({ resources: [kplus.ApiResource.PODS], verbs: ['get'] });
  new McpRoute(team, 'books', { gateway, backends: [{ server }] });
  new McpTenant(team, 'tenant', { namespace: 'team', quota: { servers: 3 } });
  return { app, platform, team };
}

const LATE = ['NetworkPolicy ledger', 'Role ledger', 'RoleBinding ledger', 'Deployment gateway-rate-limit-store'];

it.each([() => new App(), () => new McpApp()])('a hook sees every object once, late ones too (%s)', make => {
  const { app } = company(make());
  const hook = new Hook(object => object.metadata.addAnnotation(WAVE, '2'));
  ObjectHooks.of(app).add(hook);
  const objects = objectsOf(app);
  objectsOf(app);
  expect(objects.filter(({ metadata }) => metadata.annotations?.[WAVE] !== '2')).toEqual([]);
  expect(hook.seen).toEqual(expect.arrayContaining(LATE));
  expect([...hook.seen].sort()).toEqual(objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`).sort());
});

it('a hook sees what is at and below its scope alone', () => {
  const { app, team } = company();
  const hook = new Hook();
  ObjectHooks.of(team).add(hook);
  const { length } = Testing.synth(team);
  objectsOf(app);
  expect(hook.seen).toHaveLength(length);
});

it('hooks are called in an app without constructs of the library, too', () => {
  const app = new App();
  const chart = new Chart(app, 'c');
  new kplus.ConfigMap(chart, 'm', { data: { a: 'b' } });
  ObjectHooks.of(app).add(new Hook(object => object.addJsonPatch(JsonPatch.replace('/data/a', 'c'))));
  expect(objectsOf(app)[0].data).toEqual({ a: 'c' });
});

it('what hooks do to the rest of objects is written', () => {
  const { app } = company();
  ObjectHooks.of(app).add(
    new Hook(object => {
      if (object.kind === 'Deployment' || object.kind === 'StatefulSet') {
        object.addJsonPatch(JsonPatch.add('/spec/template/spec/schedulerName', 'spot'));
      }
      if (object.kind === 'PodDisruptionBudget') {
        object.addJsonPatch(JsonPatch.replace('/spec/maxUnavailable', 2));
      }
    }),
  );
  const objects = objectsOf(app);
  const pods = objects.flatMap(({ spec }) => spec?.template?.spec ?? []);
  expect(pods.map(({ schedulerName }) => schedulerName)).toEqual(['spot', 'spot', 'spot', 'spot']);
  expect(find(objects, 'PodDisruptionBudget', 'gateway').spec.maxUnavailable).toBe(2);
});

const patch = (path: string, value: unknown) => (object: ApiObject) => object.addJsonPatch(JsonPatch.add(path, value));
const PROVED: readonly [string, string, (object: ApiObject) => void, string][] = [
  ['NetworkPolicy', 'ledger', patch('/spec/ingress', [{}]), 'spec'],
  ['Role', 'ledger', patch('/rules/-', { apiGroups: [''], resources: ['secrets'], verbs: ['get'] }), 'rules'],
  ['RoleBinding', 'ledger', patch('/subjects/-', { kind: 'Group', name: 'all' }), 'subjects'],
  ['ConfigMap', 'gateway-gateway-config', patch('/data/other', 'x'), 'data'],
  ['ConfigMap', 'gateway-rate-limit', patch('/data/other', 'x'), 'data'],
  ['MCPRoute', 'books', patch('/spec/authorization', {}), 'spec'],
  ['ResourceQuota', 'mcp-tenant', patch('/spec/hard', {}), 'spec'],
  ['Service', 'ledger', patch('/spec/selector/extra', 'x'), 'spec.selector'],
  ['Service', 'gateway', patch('/spec/ports/0/port', 81), 'spec.ports'],
  ['ServiceAccount', 'ledger', patch('/automountServiceAccountToken', true), 'automountServiceAccountToken'],
  ['StatefulSet', 'ledger', patch('/spec/template/metadata/labels', {}), 'app.kubernetes.io~name'],
  ['Deployment', 'gateway', patch('/spec/template/spec/serviceAccountName', 'x'), 'serviceAccountName'],
  ['Deployment', 'gateway-rate-limit', patch('/metadata/name', 'x'), 'metadata.name'],
  ['Deployment', 'gateway', patch('/metadata/namespace', 'x'), 'metadata.namespace'],
  ['Deployment', 'gateway', object => object.metadata.addLabel('app.kubernetes.io/name', 'x'), 'metadata.labels'],
];

it.each(PROVED)('no hook changes what proves policies: %s %s', (kind, name, act, field) => {
  for (const make of [() => new App(), () => new McpApp()]) {
    const { app } = company(make());
    ObjectHooks.of(app).add(new Hook(object => object.kind === kind && object.name === name && act(object)));
    const error = messageOf(() => app.synthYaml());
    expect(error).toContain('was changed by a hook');
    expect(error).toContain(`(${kind} `);
    expect(error).toMatch(new RegExp(`ObjectHooks\\.\\S*${field.replace(/[.~]/g, '.')}`));
    expect(error).toMatch(/Say it with an option of the construct/);
  }
});

it('no hook changes a CiliumNetworkPolicy', () => {
  const app = new App();
  new ClusterProfile({ network: NetworkEnforcement.cilium() }).applyTo(app);
  company(app);
  ObjectHooks.of(app).add(
    new Hook(object => object.kind === 'CiliumNetworkPolicy' && patch('/spec/egress', [])(object)),
  );
  expect(messageOf(() => app.synthYaml())).toMatch(/\[team\/ledger\].*CiliumNetworkPolicy ledger/);
});

it('no hook changes the policy of a workload of another library', () => {
  const { app, team } = company();
  const route = team.node.findChild('books') as McpRoute;
  const agents = new Chart(app, 'agents', { namespace: 'agents' });
  const agent = new kplus.Deployment(agents, 'agent', {
    metadata: { namespace: 'agents' },
    containers: [{ image: 'acme/agent:1.0.0' }],
  });
  route.connect(agent);
  const isolation = { podSelector: {}, policyTypes: ['Egress'] };
  new ApiObject(agents, 'deny', {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'deny' },
    spec: isolation,
  });
  ObjectHooks.of(agents).add(
    new Hook(
      object => object.name.startsWith('agent') && object.kind === 'NetworkPolicy' && patch('/spec/egress', [])(object),
    ),
  );
  expect(messageOf(() => app.synthYaml())).toMatch(
    /\[agents\/agent\] ObjectHooks\.spec: .*NetworkPolicy agents-agent-.*-mcp/,
  );
});

it('what a hook does to a Service of the app counts for the network', () => {
  const app = new App();
  const chart = new Chart(app, 'team', { namespace: 'team' });
  new ApiObject(chart, 'db', {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'db' },
    spec: { selector: { app: 'db' }, ports: [{ port: 5432, targetPort: 5432 }] },
  });
  const server = new McpServer(chart, 'ledger', { source: McpServerSource.image('acme/ledger:1.0.0') });
  server.allowEgress(EgressTarget.host('db.team.svc', 5432));
  ObjectHooks.of(app).add(new Hook(object => object.name === 'db' && patch('/spec/ports/0/targetPort', 15432)(object)));
  const policy = find(objectsOf(app), 'NetworkPolicy', 'ledger');
  expect(policy.spec.egress.flatMap(({ ports }: any) => ports.map(({ port }: any) => port))).toContain(15432);
});

it('a hook may make objects, which hooks see, and may not go on forever', () => {
  const made = (stop: boolean) => {
    const { app, team } = company();
    let count = 0;
    const scope: IConstruct = team;
    const hook = new Hook(object => {
      if (!stop || object.name === 'ledger') {
        count++;
        new kplus.ConfigMap(scope as Chart, `made-${count}`, {
          metadata: { name: `made-${count}`, namespace: 'team' },
        });
      }
    });
    ObjectHooks.of(team).add(hook);
    return { app, hook };
  };
  const once = made(true);
  expect(find(objectsOf(once.app), 'ConfigMap', 'made-1')).toBeDefined();
  expect(once.hook.seen).toContain('ConfigMap made-1');
  const endless = made(false);
  expect(messageOf(() => endless.app.synthYaml())).toMatch(/ObjectHooks.*make objects for the objects that they made/);
}, 60_000);

describe('annotations and labels of a construct', () => {
  it('are on everything that it emits, and on no pods', () => {
    const app = new App();
    const chart = new Chart(app, 'team', { namespace: 'team' });
    const given = { labels: { 'cost-center': '42' }, annotations: { [WAVE]: '2' } };
    const gateway = new McpGateway(chart, 'gateway', {
      ...given,
      replicas: 2,
      service: { annotations: { [WAVE]: '3' } },
      rateLimits: [RateLimit.perNamespace(10, RateLimitUnit.HOUR)],
    });
    const server = new McpServer(chart, 'a', { ...given, source: McpServerSource.image('x/y:1') });
    server.allowKubernetes({ resources: [kplus.ApiResource.PODS], verbs: ['get'] });
    new McpRoute(chart, 'r', { ...given, gateway, backends: [{ server }] });
    const objects = objectsOf(app);
    const without = objects.filter(
      ({ metadata }) => metadata.annotations?.[WAVE] !== '2' || metadata.labels['cost-center'] !== '42',
    );
    // What the Service alone was given is its own.
    expect(without.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual(['Service gateway']);
    expect(without[0].metadata.annotations).toEqual({ [WAVE]: '3' });
    expect(objects.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['NetworkPolicy', 'Role', 'RoleBinding', 'ConfigMap', 'PodDisruptionBudget', 'MCPRoute']),
    );
    const pods = objects.flatMap(({ spec }) => spec?.template?.metadata ?? []);
    expect(pods.filter(({ annotations = {}, labels }) => WAVE in annotations || 'cost-center' in labels)).toEqual([]);
  });
});

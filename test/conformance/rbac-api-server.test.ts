import { App, Chart } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { describeWithApiServer } from './api-server';
import { Cluster, documentsOfApp, ownCrds } from './cluster';
import { AllowedNamespaces, ClusterMcpServer, McpServer, McpServerSource, PermissionProfile } from '../../src';
import { groupsWith, needsClusterScope } from '../../src/model/api-resources';
import { AccessRequest, mayDo } from '../support/rbac';
import { Manifest } from '../support/validate';

/** Rights of servers on the Kubernetes API, asked of a real API server for every request of a matrix. */

const { PODS, DEPLOYMENTS, SECRETS, SERVICES, NODES, NAMESPACES, CONFIG_MAPS } = kplus.ApiResource;
const custom = (apiGroup: string, resourceType: string): kplus.ApiResource =>
  kplus.ApiResource.custom({ apiGroup, resourceType });

const VERBS = ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete', 'deletecollection', 'sync'];
const NAMESPACES_ASKED = ['finance', 'ops', 'tools', 'other', undefined];
const RESOURCES: readonly (readonly [string, string])[] = [
  ['', 'pods'],
  ['', 'pods/log'],
  ['', 'pods/exec'],
  ['', 'secrets'],
  ['', 'services'],
  ['', 'configmaps'],
  ['', 'nodes'],
  ['', 'namespaces'],
  ['apps', 'deployments'],
  ['apps', 'deployments/scale'],
  ['rbac.authorization.k8s.io', 'roles'],
  ['acme.dev', 'widgets'],
];

/** What each server is granted, as a reader of the chart would say it: `namespace verb group/resource name`. */
interface Expectation {
  readonly account: { readonly name: string; readonly namespace: string };
  readonly allows: (request: AccessRequest) => boolean;
}

function build(): { readonly app: App; readonly expectations: readonly Expectation[] } {
  const app = new App();
  const chart = new Chart(app, 'finance', { namespace: 'finance' });
  const source = McpServerSource.image('ghcr.io/acme/k8s-mcp:1.0.0');
  const within = (namespaces: readonly string[], { namespace }: AccessRequest) =>
    namespace !== undefined && namespaces.includes(namespace);
  const is = (request: AccessRequest, resources: readonly string[], verbs: readonly string[]) =>
    resources.includes(`${request.apiGroup}/${request.resource}`) && verbs.includes(request.verb);

  new McpServer(chart, 'nothing', { source });
  new McpServer(chart, 'full', { source, permissionProfile: PermissionProfile.fullAccess() });
  new McpServer(chart, 'reader', {
    source,
    kubernetes: [{ resources: [PODS, custom('', 'pods/log'), DEPLOYMENTS], verbs: ['get', 'list'] }],
  });
  const wide = new McpServer(chart, 'wide', { source });
  wide.allowKubernetes({ resources: [SERVICES], verbs: ['*'], namespaces: ['ops', 'finance'] });
  wide.allowKubernetes({ resources: [SECRETS], verbs: ['get'], namespaces: ['ops'], resourceNames: ['a'] });
  wide.allowKubernetes({ resources: [custom('*', '*/scale')], verbs: ['patch'], namespaces: ['ops'] });
  wide.allowKubernetes({ resources: [NODES, CONFIG_MAPS], verbs: ['list'], clusterWide: true });
  wide.allowKubernetes({
    resources: [custom('acme.dev', '*')],
    verbs: ['get'],
    customVerbs: ['sync'],
    namespaces: ['other'],
  });
  const shared = new ClusterMcpServer(chart, 'shared', {
    source,
    workloadNamespace: 'tools',
    allowedNamespaces: AllowedNamespaces.all(),
  });
  shared.allowKubernetes({ resources: [NAMESPACES], verbs: ['get', 'patch'], namespaces: ['finance'] });
  shared.allowKubernetes({ resources: [PODS], verbs: ['delete'] });

  return {
    app,
    expectations: [
      { account: { name: 'nothing', namespace: 'finance' }, allows: () => false },
      { account: { name: 'full', namespace: 'finance' }, allows: () => false },
      {
        account: { name: 'reader', namespace: 'finance' },
        allows: request =>
          within(['finance'], request) && is(request, ['/pods', '/pods/log', 'apps/deployments'], ['get', 'list']),
      },
      {
        account: { name: 'wide', namespace: 'finance' },
        allows: request =>
          (within(['ops', 'finance'], request) && request.apiGroup === '' && request.resource === 'services') ||
          (within(['ops'], request) && is(request, ['/secrets'], ['get']) && request.name === 'a') ||
          (within(['ops'], request) && is(request, ['apps/deployments/scale'], ['patch'])) ||
          is(request, ['/nodes', '/configmaps'], ['list']) ||
          (within(['other'], request) && is(request, ['acme.dev/widgets'], ['get', 'sync'])),
      },
      {
        account: { name: 'shared', namespace: 'tools' },
        allows: request =>
          (within(['finance'], request) && is(request, ['/namespaces'], ['get', 'patch'])) ||
          (within(['tools'], request) && is(request, ['/pods'], ['delete'])),
      },
    ],
  };
}

const REQUESTS: readonly AccessRequest[] = VERBS.flatMap(verb =>
  RESOURCES.flatMap(([apiGroup, resource]) =>
    NAMESPACES_ASKED.flatMap(namespace =>
      [undefined, 'a', 'b'].map(name => ({ verb, apiGroup, resource, namespace, name })),
    ),
  ),
);

describeWithApiServer('a real API server', server => {
  const { app, expectations } = build();
  const documents = documentsOfApp(app);
  const objects = documents.map(({ object }) => object);

  async function ask({ name, namespace }: Expectation['account'], request: AccessRequest): Promise<boolean> {
    const [resource, subresource] = request.resource.split('/');
    const { body } = await server().client.create({
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SubjectAccessReview',
      metadata: {},
      spec: {
        user: `system:serviceaccount:${namespace}:${name}`,
        groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'],
        resourceAttributes: {
          verb: request.verb,
          group: request.apiGroup,
          resource,
          subresource,
          namespace: request.namespace,
          name: request.name,
        },
      },
    });
    return body.status.allowed === true;
  }

  beforeAll(async () => {
    const cluster = new Cluster(server().client);
    await cluster.install(ownCrds());
    await cluster.prepare(documents);
    const stored = new Map<string, Manifest>();
    expect(await cluster.apply(documents, stored, {})).toEqual([]);
    // The authorizer learns of roles a moment after they are stored.
    for (const { account, allows } of expectations) {
      const granted = REQUESTS.find(allows);
      while (granted !== undefined && !(await ask(account, granted))) {
        await new Promise(resolve => setTimeout(resolve, 50));
      }
    }
  }, 60_000);

  test.each(expectations.map((expectation): [string, Expectation] => [expectation.account.name, expectation]))(
    'lets %s do what it was granted, and nothing else',
    async (_, { account, allows }) => {
      const answers = new Map<AccessRequest, boolean>();
      for (let i = 0; i < REQUESTS.length; i += 32) {
        await Promise.all(
          REQUESTS.slice(i, i + 32).map(async request => answers.set(request, await ask(account, request))),
        );
      }
      expect(REQUESTS.filter(request => answers.get(request) !== allows(request))).toEqual([]);
      // What other tests trust.
      expect(REQUESTS.filter(request => answers.get(request) !== mayDo(objects, account, request))).toEqual([]);
    },
  );

  test('says the same to kubectl auth can-i', () => {
    const canI = (account: string, ...args: string[]): string =>
      server()
        .kubectl(['auth', 'can-i', ...args, '--as', `system:serviceaccount:${account}`])
        .stdout.trim();
    expect(canI('finance:reader', 'list', 'pods', '-n', 'finance')).toBe('yes');
    expect(canI('finance:reader', 'get', 'pods', '--subresource=log', '-n', 'finance')).toBe('yes');
    expect(canI('finance:reader', 'list', 'pods', '-n', 'ops')).toBe('no');
    expect(canI('finance:reader', 'delete', 'pods', '-n', 'finance')).toBe('no');
    expect(canI('finance:wide', 'get', 'secrets/a', '-n', 'ops')).toBe('yes');
    expect(canI('finance:wide', 'get', 'secrets', '-n', 'ops')).toBe('no');
    expect(canI('finance:wide', 'list', 'nodes')).toBe('yes');
    expect(canI('finance:full', 'get', 'pods', '-n', 'finance')).toBe('no');
    expect(canI('tools:shared', 'get', 'namespaces/finance', '-n', 'finance')).toBe('yes');
    expect(canI('tools:shared', 'list', 'namespaces')).toBe('no');
  });

  test('really lets a server read its namespace by a Role in it', () => {
    const as = (account: string, ...args: string[]): boolean =>
      server().kubectl([...args, '--as', `system:serviceaccount:${account}`]).succeeded;
    expect(as('tools:shared', 'get', 'namespace', 'finance')).toBe(true);
    expect(as('tools:shared', 'get', 'namespace', 'ops')).toBe(false);
    expect(as('tools:shared', 'get', 'namespaces')).toBe(false);
  });

  test('has the resources that this library knows, in namespaces or not', async () => {
    const groups: readonly Manifest[] = JSON.parse(server().succeed(['get', '--raw', '/apis'])).groups;
    const lists = [
      ['', '/api/v1'],
      ...groups.flatMap(({ name, versions }) =>
        versions.map(({ groupVersion }: Manifest) => [name, `/apis/${groupVersion}`]),
      ),
    ];
    const unknown = lists.flatMap(([group, path]) =>
      (JSON.parse(server().succeed(['get', '--raw', path])).resources as Manifest[])
        .filter(
          ({ name, namespaced }) =>
            !groupsWith(name).includes(group) || needsClusterScope(group, name, ['list']) === namespaced,
        )
        .map(({ name, namespaced }) => `${group}/${name} ${namespaced ? 'in namespaces' : 'of the cluster'}`),
    );
    expect(unknown).toEqual([]);
  });
});

import { App, Chart } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { describeWithApiServer } from './api-server';
import { Cluster, documentsOfApp, ownCrds } from './cluster';
import { until } from './end-to-end/until';
import { McpKind, McpTenant } from '../../src';

const VERBS = ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete', 'deletecollection'];
const VIEW = ['get', 'list', 'watch'];
const MCP = ['mcpservers.ome.io', 'mcproutes.ome.io', 'mcpgateways.ome.io'];
const OTHERS = [
  'pods',
  'secrets',
  'configmaps',
  'serviceaccounts',
  'deployments.apps',
  'roles.rbac.authorization.k8s.io',
  'inferenceservices.ome.io',
  'clustermcpservers.ome.io',
  'clustermcpgateways.ome.io',
];

/** Rights of a tenant, asked of a real API server. */
describeWithApiServer('a real API server', server => {
  const app = new App();
  const chart = new Chart(app, 'tenants');
  const people = (name: string) => kplus.Group.fromName(chart, name, name);
  new McpTenant(chart, 'tenant-finance', { members: [people('finance')], viewers: [people('auditors')] });
  new McpTenant(chart, 'tenant-research', {
    members: [kplus.ServiceAccount.fromServiceAccountName(chart, 'pipeline', 'pipeline', { namespaceName: 'ci' })],
    kinds: [McpKind.SERVER, McpKind.ROUTE],
    quota: { servers: 1, routes: 0 },
  });
  const documents = documentsOfApp(app);

  beforeAll(async () => {
    const cluster = new Cluster(server().client);
    await cluster.install(ownCrds());
    const stored = new Map();
    // Namespaces first: what is in them needs them.
    for (const some of [
      documents.filter(({ object }) => object.kind === 'Namespace'),
      documents.filter(({ object }) => object.kind !== 'Namespace'),
    ]) {
      expect(await cluster.apply(some, stored, {})).toEqual([]);
    }
  });

  /** What of verbs and resources a caller may do, as `verb resource`. */
  async function rights(
    who: object,
    namespace: string | undefined,
    resources: readonly string[],
    subresource?: string,
  ): Promise<string[]> {
    const asked = resources.flatMap(resource => VERBS.map(verb => ({ verb, resource })));
    const answers = await Promise.all(
      asked.map(async ({ verb, resource }) => {
        const [plural, ...group] = resource.split('.');
        const { body } = await server().client.create({
          apiVersion: 'authorization.k8s.io/v1',
          kind: 'SubjectAccessReview',
          metadata: {},
          spec: {
            ...who,
            resourceAttributes: { namespace, verb, resource: plural, group: group.join('.'), subresource },
          },
        });
        return body.status.allowed === true;
      }),
    );
    return asked.filter((_, i) => answers[i]).map(({ verb, resource }) => `${verb} ${resource}`);
  }

  const all = (verbs: readonly string[], resources: readonly string[]) =>
    resources.flatMap(resource => VERBS.filter(verb => verbs.includes(verb)).map(verb => `${verb} ${resource}`));
  const finance = { user: 'alice', groups: ['finance', 'system:authenticated'] };
  const auditor = { user: 'eve', groups: ['auditors', 'system:authenticated'] };
  const pipeline = {
    user: 'system:serviceaccount:ci:pipeline',
    groups: ['system:serviceaccounts', 'system:serviceaccounts:ci', 'system:authenticated'],
  };

  test('lets members change the MCP resources of their namespace', async () => {
    expect(await rights(finance, 'tenant-finance', MCP)).toEqual(all(VERBS, MCP));
    expect(await rights(finance, 'tenant-finance', MCP, 'status')).toEqual(all(['get'], MCP));
    expect(await rights(finance, 'tenant-finance', MCP, 'scale')).toEqual(
      all(['get', 'update', 'patch'], ['mcpservers.ome.io', 'mcpgateways.ome.io']),
    );
  });

  test('lets them do nothing else', async () => {
    expect(await rights(finance, 'tenant-finance', OTHERS)).toEqual([]);
    expect(await rights(finance, 'tenant-research', [...MCP, ...OTHERS])).toEqual([]);
    expect(await rights(finance, undefined, [...MCP, ...OTHERS])).toEqual([]);
  });

  test('lets viewers look', async () => {
    expect(await rights(auditor, 'tenant-finance', MCP)).toEqual(all(VIEW, MCP));
    expect(await rights(auditor, 'tenant-finance', OTHERS)).toEqual([]);
    expect(await rights(auditor, 'tenant-research', MCP)).toEqual([]);
  });

  test('leaves gateways to the platform where the kinds say so', async () => {
    expect(await rights(pipeline, 'tenant-research', MCP)).toEqual(
      all(VERBS, ['mcpservers.ome.io', 'mcproutes.ome.io']),
    );
  });

  test('says the same through kubectl auth can-i', () => {
    const canI = (...args: string[]) =>
      server()
        .kubectl(['auth', 'can-i', ...args])
        .stdout.trim();
    expect(canI('create', 'mcpservers.ome.io', '-n', 'tenant-finance', '--as', 'alice', '--as-group', 'finance')).toBe(
      'yes',
    );
    expect(canI('create', 'mcpservers.ome.io', '-n', 'tenant-research', '--as', 'alice', '--as-group', 'finance')).toBe(
      'no',
    );
    expect(canI('create', 'deployments.apps', '-n', 'tenant-finance', '--as', 'alice', '--as-group', 'finance')).toBe(
      'no',
    );
    expect(
      canI('delete', 'mcproutes.ome.io', '-n', 'tenant-research', '--as', 'system:serviceaccount:ci:pipeline'),
    ).toBe('yes');
  });

  test('holds the quota', async () => {
    // A controller's work: what is counted so far.
    server().succeed([
      'patch',
      'resourcequota',
      'mcp-tenant',
      '-n',
      'tenant-research',
      '--subresource=status',
      '--type=merge',
      '-p',
      JSON.stringify({
        status: { hard: QUOTA, used: Object.fromEntries(Object.keys(QUOTA).map(resource => [resource, '0'])) },
      }),
    ]);
    const create = async (kind: string, name: string, spec: object, options: { readonly dryRun?: boolean } = {}) => {
      const { status, body } = await server().client.create(
        { apiVersion: 'ome.io/v1alpha1', kind, metadata: { name, namespace: 'tenant-research' }, spec },
        options,
      );
      return status < 300 ? 'created' : (body.message as string);
    };
    const remote = { transport: 'streamable-http', remote: { url: 'https://mcp.example.com/mcp' } };
    const route = { backendRefs: [{ serverRef: { name: 'ledger' } }] };
    // Admission reads quotas from a cache, which hears of the count a moment later.
    await until('the API server knows the quota', async () =>
      (await create('MCPRoute', 'over', route, { dryRun: true })).includes('exceeded quota'),
    );
    expect(await create('MCPRoute', 'over', route)).toContain('exceeded quota: mcp-tenant');
    expect(await create('MCPServer', 'first', remote)).toBe('created');
    expect(await create('MCPServer', 'second', remote)).toContain('exceeded quota: mcp-tenant');
  });
});

const QUOTA = { 'count/mcpservers.ome.io': '1', 'count/mcproutes.ome.io': '0' };

import { mkdtempSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { App, Chart } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { stringify } from 'yaml';
import {
  AccessMatrix,
  BackendCredential,
  GatewayDataPlane,
  McpDiagnostics,
  McpGateway,
  McpOpenApiOptions,
  McpRoute,
  McpServer,
  McpServerProps,
  McpServerSource,
  McpSessions,
  Principal,
  Reconciliation,
  ToolMatch,
} from '../../src';
import { find, messageOf, namesOf, newChart, synth } from '../support/synth';
import { Manifest, validateObjects } from '../support/validate';

const DOCUMENT = {
  openapi: '3.0.3',
  info: { title: 'CRM', version: '1' },
  servers: [{ url: '/api' }],
  paths: {
    '/customers': { get: { operationId: 'listCustomers', summary: 'Lists customers', responses: {} } },
    '/customers/{id}': {
      delete: {
        operationId: 'deleteCustomer',
        parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }],
        responses: {},
      },
    },
  },
};
const URL_IN_CLUSTER = 'http://crm.finance.svc:8080';
const sourceOf = (options: Partial<McpOpenApiOptions> = {}) =>
  McpServerSource.openApi({ schema: DOCUMENT, url: URL_IN_CLUSTER, ...options });

/** What an app with a REST service emits. */
function emit(
  options: Partial<McpOpenApiOptions> = {},
  rest: Partial<McpServerProps> = {},
): { objects: Manifest[]; chart: Chart; route: McpRoute } {
  const chart = newChart();
  const gateway = new McpGateway(chart, 'gateway');
  const server = new McpServer(chart, 'crm', { source: sourceOf(options), ...rest });
  const route = new McpRoute(chart, 'sales', { gateway, backends: [{ server }] });
  const objects = synth(chart);
  expect(validateObjects(objects)).toEqual([]);
  return { objects, chart, route };
}

it('runs nothing for the service, and its resource says what the tools are', () => {
  const { objects } = emit();
  expect(namesOf(objects).filter(name => name.endsWith(' crm'))).toEqual(['MCPServer crm']);
  const { remote, sessions, tools, transport } = find(objects, 'MCPServer').spec;
  expect({ sessions, tools, transport }).toEqual({ transport: 'streamable-http' });
  expect(remote.url).toBe('http://crm.finance.svc:8080/api');
  expect(remote.openAPI).toEqual({
    openapi: '3.1.0',
    info: { title: 'CRM', version: '1' },
    paths: {
      '/customers': { get: { operationId: 'listCustomers', summary: 'Lists customers', responses: {} } },
      '/customers/{id}': {
        delete: {
          operationId: 'deleteCustomer',
          parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }],
          responses: {},
        },
      },
    },
  });
});

describe('the document', () => {
  const names = (options: Partial<McpOpenApiOptions>) => sourceOf({ schema: undefined, ...options })._config;
  const folder = mkdtempSync(join(tmpdir(), 'open-api-'));
  const file = join(folder, 'crm.yaml');
  beforeAll(() => writeFileSync(file, stringify(DOCUMENT)));
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each<[string, Partial<McpOpenApiOptions>]>([
    ['an object', { schema: DOCUMENT }],
    ['JSON', { schema: JSON.stringify(DOCUMENT) }],
    ['YAML', { schema: stringify(DOCUMENT) }],
    ['a file', { schemaFile: file }],
  ])('may be %s', (_, options) => {
    expect(names(options)).toEqual(sourceOf()._config);
  });
});

it('follows the toolsFilter', () => {
  const { chart, route } = emit({}, { toolsFilter: ['list*'] });
  const access = AccessMatrix.of(chart);
  const principal = Principal.user('alice');
  expect(
    ['listCustomers', 'deleteCustomer', 'other'].map(
      tool => access.decide({ route, principal, tool, undeclared: tool === 'other' }).allowed,
    ),
  ).toEqual([true, false, false]);
});

it('offers its operations to the checks of the app', () => {
  expect(
    messageOf(() => {
      const chart = newChart();
      const gateway = new McpGateway(chart, 'gateway');
      const crm = new McpServer(chart, 'crm', { source: sourceOf() });
      const route = new McpRoute(chart, 'sales', { gateway, backends: [{ server: crm }] });
      route.addMatch({ tools: ToolMatch.prefix('delte'), backends: [{ server: crm }] });
      synth(chart);
    }),
  ).toContain('matches none of the tools that its servers offer (deleteCustomer, listCustomers)');
});

it('is reached by the gateway: the pods behind a Service of the app, and no others', () => {
  const chart = newChart();
  const crm = new kplus.Deployment(chart, 'crm-api', { containers: [{ image: 'acme/crm:1', port: 3000 }] });
  crm.exposeViaService({ name: 'crm', ports: [{ port: 8080, targetPort: 3000 }] });
  const gateway = new McpGateway(chart, 'gateway');
  new McpRoute(chart, 'sales', {
    gateway,
    backends: [{ server: new McpServer(chart, 'crm-tools', { source: sourceOf() }) }],
  });
  const objects = synth(chart);
  const { egress } = objects.find(
    ({ kind, metadata }) => kind === 'NetworkPolicy' && metadata.name.startsWith('gateway'),
  )!.spec;
  const { matchLabels } = objects.find(
    ({ kind, metadata }) => kind === 'Deployment' && metadata.name.startsWith('finance-crm-api'),
  )!.spec.selector;
  expect(egress).toContainEqual({
    to: [expect.objectContaining({ podSelector: { matchLabels } })],
    ports: [{ port: 3000, protocol: 'TCP' }],
  });
});

it("gets credentials over the cluster's network, and over TLS outside of it", () => {
  const chart = newChart();
  const token = { secret: kplus.Secret.fromSecretName(chart, 'token', 'crm'), key: 'token' };
  const credentials = [BackendCredential.bearer(token)];
  expect(() => sourceOf({ credentials })).not.toThrow();
  expect(() => sourceOf({ url: 'https://crm.example.com/', credentials })).not.toThrow();
  expect(messageOf(() => sourceOf({ url: 'http://crm.example.com/', insecure: true, credentials }))).toContain(
    'credentials[0]: got "header authorization": would cross the network in the clear',
  );
  expect(messageOf(() => sourceOf({ credentials: [BackendCredential.clientCertificate(token.secret)] }))).toContain(
    'is for TLS, and servers in the cluster are called without',
  );
});

it('warns where the service asks who calls, and nothing is proved to it', () => {
  const secured = { ...DOCUMENT, security: [{ key: [] }] };
  const { chart } = emit({ schema: secured });
  expect(McpDiagnostics.of(chart).warnings.map(({ path, property }) => [path, property])).toContainEqual([
    'finance/crm',
    'source.credentials',
  ]);
});

it('is served by Envoy as well', () => {
  const chart = newChart();
  const gateway = new McpGateway(chart, 'gateway', { dataPlane: GatewayDataPlane.envoy() });
  new McpRoute(chart, 'sales', {
    gateway,
    backends: [{ server: new McpServer(chart, 'crm', { source: sourceOf(), toolsFilter: ['list*'] }) }],
  });
  const objects = synth(chart);
  expect(find(objects, 'ConfigMap', 'gateway-gateway-config').data['routes.yaml']).toContain('/api/customers');
});

describe('is refused:', () => {
  const bad = { ...DOCUMENT, paths: { '/a': { get: {}, post: { operationId: 'a b' } } } };

  it.each<[string, Partial<McpOpenApiOptions>, string[]]>([
    [
      'no document',
      { schema: undefined },
      ['schema: got nothing: is missing. Give the document once: schema or schemaFile.'],
    ],
    ['two documents', { schemaFile: 'crm.yaml' }, ['schema: got "(given)": is given beside schemaFile.']],
    [
      'a file that is not there',
      { schema: undefined, schemaFile: '/none.yaml' },
      ['schemaFile: got "/none.yaml": cannot be read (ENOENT).'],
    ],
    ['a text that is nothing', { schema: '{' }, ['schema: got "{": is neither JSON nor YAML (']],
    ['a text that is another thing', { schema: 'hello' }, ['schema: got "hello": is not an OpenAPI document.']],
    [
      'several mistakes, all at once',
      { schema: bad, url: 'http://crm.example.com/' },
      [
        'schema.paths./a.get.operationId: got nothing: is missing',
        'schema.paths./a.post.operationId: got "a b": is not a tool name',
        'url: got "http://crm.example.com/": has no TLS',
      ],
    ],
    [
      'no URL at all',
      { url: undefined },
      ['schema.servers[0].url: got "/api": does not say on which host the service is. Say where the service is (url).'],
    ],
    [
      'a URL with a query',
      { url: 'https://crm.example.com/a?b' },
      ['url: got "https://crm.example.com/a?b": has a query, and paths are appended to it'],
    ],
    [
      'a choice of nothing',
      { operations: ['x*'] },
      ['operations[0]: got "x*": matches no operation of the document (listCustomers, deleteCustomer).'],
    ],
    [
      'a huge document',
      { schema: { ...DOCUMENT, paths: { '/a': { get: { operationId: 'a', description: 'x'.repeat(250_000) } } } } },
      ['describes more than resources can hold (240000 bytes)'],
    ],
  ])('%s', (_, options, expected) => {
    const message = messageOf(() => sourceOf(options));
    expected.forEach(part => expect(message).toContain(`${part}`));
  });

  it('a parameter in the header of a credential', () => {
    const chart = newChart();
    const schema = {
      ...DOCUMENT,
      paths: {
        '/a': { get: { operationId: 'a', parameters: [{ name: 'X-Key', in: 'header', schema: { type: 'string' } }] } },
      },
    };
    const credentials = [
      BackendCredential.header('x-key', { secret: kplus.Secret.fromSecretName(chart, 'key', 'crm'), key: 'key' }),
    ];
    expect(messageOf(() => sourceOf({ schema, credentials }))).toContain(
      'credentials: got "X-Key": is the header of a parameter of a, too, so that callers could send their own',
    );
  });

  it.each<[string, Partial<McpServerProps>]>([
    ['tools', { tools: ['a'] }],
    ['toolDescriptions', { toolDescriptions: { a: 'b' } }],
    ['sessions', { sessions: McpSessions.STATEFUL }],
    ['replicas', { replicas: 2 }],
  ])('%s of the server', (property, options) => {
    expect(messageOf(() => new McpServer(newChart(), 'crm', { source: sourceOf(), ...options }))).toContain(
      `[finance/crm] ${property}: got `,
    );
  });

  it('controller mode, in which no operator would see it', () => {
    const chart = new Chart(new App(), 'finance', { namespace: 'finance' });
    Reconciliation.CONTROLLER.applyTo(chart);
    expect(messageOf(() => new McpServer(chart, 'crm', { source: sourceOf() }))).toContain(
      '[finance/crm] source: got "McpServerSource.openApi": has no field in the MCPServer resource',
    );
  });
});

import { mkdtempSync, readdirSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { App, Chart, Duration } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import {
  AllowedNamespaces,
  ApiKey,
  Authentication,
  BackendCredential,
  BodyFilterType,
  ClusterMcpGateway,
  ClusterMcpServer,
  FilterAction,
  GatewayDataPlane,
  HeaderMatch,
  McpGateway,
  McpGatewayOptions,
  McpRoute,
  McpRouteProps,
  McpServer,
  McpServerProps,
  McpServerSource,
  McpSessions,
  McpTransport,
  ToolMatch,
} from '../src';
import { messageOf } from './support/synth';

/*
 * What the user is told. Each message names the construct, the property, the value as given and what to do; a mistake of
 * one call throws there, one of several constructs together is reported by the synthesis, all in one run.
 */

/** A platform with a gateway and a team with a server. */
class Organization {
  readonly outdir = mkdtempSync(join(tmpdir(), 'cdk8s-mcp-'));
  readonly app = new App({ outdir: this.outdir });
  readonly platform = new Chart(this.app, 'platform', { namespace: 'mcp-system' });
  readonly finance = new Chart(this.app, 'finance', { namespace: 'finance' });
  readonly gateway = new McpGateway(this.platform, 'gateway');
  readonly ledger = new McpServer(this.finance, 'ledger', { source: image });
}

const image = McpServerSource.image('acme/ledger:1');
const long = (length: number): string => 'a'.repeat(length);

/** Path, property and value of a message, and a part of its remedy. */
type Expected = readonly [path: string, property: string, value: string, remedy: string];

function lineOf([path, property, value, remedy]: Expected): RegExp {
  const escaped = [`[${path}] ${property}: got ${value}: `, remedy].map(text =>
    text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'),
  );
  return new RegExp(`^ *${escaped[0]}.+\\. .*${escaped[1]}.*\\.$`, 'm');
}

/** Takes a construct out of its tree again. */
function removed<T extends Construct>(construct: T): T {
  construct.node.scope!.node.tryRemoveChild(construct.node.id);
  return construct;
}

/** What holds for every message. */
function expectReadable(message: string): void {
  expect(message).not.toMatch(/\n\s+at /);
  expect(message).not.toContain('[object Object]');
  expect(message).not.toMatch(/\bundefined\b|TypeError|circular/);
  expect(message.split('\n').filter(line => line.length > 700)).toEqual([]);
}

let organization: Organization;
beforeEach(() => {
  organization = new Organization();
});
afterEach(() => rmSync(organization.outdir, { recursive: true }));

describe('a call throws', () => {
  type Action = (organization: Organization) => unknown;
  const server =
    (props: Partial<McpServerProps>, id = 's'): Action =>
    ({ finance }) =>
      new McpServer(finance, id, { source: image, ...props });
  const route =
    (props: McpRouteProps, id = 'r'): Action =>
    ({ finance }) =>
      new McpRoute(finance, id, props);
  const gateway =
    (options: McpGatewayOptions, id = 'g'): Action =>
    ({ platform }) =>
      new McpGateway(platform, id, options);
  const template =
    (spec: object, options: object = {}): Action =>
    () =>
      McpServerSource.podTemplate({ spec }, options);
  const stdio = McpServerSource.command('acme/tools:2', ['tools']);
  const remote = McpServerSource.remote('https://mcp.example.com/mcp');
  const secretOf = (chart: Chart) => ({ secret: kplus.Secret.fromSecretName(chart, 'secret', 'crm'), key: 'token' });
  const elsewhere = () =>
    new McpServer(new Chart(new App(), 'finance', { namespace: 'finance' }), 'ledger', { source: image });

  it.each<[string, Action, Expected]>([
    // Other apps, whose names may be those of this one.
    [
      'a server of another app',
      ({ finance }) => new McpRoute(finance, 'r').addBackend(elsewhere()),
      ['finance/r', 'backends[0].server', '"finance/ledger"', 'Create it in this app, or refer to it'],
    ],
    [
      'a server of another app among those to begin with',
      route({ backends: [{ server: elsewhere() }] }),
      ['finance/r', 'backends[0].server', '"finance/ledger"', 'Create it in this app'],
    ],
    [
      'a server of another app in a match',
      ({ finance }) =>
        new McpRoute(finance, 'r').addMatch({ tools: ToolMatch.exact('a'), backends: [{ server: elsewhere() }] }),
      ['finance/r', 'matches[0].backends[0].server', '"finance/ledger"', 'Create it in this app'],
    ],
    [
      'a gateway of another app',
      ({ finance }) =>
        new McpRoute(finance, 'r', {
          gateway: new McpGateway(new Chart(new App(), 'platform', { namespace: 'mcp-system' }), 'gateway'),
        }),
      ['finance/r', 'gateway', '"platform/gateway"', 'Create it in this app'],
    ],
    [
      'a server of another app to discover',
      gateway({ discovery: { servers: [elsewhere()] } }),
      ['platform/g', 'discovery.servers[0]', '"finance/ledger"', 'Create it in this app'],
    ],
    // Hosts and Secrets of gateways.
    [
      'every host',
      gateway({ allowedRemoteHosts: ['*'] }),
      ['platform/g', 'allowedRemoteHosts[0]', '"*"', 'Write a name such as mcp.example.com'],
    ],
    [
      'a URL for a host',
      gateway({ allowedRemoteHosts: ['https://mcp.example.com'] }),
      ['platform/g', 'allowedRemoteHosts[0]', '"https://mcp.example.com"', 'without scheme and port'],
    ],
    [
      'a host twice',
      gateway({ allowedRemoteHosts: ['*.example.com', '*.Example.com'] }),
      ['platform/g', 'allowedRemoteHosts[1]', '"*.Example.com"', 'Drop one'],
    ],
    [
      'a session key that the pods cannot read',
      ({ finance, platform }) => new McpGateway(platform, 'g', { sessionKey: secretOf(finance) }),
      ['platform/g', 'sessionKey', '"finance/crm"', 'Keep the Secret in the namespace of the gateway'],
    ],
    [
      'a password of the store that the pods cannot read',
      ({ finance, platform }) =>
        new McpGateway(platform, 'g', { rateLimitService: { store: { host: 'store', password: secretOf(finance) } } }),
      [
        'platform/g',
        'rateLimitService.store.password',
        '"finance/crm"',
        'Keep the Secret in the namespace of the gateway',
      ],
    ],
    // Names and places.
    ['a server name in capitals', server({ name: 'Ledger' }), ['finance/s', 'name', '"Ledger"', 'Choose such a name']],
    [
      'an id that is no name',
      server({}, 'my_server'),
      ['finance/my_server', 'name', '"my_server"', 'Set `name`, or use such an id'],
    ],
    ['a name that starts with a digit', server({ name: '1st' }), ['finance/s', 'name', '"1st"', 'Choose such a name']],
    ['an empty name', server({ name: '' }), ['finance/s', 'name', '""', 'Choose such a name']],
    [
      'a name of 64 characters',
      server({ name: long(64) }),
      ['finance/s', 'name', `"${long(64)}"`, 'Choose such a name'],
    ],
    [
      'a name too long for the pods of a StatefulSet',
      server({ name: long(53), replicas: 2 }),
      ['finance/s', 'name', `"${long(53)}"`, 'Choose such a name'],
    ],
    ['a route name', route({ name: 'a.b' }), ['finance/r', 'name', '"a.b"', 'Choose such a name']],
    ['a gateway name', gateway({ name: '-g' }), ['platform/g', 'name', '"-g"', 'Choose such a name']],
    [
      'a namespace that is none',
      server({ namespace: 'Finance' }),
      ['finance/s', 'namespace', '"Finance"', 'Use such a name'],
    ],
    [
      'a server in no namespace',
      ({ app }) => new McpServer(new Chart(app, 'bare'), 's', { source: image }),
      ['bare/s', 'namespace', 'nothing', 'Set `namespace` on the construct, or a namespace on its Chart'],
    ],
    [
      'a route in no namespace',
      ({ app }) => new McpRoute(new Chart(app, 'bare'), 'r'),
      ['bare/r', 'namespace', 'nothing', 'Set `namespace`'],
    ],
    [
      'a gateway in no namespace',
      ({ app }) => new McpGateway(new Chart(app, 'bare'), 'g'),
      ['bare/g', 'namespace', 'nothing', 'Set `namespace`'],
    ],
    [
      'a gateway of the cluster in no namespace',
      ({ app }) => new ClusterMcpGateway(new Chart(app, 'bare'), 'g'),
      ['bare/g', 'workloadNamespace', 'nothing', 'Set `workloadNamespace`'],
    ],
    [
      'a shared server in no namespace',
      ({ app }) =>
        new ClusterMcpServer(new Chart(app, 'bare'), 's', {
          source: image,
          allowedNamespaces: AllowedNamespaces.all(),
        }),
      ['bare/s', 'workloadNamespace', 'nothing', 'Set `workloadNamespace`'],
    ],
    // Sources.
    [
      'no image',
      () => McpServerSource.image(''),
      ['McpServerSource.image', 'image', '""', 'Name an image with its tag'],
    ],
    [
      'an image that is none',
      () => McpServerSource.image('acme/ledger 1'),
      ['McpServerSource.image', 'image', '"acme/ledger 1"', 'Name an image with its tag'],
    ],
    [
      'no image of a data plane',
      () => GatewayDataPlane.agentgateway({ image: '' }),
      ['GatewayDataPlane.agentgateway', 'image', '""', 'Name an image with its tag'],
    ],
    [
      'a port of 0',
      () => McpServerSource.image('acme/x:1', { port: 0 }),
      ['McpServerSource.image', 'port', '0', 'Give the port the container listens on'],
    ],
    [
      'a port of 65536',
      () => McpServerSource.image('acme/x:1', { port: 65536 }),
      ['McpServerSource.image', 'port', '65536', 'Give the port the container listens on'],
    ],
    [
      'a port that is no number',
      () => McpServerSource.image('acme/x:1', { port: NaN }),
      ['McpServerSource.image', 'port', 'NaN', 'Give the port the container listens on'],
    ],
    [
      'a path without its slash',
      () => McpServerSource.image('acme/x:1', { path: 'mcp' }),
      ['McpServerSource.image', 'path', '"mcp"', 'Start it with "/"'],
    ],
    [
      'an image that speaks stdio',
      () => McpServerSource.image('acme/x:1', { transport: McpTransport.STDIO }),
      ['McpServerSource.image', 'transport', '"stdio"', 'McpServerSource.command(image, command)'],
    ],
    [
      'no command',
      () => McpServerSource.command('acme/x:1', []),
      ['McpServerSource.command', 'command', '[]', 'Name the program to start'],
    ],
    [
      'a relative folder',
      () => McpServerSource.command('acme/x:1', ['x'], { writablePaths: ['/a', 'b'] }),
      ['McpServerSource.command', 'writablePaths[1]', '"b"', 'Start it with "/"'],
    ],
    [
      'a package that is not pinned',
      () => McpServerSource.npx('x@latest'),
      [
        'McpServerSource.npx',
        'packageSpec',
        '"x@latest"',
        'ranges and tags such as "latest" would run whatever is published next',
      ],
    ],
    [
      'a program that is an option',
      () => McpServerSource.uvx('x@1.0', { program: '--help' }),
      ['McpServerSource.uvx', 'program', '"--help"', 'Name one of the programs that the package installs'],
    ],
    [
      'a remote server without TLS',
      () => McpServerSource.remote('http://mcp.example.com/mcp'),
      ['McpServerSource.remote', 'url', '"http://mcp.example.com/mcp"', 'Use https, or say { insecure: true }'],
    ],
    [
      'a remote server that is no URL',
      () => McpServerSource.remote('mcp.example.com'),
      ['McpServerSource.remote', 'url', '"mcp.example.com"', 'Write it in full'],
    ],
    [
      'a remote server of another scheme',
      () => McpServerSource.remote('ftp://mcp.example.com'),
      ['McpServerSource.remote', 'url', '"ftp://mcp.example.com"', 'Use https'],
    ],
    [
      'a fragment',
      () => McpServerSource.remote('https://mcp.example.com/mcp#a'),
      ['McpServerSource.remote', 'url', '"https://mcp.example.com/mcp#a"', 'Drop the part after "#"'],
    ],
    [
      'TLS for a URL without',
      () => McpServerSource.remote('http://mcp.example.com', { insecure: true, tls: { serverName: 'x' } }),
      ['McpServerSource.remote', 'tls', '{"serverName":"x"}', 'Use https, or drop tls'],
    ],
    [
      'a CA bundle that is none',
      () => McpServerSource.remote('https://mcp.example.com', { tls: { caBundle: 'x' } }),
      ['McpServerSource.remote', 'tls.caBundle', '"x"', 'from BEGIN CERTIFICATE to END CERTIFICATE'],
    ],
    [
      'a REST service without a document',
      () => McpServerSource.openApi({ url: 'https://crm.example.com/' }),
      ['McpServerSource.openApi', 'schema', 'nothing', 'Give the document once'],
    ],
    [
      'a REST service of an old version',
      () => McpServerSource.openApi({ url: 'https://crm.example.com/', schema: { swagger: '2.0' } }),
      ['McpServerSource.openApi', 'schema.swagger', '"2.0"', 'Convert the document to OpenAPI 3'],
    ],
    [
      'a REST service outside without TLS',
      () =>
        McpServerSource.openApi({
          url: 'http://crm.example.com/',
          schema: { openapi: '3.1.0', paths: { '/a': { get: { operationId: 'a' } } } },
        }),
      ['McpServerSource.openApi', 'url', '"http://crm.example.com/"', 'Use https, or say { insecure: true }'],
    ],
    [
      'credentials in the clear',
      () =>
        McpServerSource.remote('http://mcp.example.com', {
          insecure: true,
          credentials: [BackendCredential.callerToken()],
        }),
      ['McpServerSource.remote', 'credentials[0]', '"callerToken"', 'Use https, or drop the credentials'],
    ],
    [
      'two credentials in one place',
      ({ finance }) =>
        McpServerSource.remote('https://mcp.example.com', {
          credentials: [BackendCredential.bearer(secretOf(finance)), BackendCredential.callerToken()],
        }),
      ['McpServerSource.remote', 'credentials[1]', '"callerToken"', 'Keep one of them'],
    ],
    [
      'a certificate for a server without TLS',
      ({ finance }) =>
        McpServerSource.image('acme/x:1', {
          credentials: [BackendCredential.clientCertificate(secretOf(finance).secret)],
        }),
      ['McpServerSource.image', 'credentials[0]', '"clientCertificate"', 'Give the server a header or a bearer token'],
    ],
    [
      'credentials for an adapter',
      template(
        { containers: [{ name: 'mcp-server', image: 'x:1', command: ['x'] }] },
        { transport: McpTransport.STDIO, credentials: [BackendCredential.callerToken()] },
      ),
      ['McpServerSource.podTemplate', 'credentials', '1', 'Drop them'],
    ],
    [
      'a remote stdio server',
      () => McpServerSource.remote('https://mcp.example.com', { transport: McpTransport.STDIO }),
      ['McpServerSource.remote', 'transport', '"stdio"', 'Use McpTransport.STREAMABLE_HTTP or McpTransport.SSE'],
    ],
    [
      'a template without a container mcp-server',
      template({ containers: [{ name: 'server', image: 'x' }] }),
      [
        'McpServerSource.podTemplate',
        'template.spec.containers',
        '["server"]',
        'Name the container that runs the server "mcp-server"',
      ],
    ],
    [
      'a template without containers',
      template({}),
      [
        'McpServerSource.podTemplate',
        'template.spec.containers',
        'nothing',
        'Name the container that runs the server "mcp-server"',
      ],
    ],
    [
      'a template that is none',
      () => McpServerSource.podTemplate('x'),
      ['McpServerSource.podTemplate', 'template.spec.containers', 'nothing', 'Name the container'],
    ],
    [
      'a template without an image',
      template({ containers: [{ name: 'mcp-server' }] }),
      [
        'McpServerSource.podTemplate',
        'template.spec.containers[mcp-server].image',
        'nothing',
        'Name an image with its tag',
      ],
    ],
    [
      'a stdio template without a command',
      template({ containers: [{ name: 'mcp-server', image: 'x' }] }, { transport: McpTransport.STDIO }),
      [
        'McpServerSource.podTemplate',
        'template.spec.containers[mcp-server].command',
        'nothing',
        'Set command to the program',
      ],
    ],
    // Servers.
    ['negative replicas', server({ replicas: -1 }), ['finance/s', 'replicas', '-1', 'Give a whole number of replicas']],
    ['half a replica', server({ replicas: 0.5 }), ['finance/s', 'replicas', '0.5', 'Give a whole number of replicas']],
    [
      'two replicas of a stdio server',
      server({ source: stdio, replicas: 2 }),
      ['finance/s', 'replicas', '2', 'Use 1 replica, or a server that speaks streamable HTTP'],
    ],
    [
      'a stateless stdio server',
      server({ source: stdio, sessions: McpSessions.STATELESS }),
      ['finance/s', 'sessions', '"stateless"', 'Drop `sessions`'],
    ],
    [
      'a scaled stdio server',
      server({ source: stdio, autoscaling: { maxReplicas: 2 } }),
      ['finance/s', 'autoscaling', '{"maxReplicas":2}', 'Drop autoscaling'],
    ],
    [
      'a scaled server that keeps sessions',
      server({ autoscaling: { maxReplicas: 2 } }),
      ['finance/s', 'autoscaling', '{"maxReplicas":2}', 'McpSessions.STATELESS'],
    ],
    [
      'scaling of fixed replicas',
      server({ sessions: McpSessions.STATELESS, replicas: 2, autoscaling: { maxReplicas: 2 } }),
      ['finance/s', 'replicas', '2', 'Drop `replicas`, or `autoscaling`'],
    ],
    [
      'fewer replicas at most than at least',
      server({ sessions: McpSessions.STATELESS, autoscaling: { minReplicas: 3, maxReplicas: 2 } }),
      ['finance/s', 'autoscaling.maxReplicas', '2', 'Give at least minReplicas'],
    ],
    [
      'more CPU than there is',
      server({ sessions: McpSessions.STATELESS, autoscaling: { maxReplicas: 2, cpuUtilization: 101 } }),
      ['finance/s', 'autoscaling.cpuUtilization', '101', 'Give percent of the CPU request'],
    ],
    [
      'two budgets',
      server({
        disruptionBudget: {
          minAvailable: kplus.PercentOrAbsolute.absolute(1),
          maxUnavailable: kplus.PercentOrAbsolute.absolute(1),
        },
      }),
      ['finance/s', 'disruptionBudget', '{"minAvailable":1,"maxUnavailable":1}', 'Give one of the two'],
    ],
    ['root', server({ user: 0 }), ['finance/s', 'user', '0', 'Give a user id other than root']],
    [
      'a tool name that is none',
      server({ tools: ['a', 'b c'] }),
      ['finance/s', 'tools[1]', '"b c"', 'Use the name that the server lists'],
    ],
    ['a tool twice', server({ tools: ['a', 'a'] }), ['finance/s', 'tools[1]', '"a"', 'Drop one']],
    [
      'a description of a tool that is none',
      server({ toolDescriptions: { 'b c': '' } }),
      ['finance/s', 'toolDescriptions[b c]', '"b c"', 'Use the name that the server lists'],
    ],
    [
      'a filter that is none',
      server({ toolsFilter: ['db?'] }),
      ['finance/s', 'toolsFilter[0]', '"db?"', 'Write a tool name, or a glob such as db_*'],
    ],
    [
      'a label that is none',
      server({ labels: { a: 'b c' } }),
      ['finance/s', 'labels[a]', '"b c"', 'Correct the value'],
    ],
    [
      'a label that is no text',
      server({ labels: { a: 1 as any } }),
      ['finance/s', 'labels[a]', '1', 'Correct the value'],
    ],
    [
      'a pod label that would detach the pods',
      server({ podLabels: { 'app.kubernetes.io/name': 'x' } }),
      ['finance/s', 'podLabels[app.kubernetes.io/name]', '"x"', 'Use another key'],
    ],
    [
      'a template that would detach the pods',
      server({ podTemplate: { metadata: { labels: { 'app.kubernetes.io/component': 'x' } } } }),
      ['finance/s', 'podTemplate.metadata.labels[app.kubernetes.io/component]', '"x"', 'Use another key'],
    ],
    [
      'a pod template that is none',
      server({ podTemplate: [] }),
      ['finance/s', 'podTemplate', '[]', 'Pass an object such as'],
    ],
    [
      'pods for a remote server',
      server({ source: remote, replicas: 2 }),
      ['finance/s', 'replicas', '2', 'Drop replicas'],
    ],
    [
      'secrets for a remote server',
      ({ finance }) =>
        new McpServer(finance, 's', {
          source: remote,
          imagePullSecrets: [kplus.Secret.fromSecretName(finance, 'pull', 'registry')],
        }),
      ['finance/s', 'imagePullSecrets', '["finance/pull"]', 'Drop imagePullSecrets'],
    ],
    // Routes.
    [
      'a weight below 0',
      ({ finance, ledger }) => new McpRoute(finance, 'r', { backends: [{ server: ledger, weight: -1 }] }),
      ['finance/r', 'backends[0].weight', '-1', 'Give a whole number, 0 for no requests'],
    ],
    [
      'a match without conditions',
      ({ finance, ledger }) => new McpRoute(finance, 'r', { matches: [{ backends: [{ server: ledger }] }] }),
      [
        'finance/r',
        'matches[0]',
        '{"backends":[{"server":{"kind":"MCPServer","name":"ledger","namespace":"finance"}}]}',
        'Give tools, a method or headers',
      ],
    ],
    [
      'a method that is none',
      route({ matches: [{ method: 'tools/delete' }] }),
      ['finance/r', 'matches[0].method', '"tools/delete"', 'Use one of initialize, ping, tools/list'],
    ],
    [
      'a header name that is none',
      () => HeaderMatch.exact('x tenant', 'a'),
      ['HeaderMatch.exact', 'name', '"x tenant"', 'Name one header'],
    ],
    [
      'a header to set that is none',
      route({ requestHeaders: { set: { 'x:y': 'a' } } }),
      ['finance/r', 'requestHeaders.set[x:y]', '"x:y"', 'Name one header'],
    ],
    [
      'a header of the protocol',
      route({ requestHeaders: { remove: ['mcp-session-id'] } }),
      ['finance/r', 'requestHeaders.remove[0]', '"mcp-session-id"', 'Leave it alone'],
    ],
    [
      'a header that repeats the method',
      route({ requestHeaders: { remove: ['Mcp-Method'] } }),
      ['finance/r', 'requestHeaders.remove[0]', '"Mcp-Method"', 'Leave it alone'],
    ],
    [
      'a header that repeats an argument',
      route({ requestHeaders: { set: { 'mcp-param-region': 'eu' } } }),
      ['finance/r', 'requestHeaders.set[mcp-param-region]', '"mcp-param-region"', 'Leave it alone'],
    ],
    [
      'a filter that takes a header of the protocol out',
      gateway({ requestFiltering: { headerFilters: [{ name: 'Mcp-Name', action: FilterAction.REMOVE }] } }),
      ['platform/g', 'requestFiltering.headerFilters[0].name', '"Mcp-Name"', 'Leave it alone'],
    ],
    [
      'a filter that changes what headers repeat',
      gateway({
        requestFiltering: {
          bodyFilters: [{ type: BodyFilterType.JSON_PATH, action: FilterAction.REDACT, pattern: '$.params.name' }],
        },
      }),
      [
        'platform/g',
        'requestFiltering.bodyFilters[0].pattern',
        '"$.params.name"',
        'Filter what is in $.params.arguments',
      ],
    ],
    [
      'keys in a header of the protocol',
      () => Authentication.apiKey({ header: 'Mcp-Name', keys: [ApiKey.sha256('a'.repeat(64))] }),
      ['Authentication.apiKey', 'header', '"Mcp-Name"', 'Leave it alone'],
    ],
    [
      'a header named twice',
      route({ responseHeaders: { set: { a: '1' }, add: { A: '2' } } }),
      ['finance/r', 'responseHeaders.add[A]', '"A"', 'Name each header once, in set, add or remove'],
    ],
    [
      'a regex that is none',
      () => ToolMatch.regex('db_('),
      ['ToolMatch.regex', 'regex', '"db_("', 'Write it in RE2 syntax'],
    ],
    [
      'a look-ahead, which JavaScript alone knows',
      () => ToolMatch.regex('db_(?!drop)'),
      ['ToolMatch.regex', 'regex', '"db_(?!drop)"', 'RE2 syntax, which has no look-around'],
    ],
    [
      'a look-behind in a header',
      () => HeaderMatch.regex('x', '(?<=a)b'),
      ['HeaderMatch.regex', 'regex', '"(?<=a)b"', 'RE2 syntax, which has no look-around'],
    ],
    [
      'no timeout at all',
      route({ timeouts: { request: Duration.seconds(0) } }),
      ['finance/r', 'timeouts.request', '0', 'Give a longer time, or none'],
    ],
    [
      'an attempt longer than the request',
      route({ timeouts: { request: Duration.seconds(1), backendRequest: Duration.seconds(2) } }),
      ['finance/r', 'timeouts.backendRequest', '2000', 'Give at most timeouts.request'],
    ],
    [
      'one attempt',
      route({ retry: { attempts: 1 } }),
      ['finance/r', 'retry.attempts', '1', 'Count the first attempt too'],
    ],
    [
      'a status that is no error',
      route({ retry: { attempts: 2, codes: [200] } }),
      ['finance/r', 'retry.codes[0]', '200', 'Give an HTTP error status'],
    ],
    [
      'no status',
      route({ retry: { attempts: 2, codes: [] } }),
      ['finance/r', 'retry.codes', '[]', 'Give status codes, or drop retry'],
    ],
    // Gateways.
    ['no replicas of a gateway', gateway({ replicas: 0 }), ['platform/g', 'replicas', '0', 'Give at least 1']],
    ['a privileged port', gateway({ port: 80 }), ['platform/g', 'port', '80', 'Use a port from 1024 on']],
    [
      'a port of the Service out of range',
      gateway({ service: { port: 70000 } }),
      ['platform/g', 'service.port', '70000', 'Give the port of the Service'],
    ],
    [
      'a port of nodes for a Service without',
      gateway({ service: { nodePort: 30000 } }),
      ['platform/g', 'service.nodePort', '30000', 'choose type NodePort or LoadBalancer'],
    ],
    [
      'ranges for a Service without',
      gateway({ service: { loadBalancerSourceRanges: ['10.0.0.0/8'] } }),
      ['platform/g', 'service.loadBalancerSourceRanges', '["10.0.0.0/8"]', 'choose type LoadBalancer'],
    ],
    [
      'a range that is none',
      gateway({ service: { type: kplus.ServiceType.LOAD_BALANCER, loadBalancerSourceRanges: ['999.1.1.1/24'] } }),
      ['platform/g', 'service.loadBalancerSourceRanges[0]', '"999.1.1.1/24"', 'Write it as 203.0.113.0/24'],
    ],
    [
      'a Service that leads elsewhere',
      gateway({ service: { type: kplus.ServiceType.EXTERNAL_NAME } }),
      ['platform/g', 'service.type', '"ExternalName"', 'Choose ClusterIP, NodePort or LoadBalancer'],
    ],
    [
      'an affinity header that is none',
      gateway({ sessionAffinityHeader: 'x user' }),
      ['platform/g', 'sessionAffinityHeader', '"x user"', 'Name one header'],
    ],
    [
      'a discovery of nothing',
      gateway({ discovery: {} }),
      ['platform/g', 'discovery', '{}', 'Give servers, labels or expressions'],
    ],
    [
      'namespaces without servers',
      ({ platform, ledger }) =>
        new McpGateway(platform, 'g', { discovery: { servers: [ledger], namespaceLabels: { a: 'b' } } }),
      ['platform/g', 'discovery.namespaceLabels', '{"a":"b"}', 'Give labels or expressions too, or drop it'],
    ],
    [
      'a label to discover by that is none',
      gateway({ discovery: { labels: { 'a b': 'c' } } }),
      ['platform/g', 'discovery.labels[a b]', '"a b"', 'Correct the key'],
    ],
    [
      'a collector that is no URL',
      gateway({ observability: { tracing: { endpoint: 'otel:4317' } } }),
      ['platform/g', 'observability.tracing.endpoint', '"otel:4317"', 'Write it as http://otel-collector'],
    ],
    [
      'a share above all',
      gateway({ observability: { tracing: { endpoint: 'http://otel:4317', sampling: 1.5 } } }),
      ['platform/g', 'observability.tracing.sampling', '1.5', 'Give 0.1 for one request in ten'],
    ],
  ])('at %s', (_, action, expected) => {
    const message = messageOf(() => action(organization));
    expect(message).toMatch(lineOf(expected));
    expectReadable(message);
  });

  it('with all mistakes of the call in one error', () => {
    const message = messageOf(
      () =>
        new McpServer(organization.finance, 'Bad_Id', {
          source: stdio,
          namespace: 'Finance',
          replicas: -2,
          tools: ['a', 'a', 'b c'],
          toolsFilter: ['?'],
          labels: { 'a b': 'c' },
          user: 0,
          podLabels: { 'app.kubernetes.io/name': 'x' },
          sessions: McpSessions.STATELESS,
        }),
    );
    expect(message.split('\n').map(line => /^ +\[finance\/Bad_Id\] ([^:]+):/.exec(line)?.[1] ?? line)).toEqual([
      'Invalid input:',
      'name',
      'namespace',
      'tools[1]',
      'tools[2]',
      'labels[a b]',
      'replicas',
      'toolsFilter[0]',
      'podLabels[app.kubernetes.io/name]',
      'user',
      'sessions',
    ]);
    expectReadable(message);
  });

  it('without echoing credentials', () => {
    const messages = [
      () => McpServerSource.remote('https://alice:hunter2@mcp.example.com/mcp'),
      () => McpServerSource.remote('http://alice:hunter2@mcp.example.com/mcp'),
      () => McpServerSource.remote('https://alice:hunter2@mcp.example.com/mcp#x'),
      () => McpServerSource.remote('https://alice:hunter2@mcp example.com/mcp'),
      () => McpServerSource.remote('ftp://alice:hunter2@mcp.example.com/mcp'),
      () =>
        McpServerSource.remote('https://mcp.example.com', {
          tls: { caBundle: '-----BEGIN PRIVATE KEY-----\nhunter2\n-----END PRIVATE KEY-----' },
        }),
      () =>
        new McpGateway(organization.platform, 'g', {
          observability: { tracing: { endpoint: 'http://alice:hunter2@otel:4317' } },
        }),
    ].map(messageOf);
    expect(messages.filter(message => message.includes('hunter2'))).toEqual([]);
    expect(messages.filter(message => !message.includes('(not shown)'))).toEqual([]);
  });

  it('and leaves nothing of what it refused in the app', () => {
    const { app, finance } = organization;
    const before = app.synthYaml();
    expect(() => new McpServer(finance, 'half', { source: image, replicas: -1 })).toThrow();
    expect(() => new McpRoute(finance, 'half-route', { name: 'X' })).toThrow();
    expect(app.synthYaml()).toBe(before);
  });
});

describe('the synthesis reports', () => {
  const servers = (chart: Chart, count: number): McpServer[] =>
    Array.from(
      { length: count },
      (_, i) => new McpServer(chart, `s${i}`, { source: image, sessions: McpSessions.STATELESS }),
    );
  const stateless = { source: image, sessions: McpSessions.STATELESS };

  it.each<[string, (organization: Organization) => unknown, Expected]>([
    [
      'a route without backends',
      ({ finance }) => new McpRoute(finance, 'r'),
      ['finance/r', 'backends', 'nothing', 'Call route.addBackend(server)'],
    ],
    [
      '17 backends',
      ({ finance }) => new McpRoute(finance, 'r', { backends: servers(finance, 17).map(server => ({ server })) }),
      ['finance/r', 'backends', '17', 'Split it into several routes'],
    ],
    [
      'only weights of 0',
      ({ finance, ledger }) => new McpRoute(finance, 'r', { backends: [{ server: ledger, weight: 0 }] }),
      ['finance/r', 'backends', '[0]', 'Give at least one backend a weight above 0'],
    ],
    [
      'a server twice',
      ({ finance, ledger }) => new McpRoute(finance, 'r', { backends: [{ server: ledger }, { server: ledger }] }),
      ['finance/r', 'backends[1].server', '"MCPServer finance/ledger"', 'give it the sum of the weights'],
    ],
    [
      'a server of another namespace',
      ({ platform, ledger }) => new McpRoute(platform, 'r', { backends: [{ server: ledger }] }),
      [
        'platform/r',
        'backends[0].server',
        '"MCPServer finance/ledger"',
        'Put the route into "finance", or share the server as a ClusterMcpServer',
      ],
    ],
    [
      'a server that is gone',
      ({ finance }) =>
        new McpRoute(finance, 'r', {
          backends: [{ server: removed(new McpServer(finance, 'stray', { source: image })) }],
        }),
      ['finance/r', 'backends[0].server', '"MCPServer finance/stray"', 'McpServer.fromMcpServerName'],
    ],
    [
      'a shared server that does not consent',
      ({ platform, finance }) =>
        new McpRoute(finance, 'r', {
          backends: [
            {
              server: new ClusterMcpServer(platform, 'search', {
                source: image,
                allowedNamespaces: AllowedNamespaces.names('research'),
              }),
            },
          ],
        }),
      ['finance/r', 'backends[0].server', '"ClusterMCPServer search"', 'Add "finance" to its allowedNamespaces'],
    ],
    [
      'a gateway that is gone',
      ({ finance, ledger, platform }) =>
        new McpRoute(finance, 'r', {
          backends: [{ server: ledger }],
          gateway: removed(new McpGateway(platform, 'stray')),
        }),
      ['finance/r', 'gateway', '"MCPGateway mcp-system/stray"', 'McpGateway.fromMcpGatewayName'],
    ],
    [
      'several gateways, none of which is named',
      ({ platform, finance, ledger }) =>
        new McpGateway(platform, 'other') && new McpRoute(finance, 'r', { backends: [{ server: ledger }] }),
      ['finance/r', 'gateway', 'nothing', 'Pass the one that serves this route as `gateway`'],
    ],
    [
      'two routes with one path',
      ({ finance, ledger }) =>
        ['a', 'b'].map(id => new McpRoute(finance, id, { name: 'smart', backends: [{ server: ledger }] })),
      [
        'finance/b',
        'name',
        '"smart"',
        'Give one of them another name or namespace; where they are for different clusters, an McpCluster around each',
      ],
    ],
    [
      'two servers with one name in one namespace',
      ({ finance }) => new McpServer(finance, 'again', { name: 'ledger', source: image }),
      [
        'finance/again',
        'name',
        '"ledger"',
        'Give one of them another name or namespace; where they are for different clusters, an McpCluster around each',
      ],
    ],
    [
      'two servers with one name, one of which is imported',
      ({ finance, ledger }) =>
        new McpRoute(finance, 'r', { backends: [{ server: ledger }] }) &&
        McpServer.fromMcpServerName(finance, 'import', 'ledger'),
      ['finance/import', 'name', '"ledger"', 'Use "finance/ledger" itself'],
    ],
    [
      'a pattern that selects nothing',
      ({ finance }) =>
        new McpRoute(finance, 'r', {
          backends: [{ server: new McpServer(finance, 's', { source: image, tools: ['a'] }) }],
          matches: [{ tools: ToolMatch.prefix('b') }],
        }),
      ['finance/r', 'matches[0].tools[0]', '"b*"', 'Correct the pattern, or the `tools` of the servers'],
    ],
    [
      'a filter that selects nothing',
      ({ finance }) => new McpServer(finance, 's', { source: image, tools: ['a'], toolsFilter: ['b*'] }),
      ['finance/s', 'toolsFilter[0]', '"b*"', 'Correct the filter, or add the tool to `tools`'],
    ],
    [
      'a discovered server that is gone',
      ({ platform, finance }) =>
        new McpGateway(platform, 'g', {
          discovery: { servers: [removed(new McpServer(finance, 'stray', { source: image }))] },
        }),
      ['platform/g', 'discovery.servers[0]', '"MCPServer finance/stray"', 'Create it, or declare an existing one'],
    ],
    [
      'health checks, which agentgateway does not have',
      ({ platform }) => new McpGateway(platform, 'g', { healthCheck: {} }),
      [
        'platform/g',
        'healthCheck',
        '{"interval":"30s","timeout":"5s","healthyThreshold":2,"unhealthyThreshold":3}',
        'Remove healthCheck',
      ],
    ],
    [
      'a circuit breaker, which agentgateway does not have',
      ({ platform }) => new McpGateway(platform, 'g', { circuitBreaker: {} }),
      ['platform/g', 'circuitBreaker', '{"consecutiveFailures":5,"ejection":"30s"}', 'Remove circuitBreaker'],
    ],
    [
      'a port that agentgateway needs itself',
      ({ platform }) => new McpGateway(platform, 'g', { port: 15021 }),
      ['platform/g', 'port', '15021', 'Choose a port other than'],
    ],
    [
      'a method matched where sessions are kept',
      ({ finance, ledger }) =>
        new McpRoute(finance, 'r', {
          backends: [{ server: ledger }],
          matches: [{ method: 'tools/call', backends: [{ server: ledger }] }],
        }),
      [
        'finance/r',
        'matches[0].method',
        '"tools/call"',
        'Declare the servers of the route `sessions: stateless`, or match by tools',
      ],
    ],
    [
      'methods alone, so that nobody can connect',
      ({ finance }) =>
        new McpRoute(finance, 'r', {
          backends: [{ server: new McpServer(finance, 's', stateless) }],
          matches: [{ method: 'tools/call' }],
        }),
      ['finance/r', 'matches', '["tools/call"]', 'Add a match without a method'],
    ],
    [
      'a header that agentgateway sets itself',
      ({ finance, ledger }) =>
        new McpRoute(finance, 'r', {
          backends: [{ server: ledger }],
          matches: [{ headers: [HeaderMatch.exact('Host', 'a')], backends: [{ server: ledger }] }],
        }),
      ['finance/r', 'matches[0].headers[0].name', '"host"', 'Match another header'],
    ],
    [
      'retries of SSE',
      ({ finance }) =>
        new McpRoute(finance, 'r', {
          backends: [
            {
              server: new McpServer(finance, 's', {
                source: McpServerSource.image('acme/x:1', { transport: McpTransport.SSE }),
              }),
            },
          ],
          retry: { attempts: 2 },
        }),
      ['finance/r', 'retry', '{"attempts":2,"codes":[502,503,504]}', 'Remove retry'],
    ],
  ])('%s', (_, mistake, expected) => {
    mistake(organization);
    const message = messageOf(() => organization.app.synth());
    expect(message).toMatch(lineOf(expected));
    expect(message.match(/^ +\[/gm)).toHaveLength(1);
    expectReadable(message);
    expect(readdirSync(organization.outdir)).toEqual([]);
  });

  it('a missing gateway', () => {
    const chart = new Chart(new App(), 'finance', { namespace: 'finance' });
    new McpRoute(chart, 'r', { backends: [{ server: new McpServer(chart, 's', { source: image }) }] });
    expect(messageOf(() => (chart.node.root as App).synthYaml())).toMatch(
      lineOf(['finance/r', 'gateway', 'nothing', 'Create an McpGateway, or declare an existing one']),
    );
  });

  it('many mistakes across an app in one run', () => {
    const { app, platform, finance, ledger, outdir } = organization;
    new McpGateway(platform, 'second', { healthCheck: {}, circuitBreaker: {} });
    new McpRoute(finance, 'empty');
    new McpRoute(finance, 'unnamed', { backends: [{ server: ledger }] });
    new McpRoute(platform, 'foreign', { backends: [{ server: ledger, weight: 0 }], gateway: organization.gateway });
    new McpServer(finance, 'again', { name: 'ledger', source: image });
    new McpServer(finance, 'filtered', { source: image, tools: ['a'], toolsFilter: ['b', 'c*'] });
    const message = messageOf(() => app.synth());
    expect(
      message
        .split('\n')
        .slice(1)
        .map(line => /\[[^\]]+\] [^:]+/.exec(line)![0])
        .sort(),
    ).toEqual([
      '[finance/again] name',
      '[finance/empty] backends',
      '[finance/empty] gateway',
      '[finance/filtered] toolsFilter[0]',
      '[finance/filtered] toolsFilter[1]',
      '[finance/unnamed] gateway',
      '[platform/foreign] backends',
      '[platform/foreign] backends[0].server',
      '[platform/second] circuitBreaker',
      '[platform/second] healthCheck',
    ]);
    expectReadable(message);
    expect(readdirSync(outdir)).toEqual([]);
  });
});

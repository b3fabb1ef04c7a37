import { App, Chart } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import {
  BackendCredential,
  McpGateway,
  McpGatewayProps,
  McpRemoteOptions,
  McpRoute,
  McpServer,
  McpServerSource,
} from '../../src';
import { containerOf, find, messageOf, objectsOf, podOf } from '../support/synth';
import { Manifest, validateObjects } from '../support/validate';

const references = new Chart(new App(), 'platform', { namespace: 'mcp-system' });
const secret = kplus.Secret.fromSecretName(references, 'crm', 'crm');
const value = (key: string): kplus.SecretValue => ({ secret, key });
const REF = { secretName: 'crm', secretNamespace: 'mcp-system' };
const BASIC = BackendCredential.basic({ username: value('username'), password: value('password') });

describe('what is made', () => {
  it.each<[string, BackendCredential, object]>([
    [
      'header',
      BackendCredential.header('X-API-Key', value('key')),
      { kind: 'header', name: 'x-api-key', prefix: '', value: { ...REF, key: 'key' } },
    ],
    [
      'header with a prefix',
      BackendCredential.header('Authorization', value('key'), { prefix: 'Token ' }),
      { kind: 'header', name: 'authorization', prefix: 'Token ', value: { ...REF, key: 'key' } },
    ],
    [
      'bearer',
      BackendCredential.bearer(value('token')),
      { kind: 'header', name: 'authorization', prefix: 'Bearer ', value: { ...REF, key: 'token' } },
    ],
    ['basic', BASIC, { kind: 'basic', username: { ...REF, key: 'username' }, password: { ...REF, key: 'password' } }],
    [
      'clientCertificate',
      BackendCredential.clientCertificate(secret),
      { kind: 'clientCertificate', certificate: { ...REF, key: 'tls.crt' }, privateKey: { ...REF, key: 'tls.key' } },
    ],
    ['callerToken', BackendCredential.callerToken(), { kind: 'callerToken' }],
    [
      'callerHeader',
      BackendCredential.callerHeader('X-GitHub-Token'),
      { kind: 'callerHeader', from: 'x-github-token', name: 'authorization', prefix: 'Bearer ' },
    ],
    [
      'callerHeader into another',
      BackendCredential.callerHeader('X-Tenant-Of', { name: 'X-Tenant' }),
      { kind: 'callerHeader', from: 'x-tenant-of', name: 'x-tenant', prefix: '' },
    ],
    [
      'callerHeader that says its scheme itself',
      BackendCredential.callerHeader('X-Auth', { prefix: '' }),
      { kind: 'callerHeader', from: 'x-auth', name: 'authorization', prefix: '' },
    ],
  ])('%s', (_, credential, expected) => {
    expect(credential._model).toEqual(expected);
  });
});

describe('what is refused', () => {
  it.each<[string, () => unknown, string]>([
    [
      'a name that is none',
      () => BackendCredential.header('x y', value('k')),
      '[BackendCredential.header] name: got "x y": is not a header name (RFC 9110 token). Name the header that the server reads.',
    ],
    [
      'a header of the protocol',
      () => BackendCredential.header('Mcp-Session-Id', value('k')),
      '[BackendCredential.header] name: got "Mcp-Session-Id": carries the MCP session or the message itself.',
    ],
    [
      'a prefix that is none',
      () => BackendCredential.header('x-key', value('k'), { prefix: 'Schlüssel\n' }),
      '[BackendCredential.header] prefix: got "Schlüssel\\n": is not printable ASCII. Write it as "Token ".',
    ],
    [
      "a header of the caller that is the gateway's",
      () => BackendCredential.callerHeader('Authorization', { name: 'X-Token' }),
      '[BackendCredential.callerHeader] from: got "authorization": is where callers prove to the gateway who they are.',
    ],
    [
      'a header of the caller that carries the protocol',
      () => BackendCredential.callerHeader('Mcp-Session-Id'),
      '[BackendCredential.callerHeader] from: got "mcp-session-id": carries the MCP session or the message itself.',
    ],
  ])('%s', (_, action, expected) => {
    expect(messageOf(action)).toContain(expected);
  });
});

interface Run {
  readonly objects: Manifest[];
  readonly spec: Manifest;
  readonly config: string;
}

/** A remote server in `sales`, served by a gateway in `mcp-system`. */
function run(options: McpRemoteOptions, gatewayOptions: McpGatewayProps = {}): Run {
  const app = new App();
  const gateway = new McpGateway(new Chart(app, 'platform', { namespace: 'mcp-system' }), 'gateway', gatewayOptions);
  const sales = new Chart(app, 'sales', { namespace: 'sales' });
  const crm = new McpServer(sales, 'crm', {
    source: McpServerSource.remote('https://mcp.crm.example.com/mcp', options),
  });
  new McpRoute(sales, 'crm-route', { gateway, backends: [{ server: crm }] });
  const objects = objectsOf(app);
  expect(validateObjects(objects)).toEqual([]);
  return { objects, spec: find(objects, 'MCPServer').spec, config: find(objects, 'ConfigMap').data['config.yaml'] };
}

it('reaches the gateway as files of a Secret, and the resource as a reference', () => {
  const { objects, spec, config } = run({
    credentials: [
      BASIC,
      BackendCredential.header('X-Tenant-Key', value('key')),
      BackendCredential.clientCertificate(secret),
    ],
  });
  const deployment = find(objects, 'Deployment');
  const [volume] = podOf(deployment).volumes.filter((candidate: Manifest) => candidate.secret !== undefined);
  expect(volume.secret).toEqual({
    secretName: 'crm',
    items: ['key', 'password', 'tls.crt', 'tls.key', 'username'].map(key => ({ key, path: key })),
  });
  expect(containerOf(deployment, 'gateway').volumeMounts).toContainEqual({
    name: volume.name,
    mountPath: '/etc/agentgateway-secrets/crm',
    readOnly: true,
  });
  expect(config.match(/agentgateway-secrets\/crm\/[a-z.]+/g)!.sort()).toEqual(
    ['key', 'password', 'tls.crt', 'tls.key', 'username'].map(key => `agentgateway-secrets/crm/${key}`),
  );
  const ref = (key: string) => ({ name: 'crm', key, namespace: 'mcp-system' });
  expect(spec.remote.credentials).toEqual([
    { basic: { usernameRef: ref('username'), passwordRef: ref('password') } },
    { header: { name: 'x-tenant-key', secretRef: ref('key') } },
    { clientCertificate: { certificateRef: ref('tls.crt'), privateKeyRef: ref('tls.key') } },
  ]);
});

it("leaves a gateway without a Secret where there is none, and the caller's credentials with it", () => {
  const { objects, spec, config } = run({});
  expect(podOf(find(objects, 'Deployment')).volumes).toHaveLength(1);
  expect(spec.remote).toEqual({ url: 'https://mcp.crm.example.com/mcp' });
  expect(config).toMatch(/remove:\n +- authorization\n +- cookie\n/);
});

it('is an error where the gateway cannot read the Secret, for each gateway that serves the server', () => {
  const sales = new Chart(new App(), 'sales', { namespace: 'sales' });
  const own = kplus.Secret.fromSecretName(sales, 'crm', 'crm');
  expect(messageOf(() => run({ credentials: [BackendCredential.bearer({ secret: own, key: 'token' })] }))).toContain(
    '[sales/crm] credentials[0]: got "sales/crm": the pods of the gateway cannot read the Secret of a server\'s credential or authority in another namespace than their own: ' +
      'those of "platform/gateway" run in "mcp-system". Keep the Secret in the',
  );
});

it("is for hosted servers too, in the clear of the cluster's network", () => {
  const app = new App();
  const chart = new Chart(app, 'finance', { namespace: 'mcp-system' });
  const server = new McpServer(chart, 'ledger', {
    source: McpServerSource.image('acme/ledger:1', { credentials: [BackendCredential.bearer(value('token'))] }),
  });
  const imported = McpServer.fromMcpServerName(chart, 'other', 'other', {
    credentials: [BackendCredential.callerToken()],
  });
  new McpGateway(chart, 'gateway');
  new McpRoute(chart, 'tools', { backends: [{ server }] });
  new McpRoute(chart, 'others', { backends: [{ server: imported }] });
  const objects = objectsOf(app);
  expect(validateObjects(objects)).toEqual([]);
  expect(find(objects, 'MCPServer').spec.hosted.credentials).toEqual([
    { bearer: { secretRef: { name: 'crm', key: 'token' } } },
  ]);
  expect(find(objects, 'ConfigMap').data['config.yaml']).toContain('file: /etc/agentgateway-secrets/crm/token');
  expect(find(objects, 'ConfigMap').data['config.yaml']).toContain('passthrough: {}');
});

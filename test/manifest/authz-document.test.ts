import { App, Chart } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { stringify } from 'yaml';
import { Json, withoutPaths } from './support';
import {
  AccessMatrix,
  Authentication,
  AuthzConfig,
  McpGateway,
  McpManifest,
  McpRoute,
  McpServer,
  McpServerSource,
  OtherKinds,
  Principal,
  Reconciliation,
} from '../../src';
import { messageOf, objectsOf } from '../support/synth';

const PERMIT = 'permit(principal in Group::"admins", action, resource);';
const DOCUMENT = JSON.stringify({
  version: '1.0',
  type: 'cedarv1',
  cedar: { policies: [PERMIT], entities_json: '[]' },
});

const SERVER = `
apiVersion: ome.io/v1alpha1
kind: MCPServer
metadata: {name: ledger}
spec:
  transport: streamable-http
  tools: [{name: db_query}]
  hosted: {podSpec: {spec: {containers: [{name: mcp-server, image: "ghcr.io/acme/ledger-mcp:1.4.0"}]}}}
`;
const routed = (authzConfig: string, rest = '') => `${SERVER}---
apiVersion: ome.io/v1alpha1
kind: MCPRoute
metadata: {name: books}
spec:
  backendRefs: [{serverRef: {name: ledger}}]
  authzConfig:${authzConfig}
${rest}`;
const configMap = (namespace: string | undefined, data: Json) =>
  `---\n${stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'cedar', namespace }, data })}`;

function read(text: string, reconciliation = Reconciliation.RENDERED) {
  const app = new App();
  const gateway = new McpGateway(new Chart(app, 'platform', { namespace: 'mcp-system' }), 'gateway', {
    authentication: [
      Authentication.jwt({
        issuer: 'https://auth.acme.dev',
        audiences: ['mcp'],
        jwksUri: 'https://auth.acme.dev/jwks.json',
      }),
    ],
  });
  const chart = new Chart(app, 'finance', { namespace: 'finance' });
  reconciliation.applyTo(chart);
  return {
    app,
    manifest: McpManifest.fromYaml(chart, 'manifest', text, {
      gateway: reconciliation === Reconciliation.RENDERED ? gateway : undefined,
      otherKinds: OtherKinds.PASS_THROUGH,
    }),
  };
}

const faults = (text: string, reconciliation?: Reconciliation) =>
  messageOf(() => read(text, reconciliation))
    .split('\n  [')
    .slice(1);

describe('policies', () => {
  test.each([
    ['inline', routed(` {inline: {policies: ['${PERMIT}'], entitiesJSON: '[]'}}`)],
    [
      'of a ConfigMap',
      routed(' {configMap: {name: cedar, key: authz.json}}', configMap('finance', { 'authz.json': DOCUMENT })),
    ],
  ])('%s are enforced', (_, text) => {
    const { app, manifest } = read(text);
    const route = manifest.route('books');
    AccessMatrix.of(app).expectAllowed({ route, principal: Principal.group('admins'), tool: 'db_query' });
    AccessMatrix.of(app).expectDenied({ route, principal: Principal.group('staff'), tool: 'db_query' });
  });
});

describe('refuses', () => {
  test.each<[string, string, RegExp[]]>([
    [
      'a syntax error, with its line in the text and in the policy',
      routed(`
    inline:
      policies:
      - ${PERMIT}
      - |-
        permit(principal, action, resource)
          when { resource.name = "x" };`),
      [
        /^manifest:19 \(document 2, MCPRoute finance\/books\)\] spec\.authzConfig\.inline\.policies\[1\]: .*is not Cedar: .*at line 2, column \d+/,
      ],
    ],
    [
      'an unknown type of entity',
      routed(' {inline: {policies: [\'permit(principal == Client::"x", action, resource);\']}}'),
      [/spec\.authzConfig\.inline\.policies\[0\]: .*unrecognized entity type `Client`/],
    ],
    [
      'what cannot be compiled',
      routed(" {inline: {policies: ['permit(principal, action, resource) when { 1 + 1 == 2 };']}}"),
      [/spec\.authzConfig\.inline\.policies\[0\]: .*cannot be compiled/],
    ],
    [
      'entities that are no JSON',
      routed(` {inline: {policies: ['${PERMIT}'], entitiesJSON: '{'}}`),
      [/spec\.authzConfig\.inline\.entitiesJSON: got "\{": is not JSON/],
    ],
    [
      'a policy twice',
      routed(` {inline: {policies: ['${PERMIT}', '${PERMIT}']}}`),
      [/spec\.authzConfig\.inline\.policies\[1\]: .*is there twice/],
    ],
    ['neither form', routed(' {}'), [/spec\.authzConfig: got \{\}: holds no policies/]],
    [
      'both forms',
      routed(` {inline: {policies: ['${PERMIT}']}, configMap: {name: cedar, key: x}}`),
      [/spec\.authzConfig: got \["configMap","inline"\]: are set together/],
    ],
    [
      'a ConfigMap that is not there',
      routed(' {configMap: {name: cedar, key: x}}'),
      [
        /spec\.authzConfig\.configMap\.name: got "cedar": there is no ConfigMap finance\/cedar in the manifest, and no other ConfigMap/,
      ],
    ],
    [
      'a ConfigMap of another namespace',
      routed(' {configMap: {name: cedar, key: x}}', configMap('other', {})),
      [/there is no ConfigMap finance\/cedar in the manifest, only other\/cedar/],
    ],
    [
      'a ConfigMap of no namespace',
      routed(' {configMap: {name: cedar, key: x}}', configMap(undefined, {})),
      [/only \(no namespace\)\/cedar, .*Add the ConfigMap with its namespace/],
    ],
    [
      'a ConfigMap without the key',
      routed(' {configMap: {name: cedar, key: x}}', configMap('finance', { 'authz.json': DOCUMENT })),
      [/spec\.authzConfig\.configMap: .*the ConfigMap cedar has no key x, only authz\.json/],
    ],
    [
      'a ConfigMap with a wrong policy',
      routed(' {configMap: {name: cedar, key: x}}', configMap('finance', { x: DOCUMENT.replace('permit', 'allow') })),
      [/spec\.authzConfig\.configMap: .*policies\[0\]: is not Cedar/],
    ],
    [
      'a ConfigMap that may be missing',
      routed(
        ' {configMap: {name: cedar, key: authz.json, optional: true}}',
        configMap('finance', { 'authz.json': DOCUMENT }),
      ),
      [/spec\.authzConfig\.configMap\.optional: got true: would leave everything permitted/],
    ],
  ])('%s', (_, text, expected) => {
    expect(faults(text)).toEqual(expected.map(problem => expect.stringMatching(problem)));
  });

  test('the field in controller mode, where an operator would never see it', () => {
    expect(faults(routed(` {inline: {policies: ['${PERMIT}']}}`), Reconciliation.CONTROLLER)).toContainEqual(
      expect.stringMatching(/spec\.authzConfig: .*is a field of this library's own definition/),
    );
  });
});

test('come back as they were written, with their ConfigMaps', () => {
  const app = new App();
  const chart = new Chart(app, 'finance', { namespace: 'finance' });
  const map = (id: string) =>
    new kplus.ConfigMap(chart, id, { metadata: { name: id, namespace: 'finance' }, data: { 'authz.json': DOCUMENT } });
  const gateway = new McpGateway(chart, 'gateway', {
    authentication: [
      Authentication.jwt({
        issuer: 'https://auth.acme.dev',
        audiences: ['mcp'],
        jwksUri: 'https://auth.acme.dev/jwks.json',
      }),
    ],
    authzConfig: AuthzConfig.fromConfigMap(map('gateway-cedar')),
  });
  const ledger = new McpServer(chart, 'ledger', {
    source: McpServerSource.image('ghcr.io/acme/ledger-mcp:1.4.0'),
    tools: ['db_query'],
  });
  new McpRoute(chart, 'inline', {
    gateway,
    backends: [{ server: ledger }],
    authzConfig: AuthzConfig.inline({
      policies: [PERMIT, 'forbid(principal, action, resource == Tool::"$\\"{x}");'],
      entitiesJson: '[]',
    }),
  });
  new McpRoute(chart, 'mapped', {
    gateway,
    backends: [{ server: ledger }],
    authzConfig: AuthzConfig.fromConfigMap(map('cedar')),
  });
  const written = objectsOf(app);
  const text = written
    .filter(({ apiVersion, metadata }) => apiVersion === 'ome.io/v1alpha1' || metadata.name.endsWith('cedar'))
    .map(object => stringify(object, { version: '1.1' }))
    .join('---\n');
  const again = new Chart(new App(), 'again');
  McpManifest.fromYaml(again, 'manifest', text, { otherKinds: OtherKinds.PASS_THROUGH });
  const byName = (objects: readonly Json[]): Json =>
    Object.fromEntries(objects.map(object => [`${object.kind} ${object.metadata.name}`, object]));
  expect(withoutPaths(byName(objectsOf(App.of(again) as App)))).toEqual(withoutPaths(byName(written)));
});

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { GatewayDataPlane, McpManifest, Reconciliation } from '../../src';
import { find, messageOf, newChart, synth } from '../support/synth';

/* Several files as one manifest, as teams keep them. */

const SERVER = `apiVersion: ome.io/v1alpha1
kind: MCPServer
metadata: { name: ledger }
spec:
  transport: streamable-http
  hosted:
    podSpec:
      spec:
        containers:
          - { name: mcp-server, image: "ghcr.io/acme/ledger:1.4.0" }
`;
const GATEWAY = `{ "apiVersion": "ome.io/v1alpha1", "kind": "MCPGateway", "metadata": { "name": "gateway" }, "spec": {} }`;
const ROUTE = `apiVersion: ome.io/v1alpha1
kind: MCPRoute
metadata: { name: tools }
spec:
  gatewayRef: { name: gateway }
  backendRefs:
    - serverRef: { name: ledger }
`;

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'cdk8s-mcp-files-'))));
afterEach(() => rmSync(folder, { recursive: true }));

function write(files: Readonly<Record<string, string>>): void {
  Object.entries(files).forEach(([name, text]) => writeFileSync(join(folder, name), text));
}

it('refer to each other, whichever is read first', () => {
  write({ 'a-route.yaml': ROUTE, 'b-server.yml': SERVER, 'c-gateway.json': GATEWAY, 'notes.txt': 'not: read' });
  mkdirSync(join(folder, 'below'));
  writeFileSync(join(folder, 'below', 'd.yaml'), 'not: read');
  const chart = newChart();
  const manifest = McpManifest.fromFiles(chart, 'manifest', [folder]);
  expect(manifest.route('tools').url).toBe('http://gateway.finance/routes/finance/tools');
  expect(find(synth(chart), 'MCPRoute').spec.backendRefs).toMatchObject([{ serverRef: { name: 'ledger' } }]);
});

it('are named one by one, and each is read once', () => {
  write({ 'a.yaml': SERVER });
  const path = join(folder, 'a.yaml');
  expect(McpManifest.fromFiles(newChart(), 'manifest', [path, folder, path]).servers).toHaveLength(1);
});

it('are reported with their paths, in their order, all at once', () => {
  write({
    'a.yaml': ROUTE.replace('name: ledger', 'name: leger'),
    'b.yaml': SERVER.replace('hosted', 'hostd'),
    'c.yaml': GATEWAY,
  });
  const message = messageOf(() => McpManifest.fromFiles(newChart(), 'manifest', [folder]));
  const [a, b] = [join(folder, 'a.yaml'), join(folder, 'b.yaml')];
  expect(message).toContain(`[${a}:7 (document 1, MCPRoute finance/tools)] spec.backendRefs[0].serverRef`);
  expect(message.indexOf(a)).toBeLessThan(message.indexOf(b));
  expect(message).toContain(`[${b}:6 (document 1, MCPServer finance/ledger)] spec.hostd: got`);
});

it('may not say the same twice', () => {
  write({ 'a.yaml': SERVER, 'b.yaml': SERVER });
  expect(messageOf(() => McpManifest.fromFiles(newChart(), 'manifest', [folder]))).toContain(
    `is the name of an earlier document of this kind (${join(folder, 'a.yaml')}, document 1, line 3)`,
  );
});

it.each([
  ['no file', [], 'documents: got nothing: is empty'],
  ['a folder without files', ['.'], 'a folder without .yaml, .yml and .json files'],
  ['a file that is not there', ['no.yaml'], 'cannot be read (ENOENT)'],
])('%s is an error', (_, names, message) => {
  const paths = names.map(name => join(folder, name));
  expect(messageOf(() => McpManifest.fromFiles(newChart(), 'manifest', paths))).toContain(message);
});

it('have no other name', () => {
  write({ 'a.yaml': SERVER });
  expect(messageOf(() => McpManifest.fromFiles(newChart(), 'manifest', [folder], { source: 'git' }))).toContain(
    'options.source: got "git": is one name for several files',
  );
});

describe('the data plane of gateways', () => {
  const said = GATEWAY.replace('"spec": {}', '"spec": { "dataPlane": { "type": "agentgateway" } }');
  const planeOf = (text: string) => {
    const chart = newChart();
    McpManifest.fromYaml(chart, 'manifest', text, { dataPlane: GatewayDataPlane.envoy() });
    const { containers } = find(synth(chart), 'Deployment').spec.template.spec;
    return /agentgateway|envoy/.exec(containers[0].image)?.[0];
  };

  it('is the one that was given, where a document does not say it', () => {
    expect(planeOf(GATEWAY)).toBe('envoy');
    expect(planeOf(said)).toBe('agentgateway');
  });

  it('cannot be given to an operator', () => {
    const chart = newChart();
    Reconciliation.CONTROLLER.applyTo(chart);
    const message = messageOf(() =>
      McpManifest.fromYaml(chart, 'manifest', GATEWAY, { dataPlane: GatewayDataPlane.envoy() }),
    );
    expect(message).toContain('options.dataPlane: got "(given)": has no field in the MCPGateway resource');
  });
});

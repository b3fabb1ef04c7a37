import { existsSync, readFileSync, readdirSync } from 'fs';
import { join } from 'path';
import { parseAllDocuments } from 'yaml';
import { Workplace } from './support';

const place = new Workplace();
place.write(
  'server.yaml',
  `apiVersion: ome.io/v1alpha1
kind: MCPServer
metadata: { name: ledger, namespace: finance }
spec:
  transport: streamable-http
  hosted: { podSpec: { spec: { containers: [{ name: mcp-server, image: "ghcr.io/acme/ledger:1.4.0" }] } } }
`,
);
place.write(
  'route.yaml',
  `apiVersion: ome.io/v1alpha1
kind: MCPRoute
metadata: { name: books, namespace: finance }
spec:
  gatewayRef: { name: gateway }
  backendRefs: [{ serverRef: { name: ledger } }]
---
apiVersion: ome.io/v1alpha1
kind: MCPGateway
metadata: { name: gateway, namespace: finance }
spec: {}
`,
);

function objects(text: string): any[] {
  return parseAllDocuments(text).map(document => document.toJS());
}

it('writes everything that follows from files of several people', () => {
  expect(place.run('synth', 'server.yaml', 'route.yaml')).toMatchObject({ code: 0, out: '' });
  const written = objects(readFileSync(join(place.folder, 'dist', 'mcp.k8s.yaml'), 'utf8'));
  const kinds = 'ConfigMap Deployment MCPGateway MCPRoute MCPServer NetworkPolicy Service ServiceAccount';
  expect(new Set(written.map(({ kind }) => kind))).toEqual(new Set(kinds.split(' ')));
});

it('to standard output, for the plane and the cluster that were said', () => {
  const of = (...args: string[]) => objects(place.run('synth', 'server.yaml', 'route.yaml', '--stdout', ...args).out);
  const image = (list: any[]): string =>
    list.find(({ kind, metadata }) => kind === 'Deployment' && metadata.name === 'gateway').spec.template.spec
      .containers[0].image;
  expect(image(of())).toContain('agentgateway');
  expect(image(of('--plane', 'envoy'))).toContain('envoy');
  expect(of('--network', 'Cilium').map(({ kind }) => kind)).toContain('CiliumNetworkPolicy');
  place.write('cluster.yaml', 'plane: envoy\nnetwork: Cilium\n');
  expect(image(of('--profile', 'cluster.yaml'))).toContain('envoy');
  expect(image(of('--profile', 'cluster.yaml', '--plane', 'agentgateway'))).toContain('agentgateway');
});

it('writes the definitions too, where they are asked for', () => {
  place.run('synth', 'server.yaml', '-o', 'out', '--crds');
  expect(readdirSync(join(place.folder, 'out', 'crds'))).toEqual(['ome.k8s.yaml']);
});

it('writes nothing where something is wrong, and says where', () => {
  place.write('wrong.yaml', readFileSync(join(place.folder, 'server.yaml'), 'utf8').replace('hosted', 'hostd'));
  const { code, err, out } = place.run('synth', 'wrong.yaml', '-o', 'nothing');
  expect([code, out, existsSync(join(place.folder, 'nothing'))]).toEqual([2, '', false]);
  expect(err).toMatch(/wrong\.yaml:6 \(document 1, MCPServer finance\/ledger\)\] spec\.hostd: got .*Write hosted/);
});

it.each([
  ['plan: envoy', 'plan: got "envoy": is not a field here; the fields are plane,'],
  ['plane: nginx', 'plane: got "nginx": is none of agentgateway, envoy'],
  ['addOns: [cert]', 'addOns: got ["cert"]: is no list of cert-manager,'],
  ['kubernetesVersion: 1.30', 'kubernetesVersion: got 1.3: is no text; write it in quotes'],
  ['[', 'profile.yaml cannot be read'],
  ['- plane', 'is no list of fields'],
])('a profile with %s is refused', (text, message) => {
  place.write('profile.yaml', text);
  const { code, err } = place.run('synth', 'server.yaml', '--profile', 'profile.yaml');
  expect(code).toBe(2);
  expect(err).toContain(message);
});

import { DNS, networkOf, pods, rule, tcp } from './network-fixtures';
import { ServiceMesh } from '../../../src';
import { inMesh, meshPolicies, meshWarnings } from '../../../src/backends/kubernetes/mesh';
import { networkObjects } from '../../../src/backends/kubernetes/network';
import { Mesh } from '../../../src/model/cluster';
import { NetworkPolicies, Pod } from '../../support/network-policy';
import { messageOf } from '../../support/synth';
import { Manifest, validateObject } from '../../support/validate';

const AMBIENT = ServiceMesh.istioAmbient()._model;
const SIDECARS = ServiceMesh.istioSidecars()._model;
const LINKERD = ServiceMesh.linkerd()._model;

const gateway = pods('mcp-system', 'gateway');
const anywhere = rule({ kind: 'anywhere' }, tcp(443));

const ledgerIn = (mesh: Mesh | undefined) =>
  networkOf(
    { ingress: [rule(gateway, tcp(8000))], egress: [DNS, rule(pods('finance', 'db'), tcp(5432)), anywhere] },
    { mesh },
  );

const pod = (namespace: string, labels: Pod['labels'] = {}): Pod => ({ namespace, labels });
const LEDGER = pod('finance', { app: 'ledger' });
const GATEWAY = pod('mcp-system', { app: 'gateway' });
const DATABASE = pod('finance', { app: 'db' });

/** The policies of the ledger: of the pods at the other end there are none. */
function policiesOf(mesh: Mesh | undefined): NetworkPolicies {
  const objects: Manifest[] = networkObjects(ledgerIn(mesh));
  expect(objects.flatMap(object => validateObject(object))).toEqual([]);
  return new NetworkPolicies(objects.filter(({ kind }) => kind === 'NetworkPolicy'));
}

it('is nothing without a mesh', () => {
  expect(inMesh(ledgerIn(undefined))).toEqual(ledgerIn(undefined));
  expect(networkObjects(ledgerIn(undefined))).toHaveLength(1);
});

it.each([
  ['ambient', AMBIENT, 15008],
  ['linkerd', LINKERD, 4143],
])('%s carries connections between those that may connect anyway', (_, mesh, port) => {
  const policies = policiesOf(mesh);
  expect(policies.mayConnect(GATEWAY, LEDGER, port)).toBe(true);
  expect(policies.mayConnect(GATEWAY, LEDGER, 8000)).toBe(true);
  expect(policies.mayConnect(LEDGER, DATABASE, port)).toBe(true);
  expect(policies.mayConnect(pod('hr'), LEDGER, port)).toBe(false);
  expect(policies.mayConnect(LEDGER, pod('hr'), port)).toBe(false);
  expect(policiesOf(undefined).mayConnect(GATEWAY, LEDGER, port)).toBe(false);
});

it('leaves what is outside of the mesh as it is', () => {
  const { egress } = inMesh(ledgerIn(AMBIENT));
  expect(egress).toContainEqual(DNS);
  expect(egress).toContainEqual(anywhere);
});

it('lets probes of ambient mode in', () => {
  const { ingress } = inMesh(ledgerIn(AMBIENT));
  expect(ingress!.at(-1)).toMatchObject({ peer: { kind: 'cidr', cidr: '169.254.7.127/32' }, ports: [] });
});

it.each([
  ['linkerd', LINKERD, pod('linkerd', { 'linkerd.io/control-plane-component': 'destination' }), 8086],
  ['linkerd', LINKERD, pod('linkerd', { 'linkerd.io/control-plane-component': 'destination' }), 8090],
  ['linkerd', LINKERD, pod('linkerd', { 'linkerd.io/control-plane-component': 'identity' }), 8080],
  ['sidecars of Istio', SIDECARS, pod('istio-system', { app: 'istiod' }), 15012],
])('lets proxies of %s connect to their control plane', (_, mesh, plane, port) => {
  expect(policiesOf(mesh).mayConnect(LEDGER, plane, port)).toBe(true);
  expect(policiesOf(undefined).mayConnect(LEDGER, plane, port)).toBe(false);
});

it('has its control plane where it is', () => {
  const { controlPlane } = ServiceMesh.linkerd({ controlPlaneNamespace: 'mesh' })._model;
  expect(new Set(controlPlane.map(({ pods: { namespace } }) => namespace))).toEqual(new Set(['mesh']));
  expect(messageOf(() => ServiceMesh.istioSidecars({ controlPlaneNamespace: 'No Name' }))).toContain(
    'controlPlaneNamespace: got "No Name"',
  );
});

describe('behind the port of ambient mode', () => {
  it('only declared ports are reached', () => {
    const [policy] = meshPolicies(ledgerIn(AMBIENT));
    expect(policy.spec).toEqual({
      selector: { matchLabels: { app: 'ledger' } },
      action: 'ALLOW',
      rules: [{ to: [{ operation: { ports: ['8000'] } }] }],
    });
  });

  it('nothing is reached where nobody may connect', () => {
    expect(meshPolicies(networkOf({}, { mesh: AMBIENT }))[0].spec).not.toHaveProperty('rules');
  });

  it("pods of the user's own are left alone, and so are those with ranges of ports", () => {
    expect(meshPolicies(networkOf({ ingress: undefined }, { mesh: AMBIENT }))).toEqual([]);
    expect(meshPolicies(networkOf({ ingress: [rule(gateway, tcp(8000, 8010))] }, { mesh: AMBIENT }))).toEqual([]);
    expect(meshPolicies(ledgerIn(LINKERD))).toEqual([]);
  });

  it('ports that are each for others are a warning', () => {
    const ingress = [rule(gateway, tcp(8000)), rule(pods('monitoring', 'prometheus'), tcp(9090))];
    const warned = (mesh: Mesh) => meshWarnings(networkOf({ ingress }, { mesh })).map(({ problem }) => problem);
    expect(warned(AMBIENT)).toEqual([expect.stringContaining('is let in on 8000 and 9090')]);
    expect(warned(SIDECARS)).toEqual([]);
    expect(meshWarnings(ledgerIn(AMBIENT))).toEqual([]);
  });

  it('ports that nothing keeps closed are a warning', () => {
    const warned = (network: Parameters<typeof meshWarnings>[0]) => meshWarnings(network).map(({ problem }) => problem);
    expect(warned(ledgerIn(LINKERD))).toEqual([
      expect.stringContaining('whoever may connect on 8000 reaches every port of the pods'),
    ]);
    const range = [rule(gateway, tcp(8000, 8010))];
    expect(warned(networkOf({ ingress: range }, { mesh: AMBIENT }))).toEqual([
      expect.stringContaining('whoever may connect on 8000 to 8010 reaches'),
    ]);
    // Nobody comes by the port of the mesh.
    expect(warned(networkOf({ ingress: [] }, { mesh: LINKERD }))).toEqual([]);
    expect(warned(ledgerIn(SIDECARS))).toEqual([]);
  });
});

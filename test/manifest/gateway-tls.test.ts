import { Chart, Duration, Testing } from 'cdk8s';
import {
  controllerChart,
  documents,
  documentOf,
  faults,
  gatewayOf,
  only,
  readInto,
  serverOf,
  synthesize,
  withoutPaths,
} from './support';
import { CertManagerIssuer, GatewayTls, McpGateway } from '../../src';
import { appWithCertManager } from '../support/synth';

/** A chart of a cluster with cert-manager. */
const chartOf = () => new Chart(appWithCertManager(), 'chart', { namespace: 'finance' });

const AT = 'f.yaml:4 (document 1, MCPGateway finance/gw)';

test('a certificate of an issuer, as in code', () => {
  const written = chartOf();
  new McpGateway(written, 'gw', {
    tls: GatewayTls.fromIssuer(CertManagerIssuer.issuer('own'), {
      dnsNames: ['mcp.acme.dev'],
      duration: Duration.days(30),
      renewBefore: Duration.hours(36),
    }),
  });
  const read = synthesize(
    gatewayOf(
      'tls: {issuerRef: {name: own, kind: Issuer}, dnsNames: [mcp.acme.dev], duration: 720h, renewBefore: 36h}',
    ),
    {},
    chartOf(),
  );
  expect(withoutPaths(read)).toEqual(withoutPaths(Testing.synth(written)));
  expect(only(read, 'Certificate').spec).toMatchObject({ duration: '720h', renewBefore: '36h' });
});

test('issuers are of the namespace unless they say otherwise', () => {
  const issuerOf = (fields: string) =>
    only(synthesize(gatewayOf(`tls: {issuerRef: {${fields}}}`), {}, chartOf()), 'Certificate').spec.issuerRef;
  expect(issuerOf('name: own')).toEqual({ group: 'cert-manager.io', kind: 'Issuer', name: 'own' });
  expect(issuerOf('name: ca, kind: ClusterIssuer')).toEqual({
    group: 'cert-manager.io',
    kind: 'ClusterIssuer',
    name: 'ca',
  });
});

test('a Secret of the namespace of the pods', () => {
  const objects = synthesize(
    documentOf('ClusterMCPGateway', 'edge', '{workloadNamespace: edge-system, tls: {secretRef: {name: own-tls}}}'),
  );
  expect(only(objects, 'Deployment').spec.template.spec.volumes).toContainEqual({
    name: expect.any(String),
    secret: expect.objectContaining({ secretName: 'own-tls' }),
  });
  expect(only(objects, 'ClusterMCPGateway').spec.tls).toEqual({ secretRef: { name: 'own-tls' } });
});

test('the port of the Service is named for what it speaks', () => {
  const port = (name: string, tls: string) =>
    gatewayOf(`network: {service: {ports: [{name: ${name}, port: 8443, targetPort: 8080}]}}${tls}`);
  expect(only(synthesize(port('https', ', tls: {secretRef: {name: a}}')), 'Service').spec.ports).toEqual([
    { name: 'https', port: 8443, targetPort: 8080 },
  ]);
  expect(faults(port('http', ', tls: {secretRef: {name: a}}'))).toEqual([
    `[${AT}] spec.network.service.ports[0].name: got "http": is the name of a port that speaks something else, by which meshes go, and this one speaks https. Write https.`,
  ]);
  expect(faults(port('https', ''))).toEqual([
    `[${AT}] spec.network.service.ports[0].name: got "https": is the name of a port that speaks something else, by which meshes go, and this one speaks http. Write http.`,
  ]);
});

test('routes have URLs of https', () => {
  const manifest = readInto(
    chartOf(),
    documents(
      serverOf('ledger'),
      gatewayOf('tls: {issuerRef: {name: own}}'),
      documentOf('MCPRoute', 'tools', '{backendRefs: [{name: ledger}]}'),
    ),
  );
  expect(manifest.route('tools').url).toBe('https://gw.finance/routes/finance/tools');
});

test.each<[string, string, string]>([
  ['nothing', 'tls: {}', 'spec.tls: got []: needs exactly one of secretRef and issuerRef. Write one of the two.'],
  [
    'two sources',
    'tls: {secretRef: {name: a}, issuerRef: {name: b}}',
    'spec.tls: got ["secretRef","issuerRef"]: needs exactly one of secretRef and issuerRef. Write one of the two.',
  ],
  [
    'names for a Secret',
    'tls: {secretRef: {name: a}, dnsNames: [a.b]}',
    'spec.tls: got ["dnsNames"]: is about an issued certificate, and this one is in a Secret. Write issuerRef in place of secretRef, or remove it.',
  ],
  [
    'a name that is none',
    'tls: {issuerRef: {name: a}, dnsNames: [a.b, "A B"]}',
    'spec.tls.dnsNames[1]: got "A B": is not a DNS name in lower case. Write it as mcp.acme.dev or *.acme.dev.',
  ],
  [
    'an issuer that is none',
    'tls: {issuerRef: {name: A_}}',
    'spec.tls.issuerRef.name: got "A_": is not an object name (a DNS subdomain of at most 253 characters). Name the Issuer as cert-manager knows it.',
  ],
  ['a duration that is none', 'tls: {issuerRef: {name: a}, duration: 90d}', 'spec.tls.duration: got "90d": '],
  [
    'a duration too short',
    'tls: {issuerRef: {name: a}, duration: 30m}',
    'spec.tls.duration: got "30m": is shorter than cert-manager accepts. Give at least an hour.',
  ],
  [
    'a renewal too early',
    'tls: {issuerRef: {name: a}, duration: 2h, renewBefore: 2h}',
    'spec.tls.renewBefore: got "2h": is not less than the certificate is valid (2h). Give less, or a longer duration.',
  ],
  [
    'another kind of issuer',
    'tls: {issuerRef: {name: a, kind: StepIssuer}}',
    'spec.tls.issuerRef.kind: got "StepIssuer": ',
  ],
])('refuses %s', (_, fields, message) => {
  expect(faults(gatewayOf(fields))).toEqual([expect.stringContaining(`[${AT}] ${message}`)]);
});

test('in controller mode is an error, as in code', () => {
  expect(faults(gatewayOf('tls: {secretRef: {name: own-tls}}'), {}, controllerChart())).toEqual([
    '[f.yaml:4 (document 1, MCPGateway finance/gw)] spec.tls: got {"secretRef":{"name":"own-tls"}}: is a field of this library\'s own definition, so an operator would never see it. Remove it, or use Reconciliation.RENDERED.',
  ]);
});

import { readFileSync } from 'fs';
import { join } from 'path';
import { App, Chart, Testing } from 'cdk8s';
import { parse } from 'yaml';
import { controllerChart, documentOf, faults, gatewayOf, only, readInto, synthesize, withoutPaths } from './support';
import {
  CertManagerIssuer,
  ClusterAddOn,
  ClusterProfile,
  ExposurePathType,
  GatewayExposure,
  IngressSource,
  McpGateway,
} from '../../src';
import { networkLeaves, Outcome, outcomeOf } from '../support/policy-walk';
import { validateObjects } from '../support/validate';

/** A chart of a cluster with everything that exposures may need. */
function chartOf(): Chart {
  const app = new App();
  new ClusterProfile({ addOns: [ClusterAddOn.CERT_MANAGER, ClusterAddOn.GATEWAY_API] }).applyTo(app);
  return new Chart(app, 'chart', { namespace: 'finance' });
}

const AT = 'f.yaml:4 (document 1, MCPGateway finance/gw)';
const network = (fields: string) => gatewayOf(`network: {${fields}}`);
const PATH = 'serviceName: gw, servicePort: 80';

test("the Ingress of upstream's fields, as in code", () => {
  const written = chartOf();
  new McpGateway(written, 'gw', {
    exposures: [
      GatewayExposure.ingress({
        hosts: ['mcp.acme.dev', '*.acme.dev'],
        paths: ['/mcp', '/routes/a/b'],
        pathType: ExposurePathType.EXACT,
        className: 'nginx',
        annotations: { a: 'b' },
        https: true,
      }),
    ],
  });
  const paths = ['/mcp', '/.well-known/oauth-protected-resource/mcp', '/routes/a/b']
    .map(path => `{path: ${path}, pathType: Exact, ${PATH}}`)
    .join(', ');
  const read = synthesize(
    network(`ingress: {enabled: true, className: nginx, annotations: {a: b}, tls: [{}],
    hosts: [{host: mcp.acme.dev, paths: [${paths}]}, {host: "*.acme.dev", paths: [${paths}]}]}`),
    {},
    chartOf(),
  );
  expect(validateObjects(read)).toEqual([]);
  const others = (objects: object[]) => withoutPaths((objects as any[]).filter(({ kind }) => kind !== 'MCPGateway'));
  expect(others(read)).toEqual(others(Testing.synth(written)));
  expect(only(read, 'Ingress').spec.tls).toEqual([{ hosts: ['mcp.acme.dev', '*.acme.dev'] }]);
});

test('further Ingresses and HTTPRoutes, of a gateway of the cluster', () => {
  const read = synthesize(
    documentOf(
      'ClusterMCPGateway',
      'edge',
      `{workloadNamespace: mcp, network: {
    ingress: {enabled: true, hosts: [{host: a.acme.dev}], issuerRef: {name: public, kind: ClusterIssuer}, from: [{pods: {namespaces: [ingress-nginx]}}]},
    additionalIngresses: [{name: inner, hosts: [{host: b.acme.dev}], tls: [{secretName: b-tls}], from: [{cidr: 10.0.0.0/8, except: [10.1.0.0/16]}]}],
    httpRoutes: [{hostnames: [c.acme.dev], parentRefs: [{name: public, namespace: infra}], from: [{pods: {namespaceSelector: {matchExpressions: [{key: edge, operator: Exists}]}}}]}]}}`,
    ),
    {},
    chartOf(),
  );
  expect(validateObjects(read)).toEqual([]);
  expect(
    read
      .filter(({ kind }) => kind === 'Ingress')
      .map(({ metadata, spec }) => [metadata.namespace, metadata.name, spec.tls[0].secretName]),
  ).toEqual([
    ['mcp', 'edge', 'edge-ingress-tls'],
    ['mcp', 'inner', 'b-tls'],
  ]);
  expect(only(read, 'Certificate').spec.issuerRef).toEqual({
    group: 'cert-manager.io',
    kind: 'ClusterIssuer',
    name: 'public',
  });
  expect(only(read, 'HTTPRoute').metadata).toMatchObject({ namespace: 'mcp', name: 'edge' });
  expect(only(read, 'NetworkPolicy').spec.ingress.flatMap(({ from }: any) => from)).toEqual(
    expect.arrayContaining([
      { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'ingress-nginx' } } },
      { ipBlock: { cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] } },
      { namespaceSelector: { matchExpressions: [{ key: 'edge', operator: 'Exists' }] } },
    ]),
  );
});

test('public URLs are those of the Ingress', () => {
  const manifest = readInto(
    chartOf(),
    network(
      'httpRoutes: [{hostnames: [a.acme.dev], parentRefs: [{name: public}]}], ingress: {enabled: true, hosts: [{host: b.acme.dev}]}',
    ),
  );
  expect(manifest.gateway('gw').publicUrl).toBe('http://b.acme.dev');
  const urlOf = (https: string) =>
    readInto(
      chartOf(),
      network(`httpRoutes: [{hostnames: [a.acme.dev], parentRefs: [{name: public}]${https}}]`),
    ).gateway('gw').publicUrl;
  expect([urlOf(''), urlOf(', https: false')]).toEqual(['https://a.acme.dev', 'http://a.acme.dev']);
});

test.each<[string, string, string]>([
  [
    'an Ingress that is not switched on',
    'ingress: {hosts: [{host: a.b}]}',
    'ingress.enabled: got nothing: is missing, and ingress is off by default. Write enabled: true, or remove ingress.',
  ],
  ['an Ingress without hosts', 'ingress: {enabled: true}', 'ingress.hosts: got []: names no host. Name at least one.'],
  [
    'a host that is none',
    'ingress: {enabled: true, hosts: [{host: a.b}, {host: "https://a"}]}',
    'ingress.hosts[1].host: got "https://a": is not a host name',
  ],
  [
    'another Service',
    'ingress: {enabled: true, hosts: [{host: a.b, paths: [{path: /, serviceName: web, servicePort: 80}]}]}',
    'ingress.hosts[0].paths[0].serviceName: got "web": is not the Service of the gateway (gw), and an exposure leads nowhere else. Correct it, or write an Ingress of your own for other Services.',
  ],
  [
    'another port',
    'ingress: {enabled: true, hosts: [{host: a.b, paths: [{path: /, serviceName: gw, servicePort: 8080}]}]}',
    "ingress.hosts[0].paths[0].servicePort: got 8080: is not the port of the gateway's Service (80). Correct it, or write the port in network.service.ports.",
  ],
  [
    'paths that controllers compare',
    `ingress: {enabled: true, hosts: [{host: a.b, paths: [{path: /a, pathType: ImplementationSpecific, ${PATH}}]}]}`,
    'ingress.hosts[0].paths[0].pathType: got "ImplementationSpecific": is compared in whatever way the ingress controller has',
  ],
  [
    'paths of two types',
    `ingress: {enabled: true, hosts: [{host: a.b, paths: [{path: /a, ${PATH}}, {path: /b, pathType: Exact, ${PATH}}]}]}`,
    'ingress.hosts[0].paths[1].pathType: got "Exact": is not that of the first path.',
  ],
  [
    'hosts with paths of their own',
    `ingress: {enabled: true, hosts: [{host: a.b}, {host: c.d, paths: [{path: /a, ${PATH}}]}]}`,
    'ingress.hosts[1].paths: got ',
  ],
  [
    'a path that is none',
    `ingress: {enabled: true, hosts: [{host: a.b, paths: [{path: /a/, ${PATH}}]}]}`,
    'ingress.hosts[0].paths[0].path: got "/a/": is not a path',
  ],
  [
    'several certificates',
    'ingress: {enabled: true, hosts: [{host: a.b}], tls: [{secretName: x}, {secretName: z}]}',
    'ingress.tls: got [{"secretName":"x"},{"secretName":"z"}]: has several certificates',
  ],
  [
    'a certificate of other hosts',
    'ingress: {enabled: true, hosts: [{host: a.b}], tls: [{hosts: [a.b, c.d], secretName: x}]}',
    'ingress.tls[0].hosts: got ["a.b","c.d"]: names hosts that the Ingress has not (c.d).',
  ],
  [
    'a certificate of some hosts',
    'ingress: {enabled: true, hosts: [{host: a.b}, {host: c.d}], tls: [{hosts: [a.b], secretName: x}]}',
    'ingress.tls[0].hosts: got ["a.b"]: leaves hosts without a certificate (c.d).',
  ],
  [
    'a Secret and an issuer',
    'ingress: {enabled: true, hosts: [{host: a.b}], tls: [{secretName: x}], issuerRef: {name: own}}',
    'ingress.tls[0].secretName: got "x": is not the Secret of the certificate that is issued (gw-ingress-tls).',
  ],
  [
    'two Ingresses of one name',
    'ingress: {enabled: true, hosts: [{host: a.b}]}, additionalIngresses: [{hosts: [{host: c.d}]}]',
    'additionalIngresses[0].name: got "gw": is the name of an earlier Ingress. Give one of them another name.',
  ],
  [
    'an HTTPRoute to a host that is none',
    'httpRoutes: [{hostnames: [A], parentRefs: [{name: x}]}]',
    'httpRoutes[0].hostnames[0]: got "A": is not a host name',
  ],
  [
    'an HTTPRoute of a Gateway that is none',
    'httpRoutes: [{hostnames: [a], parentRefs: [{name: X}]}]',
    'httpRoutes[0].parentRefs[0].name: got "X": ',
  ],
  [
    'sources that are none',
    'httpRoutes: [{hostnames: [a], parentRefs: [{name: x}], from: [{}]}]',
    'httpRoutes[0].from[0]: got []: names nobody, or several. Write one of anywhere, cidr, pods.',
  ],
  [
    'a range that is none',
    'httpRoutes: [{hostnames: [a], parentRefs: [{name: x}], from: [{cidr: x}]}]',
    'httpRoutes[0].from[0].cidr: got "x": is not a CIDR',
  ],
  [
    'a label that is none',
    'httpRoutes: [{hostnames: [a], parentRefs: [{name: x}], from: [{pods: {podSelector: {matchLabels: {"a b": c}}}}]}]',
    'httpRoutes[0].from[0].pods.podSelector.matchLabels[a b]: got "a b": ',
  ],
  [
    'a source that is empty',
    'ingress: {enabled: true, hosts: [{host: a.b}], from: []}',
    'ingress.from: got []: is empty. Write at least one.',
  ],
])('refuses %s', (_, fields, message) => {
  expect(faults(network(fields), {}, chartOf())).toEqual([expect.stringContaining(`[${AT}] spec.network.${message}`)]);
});

test('what the cluster has not is refused where it stands', () => {
  expect(
    faults(
      network(
        'ingress: {enabled: true, hosts: [{host: a.b}], issuerRef: {name: x}}, httpRoutes: [{hostnames: [a.b], parentRefs: [{name: x}]}]',
      ),
    ),
  ).toEqual([
    expect.stringContaining(`[${AT}] spec.network.ingress.issuerRef: got {"name":"x"}: needs cert-manager`),
    expect.stringContaining(
      `[${AT}] spec.network.httpRoutes[0]: got {"hostnames":["a.b"],"parentRefs":[{"name":"x"}]}: needs gateway-api`,
    ),
  ]);
});

test("in controller mode upstream's fields are carried, and this library's are refused", () => {
  const text = network(
    'ingress: {enabled: true, hosts: [{host: a.b, paths: [{path: /x, pathType: ImplementationSpecific, serviceName: web, servicePort: 1}]}], tls: [{}, {}]}, transport: {grpc: {port: 1}}',
  );
  const chart = controllerChart();
  readInto(chart, text);
  expect(Testing.synth(chart).map(({ kind }) => kind)).toEqual(['MCPGateway']);
  expect(Testing.synth(chart)[0].spec.network).toMatchObject(parse(text).spec.network);
  const own = network(
    'ingress: {enabled: true, hosts: [{host: a.b}], name: x, issuerRef: {name: x}, from: [{anywhere: true}]}, ' +
      'additionalIngresses: [{hosts: [{host: c.d}]}], httpRoutes: [{hostnames: [a], parentRefs: [{name: x}]}]',
  );
  expect(
    faults(own, {}, controllerChart())
      .map(fault => /spec\.network\.([a-zA-Z.]+): .*library's own definition/.exec(fault)?.[1])
      .sort(),
  ).toEqual(['additionalIngresses', 'httpRoutes', 'ingress.from', 'ingress.issuerRef', 'ingress.name']);
});

test('documents say what code says', () => {
  const written = chartOf();
  const from = [IngressSource.namespaces('ingress-nginx')];
  new McpGateway(written, 'gw', {
    exposures: [GatewayExposure.ingress({ hosts: ['a.b'], issuer: CertManagerIssuer.issuer('own'), from })],
  });
  const read = synthesize(
    network(
      'ingress: {enabled: true, hosts: [{host: a.b}], issuerRef: {name: own}, from: [{pods: {namespaces: [ingress-nginx]}}]}',
    ),
    {},
    chartOf(),
  );
  const others = (objects: object[]) => withoutPaths((objects as any[]).filter(({ kind }) => kind !== 'MCPGateway'));
  expect(others(read)).toEqual(others(Testing.synth(written)));
});

describe('every field of the network', () => {
  const definition = (file: string) =>
    parse(readFileSync(join(__dirname, '..', '..', 'crds', file), 'utf8')).spec.versions[0].schema.openAPIV3Schema
      .properties.spec;
  const leaves = networkLeaves(definition('ome.io_mcpgateways.yaml'));
  const outcomes = new Map<string, Outcome>();

  // Whether clients come by HTTPS stands in public URLs alone.
  test.each(leaves.filter(({ path }) => path !== 'network.httpRoutes[].https').map(leaf => [leaf.path, leaf] as const))(
    '%s is applied or refused',
    (path, leaf) => {
      outcomes.set(path, outcomeOf(leaf));
      expect(['enforced', 'refused']).toContain(outcomes.get(path));
    },
  );

  test('refused are those that say something else than what is served', () => {
    expect([...outcomes].filter(([, outcome]) => outcome === 'refused').map(([path]) => path)).toMatchInlineSnapshot(`
[
  "network.additionalIngresses[].hosts[].paths[].serviceName",
  "network.additionalIngresses[].hosts[].paths[].servicePort",
  "network.additionalIngresses[].tls[].hosts",
  "network.ingress.hosts[].paths[].serviceName",
  "network.ingress.hosts[].paths[].servicePort",
  "network.ingress.tls[].hosts",
  "network.service.ports[].protocol",
  "network.transport.grpc.connectionTimeout",
  "network.transport.grpc.maxMessageSize",
  "network.transport.grpc.port",
  "network.transport.http.maxHeaderSize",
  "network.transport.http.readTimeout",
  "network.transport.http.writeTimeout",
  "network.transport.webSocket.pingInterval",
  "network.transport.webSocket.port",
  "network.transport.webSocket.readBufferSize",
  "network.transport.webSocket.writeBufferSize",
]
`);
  });

  test('gateways of the cluster have the same', () => {
    expect(networkLeaves(definition('ome.io_clustermcpgateways.yaml')).map(({ path }) => path)).toEqual(
      leaves.map(({ path }) => path),
    );
  });
});

import { ApiObject, App, Chart, Duration } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { parse } from 'yaml';
import {
  ApiKey,
  Authentication,
  CertManagerIssuer,
  ClusterAddOn,
  ClusterMcpGateway,
  ClusterProfile,
  GatewayTls,
  IssuedCertificateOptions,
  McpDiagnostics,
  McpGateway,
  McpGatewayOptions,
  McpRoute,
  McpServer,
  McpServerSource,
  Reconciliation,
} from '../../src';
import { checkReferences, refKey } from '../support/references';
import { appWithCertManager, containerOf, find, messageOf, namesOf, objectsOf, podOf } from '../support/synth';
import { Manifest, validateObjects } from '../support/validate';

const ISSUER = CertManagerIssuer.clusterIssuer('cluster-ca');

interface Run {
  readonly objects: Manifest[];
  readonly gateway: McpGateway;
  readonly route: McpRoute;
  readonly listener: Manifest;
}

function run(options: (platform: Chart) => McpGatewayOptions): Run {
  const app = appWithCertManager();
  const platform = new Chart(app, 'platform', { namespace: 'mcp-system' });
  const gateway = new McpGateway(platform, 'gateway', options(platform));
  const team = new Chart(app, 'finance', { namespace: 'finance' });
  const route = new McpRoute(team, 'books', {
    gateway,
    backends: [{ server: new McpServer(team, 'ledger', { source: McpServerSource.image('acme/ledger:1') }) }],
  });
  const objects = objectsOf(app);
  expect(validateObjects(objects)).toEqual([]);
  return {
    objects,
    gateway,
    route,
    listener: parse(find(objects, 'ConfigMap').data['config.yaml']).binds[0].listeners[0],
  };
}

const secretsOf = (objects: readonly Manifest[]) =>
  podOf(find(objects, 'Deployment', 'gateway')).volumes.flatMap(({ secret }: Manifest) => secret ?? []);

describe('a certificate in a Secret', () => {
  const own = (platform: Chart): McpGatewayOptions => ({
    tls: GatewayTls.fromSecret(kplus.Secret.fromSecretName(platform, 'tls', 'own-tls')),
  });

  it('is mounted, and served with', () => {
    const { objects, listener, gateway } = run(own);
    expect(secretsOf(objects)).toEqual([
      {
        secretName: 'own-tls',
        items: [
          { key: 'tls.crt', path: 'tls.crt' },
          { key: 'tls.key', path: 'tls.key' },
        ],
      },
    ]);
    expect(listener).toMatchObject({
      protocol: 'HTTPS',
      tls: { cert: expect.stringMatching(/\/own-tls\/tls\.crt$/), key: expect.stringMatching(/\/own-tls\/tls\.key$/) },
    });
    expect(listener.tls).not.toHaveProperty('root');
    expect(find(objects, 'MCPGateway').spec.tls).toEqual({ secretRef: { name: 'own-tls' } });
    expect(namesOf(objects).filter(name => name.startsWith('Certificate'))).toEqual([]);
    expect(gateway.certificate).toBeUndefined();
  });

  it('must be in the namespace of the pods', () => {
    const chart = new Chart(new App(), 'platform', { namespace: 'mcp-system' });
    const elsewhere = new Chart(chart.node.root, 'elsewhere', { namespace: 'elsewhere' });
    new McpGateway(chart, 'gateway', {
      tls: GatewayTls.fromSecret(kplus.Secret.fromSecretName(elsewhere, 'tls', 'own-tls')),
    });
    expect(messageOf(() => objectsOf(App.of(chart) as App))).toContain(
      '[platform/gateway] tls: got "elsewhere/own-tls": the pods of the gateway cannot read a Secret of another namespace than their own',
    );
  });
});

describe('a certificate of cert-manager', () => {
  it('is asked for by the names of the gateway in the cluster', () => {
    const { objects, gateway, listener } = run(() => ({ tls: GatewayTls.fromIssuer(ISSUER) }));
    expect(find(objects, 'Certificate')).toMatchObject({
      metadata: { name: 'gateway-tls', namespace: 'mcp-system' },
      spec: {
        secretName: 'gateway-tls',
        dnsNames: ['gateway.mcp-system', 'gateway.mcp-system.svc', 'gateway.mcp-system.svc.cluster.local'],
        issuerRef: { kind: 'ClusterIssuer', name: 'cluster-ca' },
        privateKey: { rotationPolicy: 'Always' },
      },
    });
    expect(secretsOf(objects)).toEqual([
      {
        secretName: 'gateway-tls',
        items: [
          { key: 'tls.crt', path: 'tls.crt' },
          { key: 'tls.key', path: 'tls.key' },
        ],
      },
    ]);
    expect(listener.tls.cert).toMatch(/\/gateway-tls\/tls\.crt$/);
    expect(gateway.certificate!.name).toBe('gateway-tls');
    expect(
      checkReferences(objects, { externals: new Set([refKey('Secret', 'mcp-system', 'gateway-session-key')]) }),
    ).toEqual([]);
  });

  it('may have further names, and a time of its own', () => {
    const { objects } = run(() => ({
      labels: { team: 'platform' },
      tls: GatewayTls.fromIssuer(CertManagerIssuer.issuer('own'), {
        dnsNames: ['mcp.acme.dev', '*.mcp.acme.dev', 'gateway.mcp-system'],
        duration: Duration.days(30),
        renewBefore: Duration.minutes(90),
      }),
    }));
    const { metadata, spec } = find(objects, 'Certificate');
    expect(metadata.labels.team).toBe('platform');
    expect(spec).toMatchObject({ issuerRef: { kind: 'Issuer', name: 'own' }, duration: '720h', renewBefore: '1h30m' });
    expect(spec.dnsNames).toEqual([
      'gateway.mcp-system',
      'gateway.mcp-system.svc',
      'gateway.mcp-system.svc.cluster.local',
      'mcp.acme.dev',
      '*.mcp.acme.dev',
    ]);
    expect(find(objects, 'MCPGateway').spec.tls).toEqual({
      issuerRef: { kind: 'Issuer', name: 'own' },
      dnsNames: ['mcp.acme.dev', '*.mcp.acme.dev', 'gateway.mcp-system'],
      duration: '720h',
      renewBefore: '1h30m',
    });
  });

  it('can be patched', () => {
    const chart = new Chart(appWithCertManager(), 'platform', { namespace: 'mcp-system' });
    const { certificate } = new McpGateway(chart, 'gateway', { tls: GatewayTls.fromIssuer(ISSUER) });
    (certificate as ApiObject).metadata.addAnnotation('a', 'b');
    expect(find(objectsOf(App.of(chart) as App), 'Certificate').metadata.annotations).toEqual({ a: 'b' });
  });

  it('of a gateway of the cluster is in the namespace of its pods', () => {
    const chart = new Chart(appWithCertManager(), 'platform', { namespace: 'mcp-system' });
    const gateway = new ClusterMcpGateway(chart, 'edge', {
      workloadNamespace: 'edge-system',
      tls: GatewayTls.fromIssuer(ISSUER),
    });
    const objects = objectsOf(App.of(chart) as App);
    expect(validateObjects(objects)).toEqual([]);
    expect(find(objects, 'Certificate')).toMatchObject({
      metadata: { name: 'edge-tls', namespace: 'edge-system' },
      spec: {
        secretName: 'edge-tls',
        dnsNames: ['edge.edge-system', 'edge.edge-system.svc', 'edge.edge-system.svc.cluster.local'],
      },
    });
    expect(find(objects, 'ClusterMCPGateway').spec.tls).toEqual({
      issuerRef: { kind: 'ClusterIssuer', name: 'cluster-ca' },
    });
    expect([gateway.url, gateway.certificate!.name]).toEqual(['https://edge.edge-system', 'edge-tls']);
  });

  it('is for the names of the cluster that the profile describes', () => {
    const app = new App();
    new ClusterProfile({ addOns: [ClusterAddOn.CERT_MANAGER], clusterDomain: 'acme.internal' }).applyTo(app);
    new McpGateway(new Chart(app, 'platform', { namespace: 'mcp-system' }), 'gateway', {
      tls: GatewayTls.fromIssuer(ISSUER),
    });
    expect(find(objectsOf(app), 'Certificate').spec.dnsNames).toEqual([
      'gateway.mcp-system',
      'gateway.mcp-system.svc',
      'gateway.mcp-system.svc.acme.internal',
    ]);
  });

  it('needs a cluster with cert-manager', () => {
    const app = new App();
    new McpGateway(new Chart(app, 'platform', { namespace: 'mcp-system' }), 'gateway', {
      tls: GatewayTls.fromIssuer(ISSUER),
    });
    expect(messageOf(() => app.synthYaml())).toContain(
      '[platform/gateway] tls: got "ClusterIssuer cluster-ca": needs cert-manager, and the profile of the cluster does not say that it is installed. ' +
        'If it is, say so before anything is created: new ClusterProfile({ addOns: [ClusterAddOn.CERT_MANAGER] }).applyTo(app).',
    );
  });

  it.each<[IssuedCertificateOptions, string]>([
    [
      { dnsNames: ['mcp.acme.dev', 'https://mcp.acme.dev'] },
      'dnsNames[1]: got "https://mcp.acme.dev": is not a DNS name in lower case. Write it as mcp.acme.dev or *.acme.dev.',
    ],
    [{ dnsNames: ['a.*.dev'] }, 'dnsNames[0]: got "a.*.dev": is not a DNS name'],
    [
      { duration: Duration.minutes(59) },
      'duration: got "59m": is shorter than cert-manager accepts. Give at least an hour.',
    ],
    [
      { renewBefore: Duration.minutes(4) },
      'renewBefore: got "4m": is shorter than cert-manager accepts. Give at least five minutes.',
    ],
    [
      { renewBefore: Duration.days(90) },
      'renewBefore: got "2160h": is not less than the certificate is valid (2160h). Give less, or a longer duration.',
    ],
    [
      { duration: Duration.hours(2), renewBefore: Duration.hours(2) },
      'renewBefore: got "2h": is not less than the certificate is valid (2h)',
    ],
  ])('refuses %j', (options, message) => {
    expect(messageOf(() => GatewayTls.fromIssuer(ISSUER, options))).toContain(`[GatewayTls.fromIssuer] ${message}`);
  });
});

describe('the address of a gateway with a certificate', () => {
  it('is https, on its standard port', () => {
    const { objects, gateway, route, listener } = run(() => ({ tls: GatewayTls.fromIssuer(ISSUER) }));
    expect([gateway.url, route.url]).toEqual([
      'https://gateway.mcp-system',
      'https://gateway.mcp-system/routes/finance/books',
    ]);
    expect(find(objects, 'Service', 'gateway').spec.ports).toEqual([{ name: 'https', port: 443, targetPort: 8080 }]);
    expect(find(objects, 'MCPGateway').spec.network.service.ports).toEqual([
      { name: 'https', port: 443, protocol: 'TCP', targetPort: 8080 },
    ]);
    const container = containerOf(find(objects, 'Deployment', 'gateway'), 'gateway');
    expect(container.ports[0]).toMatchObject({ name: 'https', containerPort: 8080 });
    // Readiness has a port of its own, without TLS.
    expect(container.readinessProbe.httpGet).toMatchObject({ port: 15021, scheme: 'HTTP' });
    expect(listener.protocol).toBe('HTTPS');
  });

  it.each([
    [443, 'https://gateway.mcp-system'],
    [8443, 'https://gateway.mcp-system:8443'],
    [80, 'https://gateway.mcp-system:80'],
  ])('names the port %p where it is not the standard one', (port, url) => {
    const { gateway, objects } = run(() => ({ port: 9443, service: { port }, tls: GatewayTls.fromIssuer(ISSUER) }));
    expect(gateway.url).toBe(url);
    expect(find(objects, 'Service', 'gateway').spec.ports).toEqual([{ name: 'https', port, targetPort: 9443 }]);
  });

  it.each<[object, string, string]>([
    [{ tls: true }, 'https://edge.mcp-system', 'https://edge.edge-system'],
    [{ tls: true, port: 8443 }, 'https://edge.mcp-system:8443', 'https://edge.edge-system:8443'],
    [{ tls: false, port: 443 }, 'http://edge.mcp-system:443', 'http://edge.edge-system:443'],
  ])('outside the app, with %j', (options, ofNamespace, ofCluster) => {
    const chart = new Chart(new App(), 'platform', { namespace: 'mcp-system' });
    expect(McpGateway.fromMcpGatewayName(chart, 'a', 'edge', options).url).toBe(ofNamespace);
    expect(
      ClusterMcpGateway.fromClusterMcpGatewayName(chart, 'b', 'edge', { ...options, workloadNamespace: 'edge-system' })
        .url,
    ).toBe(ofCluster);
  });
});

describe('without one', () => {
  const KEY = Authentication.apiKey({ keys: [ApiKey.sha256('ab'.repeat(32))] });
  const ON_THE_WAY =
    '[platform/gateway] authentication[0]: got "an API key in the header x-api-key": is sent as it is over plain HTTP, and whoever sees the traffic of platform/gateway can use it. ' +
    'Give the gateway a certificate (tls), unless a mesh or an ingress encrypts the way to it.';
  const OPEN =
    '[platform/gateway] authentication: got nothing: the gateway can be reached from outside the cluster (service.type), and everyone may call /routes/finance/books. ' +
    'Add an authentication to the gateway, or make its Service a ClusterIP.';

  it.each<[string, McpGatewayOptions, string[]]>([
    ['keys', { authentication: [KEY] }, [ON_THE_WAY]],
    ['keys, with one', { authentication: [KEY], tls: GatewayTls.fromIssuer(ISSUER) }, []],
    ['a load balancer', { service: { type: kplus.ServiceType.LOAD_BALANCER } }, [OPEN]],
    [
      'ports of nodes, with one',
      { service: { type: kplus.ServiceType.NODE_PORT }, tls: GatewayTls.fromIssuer(ISSUER) },
      [OPEN],
    ],
    [
      'a load balancer for callers that are asked',
      { service: { type: kplus.ServiceType.LOAD_BALANCER }, authentication: [KEY], tls: GatewayTls.fromIssuer(ISSUER) },
      [],
    ],
    ['nothing else', {}, []],
  ])('warns of %s', (_, options, expected) => {
    const { gateway } = run(() => options);
    const warnings = McpDiagnostics.of(gateway).warnings.map(({ text }) => text);
    expect(warnings.filter(text => text.includes('authentication'))).toEqual(expected);
  });
});

it('has no field in the resource of an operator', () => {
  const chart = new Chart(new App(), 'platform', { namespace: 'mcp-system' });
  Reconciliation.CONTROLLER.applyTo(chart);
  expect(messageOf(() => new McpGateway(chart, 'gateway', { tls: GatewayTls.fromIssuer(ISSUER) }))).toContain(
    '[platform/gateway] tls: got "(given)": has no field in the gateway resource, so an operator would never see it. Drop it, or use Reconciliation.RENDERED.',
  );
});

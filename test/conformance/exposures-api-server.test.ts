import { App, Chart } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { describeWithApiServer } from './api-server';
import { Cluster, announcedBy, documentsOfApp, ecosystemCrds, ownCrds, rewritten, versions } from './cluster';
import {
  Authentication,
  CertManagerIssuer,
  ClusterAddOn,
  ClusterMcpGateway,
  ClusterProfile,
  ExposurePathType,
  GatewayExposure,
  IngressSource,
  McpGateway,
  McpRoute,
  McpServer,
  McpServerSource,
} from '../../src';
import { Manifest, describe as describeObject } from '../support/validate';

/*
 * Gateways that are reached from outside, as Kubernetes and the Gateway API see them.
 */

const from = [
  IngressSource.namespaces('ingress-nginx'),
  IngressSource.cidr('10.0.0.0/8', { except: ['10.1.0.0/16'] }),
  IngressSource.pods({ namespaceLabels: { edge: 'yes' }, labels: { app: 'proxy' } }),
  IngressSource.anywhere(),
];
const parents = [{ name: 'public', namespace: 'infra', sectionName: 'https', port: 443 }, { name: 'inner' }];

function program(): App {
  const app = new App();
  new ClusterProfile({ addOns: [ClusterAddOn.CERT_MANAGER, ClusterAddOn.GATEWAY_API] }).applyTo(app);
  const platform = new Chart(app, 'platform', { namespace: 'mcp-system' });
  const authentication = [
    Authentication.oidc({
      issuer: 'https://auth.acme.dev',
      audiences: ['mcp'],
      jwksUri: 'https://auth.acme.dev/jwks.json',
    }),
  ];
  const gateway = new McpGateway(platform, 'gateway', {
    authentication,
    exposures: [
      GatewayExposure.ingress({
        hosts: ['mcp.acme.dev', '*.mcp.acme.dev'],
        paths: ['/routes/finance', '/mcp'],
        className: 'nginx',
        issuer: CertManagerIssuer.clusterIssuer('public'),
        annotations: { a: 'b' },
        from,
      }),
      GatewayExposure.ingress({
        name: 'inner',
        hosts: ['mcp.corp'],
        tlsSecret: kplus.Secret.fromSecretName(platform, 'tls', 'inner-tls'),
        from,
      }),
      GatewayExposure.httpRoute({ hosts: ['mcp.acme.dev', '*.acme.dev'], parents, from }),
      GatewayExposure.httpRoute({
        name: 'books',
        hosts: ['books.acme.dev'],
        parents,
        paths: ['/routes/finance/books'],
        pathType: ExposurePathType.EXACT,
        https: false,
        from,
      }),
    ],
  });
  const edge = new ClusterMcpGateway(platform, 'edge', {
    authentication,
    exposures: [
      GatewayExposure.ingress({ hosts: ['edge.acme.dev'], https: true, from }),
      GatewayExposure.httpRoute({ hosts: ['edge.acme.dev'], parents, from }),
    ],
  });
  const finance = new Chart(app, 'finance', { namespace: 'finance' });
  const ledger = new McpServer(finance, 'ledger', { source: McpServerSource.image('ghcr.io/acme/ledger-mcp:1.4.0') });
  new McpRoute(finance, 'books', { gateway, backends: [{ server: ledger }] });
  new McpRoute(finance, 'outside', { gateway: edge, backends: [{ server: ledger }] });
  return app;
}

describeWithApiServer('a real API server', server => {
  let cluster: Cluster;
  const app = program();
  const documents = documentsOfApp(app);
  const expected = { announced: announcedBy(app) };
  const stored = new Map<string, Manifest>();

  beforeAll(async () => {
    cluster = new Cluster(server().client);
    await cluster.install([...ownCrds(), ...ecosystemCrds()]);
    await cluster.prepare(documents);
  });

  test('takes what gateways are exposed by, strictly and without a warning', async () => {
    const exposing = documents
      .map(({ object }) => object)
      .filter(({ kind }) => ['Ingress', 'HTTPRoute', 'Certificate'].includes(kind))
      .map(({ kind, metadata }) => `${kind} ${metadata.name}`);
    expect(exposing.sort()).toEqual([
      'Certificate gateway-ingress-tls',
      'HTTPRoute books',
      'HTTPRoute edge',
      'HTTPRoute gateway',
      'Ingress edge',
      'Ingress gateway',
      'Ingress inner',
    ]);
    expect(await cluster.apply(documents, stored, expected)).toEqual([]);
  });

  test('stores it as it is', () => {
    expect(
      documents.flatMap(({ object }) => rewritten(object, stored.get(describeObject(object)), describeObject(object))),
    ).toEqual([]);
  });

  test('changes nothing when it is applied again', async () => {
    const again = new Map<string, Manifest>();
    expect(await cluster.apply(documents, again, expected)).toEqual([]);
    expect(versions(documents, again)).toEqual(versions(documents, stored));
  });
});

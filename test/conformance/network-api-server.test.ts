import { ApiObject, App, Chart } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { describeWithApiServer } from './api-server';
import { Cluster, announcedBy, documentsOfApp, ecosystemCrds, ownCrds, rewritten, versions } from './cluster';
import {
  ClusterAddOn,
  ClusterProfile,
  EgressTarget,
  IngressSource,
  McpGateway,
  McpRoute,
  McpServer,
  McpServerSource,
  NetworkEnforcement,
  RateLimit,
  RateLimitUnit,
} from '../../src';
import { Manifest, describe as describeObject } from '../support/validate';

/* Policies of each enforcement, with targets and sources of every kind, and monitors, as the definitions of Kubernetes, Cilium, Istio and Prometheus' operator have them. */

const RESTRICTED = {
  allowPrivilegeEscalation: false,
  runAsNonRoot: true,
  capabilities: { drop: ['ALL'] },
  seccompProfile: { type: 'RuntimeDefault' },
};

function build(network: NetworkEnforcement): App {
  const app = new App();
  new ClusterProfile({
    network,
    apiServerCidrs: ['10.0.0.10/32'],
    monitoring: { namespace: 'monitoring', podLabels: { app: 'prometheus' } },
    addOns: [ClusterAddOn.PROMETHEUS_OPERATOR],
    monitorLabels: { release: 'prometheus' },
  }).applyTo(app);
  const gateway = new McpGateway(new Chart(app, 'platform', { namespace: 'mcp-system' }), 'gateway', {
    rateLimits: [RateLimit.perIp(5, RateLimitUnit.SECOND)],
  });
  gateway.allowIngress(IngressSource.namespaces('agents', 'notebooks'));
  gateway.allowIngress(IngressSource.cidr('203.0.113.0/24', { except: ['203.0.113.128/25'] }));

  const team = new Chart(app, 'finance', { namespace: 'finance' });
  new ApiObject(team, 'postgres', {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'postgres' },
    spec: { selector: { app: 'postgres' }, ports: [{ port: 5432 }] },
  });
  const postgres = EgressTarget.serviceName('postgres');
  const server = (name: string, ...egress: EgressTarget[]) =>
    new McpServer(team, name, { source: McpServerSource.image('ghcr.io/acme/ledger-mcp:1.4.0'), egress });
  const inside = server(
    'inside',
    postgres,
    EgressTarget.cidr('10.20.0.0/16', { ports: [443], udpPorts: [123], except: ['10.20.7.0/24'] }),
    EgressTarget.cidr('2001:db8::/32'),
    EgressTarget.pods({ namespaces: ['a', 'b'], labels: { app: 'x' } }),
    EgressTarget.pods({ namespaceLabels: { tier: 'data' } }),
    EgressTarget.pods({ allNamespaces: true, ports: [9000] }),
  );
  inside.allowKubernetes({ resources: [kplus.ApiResource.PODS], verbs: ['get'] });
  inside.allowIngress(IngressSource.pods({ namespaceLabels: { tier: 'edge' }, labels: { app: 'proxy' } }));
  server('public', EgressTarget.publicInternet());
  server('free', EgressTarget.anywhere(), EgressTarget.server(inside));
  if (network.name !== 'networkPolicy') {
    server(
      'outside',
      EgressTarget.host('api.example.com'),
      EgressTarget.host('*.example.org', 443, 80),
      postgres,
      EgressTarget.cidr('10.30.0.0/16'),
    );
  }
  const route = new McpRoute(team, 'route', { gateway, backends: [{ server: inside }] });
  const labels = { app: 'assistant' };
  const client = new ApiObject(team, 'assistant', {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'assistant' },
    spec: {
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          containers: [{ name: 'assistant', image: 'ghcr.io/acme/assistant:3.1.0', securityContext: RESTRICTED }],
        },
      },
    },
  });
  route.connect(client, { isolate: true });
  return app;
}

describeWithApiServer('a real API server', server => {
  let cluster: Cluster;
  beforeAll(async () => {
    cluster = new Cluster(server().client);
    await cluster.install([...ownCrds(), ...ecosystemCrds()]);
  });

  describe.each(
    [NetworkEnforcement.networkPolicy(), NetworkEnforcement.cilium(), NetworkEnforcement.istio()].map(network => ({
      name: network.name,
      network,
    })),
  )('$name', ({ network }) => {
    const app = build(network);
    const documents = documentsOfApp(app);
    const stored = new Map<string, Manifest>();

    beforeAll(() => cluster.prepare(documents));
    afterAll(() => cluster.clear(documents));

    test('is accepted and stored as it is', async () => {
      expect(await cluster.apply(documents, stored, { announced: announcedBy(app) })).toEqual([]);
      expect(
        documents.flatMap(({ object }) =>
          rewritten(object, stored.get(describeObject(object)), describeObject(object)),
        ),
      ).toEqual([]);
    });

    test("has what Prometheus' operator finds metrics by", () => {
      const monitors = documents.map(({ object }) => object).filter(({ kind }) => kind === 'PodMonitor');
      expect(
        monitors.map(({ metadata }) => `${metadata.namespace}/${metadata.name} ${metadata.labels.release}`).sort(),
      ).toEqual(['mcp-system/gateway prometheus', 'mcp-system/gateway-rate-limit prometheus']);
    });

    test('changes nothing when applied again', async () => {
      const again = new Map<string, Manifest>();
      expect(await cluster.apply(documents, again, { announced: announcedBy(app) })).toEqual([]);
      expect(versions(documents, again)).toEqual(versions(documents, stored));
    });
  });
});

/**
 * Who may connect to whom: nobody who was not named, in either direction, by names where the cluster can tell them.
 *
 * Without the profile the cluster is a plain one with NetworkPolicies, for which hosts outside the cluster are an error.
 */
import { App, Chart } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
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
} from 'cdk8s-mcp';

/** What Pod Security `restricted` asks of every container. */
const securityContext: kplus.ContainerSecurityContextProps = {
  user: 1000,
  capabilities: { drop: [kplus.Capability.ALL] },
  seccompProfile: { type: kplus.SeccompProfileType.RUNTIME_DEFAULT },
};

export function build(app: App): void {
  new ClusterProfile({
    network: NetworkEnforcement.cilium(),
    monitoring: { namespace: 'monitoring', podLabels: { 'app.kubernetes.io/name': 'prometheus' } },
    addOns: [ClusterAddOn.PROMETHEUS_OPERATOR],
    monitorLabels: { release: 'prometheus' },
  }).applyTo(app);

  const platform = new Chart(app, 'platform', { namespace: 'mcp-system' });
  const gateway = new McpGateway(platform, 'gateway');
  gateway.allowIngress(
    IngressSource.pods({ namespaces: ['ingress-nginx'], labels: { 'app.kubernetes.io/name': 'ingress-nginx' } }),
  );

  const team = new Chart(app, 'finance', { namespace: 'finance' });
  const postgres = new kplus.Service(team, 'postgres', {
    metadata: { name: 'postgres' },
    clusterIP: 'None',
    ports: [{ port: 5432 }],
  });
  new kplus.StatefulSet(team, 'database', {
    metadata: { name: 'postgres' },
    service: postgres,
    containers: [{ image: 'ghcr.io/acme/postgres:17.6', portNumber: 5432, securityContext }],
  });

  // To the pods behind a Service, to a host outside the cluster, to a network of the company, and to nothing else but DNS.
  const ledger = new McpServer(team, 'ledger', { source: McpServerSource.image('ghcr.io/acme/ledger-mcp:1.4.0') });
  ledger.allowEgress(EgressTarget.service(postgres));
  ledger.allowEgress(EgressTarget.host('api.exchange-rates.example.com'));
  ledger.allowEgress(EgressTarget.cidr('10.20.0.0/16', { ports: [8443], except: ['10.20.7.0/24'] }));

  // Downloads its package from a mirror, and connects to nothing else.
  const time = new McpServer(team, 'time', {
    source: McpServerSource.uvx('mcp-server-time@2026.10.19', { registry: 'https://packages.acme.dev/python/simple/' }),
  });

  const route = new McpRoute(team, 'books', { gateway, backends: [{ server: ledger }] });
  const times = new McpRoute(team, 'times', { gateway, backends: [{ server: time }] });

  // The gateway lets it in; with `isolate` it may also connect to nothing else.
  const assistant = new kplus.Deployment(team, 'assistant', {
    metadata: { name: 'assistant' },
    containers: [{ image: 'ghcr.io/acme/assistant:3.1.0', portNumber: 8080, securityContext }],
  });
  route.connect(assistant, { isolate: true, perRoute: true });
  times.connect(assistant, { isolate: true, perRoute: true });
}

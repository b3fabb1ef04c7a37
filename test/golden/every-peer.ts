import * as kplus from 'cdk8s-plus-28';
import { EgressTarget, IngressSource, McpServer } from 'cdk8s-mcp';

/** Lets a server connect to, and be connected to by, a peer of each kind that every enforcement of networks knows. */
export function everyPeer(server: McpServer): void {
  server.allowEgress(EgressTarget.cidr('10.20.0.0/16', { ports: [5432], except: ['10.20.7.0/24'] }));
  server.allowEgress(EgressTarget.serviceName('db', { ports: [5433] }));
  server.allowEgress(EgressTarget.pods({ namespaces: ['hr'], ports: [5434] }));
  server.allowEgress(EgressTarget.pods({ namespaces: ['audit', 'hr'], labels: { app: 'db' }, ports: [5435] }));
  server.allowEgress(EgressTarget.pods({ namespaceLabels: { tier: 'data' }, ports: [5436] }));
  server.allowEgress(EgressTarget.pods({ allNamespaces: true, labels: { app: 'db' }, udpPorts: [5437] }));
  server.allowKubernetes({ resources: [kplus.ApiResource.PODS], verbs: ['get'] });
  server.allowIngress(IngressSource.namespaces('agents'));
  server.allowIngress(IngressSource.cidr('10.30.0.0/16', { except: ['10.30.7.0/24'] }));
}

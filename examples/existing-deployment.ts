/**
 * A server that is there already: a Deployment and a Service of another repository, which stay as they are.
 *
 * The app knows its URL, and by the profile of the cluster what is behind the Service, for policies act on pods and their ports. If the
 * namespace has policies of its own (kubectl -n ops get networkpolicies), they have to let the gateway in.
 */
import { App, Chart } from 'cdk8s';
import {
  Authentication,
  ClusterProfile,
  IngressSource,
  McpGateway,
  McpRoute,
  McpServer,
  McpServerSource,
  Principal,
} from 'cdk8s-mcp';

export function build(app: App): void {
  // What `kubectl get service` shows of each: labels in its selector, and port:targetPort.
  new ClusterProfile({
    services: [
      { namespace: 'ops', name: 'tickets', podLabels: { app: 'tickets' }, ports: [{ port: 80, podPort: 8000 }] },
      { namespace: 'auth', name: 'keycloak', podLabels: { app: 'keycloak' }, ports: [{ port: 80, podPort: 8080 }] },
    ],
  }).applyTo(app);

  const platform = new Chart(app, 'platform', { namespace: 'mcp-system' });
  const gateway = new McpGateway(platform, 'gateway', {
    replicas: 2,
    authentication: [
      Authentication.jwt({
        issuer: 'https://sso.acme.dev/realms/agents',
        audiences: ['mcp'],
        jwksUri: 'http://keycloak.auth.svc/realms/agents/protocol/openid-connect/certs',
      }),
    ],
    ingress: [IngressSource.namespaces('agents')],
  });

  const ops = new Chart(app, 'ops', { namespace: 'ops' });
  const tickets = new McpServer(ops, 'tickets', {
    // Within the cluster, and said so: without TLS.
    source: McpServerSource.remote('http://tickets.ops.svc/mcp', { insecure: true }),
    tools: ['tickets_search', 'tickets_close'],
    // It knows the name that people call it by, and no other.
    hostHeader: 'tickets.acme.dev',
  });
  const route = new McpRoute(ops, 'tickets-route', { name: 'tickets', gateway, backends: [{ server: tickets }] });
  route.allow(Principal.anyAuthenticated(), { tools: ['tickets_search'] });
  route.allow(Principal.group('support'), { tools: ['*'] });
}

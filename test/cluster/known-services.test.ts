import { App, Chart } from 'cdk8s';
import {
  Authentication,
  ClusterProfile,
  ClusterService,
  EgressTarget,
  McpDiagnostics,
  McpGateway,
  McpRoute,
  McpServer,
  McpServerSource,
} from '../../src';
import { find, messageOf, objectsOf } from '../support/synth';

const TICKETS: ClusterService = {
  namespace: 'ops',
  name: 'tickets',
  podLabels: { app: 'tickets' },
  ports: [{ port: 80, podPort: 8000 }, { port: 9000 }],
};

/** Whom the gateway, or the server `agent`, may connect to in the namespace `ops`, and what is said about it. */
function reached(
  services: ClusterService[] | undefined,
  of: 'gateway' | 'agent' = 'gateway',
  url = 'http://tickets.ops.svc/mcp',
) {
  const app = new App();
  new ClusterProfile({ services }).applyTo(app);
  const platform = new Chart(app, 'platform', { namespace: 'mcp-system' });
  const gateway = new McpGateway(platform, 'gateway');
  const ops = new Chart(app, 'ops', { namespace: 'ops' });
  const tickets = new McpServer(ops, 'tickets', { source: McpServerSource.remote(url, { insecure: true }) });
  const agent = new McpServer(platform, 'agent', {
    source: McpServerSource.image('ghcr.io/acme/agent:1.0.0'),
    egress: of === 'agent' ? [EgressTarget.host('tickets.ops.svc', 80)] : undefined,
  });
  new McpRoute(ops, 'tickets-route', { gateway, backends: [{ server: tickets }] });
  new McpRoute(platform, 'agent-route', { gateway, backends: [{ server: agent }] });
  const objects = objectsOf(app);
  const { egress } = find(objects, 'NetworkPolicy', of).spec;
  return {
    rules: egress.filter((rule: any) => JSON.stringify(rule).includes('"ops"')),
    warnings: McpDiagnostics.of(app).warnings.filter(({ id }) => id === 'egress-to-whole-namespace'),
  };
}

describe('a Service of another repository', () => {
  it.each(['gateway', 'agent'] as const)(
    'opens its pods and their port alone to a %s, where the profile knows it',
    of => {
      expect(reached([TICKETS], of)).toEqual({
        rules: [
          {
            ports: [{ port: 8000, protocol: 'TCP' }],
            to: [
              {
                namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'ops' } },
                podSelector: { matchLabels: { app: 'tickets' } },
              },
            ],
          },
        ],
        warnings: [],
      });
    },
  );

  it('has the port that it says where it says no other', () => {
    const { rules } = reached([TICKETS], 'gateway', 'http://tickets.ops.svc:9000/mcp');
    expect(rules[0].ports).toEqual([{ port: 9000, protocol: 'TCP' }]);
  });

  it('opens its whole namespace where it is not known, with a warning whose remedy is this', () => {
    const { rules, warnings } = reached(undefined);
    expect(rules[0].to).toEqual([{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'ops' } } }]);
    expect(warnings.map(({ text }) => text)).toEqual([
      expect.stringContaining("new ClusterProfile({ services: [{ namespace: 'ops', name: 'tickets', podLabels:"),
    ]);
  });

  it('is an error at a port that it does not have', () => {
    expect(messageOf(() => reached([TICKETS], 'gateway', 'http://tickets.ops.svc:1234/mcp'))).toContain(
      'Service ops/tickets has no port 1234 (it has 80, 9000)',
    );
  });

  it('may be that of an issuer', () => {
    const app = new App();
    new ClusterProfile({ services: [{ ...TICKETS, namespace: 'auth', name: 'keycloak' }] }).applyTo(app);
    const gateway = new McpGateway(new Chart(app, 'platform', { namespace: 'mcp-system' }), 'gateway', {
      authentication: [
        Authentication.jwt({ issuer: 'https://a.dev', audiences: ['mcp'], jwksUri: 'http://keycloak.auth.svc/certs' }),
      ],
    });
    const ops = new Chart(app, 'ops', { namespace: 'ops' });
    const server = new McpServer(ops, 's', { source: McpServerSource.image('ghcr.io/acme/s:1.0.0') });
    new McpRoute(ops, 'r', { gateway, backends: [{ server }] });
    expect(JSON.stringify(find(objectsOf(app), 'NetworkPolicy', 'gateway').spec.egress)).toContain('"port":8000');
  });

  it.each<[string, Partial<ClusterService>, string]>([
    ['a namespace', { namespace: 'A b' }, 'services[0].namespace: got "A b"'],
    ['a name', { name: '' }, 'services[0].name: got ""'],
    ['labels', { podLabels: {} }, 'services[0].podLabels'],
    ['ports', { ports: [] }, 'services[0].ports'],
    ['a port', { ports: [{ port: 0 }] }, 'services[0].ports[0].port: got 0'],
    ['a port of pods', { ports: [{ port: 80, podPort: 70000 }] }, 'services[0].ports[0].podPort: got 70000'],
  ])('needs %s', (_, wrong, expected) => {
    expect(messageOf(() => new ClusterProfile({ services: [{ ...TICKETS, ...wrong }] }))).toContain(expected);
  });
});

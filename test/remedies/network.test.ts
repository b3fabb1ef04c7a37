import { App, Chart } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import {
  BackendCredential,
  ClusterProfile,
  EgressTarget,
  GatewayDataPlane,
  IngressSource,
  McpDiagnostics,
  McpGateway,
  McpGatewayProps,
  McpRoute,
  McpServer,
  McpServerProps,
  McpServerSource,
} from '../../src';
import { InputError } from '../../src/model/findings';

/* What a finding says to do is done, and the finding is gone: of connections, and of what servers are reached by. */

const IMAGE = McpServerSource.image('ghcr.io/acme/ledger:1.0.0');
const PEM = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----';

/** A gateway with one route to one server, and whatever else is said. */
interface Program {
  readonly profile?: () => ClusterProfile;
  readonly gateway?: McpGatewayProps;
  readonly server?: () => Partial<McpServerProps>;
  readonly unrouted?: boolean;
  readonly after?: (gateway: McpGateway, server: McpServer) => void;
}

/** Ids of what is found in a program. */
function findingsOf(program: Program): string[] {
  return foundIn(program).map(({ id }) => id);
}

/** What is found in a program, if it can be made at all. */
function foundIn({
  profile,
  gateway: options,
  server,
  unrouted,
  after,
}: Program): readonly { readonly id: string; readonly severity: string }[] {
  const app = new App();
  try {
    profile?.().applyTo(app);
    const gateway = new McpGateway(new Chart(app, 'platform', { namespace: 'mcp-system' }), 'gateway', options);
    const team = new Chart(app, 'team', { namespace: 'team' });
    const ledger = new McpServer(team, 'ledger', { source: IMAGE, ...server?.() });
    if (unrouted !== true) {
      new McpRoute(team, 'books', { gateway, backends: [{ server: ledger }] });
    }
    after?.(gateway, ledger);
    const { errors, warnings } = McpDiagnostics.of(app);
    return [...errors, ...warnings];
  } catch (error) {
    if (error instanceof InputError) {
      return error.diagnostics;
    }
    throw error;
  }
}

const remote = (url: string, options: Parameters<typeof McpServerSource.remote>[1] = {}) => ({
  server: () => ({ source: McpServerSource.remote(url, options) }),
});
const secret = (namespace: string) => kplus.Secret.fromSecretName(new Chart(new App(), 's', { namespace }), 's', 'crm');
const proving = (namespace: string) =>
  remote('https://mcp.crm.example.com/mcp', {
    credentials: [BackendCredential.bearer({ secret: secret(namespace), key: 'token' })],
  });
const reading = {
  after: (_: McpGateway, server: McpServer) =>
    server.allowKubernetes({ resources: [kplus.ApiResource.PODS], verbs: ['get'] }),
};
const tickets = remote('http://tickets.ops.svc/mcp', { insecure: true });
const consenting = { gateway: { allowedRemoteHosts: ['tickets.ops.svc'] } };

describe.each<[string, Program, Program]>([
  ['gateway-without-clients', {}, { after: gateway => gateway.allowIngress(IngressSource.namespaces('agents')) }],
  ['server-unreached', { unrouted: true }, {}],
  [
    'server-unreached',
    { unrouted: true },
    { unrouted: true, after: (_, server) => server.allowIngress(IngressSource.namespaces('agents')) },
  ],
  [
    'egress-to-whole-namespace',
    { ...tickets, ...consenting },
    {
      ...tickets,
      ...consenting,
      profile: () =>
        new ClusterProfile({
          services: [
            { namespace: 'ops', name: 'tickets', podLabels: { app: 'tickets' }, ports: [{ port: 80, podPort: 8080 }] },
          ],
        }),
    },
  ],
  [
    'gateway-egress-to-all',
    remote('https://mcp.crm.example.com/mcp'),
    {
      ...remote('https://mcp.crm.example.com/mcp'),
      profile: () => new ClusterProfile({ proxy: { url: 'http://10.0.0.9:3128' } }),
    },
  ],
  [
    'api-server-address-unknown',
    reading,
    { ...reading, profile: () => new ClusterProfile({ apiServerCidrs: ['10.0.0.10/32'] }) },
  ],
  [
    'api-server-address-unknown',
    { server: () => ({ egress: [EgressTarget.host('kubernetes.default.svc')] }) },
    {
      server: () => ({ egress: [EgressTarget.host('kubernetes.default.svc')] }),
      profile: () => new ClusterProfile({ apiServerCidrs: ['10.0.0.10/32'] }),
    },
  ],
  [
    'remote-url-without-tls',
    remote('http://mcp.crm.example.com/mcp'),
    remote('http://mcp.crm.example.com/mcp', { insecure: true }),
  ],
  ['remote-url-without-tls', remote('http://mcp.crm.example.com/mcp'), remote('https://mcp.crm.example.com/mcp')],
  ['url-with-variable', remote('https://{tenant}.example.com/mcp'), remote('https://acme.example.com/mcp')],
  [
    'tls-without-authority',
    { server: () => ({ source: McpServerSource.image('a/b:1.0.0', { tls: {} }) }) },
    { server: () => ({ source: McpServerSource.image('a/b:1.0.0', { tls: { caBundle: PEM } }) }) },
  ],
  [
    'host-header-invalid',
    { server: () => ({ hostHeader: 'http://localhost' }) },
    { server: () => ({ hostHeader: 'localhost:8000' }) },
  ],
  [
    'caller-header-of-gateway',
    { server: () => ({ source: IMAGE, labels: { x: String(BackendCredential.callerHeader('Authorization')) } }) },
    remote('https://mcp.crm.example.com/mcp', { credentials: [BackendCredential.callerHeader('X-Crm-Token')] }),
  ],
])('%s', (id, mistake, remedied) => {
  it('is found', () => expect(findingsOf(mistake)).toContain(id));
  it('is gone when its remedy is followed, and no error comes in its place', () => {
    expect(findingsOf(remedied)).not.toContain(id);
    expect(foundIn(remedied).filter(({ severity }) => severity === 'error')).toEqual([]);
  });
});

describe('a Secret in another namespace than the gateway', () => {
  it.each([GatewayDataPlane.agentgateway(), GatewayDataPlane.envoy()])(
    'is found, and gone when it is kept there',
    dataPlane => {
      const found = (namespace: string) => findingsOf({ ...proving(namespace), gateway: { dataPlane } });
      expect(found('team').length).toBe(found('mcp-system').length + 1);
    },
  );
});

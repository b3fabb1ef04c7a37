import { App, Chart } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { parse } from 'yaml';
import {
  GatewayDataPlane,
  McpGateway,
  McpImageOptions,
  McpManifest,
  McpRoute,
  McpServer,
  McpServerOptions,
  McpServerSource,
  McpTransport,
  OidcConfig,
} from '../../src';
import { find, messageOf, objectsOf } from '../support/synth';
import { Manifest, validateObjects } from '../support/validate';

const CA = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----';

/** A server behind a gateway of its namespace, as objects. */
function serve(
  source: (chart: Chart) => McpServerSource,
  options: Partial<McpServerOptions> = {},
  dataPlane?: GatewayDataPlane,
): Manifest[] {
  const app = new App();
  const chart = new Chart(app, 'team', { namespace: 'team' });
  const gateway = new McpGateway(chart, 'gateway', { dataPlane });
  const server = new McpServer(chart, 'ledger', { source: source(chart), ...options });
  new McpRoute(chart, 'books', { gateway, backends: [{ server }] });
  return objectsOf(app);
}
const image = (options: McpImageOptions) => () => McpServerSource.image('ghcr.io/acme/ledger:1.0.0', options);

/** How agentgateway connects to its servers. */
function connections(objects: readonly Manifest[]): any[] {
  const config = parse(find(objects, 'ConfigMap', 'gateway-gateway-config').data['config.yaml']);
  return config.backends.flatMap(({ mcp }: any) => mcp.targets.map(({ policies }: any) => policies?.backendTLS));
}

const LEDGER = 'ledger.team.svc';

describe('a server in the cluster that speaks HTTPS', () => {
  it('is asked by TLS for the name of its Service, whichever replica answers', () => {
    for (const replicas of [1, 2]) {
      const objects = serve(image({ port: 8443, tls: { caBundle: CA } }), { replicas });
      expect(new Set(connections(objects).map(({ hostname }) => hostname))).toEqual(new Set([LEDGER]));
      expect(find(objects, 'Service', 'ledger').spec.ports).toEqual([{ name: 'https', port: 8080, targetPort: 8443 }]);
      validateObjects(objects);
    }
  });

  it('is checked against an authority in a Secret, which the gateway mounts', () => {
    const objects = serve(chart =>
      McpServerSource.image('ghcr.io/acme/ledger:1.0.0', {
        tls: { caSecret: { secret: kplus.Secret.fromSecretName(chart, 'ca', 'ledger-tls'), key: 'ca.crt' } },
      }),
    );
    expect(connections(objects)).toEqual([{ hostname: LEDGER, root: '/etc/agentgateway-secrets/ledger-tls/ca.crt' }]);
    const { volumes } = find(objects, 'Deployment', 'gateway').spec.template.spec;
    expect(JSON.stringify(volumes)).toContain('"secretName":"ledger-tls"');
    expect(find(objects, 'MCPServer', 'ledger').spec.hosted.tls).toEqual({
      caSecretRef: { key: 'ca.crt', name: 'ledger-tls' },
    });
  });

  it('says the same in YAML', () => {
    const app = new App();
    const chart = new Chart(app, 'team', { namespace: 'team' });
    const gateway = new McpGateway(chart, 'gateway');
    const template = { spec: { containers: [{ name: 'mcp-server', image: 'ghcr.io/acme/ledger:1.0.0' }] } };
    McpManifest.fromYaml(
      chart,
      'manifest',
      [
        {
          apiVersion: 'ome.io/v1alpha1',
          kind: 'MCPServer',
          metadata: { name: 'ledger' },
          spec: {
            transport: 'streamable-http',
            hostHeader: 'ledger.acme.dev',
            hosted: { podSpec: template, tls: { caSecretRef: { name: 'ledger-tls', key: 'ca.crt' } } },
          },
        },
        {
          apiVersion: 'ome.io/v1alpha1',
          kind: 'MCPRoute',
          metadata: { name: 'books' },
          spec: { backendRefs: [{ serverRef: { name: 'ledger' } }] },
        },
      ]
        .map(document => JSON.stringify(document))
        .join('\n---\n'),
      { gateway },
    );
    const config = find(objectsOf(app), 'ConfigMap', 'gateway-gateway-config').data['config.yaml'];
    expect(config).toContain('root: /etc/agentgateway-secrets/ledger-tls/ca.crt');
    expect(config).toContain('full: ledger.acme.dev');
  });

  it.each<[string, () => unknown, string]>([
    ['no authority', image({ tls: {} }), 'tls: got {}: names no authority, and no public one vouches for'],
    [
      'two authorities',
      () =>
        serve(chart =>
          image({
            tls: { caBundle: CA, caSecret: { secret: kplus.Secret.fromSecretName(chart, 's', 's'), key: 'k' } },
          })(),
        ),
      'is given together with caBundle',
    ],
    ['a private key', image({ tls: { caBundle: '-----BEGIN PRIVATE KEY-----' } }), 'contains a private key'],
    [
      'a stdio program',
      () =>
        McpServerSource.podTemplate(
          { spec: { containers: [{ name: 'mcp-server', image: 'a/b:1', command: ['x'] }] } },
          { transport: McpTransport.STDIO, tls: { caBundle: CA } },
        ),
      'is given for a stdio server, whose adapter speaks plain HTTP',
    ],
    [
      'what protects it in its pod',
      () =>
        serve(image({ tls: { caBundle: CA } }), {
          oidcConfig: OidcConfig.inline({ issuer: 'https://a.dev', audiences: ['x'], jwksUri: 'https://a.dev/jwks' }),
        }),
      'is given for a program behind what protects it in the same pod',
    ],
    [
      'a Secret of another namespace',
      () =>
        serve(chart => {
          const other = new Chart(chart, 'other', { namespace: 'other' });
          const secret = kplus.Secret.fromSecretName(other, 'ca', 'ledger-tls');
          return image({ tls: { caSecret: { secret, key: 'ca.crt' } } })();
        }),
      'source.tls.caSecret: got "other/ledger-tls"',
    ],
  ])('does not go with %s', (_, action, expected) => {
    expect(messageOf(action)).toContain(expected);
  });
});

describe('the header Host', () => {
  const hosts = (options: Partial<McpServerOptions>, dataPlane: GatewayDataPlane) =>
    [
      ...JSON.stringify(serve(image({ port: 8000 }), options, dataPlane)).matchAll(
        /(?:hostname\\*":\\*"|full: )([^\\"]+:\d+)/g,
      ),
    ].map(([, host]) => host);

  it('is what the server says, on either plane, for one replica and several', () => {
    for (const plane of [GatewayDataPlane.agentgateway(), GatewayDataPlane.envoy()]) {
      for (const replicas of [1, 3]) {
        expect(new Set(hosts({ hostHeader: 'localhost:8000', replicas }, plane))).toEqual(new Set(['localhost:8000']));
      }
    }
  });

  it('is that of the Service on Envoy, for one replica and several', () => {
    for (const replicas of [1, 3]) {
      expect(new Set(hosts({ replicas }, GatewayDataPlane.envoy()))).toEqual(new Set([`${LEDGER}:8080`]));
    }
  });

  it.each(['local host', 'http://localhost', 'localhost:0', 'localhost:70000', 'a/b', ''])(
    'is not "%s"',
    hostHeader => {
      expect(messageOf(() => serve(image({}), { hostHeader }))).toContain('is not a host, with its port');
    },
  );

  it.each(['localhost:8000', '127.0.0.1', '[::1]:8000', 'Ledger.acme.dev'])('may be %s', hostHeader => {
    expect(() => serve(image({}), { hostHeader })).not.toThrow();
  });

  it('is not set by agentgateway for a server of SSE', () => {
    const sse = image({ transport: McpTransport.SSE });
    expect(messageOf(() => serve(sse, { hostHeader: 'localhost:8000' }))).toContain(
      'agentgateway cannot set the header',
    );
  });
});

import { App, Chart } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import {
  Authentication,
  CertManagerIssuer,
  CertificateAuthority,
  ClusterAddOn,
  ClusterMcpGateway,
  ClusterProfile,
  Condition,
  ExposureOptions,
  ExposurePathType,
  GatewayExposure,
  GatewayTls,
  HttpRouteExposureOptions,
  IngressSource,
  McpDiagnostics,
  McpGateway,
  McpGatewayProps,
  McpRoute,
  McpServer,
  McpServerSource,
  Principal,
  RateLimit,
  RateLimitUnit,
  Reconciliation,
} from '../../src';
import { find, messageOf, namesOf, objectsOf } from '../support/synth';
import { Manifest, validateObjects } from '../support/validate';

const oidc = Authentication.oidc({
  issuer: 'https://auth.acme.dev',
  audiences: ['mcp'],
  jwksUri: 'https://auth.acme.dev/jwks.json',
});

function program(
  props: (chart: Chart) => McpGatewayProps,
  addOns = [ClusterAddOn.CERT_MANAGER, ClusterAddOn.GATEWAY_API],
) {
  const app = new App();
  new ClusterProfile({ addOns }).applyTo(app);
  const chart = new Chart(app, 'platform', { namespace: 'mcp-system' });
  const gateway = new McpGateway(chart, 'gateway', props(chart));
  const server = new McpServer(chart, 'ledger', { source: McpServerSource.image('ghcr.io/acme/ledger-mcp:1.4.0') });
  return { app, chart, gateway, route: new McpRoute(chart, 'books', { gateway, backends: [{ server }] }) };
}

const from = [IngressSource.namespaces('ingress-nginx')];

it('exposes a gateway by an Ingress, with a certificate of cert-manager', () => {
  const { app, gateway, route } = program(() => ({
    authentication: [oidc],
    exposures: [
      GatewayExposure.ingress({
        hosts: ['mcp.acme.dev', '*.mcp.acme.dev'],
        paths: ['/routes/mcp-system'],
        className: 'nginx',
        issuer: CertManagerIssuer.clusterIssuer('public'),
        from,
        annotations: { a: 'b' },
      }),
    ],
  }));
  const objects = objectsOf(app);
  expect(validateObjects(objects)).toEqual([]);
  const { spec } = find(objects, 'Ingress');
  expect(spec.rules.map(({ host }: Manifest) => host)).toEqual(['mcp.acme.dev', '*.mcp.acme.dev']);
  // The metadata of protected resources stand at paths of their own.
  expect(spec.rules[0].http.paths.map(({ path }: Manifest) => path)).toEqual([
    '/routes/mcp-system',
    '/.well-known/oauth-protected-resource/routes/mcp-system',
  ]);
  expect(find(objects, 'Certificate').spec).toMatchObject({
    secretName: 'gateway-ingress-tls',
    dnsNames: ['mcp.acme.dev', '*.mcp.acme.dev'],
    issuerRef: { kind: 'ClusterIssuer', name: 'public' },
  });
  expect([gateway.publicUrl, route.publicUrl]).toEqual([
    'https://mcp.acme.dev',
    'https://mcp.acme.dev/routes/mcp-system/books',
  ]);
  expect(route.url).toBe('http://gateway.mcp-system/routes/mcp-system/books');
});

it('exposes a gateway by an HTTPRoute', () => {
  const { app, route } = program(() => ({
    exposures: [
      GatewayExposure.httpRoute({
        hosts: ['mcp.acme.dev'],
        parents: [{ name: 'public', namespace: 'infra', sectionName: 'https', port: 443 }],
        from,
      }),
    ],
  }));
  const objects = objectsOf(app);
  expect(validateObjects(objects)).toEqual([]);
  expect(find(objects, 'HTTPRoute').spec).toMatchObject({
    hostnames: ['mcp.acme.dev'],
    parentRefs: [{ name: 'public', namespace: 'infra', sectionName: 'https', port: 443 }],
  });
  expect(route.publicUrl).toBe('https://mcp.acme.dev/routes/mcp-system/books');
});

it('takes a certificate from a Secret, or serves plain HTTP', () => {
  const { app, route } = program(chart => ({
    exposures: [
      GatewayExposure.ingress({
        hosts: ['mcp.acme.dev'],
        tlsSecret: kplus.Secret.fromSecretName(chart, 'tls', 'mcp-tls'),
        from,
      }),
    ],
  }));
  const objects = objectsOf(app);
  expect(find(objects, 'Ingress').spec.tls).toEqual([{ hosts: ['mcp.acme.dev'], secretName: 'mcp-tls' }]);
  expect(namesOf(objects).filter(name => name.startsWith('Certificate'))).toEqual([]);
  expect(route.publicUrl).toMatch(/^https:/);
  const plain = program(() => ({ exposures: [GatewayExposure.ingress({ hosts: ['mcp.acme.dev'], from })] }));
  expect(find(objectsOf(plain.app), 'Ingress').spec.tls).toBeUndefined();
  expect(plain.route.publicUrl).toBe('http://mcp.acme.dev/routes/mcp-system/books');
});

it('tells clients the public URL of the protected resource', () => {
  const { app } = program(() => ({
    authentication: [oidc],
    exposures: [GatewayExposure.ingress({ hosts: ['mcp.acme.dev'], from, issuer: CertManagerIssuer.issuer('acme') })],
  }));
  expect(find(objectsOf(app), 'ConfigMap', 'gateway-gateway-config').data['config.yaml']).toContain(
    'resource: https://mcp.acme.dev/routes/mcp-system/books',
  );
});

it('lets in who passes requests on, and nobody else', () => {
  const { app } = program(() => ({ exposures: [GatewayExposure.ingress({ hosts: ['mcp.acme.dev'], from })] }));
  expect(find(objectsOf(app), 'NetworkPolicy', 'gateway').spec.ingress).toEqual([
    {
      from: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'ingress-nginx' } } }],
      ports: [{ port: 8080, protocol: 'TCP' }],
    },
  ]);
});

it('leaves the certificate to the ingress controller, or to what stands in front of it', () => {
  const { app, route } = program(() => ({
    exposures: [GatewayExposure.ingress({ hosts: ['mcp.acme.dev'], https: true, from })],
  }));
  expect(find(objectsOf(app), 'Ingress').spec.tls).toEqual([{ hosts: ['mcp.acme.dev'] }]);
  expect(route.publicUrl).toBe('https://mcp.acme.dev/routes/mcp-system/books');
});

it('lets single paths through, with their metadata', () => {
  const paths = ['/mcp', '/routes/mcp-system/books'];
  const exact = { hosts: ['mcp.acme.dev'], paths, pathType: ExposurePathType.EXACT, from };
  const objects = objectsOf(
    program(() => ({
      exposures: [
        GatewayExposure.ingress(exact),
        GatewayExposure.httpRoute({ ...exact, parents: [{ name: 'public' }] }),
      ],
    })).app,
  );
  expect(validateObjects(objects)).toEqual([]);
  const expected = [
    paths[0],
    `/.well-known/oauth-protected-resource${paths[0]}`,
    paths[1],
    `/.well-known/oauth-protected-resource${paths[1]}`,
  ];
  expect(
    find(objects, 'Ingress').spec.rules[0].http.paths.map(({ path, pathType }: Manifest) => [path, pathType]),
  ).toEqual(expected.map(path => [path, 'Exact']));
  expect(find(objects, 'HTTPRoute').spec.rules[0].matches).toEqual(
    expected.map(value => ({ path: { type: 'Exact', value } })),
  );
});

it('exposes a gateway of the cluster in several ways, with the URL of the Ingress', () => {
  const app = new App();
  new ClusterProfile({ addOns: [ClusterAddOn.CERT_MANAGER, ClusterAddOn.GATEWAY_API] }).applyTo(app);
  const gateway = new ClusterMcpGateway(new Chart(app, 'platform'), 'edge', {
    workloadNamespace: 'mcp-system',
    authentication: [oidc],
    exposures: [
      GatewayExposure.httpRoute({ hosts: ['route.acme.dev'], parents: [{ name: 'public' }], from }),
      GatewayExposure.ingress({ hosts: ['mcp.acme.dev'], issuer: CertManagerIssuer.issuer('own'), from }),
      GatewayExposure.ingress({ hosts: ['mcp.corp'], name: 'inner', from }),
    ],
  });
  const objects = objectsOf(app);
  expect(validateObjects(objects)).toEqual([]);
  expect(gateway.publicUrl).toBe('https://mcp.acme.dev');
  expect(
    objects
      .filter(({ kind }) => ['Ingress', 'HTTPRoute', 'Certificate'].includes(kind))
      .map(({ kind, metadata }) => `${kind} ${metadata.namespace}/${metadata.name}`)
      .sort(),
  ).toEqual([
    'Certificate mcp-system/edge-ingress-tls',
    'HTTPRoute mcp-system/edge',
    'Ingress mcp-system/edge',
    'Ingress mcp-system/inner',
  ]);
  const { network } = find(objects, 'ClusterMCPGateway').spec;
  expect(network.ingress).toEqual({
    enabled: true,
    hosts: [{ host: 'mcp.acme.dev', paths: [{ path: '/', pathType: 'Prefix', serviceName: 'edge', servicePort: 80 }] }],
    tls: [{ hosts: ['mcp.acme.dev'], secretName: 'edge-ingress-tls' }],
    issuerRef: { kind: 'Issuer', name: 'own' },
    from: [{ pods: { namespaces: ['ingress-nginx'] } }],
  });
  expect(network.additionalIngresses).toEqual([expect.objectContaining({ name: 'inner' })]);
  expect(network.httpRoutes).toEqual([
    {
      hostnames: ['route.acme.dev'],
      parentRefs: [{ name: 'public' }],
      from: [{ pods: { namespaces: ['ingress-nginx'] } }],
    },
  ]);
});

describe('in controller mode', () => {
  const controlled = (exposures: (chart: Chart) => GatewayExposure[]) => {
    const app = new App();
    new ClusterProfile({ addOns: [ClusterAddOn.CERT_MANAGER, ClusterAddOn.GATEWAY_API] }).applyTo(app);
    const chart = new Chart(app, 'platform', { namespace: 'mcp-system' });
    Reconciliation.CONTROLLER.applyTo(chart);
    return { app, gateway: new McpGateway(chart, 'gateway', { service: { port: 8000 }, exposures: exposures(chart) }) };
  };

  it('an operator gets the fields of upstream', () => {
    const { app, gateway } = controlled(chart => [
      GatewayExposure.ingress({
        hosts: ['mcp.acme.dev'],
        paths: ['/routes/mcp-system'],
        className: 'nginx',
        tlsSecret: kplus.Secret.fromSecretName(chart, 'tls', 'mcp-tls'),
        annotations: { a: 'b' },
      }),
    ]);
    const objects = objectsOf(app);
    expect(validateObjects(objects)).toEqual([]);
    expect(namesOf(objects)).toEqual(['MCPGateway gateway']);
    expect(gateway.publicUrl).toBe('https://mcp.acme.dev');
    const to = { pathType: 'Prefix', serviceName: 'gateway', servicePort: 8000 };
    expect(objects[0].spec.network.ingress).toEqual({
      enabled: true,
      className: 'nginx',
      annotations: { a: 'b' },
      hosts: [
        {
          host: 'mcp.acme.dev',
          paths: [
            { path: '/routes/mcp-system', ...to },
            { path: '/.well-known/oauth-protected-resource/routes/mcp-system', ...to },
          ],
        },
      ],
      tls: [{ hosts: ['mcp.acme.dev'], secretName: 'mcp-tls' }],
    });
  });

  test.each<[string, GatewayExposure[], string]>([
    [
      'an HTTPRoute',
      [GatewayExposure.httpRoute({ hosts: ['a.b'], parents: [{ name: 'x' }] })],
      'exposures[0]: got "HTTPRoute": has no field in the gateway resource',
    ],
    [
      'a second Ingress',
      [GatewayExposure.ingress({ hosts: ['a.b'] }), GatewayExposure.ingress({ hosts: ['a.c'], name: 'c' })],
      'exposures[1]: got "Ingress": has no field',
    ],
    [
      'an issuer',
      [GatewayExposure.ingress({ hosts: ['a.b'], issuer: CertManagerIssuer.issuer('own') })],
      'exposures[0].issuer: got "own": has no field',
    ],
    [
      'a name',
      [GatewayExposure.ingress({ hosts: ['a.b'], name: 'own' })],
      'exposures[0].name: got "own": has no field',
    ],
    ['sources', [GatewayExposure.ingress({ hosts: ['a.b'], from })], 'exposures[0].from: got 1: has no field'],
  ])('%s is refused', (_, exposures, message) => {
    expect(messageOf(() => controlled(() => exposures))).toContain(message);
  });
});

it('has no public URL of wildcards alone', () => {
  expect(
    program(() => ({ exposures: [GatewayExposure.ingress({ hosts: ['*.acme.dev'], from })] })).route.publicUrl,
  ).toBeUndefined();
});

test.each<[string, McpGatewayProps, string]>([
  [
    'an exposed gateway that asks nobody',
    { exposures: [GatewayExposure.ingress({ hosts: ['mcp.acme.dev'], from })] },
    '(exposures), and everyone may call /routes/mcp-system/books',
  ],
  [
    'an exposure that nobody is named for',
    { authentication: [oidc], exposures: [GatewayExposure.ingress({ hosts: ['mcp.acme.dev'] })] },
    'every pod of the cluster may connect',
  ],
  [
    'limits by address',
    {
      authentication: [oidc],
      rateLimits: [RateLimit.perIp(5, RateLimitUnit.MINUTE)],
      exposures: [GatewayExposure.ingress({ hosts: ['mcp.acme.dev'], from })],
    },
    'rateLimits[0]: got "source address": is that of the pods in front',
  ],
  [
    'conditions on addresses',
    {
      authentication: [oidc],
      authorization: [
        {
          principals: [Principal.anyAuthenticated()],
          permissions: [{ tools: ['a'] }],
          conditions: [Condition.sourceIp('10.0.0.0/8')],
        },
      ],
      exposures: [GatewayExposure.ingress({ hosts: ['mcp.acme.dev'], from })],
    },
    'authorization[0]: got "source address"',
  ],
])('warns of %s', (_, props, text) => {
  expect(
    McpDiagnostics.of(program(() => props).app)
      .warnings.map(warning => warning.text)
      .join('\n'),
  ).toContain(text);
});

test.each<[string, Partial<ExposureOptions>, string]>([
  ['no host', { hosts: [] }, 'hosts: got []: names no host'],
  ['a host with a scheme', { hosts: ['https://a.b'] }, 'hosts[0]: got "https://a.b": is not a host name'],
  ['a host twice', { hosts: ['a.b', 'a.b'] }, 'hosts[1]: got "a.b": is there twice'],
  ['no paths', { paths: [] }, 'paths: got []: lets nothing through'],
  ['a path that climbs', { paths: ['/a/'] }, 'paths[0]: got "/a/"'],
  ['a path of two dots', { paths: ['/a/../b'] }, 'paths[0]: got "/a/../b"'],
  ['a path twice', { paths: ['/a', '/a'] }, 'paths[1]: got "/a": is there twice'],
  ['an address', { hosts: ['10.0.0.1'] }, 'hosts[0]: got "10.0.0.1": is not a host name'],
  ['a path with a query', { paths: ['/a?b'] }, 'paths[0]: got "/a?b"'],
  ['nobody', { from: [] }, 'from: got 0: lets nobody in'],
  ['a name that is none', { name: 'A' }, 'name: got "A"'],
  [
    'nothing but what no gateway serves',
    { pathType: ExposurePathType.EXACT },
    'would let through a path at which no gateway answers (/)',
  ],
])('refuses %s', (_, options, message) => {
  expect(messageOf(() => GatewayExposure.ingress({ hosts: ['a.b'], ...options }))).toContain(message);
});

test.each<[string, Partial<HttpRouteExposureOptions>, string]>([
  ['no Gateway', { parents: [] }, 'parents: got []: names no Gateway'],
  [
    'a Gateway twice',
    {
      parents: [
        { name: 'x', sectionName: 'a' },
        { name: 'x', sectionName: 'a', port: 443 },
      ],
    },
    'parents[1]: got "x": is named before',
  ],
  [
    'a Gateway and its listener',
    { parents: [{ name: 'x' }, { name: 'x', sectionName: 'a' }] },
    'parents[1]: got "x": is named before',
  ],
  [
    'more hosts than it can have',
    { hosts: Array.from({ length: 17 }, (_, i) => `h${i}.acme.dev`) },
    'hosts: got 17: are more than an HTTPRoute can have (16)',
  ],
  [
    'more paths than it can have',
    { paths: Array.from({ length: 33 }, (_, i) => `/routes/n${i}`) },
    'paths: got 66: are more than an HTTPRoute can have',
  ],
  [
    'more Gateways than it can have',
    { parents: Array.from({ length: 33 }, (_, i) => ({ name: `g${i}` })) },
    'parents: got 33: are more than',
  ],
])('refuses an HTTPRoute of %s', (_, options, message) => {
  expect(
    messageOf(() =>
      GatewayExposure.httpRoute({
        hosts: ['a.b'],
        parents: [{ name: 'x' }, { name: 'y', namespace: 'z' }],
        ...options,
      }),
    ),
  ).toContain(message);
});

test('refuses a certificate for plain HTTP', () => {
  expect(
    messageOf(() => GatewayExposure.ingress({ hosts: ['a.b'], issuer: CertManagerIssuer.issuer('own'), https: false })),
  ).toContain('https: got false: is given together with a certificate');
});

test('refuses two gateways with exposures of one name', () => {
  const { app, chart } = program(() => ({ exposures: [GatewayExposure.ingress({ hosts: ['a.b'], from })] }));
  new McpGateway(chart, 'other', { exposures: [GatewayExposure.ingress({ hosts: ['a.c'], name: 'gateway', from })] });
  expect(messageOf(() => objectsOf(app))).toMatch(
    /name: got "gateway": .* emits objects of the same name in the same namespace \(Ingress\)\. Give one of them another name/,
  );
});

test.each<[string, (chart: Chart) => McpGatewayProps, string]>([
  [
    'two Ingresses of one name',
    () => ({ exposures: [GatewayExposure.ingress({ hosts: ['a.b'] }), GatewayExposure.ingress({ hosts: ['a.c'] })] }),
    'exposures[1].name: got "gateway": is the name of an earlier Ingress. Give one of them another name',
  ],
  [
    'cert-manager that is not installed',
    () => ({ exposures: [GatewayExposure.ingress({ hosts: ['a.b'], issuer: CertManagerIssuer.issuer('x') })] }),
    'exposures[0].issuer: got "(given)": needs cert-manager',
  ],
  [
    'the Gateway API where it is not installed',
    () => ({ exposures: [GatewayExposure.httpRoute({ hosts: ['a.b'], parents: [{ name: 'x' }] })] }),
    'exposures[0]: got "(given)": needs gateway-api',
  ],
  [
    'a Secret of another namespace',
    chart => ({
      exposures: [
        GatewayExposure.ingress({
          hosts: ['a.b'],
          tlsSecret: kplus.Secret.fromSecretName(
            new Chart(App.of(chart) as App, 'far', { namespace: 'far' }),
            'tls',
            'tls',
          ),
        }),
      ],
    }),
    'exposures[0].tlsSecret: got "far/tls": is in another namespace than the Ingress (mcp-system)',
  ],
  [
    'an Ingress that would speak plain HTTP to TLS',
    chart => ({
      tls: GatewayTls.fromSecret(kplus.Secret.fromSecretName(chart, 'tls', 'tls')),
      exposures: [GatewayExposure.ingress({ hosts: ['a.b'] })],
    }),
    'do not say that the gateway serves HTTPS',
  ],
])('refuses %s', (_, props, message) => {
  expect(messageOf(() => program(props, []))).toContain(message);
});

test('refuses client certificates that cannot arrive', () => {
  const { app } = program(chart => {
    const secret = kplus.Secret.fromSecretName(chart, 'tls', 'tls');
    return {
      tls: GatewayTls.fromSecret(secret),
      authentication: [Authentication.clientCertificate(CertificateAuthority.fromSecret({ secret, key: 'ca.crt' }))],
      exposures: [
        GatewayExposure.ingress({
          hosts: ['a.b'],
          annotations: { 'nginx.ingress.kubernetes.io/backend-protocol': 'HTTPS' },
        }),
      ],
    };
  });
  expect(messageOf(() => objectsOf(app))).toContain('cannot reach platform/gateway through what stands in front of it');
});

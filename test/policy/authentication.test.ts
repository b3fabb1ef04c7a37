import { App, Chart } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { parse } from 'yaml';
import {
  AccessMatrix,
  ApiKey,
  Authentication,
  CertificateAuthority,
  CertManagerIssuer,
  GatewayTls,
  McpDiagnostics,
  McpGateway,
  McpGatewayOptions,
  McpRoute,
  McpServer,
  McpServerSource,
  Principal,
  RateLimit,
  RateLimitUnit,
  Reconciliation,
} from '../../src';
import { checkReferences, refKey } from '../support/references';
import { appWithCertManager, find, messageOf, namesOf, objectsOf, podOf } from '../support/synth';
import { Manifest, validateObjects } from '../support/validate';

const ISSUER = CertManagerIssuer.clusterIssuer('cluster-ca');
const OTHER = CertManagerIssuer.issuer('partners');
const byIssuer = (issuer = ISSUER) => Authentication.clientCertificate(CertificateAuthority.fromIssuer(issuer));
const bySecret = (scope: Chart, name = 'partners') =>
  Authentication.clientCertificate(
    CertificateAuthority.fromSecret({ secret: kplus.Secret.fromSecretName(scope, name, name), key: 'bundle.pem' }),
  );

function topology(options: (platform: Chart) => McpGatewayOptions, app = appWithCertManager()) {
  const platform = new Chart(app, 'platform', { namespace: 'mcp-system' });
  const gateway = new McpGateway(platform, 'gateway', options(platform));
  const team = new Chart(app, 'finance', { namespace: 'finance' });
  const ledger = new McpServer(team, 'ledger', {
    source: McpServerSource.image('acme/ledger:1'),
    tools: ['db_query', 'db_insert'],
  });
  return {
    app,
    platform,
    gateway,
    team,
    ledger,
    route: new McpRoute(team, 'books', { gateway, backends: [{ server: ledger }] }),
  };
}

/** The objects of an app, all of them valid, and the file in which the gateway looks for authorities. */
function authoritiesOf(app: App): {
  readonly objects: Manifest[];
  readonly root?: string;
  readonly mounts: Record<string, string[]>;
} {
  const objects = objectsOf(app);
  expect(validateObjects(objects)).toEqual([]);
  const externals = ['gateway-session-key', 'partners'].map(name => refKey('Secret', 'mcp-system', name));
  expect(checkReferences(objects, { externals: new Set(externals) })).toEqual([]);
  const volumes: Manifest[] = podOf(find(objects, 'Deployment', 'gateway')).volumes.flatMap(
    ({ secret }: Manifest) => secret ?? [],
  );
  return {
    objects,
    root: parse(find(objects, 'ConfigMap').data['config.yaml']).binds[0].listeners[0].tls?.root,
    mounts: Object.fromEntries(
      volumes.map(({ secretName, items }) => [secretName, items.map(({ key }: Manifest) => key)]),
    ),
  };
}

const certificatesOf = (objects: readonly Manifest[]) =>
  namesOf(objects).filter(name => name.startsWith('Certificate '));

describe('authorities', () => {
  test('of a Secret', () => {
    const { app } = topology(platform => ({
      tls: GatewayTls.fromIssuer(ISSUER),
      authentication: [bySecret(platform)],
    }));
    const { objects, root, mounts } = authoritiesOf(app);
    expect(root).toMatch(/\/partners\/bundle\.pem$/);
    expect(mounts).toEqual({ 'gateway-tls': ['tls.crt', 'tls.key'], partners: ['bundle.pem'] });
    expect(find(objects, 'MCPGateway').spec.authentication).toEqual({
      clientCertificate: { caRef: { name: 'partners', key: 'bundle.pem' } },
    });
  });

  test("of the issuer of the gateway's own certificate are beside it", () => {
    const { app } = topology(() => ({
      tls: GatewayTls.fromIssuer(ISSUER),
      authentication: [byIssuer(CertManagerIssuer.clusterIssuer('cluster-ca'))],
    }));
    const { objects, root, mounts } = authoritiesOf(app);
    expect(root).toMatch(/\/gateway-tls\/ca\.crt$/);
    expect(mounts).toEqual({ 'gateway-tls': ['ca.crt', 'tls.crt', 'tls.key'] });
    expect(certificatesOf(objects)).toEqual(['Certificate gateway-tls']);
    expect(find(objects, 'MCPGateway').spec.authentication).toEqual({
      clientCertificate: { issuerRef: { kind: 'ClusterIssuer', name: 'cluster-ca' } },
    });
  });

  test.each<[string, (platform: Chart) => GatewayTls]>([
    ['another issuer', () => GatewayTls.fromIssuer(ISSUER)],
    ['a Secret', platform => GatewayTls.fromSecret(kplus.Secret.fromSecretName(platform, 'tls', 'partners'))],
  ])("of an issuer, where the gateway's certificate is of %s, come with a certificate for their sake", (_, tls) => {
    const { app } = topology(platform => ({ tls: tls(platform), authentication: [byIssuer(OTHER)] }));
    const { objects, root } = authoritiesOf(app);
    expect(root).toMatch(/\/gateway-client-ca\/ca\.crt$/);
    // No certificate for clients: who can read the Secret must not be let in by it.
    expect(find(objects, 'Certificate', 'gateway-client-ca')).toMatchObject({
      metadata: { namespace: 'mcp-system' },
      spec: {
        secretName: 'gateway-client-ca',
        issuerRef: { kind: 'Issuer', name: 'partners' },
        usages: ['digital signature', 'key encipherment', 'server auth'],
      },
    });
  });

  test('come and go with what asks for them', () => {
    const { app, gateway } = topology(() => ({ tls: GatewayTls.fromIssuer(ISSUER) }));
    expect(authoritiesOf(app).root).toBeUndefined();
    gateway.addAuthentication(byIssuer(OTHER));
    expect(certificatesOf(authoritiesOf(app).objects)).toEqual([
      'Certificate gateway-client-ca',
      'Certificate gateway-tls',
    ]);
  });
});

describe('callers', () => {
  const restricted = () => {
    const made = topology(() => ({ tls: GatewayTls.fromIssuer(ISSUER), authentication: [byIssuer()] }));
    made.route.allow(Principal.user('alice'), { tools: ['db_query'] });
    return made;
  };

  test('are users by the common name of their certificate, and pass or not', () => {
    const { app, route } = restricted();
    const access = AccessMatrix.of(app);
    expect(access.decide({ route, principal: Principal.user('alice'), tool: 'db_query' }).allowed).toBe(true);
    expect(access.decide({ route, principal: Principal.user('alice'), tool: 'db_insert' }).allowed).toBe(false);
    expect(access.decide({ route, principal: Principal.user('bob'), tool: 'db_query' }).allowed).toBe(false);
    expect(access.decide({ route, tool: 'db_query' })).toMatchObject({
      allowed: false,
      reasons: [{ level: 'authentication', words: 'callers have to present a client certificate' }],
    });
    expect(find(objectsOf(app), 'ConfigMap').data['config.yaml']).toContain('source.subjectCn == "alice"');
  });

  test('are in no group, which rules are told', () => {
    const { app, route } = restricted();
    route.allow(Principal.group('admins'), { tools: ['*'] });
    expect(McpDiagnostics.of(app).warnings.map(({ text }) => text)).toContainEqual(
      expect.stringContaining(
        'got "group:admins": can never match: callers present a client certificate, which names no such caller',
      ),
    );
  });

  test('may be limited, for each has a name', () => {
    const { app, route } = restricted();
    route.addRateLimit(RateLimit.perUser(10, RateLimitUnit.MINUTE));
    expect(find(objectsOf(app), 'ConfigMap', 'gateway-gateway-config').data['config.yaml']).toContain(
      'source.subjectCn',
    );
  });

  test('may have to present a certificate and more', () => {
    const { app, route, gateway } = restricted();
    gateway.addAuthentication(Authentication.apiKey({ keys: [ApiKey.sha256('ab'.repeat(32))] }));
    expect(route.effectivePolicy).toContain('a client certificate (platform/gateway: authentication[0])');
    expect(validateObjects(objectsOf(app))).toEqual([]);
  });
});

describe('is refused', () => {
  const TLS = { tls: GatewayTls.fromIssuer(ISSUER) };

  test('at a gateway without a certificate, be it without routes', () => {
    const { app, route, ledger } = topology(() => ({ authentication: [byIssuer()] }));
    const message =
      '[platform/gateway] authentication[0]: got "a client certificate": the gateway cannot ask for client certificates without a certificate of its own: it serves plain HTTP. ' +
      'Give the gateway its certificate (tls: GatewayTls.fromIssuer or fromSecret).';
    expect(McpDiagnostics.of(app).errors.map(({ text }) => text)).toEqual([message]);
    [route, ledger].forEach(construct => construct.node.scope!.node.tryRemoveChild(construct.node.id));
    expect(messageOf(() => app.synthYaml())).toContain(
      'the gateway cannot ask for client certificates without a certificate of its own',
    );
  });

  test('of some routes only', () => {
    const { app, team, ledger, gateway } = topology(() => TLS);
    new McpRoute(team, 'closed', { gateway, backends: [{ server: ledger }], authentication: [byIssuer()] });
    expect(messageOf(() => app.synthYaml())).toContain(
      '[finance/closed] authentication[0]: got "a client certificate": agentgateway cannot ask for client certificates on some routes only, nor for different ones: ' +
        'a connection opens before a route is asked for; envoy can. Ask for them at the gateway, or give these routes a gateway of their own',
    );
  });

  test('of two authorities', () => {
    const { app, route } = topology(() => ({ ...TLS, authentication: [byIssuer()] }));
    route.addAuthentication(byIssuer(OTHER));
    expect(messageOf(() => app.synthYaml())).toContain(
      'agentgateway cannot ask for client certificates on some routes only, nor for different ones',
    );
  });

  test('as one of several methods', () => {
    const { app } = topology(() => ({
      ...TLS,
      authentication: [
        Authentication.anyOf(byIssuer(), Authentication.apiKey({ keys: [ApiKey.sha256('ab'.repeat(32))] })),
      ],
    }));
    expect(messageOf(() => app.synthYaml())).toContain(
      'agentgateway cannot take a client certificate as one choice of several: it refuses connections without one',
    );
  });

  test('with a Secret of another namespace', () => {
    const { app, gateway, team } = topology(() => TLS);
    gateway.addAuthentication(bySecret(team));
    expect(messageOf(() => app.synthYaml())).toContain(
      'got "finance/partners": the pods of the gateway cannot read a Secret of another namespace than their own',
    );
  });

  test('of an issuer, in a cluster without cert-manager', () => {
    const { app } = topology(
      platform => ({
        tls: GatewayTls.fromSecret(kplus.Secret.fromSecretName(platform, 'tls', 'tls')),
        authentication: [byIssuer(OTHER)],
      }),
      new App(),
    );
    expect(McpDiagnostics.of(app).errors.map(({ text }) => text)).toEqual([
      expect.stringContaining('[platform/gateway] authentication[0]: got "Issuer partners": needs cert-manager'),
    ]);
  });

  test('in controller mode', () => {
    const chart = new Chart(new App(), 'platform', { namespace: 'mcp-system' });
    Reconciliation.CONTROLLER.applyTo(chart);
    expect(messageOf(() => new McpGateway(chart, 'gateway', { authentication: [byIssuer()] }))).toContain(
      '[platform/gateway] authentication: got ["clientCertificate"]: has no field in the gateway resource',
    );
    expect(messageOf(() => new McpRoute(chart, 'route', { authentication: [byIssuer()] }))).toContain(
      'is a client certificate, which has no field in the MCPRoute resource',
    );
  });
});

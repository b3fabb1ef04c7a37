import { ApiObject, App, Chart } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import {
  ApiKey,
  Authentication,
  ClusterMcpGateway,
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
import { containerOf, find, messageOf, namesOf, objectsOf, podOf } from '../support/synth';
import { validateObjects } from '../support/validate';

const JWT = Authentication.jwt({
  issuer: 'https://auth.acme.dev',
  audiences: ['mcp'],
  jwksUri: 'https://auth.acme.dev/jwks.json',
});

function topology(options: (platform: Chart) => McpGatewayOptions = () => ({})) {
  const app = new App();
  const platform = new Chart(app, 'platform', { namespace: 'mcp-system' });
  const gateway = new McpGateway(platform, 'gateway', options(platform));
  const team = new Chart(app, 'finance', { namespace: 'finance' });
  const ledger = new McpServer(team, 'ledger', {
    source: McpServerSource.image('ghcr.io/acme/ledger-mcp:1.4.0'),
    tools: ['db_query'],
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

const rateLimitNames = (app: App) => namesOf(objectsOf(app)).filter(name => name.includes('rate-limit'));

describe('the objects that count calls', () => {
  test('are there when a limit is, and only then', () => {
    const { app, gateway } = topology();
    expect(rateLimitNames(app)).toEqual([]);
    gateway.addRateLimit(RateLimit.perIp(5, RateLimitUnit.SECOND));
    const names = [
      'ConfigMap gateway-rate-limit',
      'Deployment gateway-rate-limit',
      'Deployment gateway-rate-limit-store',
      'NetworkPolicy gateway-rate-limit',
      'NetworkPolicy gateway-rate-limit-store',
      'Service gateway-rate-limit',
      'Service gateway-rate-limit-store',
      'ServiceAccount gateway-rate-limit',
    ];
    expect(rateLimitNames(app)).toEqual(names);
    expect(rateLimitNames(app)).toEqual(names);
  });

  test('go when the limit goes', () => {
    const { app, team, route, ledger, gateway } = topology();
    route.addRateLimit(RateLimit.perIp(5, RateLimitUnit.SECOND));
    expect(rateLimitNames(app)).toHaveLength(8);
    team.node.tryRemoveChild('books');
    new McpRoute(team, 'open', { gateway, backends: [{ server: ledger }] });
    expect(rateLimitNames(app)).toEqual([]);
  });

  test('follow the limits of the next synthesis', () => {
    const { app, gateway } = topology();
    gateway.addRateLimit(RateLimit.perIp(5, RateLimitUnit.SECOND));
    const before = JSON.stringify(find(objectsOf(app), 'ConfigMap', 'gateway-rate-limit').data);
    gateway.addRateLimit(RateLimit.perIp(4, RateLimitUnit.SECOND));
    const after = JSON.stringify(find(objectsOf(app), 'ConfigMap', 'gateway-rate-limit').data);
    expect(before).toContain('requests_per_unit: 5');
    expect(after).toContain('requests_per_unit: 4');
    expect(after).not.toContain('requests_per_unit: 5');
  });

  test('may use a store from elsewhere', () => {
    const { app, gateway } = topology(platform => ({
      replicas: 2,
      rateLimitService: {
        replicas: 3,
        store: {
          host: 'redis.acme.dev',
          password: { secret: kplus.Secret.fromSecretName(platform, 'redis', 'redis'), key: 'password' },
        },
      },
    }));
    gateway.addRateLimit(RateLimit.perIp(5, RateLimitUnit.SECOND));
    const objects = objectsOf(app);
    expect(validateObjects(objects)).toEqual([]);
    expect(rateLimitNames(app)).toEqual([
      'ConfigMap gateway-rate-limit',
      'Deployment gateway-rate-limit',
      'NetworkPolicy gateway-rate-limit',
      'PodDisruptionBudget gateway-rate-limit',
      'Service gateway-rate-limit',
      'ServiceAccount gateway-rate-limit',
    ]);
    const deployment = find(objects, 'Deployment', 'gateway-rate-limit');
    expect(deployment.spec.replicas).toBe(3);
    expect(podOf(deployment).containers[0].env).toEqual(
      expect.arrayContaining([
        { name: 'REDIS_URL', value: 'redis.acme.dev:6379' },
        { name: 'REDIS_TLS', value: 'true' },
        { name: 'REDIS_AUTH', valueFrom: { secretKeyRef: { name: 'redis', key: 'password' } } },
      ]),
    );
  });

  test('can be found and patched after the first synthesis', () => {
    const { app, gateway } = topology();
    gateway.addRateLimit(RateLimit.perIp(5, RateLimitUnit.SECOND));
    app.synthYaml();
    const service = gateway.node.findChild('RateLimit').node.findChild('Service-gateway-rate-limit') as ApiObject;
    service.metadata.addLabel('a', 'b');
    expect(find(objectsOf(app), 'Service', 'gateway-rate-limit').metadata.labels.a).toBe('b');
  });
});

describe('Secrets', () => {
  const secrets = (platform: Chart): McpGatewayOptions => ({
    authentication: [
      Authentication.anyOf(
        Authentication.apiKey({
          keys: [
            ApiKey.fromSecret(
              { secret: kplus.Secret.fromSecretName(platform, 'ci', 'ci-key'), key: 'key' },
              { user: 'ci' },
            ),
          ],
        }),
        Authentication.basic({ secret: kplus.Secret.fromSecretName(platform, 'users', 'users'), key: 'htpasswd' }),
      ),
    ],
  });

  test("are read by the gateway's pods, and are not in its configuration", () => {
    const { app } = topology(secrets);
    const objects = objectsOf(app);
    expect(validateObjects(objects)).toEqual([]);
    const deployment = find(objects, 'Deployment', 'gateway');
    const container = containerOf(deployment, 'gateway');
    expect(container.env).toContainEqual({
      name: expect.any(String),
      valueFrom: { secretKeyRef: { name: 'ci-key', key: 'key' } },
    });
    expect(container.env.map(({ value }: { value?: string }) => value)).toEqual(container.env.map(() => undefined));
    const volume = podOf(deployment).volumes.find(({ secret }: any) => secret !== undefined);
    expect(volume.secret).toEqual({ secretName: 'users', items: [{ key: 'htpasswd', path: 'htpasswd' }] });
    expect(container.volumeMounts).toContainEqual({ name: volume.name, mountPath: expect.any(String), readOnly: true });
  });

  test('that the app itself makes do not reach a ConfigMap', () => {
    const { app } = topology(platform => ({
      authentication: [
        Authentication.apiKey({
          keys: [
            ApiKey.fromSecret(
              {
                secret: new kplus.Secret(platform, 'own', {
                  metadata: { name: 'own' },
                  stringData: { key: 'n0t-in-a-c0nfigmap' },
                }),
                key: 'key',
              },
              { user: 'ci' },
            ),
          ],
        }),
      ],
    }));
    const holders = objectsOf(app).filter(object => JSON.stringify(object).includes('n0t-in-a-c0nfigmap'));
    expect(holders.map(({ kind }) => kind)).toEqual(['Secret']);
  });

  test('of another namespace are an error', () => {
    const { app } = topology(platform => ({
      authentication: [
        Authentication.basic({
          secret: kplus.Secret.fromSecretName(
            new Chart(platform, 'else', { namespace: 'elsewhere' }),
            'users',
            'users',
          ),
          key: 'htpasswd',
        }),
      ],
    }));
    expect(messageOf(() => app.synthYaml())).toContain('cannot read a Secret of another namespace than their own');
  });
});

describe('route constraints', () => {
  test('stop routes that break them', () => {
    const { app, route } = topology(() => ({
      routeConstraints: {
        requireAuthentication: true,
        allowedMethods: ['tools/list'],
        maximumRates: [RateLimit.perIp(10, RateLimitUnit.MINUTE)],
      },
    }));
    route.addRateLimit(RateLimit.perIp(1, RateLimitUnit.SECOND));
    const message = messageOf(() => app.synthYaml());
    expect(message).toContain(
      '[finance/books] authentication: got nothing: platform/gateway admits only routes with authentication (routeConstraints.requireAuthentication). ' +
        'Add an authentication to the gateway or the route.',
    );
    expect(message).toContain(
      'platform/gateway admits at most 10 per minute for each IP address (routeConstraints.maximumRates). Lower the rate, or raise the maximum.',
    );
  });

  test('pass routes that keep them', () => {
    const { app, route, gateway } = topology(() => ({
      routeConstraints: { requireAuthentication: true, maximumRates: [RateLimit.perIp(10, RateLimitUnit.MINUTE)] },
    }));
    gateway.addAuthentication(JWT);
    route.addRateLimit(RateLimit.perIp(600, RateLimitUnit.HOUR));
    expect(validateObjects(objectsOf(app))).toEqual([]);
  });
});

test('a gateway of the cluster says the same', () => {
  const chart = new Chart(new App(), 'platform', { namespace: 'mcp-system' });
  const gateway = new ClusterMcpGateway(chart, 'edge');
  gateway.addAuthentication(JWT);
  gateway.allow(Principal.group('admins'), { tools: ['*'] });
  gateway.addRateLimit(RateLimit.perNamespace(5, RateLimitUnit.DAY));
  const objects = objectsOf(chart.node.root as App);
  expect(validateObjects(objects)).toEqual([]);
  expect(find(objects, 'ClusterMCPGateway').spec).toMatchObject({
    authentication: { jwt: { issuer: 'https://auth.acme.dev' } },
    authorization: { rules: [{ principals: ['group:admins'] }] },
    rateLimit: { limits: [{ dimension: 'namespace' }] },
  });
});

test("in controller mode a gateway's resource has no fields for policies", () => {
  const chart = new Chart(new App(), 'platform', { namespace: 'mcp-system' });
  Reconciliation.CONTROLLER.applyTo(chart);
  expect(messageOf(() => new McpGateway(chart, 'a', { authentication: [JWT] }))).toContain(
    '[platform/a] authentication: got ["jwt"]: has no field in the gateway resource',
  );
  const gateway = new McpGateway(chart, 'b');
  expect(messageOf(() => gateway.addAuthentication(JWT))).toContain(
    '[platform/b] authentication: got "(given)": has no field in the gateway resource',
  );
  expect(messageOf(() => gateway.addRateLimit(RateLimit.perTool(1, RateLimitUnit.HOUR)))).toContain(
    '[platform/b] rateLimits[0]: ',
  );
  expect(messageOf(() => gateway.allow(Principal.user('a'), { tools: ['*'] }))).toContain(
    '[platform/b] authorization: ',
  );
});

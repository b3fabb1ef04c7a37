import { App, Chart } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import {
  Authentication,
  AuthzConfig,
  Condition,
  ExternalTrafficPolicy,
  GatewayDataPlane,
  GatewayExposure,
  GatewayServiceOptions,
  IngressSource,
  McpDiagnostics,
  McpGateway,
  McpGatewayOptions,
  McpRoute,
  McpServer,
  McpServerSource,
  Principal,
  RateLimit,
  RateLimitUnit,
  ToolAction,
} from '../../src';
import { find, messageOf, newChart, objectsOf } from '../support/synth';

/* Policies that ask for the address of a caller get it, as far as a Service can see to that. */

const { CLUSTER_IP, LOAD_BALANCER, NODE_PORT } = kplus.ServiceType;

/** What an app asks of callers beyond their tokens. */
type Asking = (route: McpRoute) => void;

const nothing: Asking = () => undefined;
const rule: Asking = route =>
  route.allow(Principal.anyAuthenticated(), {
    tools: ['db_query'],
    actions: [ToolAction.CALL],
    when: [Condition.sourceIp('10.0.0.0/8')],
  });
const limit: Asking = route => route.addRateLimit(RateLimit.perIp(5, RateLimitUnit.MINUTE));
const userLimit: Asking = route => route.addRateLimit(RateLimit.perUser(5, RateLimitUnit.MINUTE));

function emitted(service: GatewayServiceOptions, asking: Asking, options: McpGatewayOptions = {}) {
  const app = new App();
  const chart = new Chart(app, 'finance', { namespace: 'finance' });
  const gateway = new McpGateway(chart, 'gateway', {
    authentication: [
      Authentication.jwt({
        issuer: 'https://auth.acme.dev',
        audiences: ['mcp'],
        jwksUri: 'https://auth.acme.dev/keys',
      }),
    ],
    service,
    ...options,
  });
  const server = new McpServer(chart, 'ledger', {
    source: McpServerSource.image('ghcr.io/acme/ledger-mcp:1.4.0'),
    tools: ['db_query'],
  });
  asking(new McpRoute(chart, 'books', { gateway, backends: [{ server }] }));
  const hidden = McpDiagnostics.of(app).warnings.filter(({ problem }) => /^is that of /.test(problem));
  return {
    policy: find(objectsOf(app), 'Service', 'gateway').spec.externalTrafficPolicy,
    hidden: hidden.map(({ property, problem }) => `${property} ${/^is that of (a node|the pods)/.exec(problem)![1]}`),
  };
}

describe.each([
  ['agentgateway', GatewayDataPlane.agentgateway()],
  ['Envoy', GatewayDataPlane.envoy()],
])('in front of %s', (_, dataPlane) => {
  it.each<[string, kplus.ServiceType, Asking, string | undefined]>([
    ['a load balancer, for a rule', LOAD_BALANCER, rule, 'Local'],
    ['a load balancer, for a limit', LOAD_BALANCER, limit, 'Local'],
    ['a port of the nodes, for a rule', NODE_PORT, rule, 'Local'],
    ['a load balancer, for nobody', LOAD_BALANCER, nothing, undefined],
    ['a load balancer, for users', LOAD_BALANCER, userLimit, undefined],
    ['inside of the cluster, for a rule', CLUSTER_IP, rule, undefined],
  ])('%s', (__, type, asking, policy) => {
    expect(emitted({ type }, asking, { dataPlane })).toEqual({ policy, hidden: [] });
  });
});

it('a Cedar policy asks for it as a rule does', () => {
  const authzConfig = (text: string) => AuthzConfig.inline({ policies: [text] });
  const asked = 'permit(principal, action, resource) when { context.sourceIp.isInRange(ip("10.0.0.0/8")) };';
  const ofCedar = (text: string) =>
    emitted({ type: LOAD_BALANCER }, nothing, { authzConfig: authzConfig(text) }).policy;
  expect(ofCedar(asked)).toBe('Local');
  expect(ofCedar('permit(principal == User::"alice", action, resource);')).toBeUndefined();
});

it('is what the user says, with a warning where addresses would be those of nodes', () => {
  const said = (externalTrafficPolicy: ExternalTrafficPolicy, asking: Asking) =>
    emitted({ type: LOAD_BALANCER, externalTrafficPolicy }, asking);
  expect(said(ExternalTrafficPolicy.LOCAL, nothing)).toEqual({ policy: 'Local', hidden: [] });
  expect(said(ExternalTrafficPolicy.CLUSTER, nothing)).toEqual({ policy: undefined, hidden: [] });
  expect(said(ExternalTrafficPolicy.CLUSTER, limit)).toEqual({ policy: undefined, hidden: ['rateLimits[0] a node'] });
});

it('cannot help behind a proxy, which is a warning', () => {
  const from = [IngressSource.namespaces('ingress-nginx')];
  const exposures = [GatewayExposure.ingress({ hosts: ['mcp.acme.dev'], https: true, from })];
  expect(emitted({}, rule, { exposures })).toEqual({ policy: undefined, hidden: ['authorization[0] the pods'] });
  expect(emitted({ type: LOAD_BALANCER }, rule, { exposures })).toEqual({
    policy: 'Local',
    hidden: ['authorization[0] the pods'],
  });
});

it('means nothing for a Service that nothing from outside comes to', () => {
  const service = { externalTrafficPolicy: ExternalTrafficPolicy.LOCAL };
  expect(messageOf(() => new McpGateway(newChart(), 'gateway', { service }))).toContain(
    '[finance/gateway] service.externalTrafficPolicy: got "Local": means nothing for a ClusterIP Service, ' +
      'which nothing from outside comes to. Drop it, or choose type NodePort or LoadBalancer.',
  );
});

it('is found out where the compiler looks at the Services of the app, this one among them', () => {
  const authentication = [
    Authentication.jwt({
      issuer: 'https://auth.acme.dev',
      audiences: ['mcp'],
      jwksUri: 'https://keys.finance.svc/keys',
    }),
  ];
  expect(emitted({ type: LOAD_BALANCER }, rule, { authentication }).policy).toBe('Local');
});

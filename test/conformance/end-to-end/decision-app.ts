import { App, Chart } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import {
  ConditionProgram,
  DecisionProgram,
  LevelProgram,
  MatchProgram,
  Method,
  PrincipalProgram,
  QuestionProgram,
  RouteProgram,
  ServerProgram,
  SOURCES,
  TOOLS,
} from './decision-program';
import { ISSUER, KEYS, OTHER_ISSUER, sha256 } from './identities';
import {
  AccessQuestion,
  ApiKey,
  Authentication,
  AuthorizationRule,
  Claim,
  Condition,
  CredentialKind,
  GatewayDataPlane,
  HeaderMatch,
  IMcpServer,
  McpGateway,
  McpMatchOptions,
  McpRoute,
  McpServer,
  McpServerSource,
  McpSessions,
  Principal,
  PrincipalOptions,
  ToolAction,
  ToolMatch,
} from '../../../src';
import { someOf } from '../../support/policy-program';

/* Programs of decisions as constructs, and their questions. */

/** Namespace of everything. */
export const NAMESPACE = 'finance';

export interface DecisionApp {
  readonly app: App;
  readonly routes: readonly McpRoute[];
}

export function buildDecisionApp({ gateway: level, servers, routes }: DecisionProgram): DecisionApp {
  const app = new App();
  const chart = new Chart(app, NAMESPACE, { namespace: NAMESPACE });
  const gateway = new McpGateway(chart, 'gateway', {
    dataPlane: GatewayDataPlane.envoy(),
    authentication: someOf(methodsOf(chart, level)),
    authorization: someOf(rulesOf(level)),
  });
  const built = servers.map((server, i) => buildServer(chart, `s${i}`, server));
  return { app, routes: routes.map((route, i) => buildRoute(chart, `r${i}`, route, gateway, built)) };
}

function buildServer(chart: Chart, id: string, { stateful, replicas, port, path, declares }: ServerProgram): McpServer {
  return new McpServer(chart, id, {
    source: McpServerSource.image('ghcr.io/acme/tools:1.0.0', { port, path }),
    sessions: stateful ? McpSessions.STATEFUL : McpSessions.STATELESS,
    replicas,
    tools: declares ? [...TOOLS] : undefined,
  });
}

function buildRoute(
  chart: Chart,
  id: string,
  { origins, policy, weights, matches }: RouteProgram,
  gateway: McpGateway,
  servers: readonly IMcpServer[],
): McpRoute {
  const route = new McpRoute(chart, id, {
    gateway,
    allowedOrigins: [...origins],
    backends: servers.map((server, i) => ({ server, weight: weights[i] })),
  });
  matches.forEach(match => route.addMatch(matchOf(match, servers)));
  methodsOf(chart, policy, id).forEach(method => route.addAuthentication(method));
  rulesOf(policy).forEach(({ principals, permissions: [permission], conditions }) =>
    principals.forEach(principal => route.allow(principal, { ...permission, when: conditions })),
  );
  return route;
}

function matchOf({ tools, header, server }: MatchProgram, servers: readonly IMcpServer[]): McpMatchOptions {
  return {
    tools: tools && ToolMatch[tools.kind](tools.value),
    method: tools && 'tools/call',
    headers: header && [HeaderMatch[header.kind]('X-Tenant', header.value)],
    backends: server === undefined ? undefined : [{ server: servers[server] }],
  };
}

function methodsOf(chart: Chart, { methods }: LevelProgram, prefix = 'gateway'): Authentication[] {
  return methods.map(method => methodOf(chart, method, `${prefix}-${method}`));
}

function methodOf(chart: Chart, method: Method, id: string): Authentication {
  const acme = { issuer: ISSUER.issuer, audiences: ['mcp'], jwks: ISSUER.jwks };
  switch (method) {
    case 'jwt':
      return Authentication.jwt(acme);
    case 'oidc':
      return Authentication.oidc({ ...acme, scopes: ['tools'] });
    case 'realmJwt':
      return Authentication.jwt({
        ...acme,
        userClaim: Claim.nested('realm', 'name'),
        groupsClaim: Claim.nested('realm', 'roles'),
      });
    case 'otherJwt':
      return Authentication.jwt({
        issuer: OTHER_ISSUER.issuer,
        audiences: ['partners', 'mcp'],
        jwks: OTHER_ISSUER.jwks,
        header: 'X-Partner-Token',
      });
    case 'hashedKeys':
      return Authentication.apiKey({
        keys: KEYS.map(({ key, user, groups }) => ApiKey.sha256(sha256(key), { user, groups: groups && [...groups] })),
      });
    case 'secretKeys': {
      const secret = kplus.Secret.fromSecretName(chart, id, 'api-keys');
      return Authentication.apiKey({
        keys: KEYS.map(({ user, groups }, i) =>
          ApiKey.fromSecret({ secret, key: `key-${i}` }, { user, groups: groups && [...groups] }),
        ),
      });
    }
    case 'basic':
      return Authentication.basic({ secret: kplus.Secret.fromSecretName(chart, id, 'users'), key: 'htpasswd' });
    case 'jwtOrKey':
      return Authentication.anyOf(methodOf(chart, 'jwt', id), methodOf(chart, 'hashedKeys', id));
    case 'keyOrJwt':
      return Authentication.anyOf(methodOf(chart, 'hashedKeys', id), methodOf(chart, 'jwt', id));
    case 'jwtOrBasic':
      return Authentication.anyOf(methodOf(chart, 'jwt', id), methodOf(chart, 'basic', id));
  }
}

function rulesOf({ rules, listers }: LevelProgram): AuthorizationRule[] {
  return [
    ...rules.map(({ principals, tools, conditions }) => ({
      principals: principals.flatMap(namedBy),
      permissions: [{ tools: [...tools], actions: [ToolAction.CALL] }],
      conditions: someOf(conditions.map(conditionOf)),
    })),
    ...(listers === undefined
      ? []
      : [
          {
            principals: listers.flatMap(namedBy),
            permissions: [{ tools: ['*'], actions: [ToolAction.LIST] }],
          },
        ]),
  ];
}

/** A principal of a rule: where nothing is said, once for each way in which its name can be verified. */
function namedBy(principal: PrincipalProgram): Principal[] {
  return principal.kind === 'anyone' || principal.by !== undefined
    ? [principalOf(principal)]
    : SOURCES.map(by => principalOf({ ...principal, by }));
}

const VERIFIED: Readonly<Record<(typeof SOURCES)[number], PrincipalOptions>> = {
  token: { issuer: ISSUER.issuer },
  otherToken: { issuer: OTHER_ISSUER.issuer },
  key: { method: CredentialKind.API_KEY },
  password: { method: CredentialKind.PASSWORD },
};

export function principalOf(principal: PrincipalProgram): Principal {
  switch (principal.kind) {
    case 'user':
      return Principal.user(principal.name, principal.by && VERIFIED[principal.by]);
    case 'group':
      return Principal.group(principal.name, principal.by && VERIFIED[principal.by]);
    case 'serviceAccount':
      return Principal.serviceAccount(principal.name, NAMESPACE, principal.by && VERIFIED[principal.by]);
    case 'anyone':
      return Principal.anyAuthenticated();
  }
}

function conditionOf(condition: ConditionProgram): Condition {
  switch (condition.kind) {
    case 'address':
      return condition.negated ? Condition.notSourceIp(...condition.cidrs) : Condition.sourceIp(...condition.cidrs);
    case 'time':
      return Condition[condition.negated ? 'notTimeOfDay' : 'timeOfDay'](condition.from, condition.to, condition.zone);
    case 'header':
      return Condition.header(condition.name, condition.operator, ...condition.values);
    case 'scope':
      return Condition.scope(condition.scope, { issuer: ISSUER.issuer });
  }
}

/** The question that a call asks of the matrix. */
export function questionOf(
  { route, action, tool, caller, from, headers }: QuestionProgram,
  routes: readonly McpRoute[],
  time: Date,
): AccessQuestion {
  return {
    route: routes[route],
    action: action === 'call' ? ToolAction.CALL : ToolAction.LIST,
    tool,
    principal: caller && principalOf(caller.principal),
    claims: caller?.claims,
    sourceIp: from,
    headers,
    time: time.toISOString(),
  };
}

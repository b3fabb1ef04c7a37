import { requestBindings } from '../../src/backends/agentgateway/dialect/cedar';
import { evaluate } from '../../src/backends/agentgateway/dialect/evaluate';
import { Identity, identityExpressions } from '../../src/backends/agentgateway/dialect/identity';
import { CedarPolicies, CedarTranslation, evaluateCedar, parseCedar, translateCedar } from '../../src/cedar';
import { CedarRequest } from '../../src/cedar/evaluate';
import { celTimestamp, fromJson, Outcome, Variables } from '../../src/cel/evaluate';

/** A caller with a token. */
export const IDENTITY: Identity = identityExpressions([
  {
    method: {
      kind: 'jwt',
      issuer: 'https://auth.acme.dev',
      audiences: ['mcp'],
      keys: { kind: 'inline', jwks: '{}' },
      header: { name: 'authorization', prefix: 'Bearer ' },
      claims: { user: ['sub'], groups: ['groups'] },
    },
  },
]);

export const NOON = new Date('2026-03-04T12:00:00Z');

/** A call of `db_query` of `finance/ledger` by `alice`, unless it says otherwise. */
export function request(changes: Partial<CedarRequest> = {}): CedarRequest {
  return {
    action: 'call_tool',
    user: 'alice',
    tool: 'db_query',
    servers: ['finance/ledger'],
    sourceIp: '10.1.2.3',
    time: NOON,
    ...changes,
  };
}

/** Policies that have no findings. */
export function parsed(policies: string | readonly string[], entities: readonly unknown[] = []): CedarPolicies {
  const { set, findings } = parseCedar(typeof policies === 'string' ? [policies] : policies, JSON.stringify(entities));
  expect(findings).toEqual([]);
  return set!;
}

/** The translation for a request, in the variables of the gateway. */
export function translated(
  set: CedarPolicies,
  { action, servers = [] }: Pick<CedarRequest, 'action' | 'servers'>,
): CedarTranslation {
  return translateCedar(
    set,
    action,
    requestBindings(IDENTITY, { tool: 'json(request.body).params.name', servers: JSON.stringify(servers) }),
  );
}

/** What the gateway knows of a request. */
export function variables({ user, groups, claims, tool, arguments: args, sourceIp, headers }: CedarRequest): Variables {
  const body = JSON.stringify({
    method: 'tools/call',
    params: { name: tool, ...(args === undefined ? {} : { arguments: args }) },
  });
  return {
    jwt: fromJson({
      ...claims,
      iss: 'https://auth.acme.dev',
      ...(user === undefined ? {} : { sub: user }),
      ...(groups === undefined ? {} : { groups }),
    }),
    source: fromJson({ address: sourceIp }),
    request: fromJson({ body, headers: headers ?? {} }),
  };
}

/** How an expression comes out for a request. */
export function outcome(expression: string, given: CedarRequest): Outcome {
  // The instant is no value of JSON, so it is bound beside the request.
  const bound = expression.replaceAll('request.startTime', 'startTime');
  return evaluate(bound, { ...variables(given), startTime: celTimestamp(given.time) });
}

/** The decision, which Cedar and the expression have to agree on. */
export function decide(set: CedarPolicies, given: CedarRequest): boolean {
  const cedar = evaluateCedar(set, given);
  const cel = outcome(translated(set, given).expression, given);
  expect({ allowed: cel.kind === 'value' && cel.value, given }).toEqual({ allowed: cedar.allowed, given });
  return cedar.allowed;
}

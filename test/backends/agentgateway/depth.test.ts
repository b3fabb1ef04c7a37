import { anyOf, apiKeyOf, jwtOf, limitOf, policyOf } from './policy-fixtures';
import { EnvTemplate } from '../../../src/backends/agentgateway/config/escape';
import { configOf } from '../../../src/backends/agentgateway/render';
import { GatewayPlan } from '../../../src/model/plan';
import { MatchConditions } from '../../../src/model/route';
import { BodyFilter, HeaderFilter } from '../../../src/model/traffic-policy';
import { depthOf } from '../../support/cel-depth';
import { entryOf, gatewayOf, groupOf, serverOf } from '../../support/literals';

/* agentgateway's parser of CEL takes 48 levels, and its stack some 900 calls on calls. What is emitted stays far below, however large the app. */

const DEEPEST = { levels: 32, calls: 40, terms: 10 };

const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

/** A gateway of so many routes, with so many of everything that a route and a gateway can have many of. */
function largePlan(routes: number, many: number): GatewayPlan {
  const policy = policyOf({
    authentication: [
      anyOf(
        ...numbers(many).map(i =>
          jwtOf({ issuer: `https://${i}.acme.dev`, claims: { user: ['org', `${i}`], groups: [`${i}`] } }),
        ),
        apiKeyOf(),
      ),
    ],
    rules: [],
    rateLimits: [limitOf('user', 10), limitOf('principal', 10)],
  });
  const conditions = (i: number): MatchConditions => ({
    method: 'tools/call',
    tools: [{ kind: 'prefix', value: `t${i}_` }],
    headers: [{ kind: 'Exact', name: 'x-team', value: `${i}` }],
  });
  const groups = [
    ...numbers(many).map(i =>
      groupOf(`match-${i}`, [serverOf(`s${i}`, { sessions: 'stateless', exposes: `t${i}_a t${i}_b` })], {
        when: conditions(i),
        unless: numbers(i).map(conditions),
      }),
    ),
    groupOf('default', [serverOf('rest', { sessions: 'stateless', exposes: 'a' })], {
      unless: numbers(many).map(conditions),
    }),
  ];
  const headers = (name: string): HeaderFilter[] =>
    numbers(many).map(i => ({ name, action: i % 2 === 0 ? 'Remove' : 'Redact', pattern: `a${i}` }));
  const path = (i: number): string =>
    `$.params.arguments${numbers(many)
      .map(j => `.m${j}`)
      .join('')}.x${i}`;
  const bodies = numbers(many).flatMap((i): BodyFilter[] => [
    { type: 'JSONPath', action: i % 2 === 0 ? 'Remove' : 'Redact', pattern: path(i) },
    { type: 'Regex', action: 'Redact', pattern: `b${i}` },
    { type: 'Regex', action: 'Deny', pattern: `c${i}` },
  ]);
  const filtering = (name: string) => ({ headerFilters: headers(name), bodyFilters: bodies });
  const traffic = {
    path: 'app/gw',
    demands: [],
    audit: { level: 'Full' as const, format: 'JSON' as const, metadata: true },
    requestFiltering: filtering('x-a'),
    responseFiltering: { ...filtering('x-b'), removeInternalHeaders: true },
    compliance: {
      pii: { action: 'Redact' as const, data: numbers(many).map(i => ({ name: `p${i}`, pattern: `d${i}` })) },
    },
  };
  const logged = { ...traffic, compliance: { pii: { ...traffic.compliance.pii, action: 'Log' as const } } };
  return {
    gateway: gatewayOf({ traffic: logged }),
    entries: numbers(routes).map(i =>
      entryOf(groups, { id: `finance/r${i}`, path: `/routes/finance/r${i}`, policy: policy, traffic }),
    ),
  };
}

/** Every text of a configuration: those that are no expressions nest nothing. */
function textsOf(value: unknown): string[] {
  if (typeof value === 'string') {
    return [value];
  }
  if (value instanceof EnvTemplate) {
    return [value.parts.map(part => (typeof part === 'string' ? part : 'K')).join('')];
  }
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsOf) : [];
}

it('nests expressions no deeper than agentgateway reads, however many routes and parts of policies there are', () => {
  const tooDeep: unknown[] = [];
  for (const [routes, many] of [
    [500, 1],
    [2, 50],
  ]) {
    for (const text of new Set(textsOf(configOf(largePlan(routes, many))))) {
      const { levels, calls, terms } = depthOf(text);
      if (levels > DEEPEST.levels || calls > DEEPEST.calls || terms > DEEPEST.terms) {
        tooDeep.push({ text: text.slice(0, 200), levels, calls, terms });
      }
    }
  }
  expect(tooDeep).toEqual([]);
});

import * as fc from 'fast-check';
import { AgwConfig, AgwRoute } from '../../../../src/backends/agentgateway/config/config';
import { enforcement, FEATURES, PARTS, rulesOf } from '../../../../src/backends/agentgateway/parts';
import { configOf } from '../../../../src/backends/agentgateway/render';
import { Entry } from '../../../../src/model/plan';
import { MatchConditions } from '../../../../src/model/route';
import { resolvedConfig } from '../../../support/agentgateway-config';
import { entryOf, groupOf, planOf, serverOf } from '../../../support/literals';
import { planArbitrary } from '../plan-arbitrary';
import { allow, anyOf, apiKeyOf, jwtOf, policyOf, user } from '../policy-fixtures';

it('says of all that it refuses that agentgateway cannot do it', () => {
  const refused = Object.entries(FEATURES).filter(([, { supported }]) => !supported);
  expect(
    refused.filter(([, { reason }]) => !reason.startsWith('agentgateway cannot ')).map(([feature]) => feature),
  ).toEqual([]);
});

it('says everything in one part', () => {
  const said = PARTS.flatMap(({ features = {}, limits = {} }) => [...Object.keys(features), ...Object.keys(limits)]);
  expect(said.filter((name, i) => said.indexOf(name) !== i)).toEqual([]);
});

const ledger = serverOf('ledger');
const calc = serverOf('calc', { sessions: 'stateless' });
const k8s: MatchConditions = { tools: [{ kind: 'prefix', value: 'k8s_' }], headers: [] };

/** Routes of an entry that serve tools. */
const routesOf = (config: AgwConfig, entry: Entry): AgwRoute[] =>
  config.binds[0].listeners[0].routes.filter(({ matches }) =>
    matches.some(({ method, path }) => path.exact === entry.path && method === undefined),
  );

it('asks nothing but that it is no web page for an entry that everyone may use', () => {
  expect(enforcement(entryOf([groupOf('default', [ledger])]))).toEqual({
    entry: 'finance/smart',
    clientHeaders: {},
    authentication: [],
    rules: [expect.objectContaining({ level: 'filtering', expression: '!("origin" in request.headers)', grants: [] })],
    ways: [{ id: 'default: ledger', require: [] }],
  });
});

const exposed = (entry: Entry) =>
  enforcement(entry).ways.map(({ id, require }) => ({ id, require: require.map(({ expression }) => expression) }));

it('says what is served, by groups and servers', () => {
  const shown = { ...ledger, toolsFilter: [{ kind: 'exact' as const, value: 'db_query' }] };
  expect(
    exposed(
      entryOf([groupOf('match-0', [serverOf('k8s')], { when: k8s }), groupOf('default', [shown], { unless: [k8s] })]),
    ),
  ).toEqual([
    { id: 'match-0: k8s', require: ['(has(mcp.tool)) && (mcp.tool.name.startsWith("k8s_"))'] },
    {
      id: 'default: ledger',
      require: [
        '!((has(mcp.tool)) && (mcp.tool.name.startsWith("k8s_")))',
        '(!(has(mcp.tool))) || (mcp.tool.name == "db_query")',
      ],
    },
  ]);
});

it('tells by the method what the listener tells by it', () => {
  const calls: MatchConditions = { method: 'tools/call', headers: [] };
  expect(
    exposed(
      entryOf([
        groupOf('match-0', [calc], { when: calls }),
        groupOf('default', [serverOf('rest', { sessions: 'stateless' })], { unless: [calls] }),
      ]),
    ),
  ).toEqual([
    { id: 'match-0: calc', require: ['default(json(request.body).method, "") == "tools/call"'] },
    { id: 'default: rest', require: ['!(default(json(request.body).method, "") == "tools/call")'] },
  ]);
});

it('is asked on every route of an entry, and nowhere within', () => {
  const policy = policyOf({ authentication: [anyOf(jwtOf(), apiKeyOf())], rules: [allow([user('alice')], ['*'])] });
  const config = resolvedConfig(
    configOf(
      planOf(
        [
          groupOf(
            'match-0',
            [
              [ledger, 1],
              [serverOf('b'), 1],
            ],
            { when: k8s },
          ),
          groupOf('default', [calc], { unless: [k8s] }),
        ],
        { policy },
      ),
    ),
  );
  const routes = config.binds[0].listeners[0].routes;
  expect(routes.map(({ name }) => name)).toEqual(['finance.smart/ledger', 'finance.smart/b']);
  expect(
    routes.map(({ policies }) => [
      policies!.jwtAuth!.mode,
      policies!.apiKey!.mode,
      policies!.authorization!.rules.length,
    ]),
  ).toEqual([
    ['optional', 'optional', 4],
    ['optional', 'optional', 4],
  ]);
  expect(JSON.stringify(config.binds[1])).not.toContain('jwt.');
});

it('is exactly what stands in the configuration of any plan', () => {
  fc.assert(
    fc.property(planArbitrary, plan => {
      const config = resolvedConfig(configOf(plan));
      for (const entry of plan.entries) {
        const rules = rulesOf(entry);
        const at = (stage: string) =>
          rules.filter(rule => rule.stage === stage && rule.answer === undefined).map(({ expression }) => expression);
        const answered = rules.filter(({ answer }) => answer !== undefined);
        for (const { policies, backends } of routesOf(config, entry)) {
          // Beside it stands the rule on sessions alone, which holds the key that no question has.
          expect(
            policies?.authorization?.rules
              .map(({ require }) => require)
              .filter(require => typeof require === 'string') ?? [],
          ).toEqual(at('request'));
          // What is answered otherwise than with 403 stands there as a condition, which also holds where the rule errs.
          const { conditional = [] } = (policies?.directResponse ?? {}) as { readonly conditional?: readonly object[] };
          expect(conditional.slice(0, answered.length)).toEqual(
            answered.map(({ answer, expression }) => ({ condition: `default(!(${expression}), true)`, ...answer })),
          );
          for (const backend of backends) {
            const required = backend.policies?.mcpAuthorization?.rules.map(({ require }) => require) ?? [];
            expect(required.slice(required.length - at('item').length)).toEqual(at('item'));
          }
        }
      }
    }),
    { numRuns: 50 },
  );
});

it('lets nobody reach tools of an entry with authentication without a method that must pass, or a rule that asks for one', () => {
  fc.assert(
    fc.property(planArbitrary, plan => {
      const config = resolvedConfig(configOf(plan));
      for (const entry of plan.entries.filter(({ policy }) => (policy?.authentication.length ?? 0) > 0)) {
        for (const { policies } of routesOf(config, entry)) {
          const strict = [policies?.jwtAuth, policies?.mcpAuthentication, policies?.apiKey, policies?.basicAuth].some(
            method => method?.mode === 'strict',
          );
          const asked =
            policies?.authorization?.rules.some(({ require }) =>
              /has\((?:jwt\.iss|apiKey\.key|basicAuth\.username)\)/.test(String(require)),
            ) ?? false;
          expect(strict || asked || config.binds[0].listeners[0].tls?.root !== undefined).toBe(true);
        }
      }
    }),
    { numRuns: 50 },
  );
});

import { rateLimitPolicy, rateLimits } from '../../../../src/backends/agentgateway/parts/rate-limits';
import { entryOf, gatewayOf, groupOf, planOf, serverOf } from '../../../support/literals';
import { anyOf, apiKeyOf, jwtOf, limitOf, LevelOptions, policyOf } from '../policy-fixtures';

const limits = (...levels: LevelOptions[]) =>
  rateLimitPolicy(gatewayOf(), entryOf([groupOf('default', [serverOf('ledger')])], { policy: policyOf(...levels) }));
const descriptors = (level: LevelOptions) =>
  limits({ authentication: [jwtOf()], ...level })!.descriptors.map(({ entries }) =>
    Object.fromEntries(entries.map(({ key, value }) => [key, value])),
  );

const CALL = 'json(request.body).method == "tools/call"';
const NAME = 'json(request.body).params.name';
const counted = (id: string, when = CALL) => `(${when}) ? "route/finance/smart/${id}" : fail("not counted")`;
/** Text in any case: a descriptor of which a value errs would not be counted at all. */
const text = (value: string) => `(type(${value}) in [string, int, uint, double, bool] ? string(${value}) : "")`;

it('asks the service of the gateway, and fails where it does not answer', () => {
  expect(limits({ authentication: [jwtOf()], rateLimits: [limitOf('ip', 10)] })).toMatchObject({
    domain: 'mcp-system/gw',
    host: 'gw-rate-limit.mcp-system.svc:8081',
    failureMode: 'failClosed',
  });
  expect(limits({ authentication: [jwtOf()] })).toBeUndefined();
  expect(rateLimitPolicy(gatewayOf(), entryOf([groupOf('default', [serverOf('ledger')])]))).toBeUndefined();
});

it('counts calls alone, by each dimension, and leaves out none for want of a value', () => {
  const dimensions = ['user', 'principal', 'ip', 'tool', 'namespace', 'global'] as const;
  expect(descriptors({ rateLimits: dimensions.map(dimension => limitOf(dimension, 10)) })).toEqual([
    { limit: counted('global') },
    { limit: counted('ip'), ip: 'string(source.address)' },
    { limit: counted('namespace'), namespace: '"finance"' },
    {
      limit: counted('principal'),
      principal: `default((has(jwt.sub)) ? "token " + ${text('jwt.iss')} + " " + ${text('jwt.sub')} : (has(jwt.sub)) ? "user " + ${text('jwt.sub')} : "", "")`,
    },
    { limit: counted('tool'), tool: `default(size(${NAME}) <= 128 ? ${NAME} : "", "")` },
    { limit: counted('user'), user: `default((has(jwt.sub)) ? ${text('jwt.sub')} : "", "")` },
  ]);
});

it('counts names that nobody declared as one, where all servers declare theirs', () => {
  const server = serverOf('ledger', { tools: [{ name: 'db_query' }, { name: 'db_insert' }] });
  const policy = policyOf({ rateLimits: [limitOf('tool', 10)] });
  const [{ entries }] = rateLimitPolicy(gatewayOf(), entryOf([groupOf('default', [server])], { policy }))!.descriptors;
  expect(entries[1]).toEqual({
    key: 'tool',
    value: `default(${NAME} in ["db_insert", "db_query"] ? ${NAME} : "", "")`,
  });
});

it('counts calls of some tools', () => {
  const [{ limit }] = descriptors({
    rateLimits: [
      limitOf('global', 10, {
        tools: [
          { kind: 'prefix', value: 'db_' },
          { kind: 'exact', value: 'x"$' },
        ],
      }),
    ],
  });
  expect(limit).toBe(
    counted('global/948c63f4cd9f', `(${CALL}) && ((${NAME}.startsWith("db_")) || (${NAME} == "x\\"$"))`),
  );
});

it('finds the user by whichever method passed', () => {
  const [{ user }] = descriptors({
    authentication: [anyOf(jwtOf({ claims: { user: ['email'], groups: [] } }), apiKeyOf())],
    rateLimits: [limitOf('user', 10)],
  });
  expect(user).toBe(
    `default((has(jwt.email)) ? ${text('jwt.email')} : (has(apiKey.user)) ? ${text('apiKey.user')} : "", "")`,
  );
});

it('counts together whom no method names', () => {
  expect(descriptors({ authentication: [], rateLimits: [limitOf('user', 10)] })[0].user).toBe('default("", "")');
});

it('counts for each server, by the tool where there are several', () => {
  expect(descriptors({ rateLimits: [limitOf('server', 10)] })).toEqual([
    { limit: counted('server'), server: '"finance/ledger"' },
  ]);
  const groups = [groupOf('a', [serverOf('a', { exposes: 'x' })]), groupOf('b', [serverOf('b', { exposes: 'y z' })])];
  const policy = policyOf({ rateLimits: [limitOf('server', 10)] });
  const [, { value }] = rateLimitPolicy(gatewayOf(), entryOf(groups, { policy }))!.descriptors[0].entries;
  expect(value).toBe(
    `coalesce(((${NAME} in ["x"] ? ["finance/a"] : []) + (${NAME} in ["y", "z"] ? ["finance/b"] : []))[0], "")`,
  );
});

describe('limits for each server', () => {
  const policy = policyOf({ level: 'gateway', rateLimits: [limitOf('server', 5)] });
  const ledger = serverOf('ledger');
  const found = (...plan: Parameters<typeof planOf>) =>
    rateLimits
      .check(planOf(...plan))
      .map(({ path, property, problem }) => `${path} ${property}: ${problem.replace(/:.*/, '')}`);
  const declared = (name: string, ...tools: string[]) => serverOf(name, { tools: tools.map(tool => ({ name: tool })) });

  it('are counted where a call tells its server', () => {
    expect(found([groupOf('default', [ledger])], { policy })).toEqual([]);
    expect(found([groupOf('a', [declared('a', 'x')]), groupOf('b', [declared('b', 'y')])], { policy })).toEqual([]);
  });

  it('are refused where it does not', () => {
    const refused = [
      'app/smart rateLimits[0]: agentgateway cannot tell which server a call goes to before it is counted',
    ];
    expect(found([groupOf('default', [declared('a', 'x'), declared('b', 'x')])], { policy })).toEqual(refused);
    expect(found([groupOf('a', [ledger]), groupOf('b', [declared('b', 'y')])], { policy })).toEqual(refused);
  });
});

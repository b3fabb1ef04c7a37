import { entryOf, gatewayOf, groupOf, serverOf } from './fixtures';
import { anyOf, apiKeyOf, jwtOf, limitOf, LevelOptions, policyOf } from './policy-fixtures';
import { rateLimitPolicy } from '../../../src/backends/agentgateway/rate-limits';

const limits = (...levels: LevelOptions[]) => rateLimitPolicy(gatewayOf(), entryOf([groupOf('default', [serverOf('ledger')])], { policy: policyOf(...levels) }));
const entries = (level: LevelOptions) => limits({ authentication: [jwtOf()], ...level })!.descriptors.map((descriptor) => descriptor.entries.map(({ key, value }) => `${key}: ${value}`));

it('asks the service of the gateway, and fails where it does not answer', () => {
  expect(limits({ authentication: [jwtOf()], rateLimits: [limitOf('ip', 10)] })).toMatchObject({ domain: 'mcp/gw', host: 'gw-rate-limit.mcp.svc:8081', failureMode: 'failClosed' });
  expect(limits({ authentication: [jwtOf()] })).toBeUndefined();
  expect(rateLimitPolicy(gatewayOf(), entryOf([groupOf('default', [serverOf('ledger')])]))).toBeUndefined();
});

it('counts calls alone, by each dimension, and leaves out none for want of a value', () => {
  const dimensions = ['user', 'principal', 'ip', 'tool', 'namespace', 'global'] as const;
  expect(entries({ rateLimits: dimensions.map((dimension) => limitOf(dimension, 10)) })).toMatchInlineSnapshot(`
[
  [
    "limit: (json(request.body).method == "tools/call") ? "route/finance/smart/global" : fail("not counted")",
  ],
  [
    "limit: (json(request.body).method == "tools/call") ? "route/finance/smart/ip" : fail("not counted")",
    "ip: default((type(source.address) in [string, int, uint, double, bool] ? string(source.address) : ""), "")",
  ],
  [
    "limit: (json(request.body).method == "tools/call") ? "route/finance/smart/namespace" : fail("not counted")",
    "namespace: "finance"",
  ],
  [
    "limit: (json(request.body).method == "tools/call") ? "route/finance/smart/principal" : fail("not counted")",
    "principal: default((type((has(jwt.sub)) ? "token " + (type(jwt.iss) in [string, int, uint, double, bool] ? string(jwt.iss) : "") + " " + (type(jwt.sub) in [string, int, uint, double, bool] ? string(jwt.sub) : "") : (has(jwt.sub)) ? "user " + (type(jwt.sub) in [string, int, uint, double, bool] ? string(jwt.sub) : "") : "") in [string, int, uint, double, bool] ? string((has(jwt.sub)) ? "token " + (type(jwt.iss) in [string, int, uint, double, bool] ? string(jwt.iss) : "") + " " + (type(jwt.sub) in [string, int, uint, double, bool] ? string(jwt.sub) : "") : (has(jwt.sub)) ? "user " + (type(jwt.sub) in [string, int, uint, double, bool] ? string(jwt.sub) : "") : "") : ""), "")",
  ],
  [
    "limit: (json(request.body).method == "tools/call") ? "route/finance/smart/tool" : fail("not counted")",
    "tool: default(size(json(request.body).params.name) <= 128 ? json(request.body).params.name : "", "")",
  ],
  [
    "limit: (json(request.body).method == "tools/call") ? "route/finance/smart/user" : fail("not counted")",
    "user: default((type(jwt.sub) in [string, int, uint, double, bool] ? string(jwt.sub) : ""), "")",
  ],
]
`);
});

it('counts calls of some tools', () => {
  expect(entries({ rateLimits: [limitOf('global', 10, { tools: [{ kind: 'prefix', value: 'db_' }, { kind: 'exact', value: 'x"$' }] })] })).toMatchInlineSnapshot(`
[
  [
    "limit: ((json(request.body).method == "tools/call") && ((json(request.body).params.name.startsWith("db_")) || (json(request.body).params.name == "x\\"$"))) ? "route/finance/smart/global/948c63f4cd9f" : fail("not counted")",
  ],
]
`);
});

it('finds the user by whichever method passed', () => {
  const [[, value]] = entries({ authentication: [anyOf(jwtOf({ claims: { user: ['https://acme.dev/user'], groups: [] } }), apiKeyOf())], rateLimits: [limitOf('user', 10)] });
  expect(value).toMatchInlineSnapshot(`"user: default((type((((has(jwt.iss)) && ("https://acme.dev/user" in jwt)) && (type(jwt["https://acme.dev/user"]) == string)) ? jwt["https://acme.dev/user"] : apiKey.user) in [string, int, uint, double, bool] ? string((((has(jwt.iss)) && ("https://acme.dev/user" in jwt)) && (type(jwt["https://acme.dev/user"]) == string)) ? jwt["https://acme.dev/user"] : apiKey.user) : ""), "")"`);
});

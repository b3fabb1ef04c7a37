import { Answer, Descriptor, describeWithRateLimitService, RateLimitServer } from './rate-limit';
import { rateLimitPolicy } from '../../src/backends/agentgateway/parts/rate-limits';
import { rateLimitServiceConfig } from '../../src/backends/kubernetes/rate-limit-service';
import { Entry, GatewayPlan } from '../../src/model/plan';
import { RateLimit } from '../../src/model/policy';
import { jwtOf, limitOf, policyOf } from '../backends/agentgateway/policy-fixtures';
import { entryOf, gatewayOf, groupOf, serverOf } from '../support/literals';

/* The emitted configuration, read by Envoy's rate-limit service itself and counted in a real store. */

const groups = [groupOf('default', [serverOf('ledger')])];

function entryNamed(id: string, own: readonly RateLimit[], shared: readonly RateLimit[] = []): Entry {
  const policy = policyOf({ level: 'gateway', authentication: [jwtOf()], rateLimits: shared }, { rateLimits: own });
  return entryOf(groups, { id, path: `/routes/${id}`, policy });
}

const shared = [limitOf('user', 5, { unit: 'day', tools: [{ kind: 'prefix', value: 'gw_' }] })];
const ENTRIES = {
  user: entryNamed('finance/user', [limitOf('user', 3, { unit: 'day' })]),
  tool: entryNamed('finance/tool', [limitOf('tool', 2, { unit: 'day' })]),
  both: entryNamed('finance/both', [limitOf('user', 3, { unit: 'day' }), limitOf('global', 4, { unit: 'day' })]),
  second: entryNamed('finance/second', [limitOf('user', 2, { unit: 'second' })]),
  ip: entryNamed('finance/ip', [limitOf('ip', 1, { unit: 'day' })]),
  first: entryNamed('finance/first', [], shared),
  other: entryNamed('hr/other', [limitOf('namespace', 4, { unit: 'day' })], shared),
  none: entryNamed('finance/zero', [limitOf('global', 0)]),
};
const plan: GatewayPlan = { gateway: gatewayOf(), entries: Object.values(ENTRIES) };
const { domain } = rateLimitPolicy(plan.gateway, ENTRIES.user)!;

/**
 * What a gateway asks for a call: the descriptors it is configured with, whose constant parts are read from the emitted
 * expressions, and whose values of this call are given.
 */
function descriptors(entry: Entry, values: Readonly<Record<string, string>>): Descriptor[] {
  return rateLimitPolicy(plan.gateway, entry)!.descriptors.map(({ entries: [{ key, value }, ...rest] }) => [
    { key, value: /\? "([^"]*)" : fail\("not counted"\)$/.exec(value)![1] },
    ...rest.map(item => ({ key: item.key, value: values[item.key] ?? (JSON.parse(item.value) as string) })),
  ]);
}

describeWithRateLimitService('limits as the service enforces them', (service: () => RateLimitServer) => {
  const call = (entry: Entry, values: Readonly<Record<string, string>> = {}): Promise<Answer> =>
    service().ask(domain, descriptors(entry, values));
  const calls = async (count: number, entry: Entry, values?: Readonly<Record<string, string>>): Promise<number[]> => {
    const statuses: number[] = [];
    for (let i = 0; i < count; i++) {
      statuses.push((await call(entry, values)).status);
    }
    return statuses;
  };

  beforeAll(async () => {
    await service().load(rateLimitServiceConfig([plan]), domain, descriptors(ENTRIES.user, { user: '(nobody)' })[0], 3);
  }, 30_000);

  it('has a limit for everything that a gateway asks', async () => {
    // The service passes what it knows no limit for: that would be a limit that does not exist.
    for (const entry of Object.values(ENTRIES)) {
      const { statuses } = await call(entry, { user: '(probe)', tool: '(probe)', ip: '192.0.2.1' });
      expect(statuses.filter(({ currentLimit }) => currentLimit === undefined)).toEqual([]);
    }
  });

  it('passes so many calls and no more, for each user', async () => {
    expect(await calls(4, ENTRIES.user, { user: 'alice' })).toEqual([200, 200, 200, 429]);
    expect(await calls(4, ENTRIES.user, { user: 'bob' })).toEqual([200, 200, 200, 429]);
  });

  it.each(['a_user_b', 'naïve 😀 "q" \\ $x', `long ${'x'.repeat(50)}`, 'route/finance/user/user', ''])(
    'counts the user %j for himself',
    async user => {
      expect(await calls(4, ENTRIES.user, { user })).toEqual([200, 200, 200, 429]);
    },
  );

  it('counts each tool, and each address', async () => {
    expect(await calls(3, ENTRIES.tool, { tool: 'db_query' })).toEqual([200, 200, 429]);
    expect(await calls(1, ENTRIES.tool, { tool: 'db_insert' })).toEqual([200]);
    expect(await calls(2, ENTRIES.ip, { ip: '2001:db8::1' })).toEqual([200, 429]);
    expect(await calls(1, ENTRIES.ip, { ip: '10.0.0.1' })).toEqual([200]);
  });

  it('refuses a call that is over any of several limits', async () => {
    // One call of the first test has been counted already.
    expect(await calls(2, ENTRIES.both, { user: 'alice' })).toEqual([200, 200]);
    expect(await calls(2, ENTRIES.both, { user: 'bob' })).toEqual([200, 429]);
  });

  it("counts a gateway's limit over its routes, and each namespace by itself", async () => {
    expect(await calls(3, ENTRIES.first, { user: 'alice' })).toEqual([200, 200, 200]);
    expect(await calls(3, ENTRIES.other, { user: 'alice' })).toEqual([200, 200, 429]);
    expect((await call(ENTRIES.other, { user: 'bob' })).statuses.map(({ code }) => code)).toContain('OVER_LIMIT');
  });

  it('passes nothing under a limit of none', async () => {
    expect(await calls(1, ENTRIES.none)).toEqual([429]);
  });

  it('counts anew in the next unit', async () => {
    const limited = async () => (await calls(3, ENTRIES.second, { user: 'alice' })).includes(429);
    // Three calls may fall on two seconds, but not every time.
    expect((await limited()) || (await limited()) || (await limited())).toBe(true);
    await new Promise(resolve => setTimeout(resolve, 1100));
    expect(await calls(1, ENTRIES.second, { user: 'alice' })).toEqual([200]);
  });

  it('goes on counting when the ConfigMap changes', async () => {
    const raised: GatewayPlan = {
      ...plan,
      entries: [entryNamed('finance/user', [limitOf('user', 5, { unit: 'day' })])],
    };
    await service().load(
      rateLimitServiceConfig([raised]),
      domain,
      descriptors(ENTRIES.user, { user: '(nobody)' })[0],
      5,
    );
    expect(await calls(3, ENTRIES.user, { user: 'alice' })).toEqual([200, 429, 429]);
    expect(await calls(6, ENTRIES.user, { user: 'carol' })).toEqual([200, 200, 200, 200, 200, 429]);
  });

  it('fails without its store, so that the gateway refuses', async () => {
    await service().stopStore();
    await expect(call(ENTRIES.user, { user: 'dave' })).rejects.toThrow('the service answered');
  });
});

import { apiKeyOf, jwtOf, limitOf, policyOf } from './policy-fixtures';
import { checkTraffic } from '../../../src/backends/agentgateway/traffic-check';
import { HeaderFilter, TrafficPolicy } from '../../../src/model/traffic-policy';
import { entryOf, gatewayOf, groupOf, planOf, serverOf } from '../../support/literals';

const ledger = serverOf('ledger');
const filters = (...headerFilters: readonly HeaderFilter[]): TrafficPolicy => ({
  path: 'app/gw',
  requestFiltering: { headerFilters, bodyFilters: [] },
});
const found = (plan: Parameters<typeof checkTraffic>[0]) =>
  checkTraffic(plan).map(({ path, property, problem }) => `${path} ${property}: ${problem.replace(/:.*/, '')}`);

it('refuses filters of headers that are no longer there when they would be asked', () => {
  const traffic = filters(
    { name: 'authorization', action: 'Redact' },
    { name: 'x-api-key', action: 'Deny' },
    { name: 'x-a', action: 'Deny' },
    { name: 'mcp-session-id', action: 'Remove' },
    { name: 'accept', action: 'Deny' },
  );
  const entry = entryOf([groupOf('default', [ledger])], {
    policy: policyOf({ authentication: [jwtOf(), apiKeyOf()] }),
  });
  expect(found({ gateway: gatewayOf({ traffic }), entries: [entry] })).toEqual([
    'app/gw requestFiltering.headerFilters[0].name: agentgateway cannot filter the header of a credential',
    'app/gw requestFiltering.headerFilters[1].name: agentgateway cannot filter the header of a credential',
    'app/gw requestFiltering.headerFilters[3].name: agentgateway cannot take this header out',
  ]);
});

describe('limits for each server', () => {
  const policy = policyOf({ level: 'gateway', rateLimits: [limitOf('server', 5)] });
  const declared = (name: string, ...tools: string[]) => serverOf(name, { tools: tools.map(tool => ({ name: tool })) });

  it('are counted where a call tells its server', () => {
    expect(found(planOf([groupOf('default', [ledger])], { policy }))).toEqual([]);
    expect(found(planOf([groupOf('a', [declared('a', 'x')]), groupOf('b', [declared('b', 'y')])], { policy }))).toEqual(
      [],
    );
  });

  it('are refused where it does not', () => {
    const refused = [
      'app/smart rateLimits[0]: agentgateway cannot tell which server a call goes to before it is counted',
    ];
    expect(found(planOf([groupOf('default', [declared('a', 'x'), declared('b', 'x')])], { policy }))).toEqual(refused);
    expect(found(planOf([groupOf('a', [ledger]), groupOf('b', [declared('b', 'y')])], { policy }))).toEqual(refused);
  });
});

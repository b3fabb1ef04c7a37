import { servers } from '../../../../src/backends/envoy/parts/servers';
import { groupOf, serverOf } from '../../../support/literals';
import { envoyPlanOf, routeOf } from '../plans';

it('asks servers at their own path, and passes the query on', () => {
  const group = groupOf('default', [serverOf('ledger', { endpoints: [{ host: 'ledger', port: 80, path: '/a\\1' }] })]);
  const { pattern, substitution } = routeOf(servers, envoyPlanOf([group])).action!.regex_rewrite;
  expect('/routes/finance/smart?x=1'.replace(new RegExp(pattern.regex), '')).toBe('?x=1');
  expect(substitution).toBe('/a\\\\1');
});

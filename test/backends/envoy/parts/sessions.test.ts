import { sessions } from '../../../../src/backends/envoy/parts/sessions';
import { groupOf, replicasOf, serverOf } from '../../../support/literals';
import { envoyPlanOf, planOfEntries, routeOf } from '../plans';

const pinned = (...servers: Parameters<typeof groupOf>[1]) =>
  routeOf(sessions, envoyPlanOf([groupOf('default', servers)])).filters !== undefined;
const remote = (name: string) =>
  serverOf(name, {
    workloadNamespace: undefined,
    endpoints: [{ host: `${name}.example.com`, port: 443, path: '/mcp', tls: { insecureSkipVerify: false } }],
  });

describe('sessions', () => {
  it('stay on their server, one among several or one that may get company', () => {
    expect(pinned(serverOf('a'), serverOf('b'))).toBe(true);
    expect(pinned(serverOf('a', { endpoints: replicasOf('a', 2) }))).toBe(true);
    expect(pinned(serverOf('a'))).toBe(true);
  });

  it("are nobody's where servers keep none, and the affair of what is behind the name of a single remote server", () => {
    expect(pinned(serverOf('a', { sessions: 'stateless' }), serverOf('b', { sessions: 'stateless' }))).toBe(false);
    expect(pinned(remote('crm'))).toBe(false);
    expect(pinned(remote('crm'), remote('erp'))).toBe(true);
  });

  it('are unknown where their server is gone', () => {
    expect(sessions.filters!(planOfEntries([]))).toHaveLength(1);
    expect(routeOf(sessions, envoyPlanOf([groupOf('default', [serverOf('a')])])).filters).toMatchObject({
      'envoy.filters.http.stateful_session': {
        stateful_session: {
          strict: true,
          status_on_strict_destination_not_found: 404,
          session_state: { typed_config: { header: { name: 'mcp-session-id' } } },
        },
      },
    });
  });
});

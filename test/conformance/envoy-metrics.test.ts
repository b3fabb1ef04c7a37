import { describeWithEnvoy } from './end-to-end/describe';
import { EnvoyProcess } from './end-to-end/envoy-process';
import { callerOf, oneRoute } from './end-to-end/one-route';
import { until } from './end-to-end/until';
import { OF_PROMETHEUS, QUESTIONS } from '../monitoring/questions';
import { readPromql } from '../support/promql';

/* Alerts and dashboards ask for metrics by their names and labels: those that a real Envoy has. */

/** What Envoy counts only once there is something to count: of limits, which this app has not. */
const OF_LIMITS = ['envoy_cluster_ratelimit_error', 'envoy_cluster_ratelimit_over_limit'];

/** Its metrics, as Prometheus reads them. */
function scraped(gateway: EnvoyProcess): Promise<string> {
  return gateway.admin('/stats/prometheus');
}

describeWithEnvoy('metrics', envoy => {
  it('has what is asked for, by route and port of clients', async () => {
    const running = await envoy().start(oneRoute({}));
    const caller = callerOf(running);
    expect((await caller.call('query', {})).status).toBe(200);
    await until('calls are counted', async () =>
      /envoy_cluster_upstream_rq_xx\{[^}]*\} [1-9]/.test(await scraped(running.gateway())),
    );
    const text = await scraped(running.gateway());
    const names = new Set([...text.matchAll(/^([a-z_0-9]+)\{/gm)].map(([, name]) => name));
    const [, alerts, panels] = QUESTIONS.find(([plane]) => plane === 'envoy')!;
    const wanted = [
      ...alerts.map(({ expression }) => expression),
      ...panels.flatMap(({ queries }) => queries.map(({ expression }) => expression)),
    ].flatMap(expression => readPromql(expression).metrics);
    const known = [...names, ...OF_PROMETHEUS, ...OF_LIMITS];
    expect([...new Set(wanted)].filter(name => !known.includes(name))).toEqual([]);
    // A route is a label of its metrics, and none has a name of its own for it.
    expect(text).toMatch(/^envoy_cluster_upstream_rq_xx\{.*envoy_cluster_name="finance\.books\/default"/m);
    expect(text).toMatch(/^envoy_cluster_membership_healthy\{envoy_cluster_name="finance\.books\/default"\} 1/m);
    expect(text).toMatch(/^envoy_http_downstream_rq_xx\{.*envoy_http_conn_manager_prefix="mcp"/m);
    expect([...names].filter(name => name.includes('books'))).toEqual([]);
  });
});

import { readFileSync } from 'fs';
import { join } from 'path';
import { STATISTICS } from '../../../src/backends/envoy/statistics';

const patterns: readonly any[] = STATISTICS.stats_matcher!.inclusion_list!.patterns!;
const isCounted = (name: string): boolean =>
  patterns.some(({ prefix, safe_regex: { regex } = { regex: undefined } }) =>
    prefix === undefined ? new RegExp(`^(?:${regex})$`).test(name) : name.startsWith(prefix),
  );

it.each([
  'server.memory_allocated',
  'http.mcp.downstream_rq_4xx',
  'http.mcp.rbac.denied',
  'http.mcp.rds.mcp.update_rejected',
  'listener_manager.lds.update_rejected',
  'cluster_manager.cds.update_rejected',
  'listener.[__]_8080.ssl.handshake',
  'cluster.finance.smart/default.upstream_rq_5xx',
  'cluster.finance.smart/match-1/sessions.membership_healthy',
  'cluster.finance.smart/default.outlier_detection.ejections_active',
  'cluster.clients.membership_total',
])('%s is counted', name => expect(isCounted(name)).toBe(true));

it.each([
  'cluster.finance.smart/default.upstream_rq_time',
  'cluster.finance.smart/default.upstream_cx_rx_bytes_total',
  'cluster.finance.smart/default.upstream_rq_503',
  'cluster.finance.smart/default.default.total_match_count',
  'http.metrics.downstream_rq_2xx',
])('%s, of which there are many, is not', name => expect(isCounted(name)).toBe(false));

it('is what the documents say', () => {
  const said = readFileSync(join(__dirname, '../../../docs/envoy.md'), 'utf8');
  const named = patterns.flatMap(({ prefix, safe_regex }) =>
    prefix === undefined ? (/\(\?:(.*)\)/.exec(safe_regex.regex)?.[1].split('|') ?? []) : [prefix],
  );
  const words = named.map((name: string) => name.replace(/\\/g, '')).filter(name => name !== 'upstream_rq_[1-5]xx');
  expect(words.length).toBeGreaterThan(15);
  expect(words.filter(word => !said.includes(`\`${word}\``))).toEqual([]);
});

import { Alert, Panel, podsOf, PODS } from '../../src/backends/interface/monitoring';
import { planes } from '../../src/backends/planes';

const pods = podsOf('mcp-system', 'gateway');

/** Everything that is asked of a gateway, by its data plane. */
export const QUESTIONS: readonly (readonly [string, readonly Alert[], readonly Panel[]])[] = planes().map(
  ({ name, monitoring }) => [
    name,
    [PODS, monitoring].flatMap(each => each.alerts({ pods, maxErrorShare: 0.05 })),
    [PODS, monitoring].flatMap(each => each.panels({ pods })),
  ],
);

/** Names of metrics that Prometheus has by itself of whatever it reads. */
export const OF_PROMETHEUS: readonly string[] = ['up'];

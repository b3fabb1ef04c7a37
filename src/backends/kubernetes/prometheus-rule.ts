import { Json } from '../../values/json';
import { Alert } from '../interface/monitoring';

/** What is said of all alerts of a rule. */
export interface AlertMetadata {
  readonly labels: Readonly<Record<string, string>>;
  /** Undefined where there are no pages about alerts. */
  readonly runbookUrl?: string;
}

/** Stands for the name of the alert in the URL of its page. */
export const ALERT_IN_URL = '{alert}';

/** Alerts for Prometheus' operator, in one group. */
export function prometheusRule(
  metadata: Json,
  group: string,
  alerts: readonly Alert[],
  { labels, runbookUrl }: AlertMetadata,
): Json {
  return {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'PrometheusRule',
    metadata,
    spec: {
      groups: [
        {
          name: group,
          rules: alerts.map(({ name, expression, minutes, critical, summary, description }) => ({
            alert: name,
            expr: expression,
            ...(minutes === 0 ? {} : { for: `${minutes}m` }),
            labels: { severity: critical ? 'critical' : 'warning', ...labels },
            annotations: {
              summary,
              description,
              ...(runbookUrl === undefined ? {} : { runbook_url: runbookUrl.replace(ALERT_IN_URL, name) }),
            },
          })),
        },
      ],
    },
  };
}

import { GatewaySpecValue } from '../api/mcp-gateway';
import { ClusterProfile } from '../model/cluster';
import { Diagnostic, findingOf, warningKind } from '../model/findings';

const SAY_WHO =
  "Say it: new ClusterProfile({ monitoring: { namespace: 'monitoring', podLabels: { 'app.kubernetes.io/name': 'prometheus' } } }).applyTo(app)";
const METRICS_CLOSED = warningKind(
  'metrics-closed',
  'the port of the metrics is closed to everyone, since it is not known who scrapes them',
  SAY_WHO,
);
const METRICS_NOT_READ = warningKind(
  'metrics-not-read',
  'Prometheus is there (prometheus-operator), and does not read the metrics of the gateway, since it is not known which pods scrape',
  `${SAY_WHO}, or give false`,
);

type Spec = Pick<GatewaySpecValue, 'observability'>;

/** Whether the pods of a gateway say that they have metrics: by default where somebody may read them. */
export function isScraped({ observability }: Spec, profile: ClusterProfile): boolean {
  return observability?.metrics?.enabled ?? mayScrape(profile);
}

/** Labels of the monitors by which Prometheus' operator finds the metrics of a gateway; undefined where annotations say where they are, or nothing. */
export function monitorLabels(spec: Spec, profile: ClusterProfile): Readonly<Record<string, string>> | undefined {
  return isScraped(spec, profile) && isOperated(profile) ? profile.monitorLabels : undefined;
}

/** What a gateway that asks to be scraped, or could be, should know. */
export function scrapeWarnings(path: string, { observability }: Spec, profile: ClusterProfile): Diagnostic[] {
  const asked = observability?.metrics?.enabled ?? (isOperated(profile) ? undefined : false);
  if (asked === false || mayScrape(profile)) {
    return [];
  }
  const kind = asked === true ? METRICS_CLOSED : METRICS_NOT_READ;
  return [findingOf(kind, path, 'observability.prometheusScrape', asked)];
}

function isOperated({ addOns }: ClusterProfile): boolean {
  return addOns.includes('prometheus-operator');
}

function mayScrape({ monitoring, network }: ClusterProfile): boolean {
  return monitoring !== undefined || network === 'none';
}

import { GatewaySpecValue } from '../api/mcp-gateway';
import { ClusterProfile } from '../model/cluster';
import { Diagnostic, warningAt } from '../model/diagnostic';

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
  return [
    warningAt(
      path,
      'observability.prometheusScrape',
      asked,
      asked === true
        ? 'the port of the metrics is closed to everyone, since it is not known who scrapes them'
        : 'Prometheus is there (prometheus-operator), and does not read the metrics of the gateway, since it is not known which pods scrape',
      "Say it: new ClusterProfile({ monitoring: { namespace: 'monitoring', podLabels: { 'app.kubernetes.io/name': 'prometheus' } } }).applyTo(app)" +
        (asked === true ? '' : ', or give false'),
    ),
  ];
}

function isOperated({ addOns }: ClusterProfile): boolean {
  return addOns.includes('prometheus-operator');
}

function mayScrape({ monitoring, network }: ClusterProfile): boolean {
  return monitoring !== undefined || network === 'none';
}

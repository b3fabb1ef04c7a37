import { McpGatewayOptions } from './gateway-options';
import { ClusterProfile } from '../model/cluster';
import { Diagnostic, warningAt } from '../model/diagnostic';

/** Whether the pods of a gateway say that they have metrics: by default where somebody may read them. */
export function isScraped({ observability }: McpGatewayOptions, profile: ClusterProfile): boolean {
  return observability?.prometheusScrape ?? mayScrape(profile);
}

/** What a gateway that asks to be scraped should know. */
export function scrapeWarnings(path: string, { observability }: McpGatewayOptions, profile: ClusterProfile): Diagnostic[] {
  return observability?.prometheusScrape === true && !mayScrape(profile) ? [warningAt(path, 'observability.prometheusScrape', true,
    'the port of the metrics is closed to everyone, since it is not known who scrapes them',
    'Say it: new ClusterProfile({ monitoring: { namespace: \'monitoring\', podLabels: { \'app.kubernetes.io/name\': \'prometheus\' } } }).applyTo(app)')] : [];
}

function mayScrape({ monitoring, network }: ClusterProfile): boolean {
  return monitoring !== undefined || network === 'none';
}

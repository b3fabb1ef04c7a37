import { Construct } from 'constructs';
import { McpGatewayBase } from '../gateway/mcp-gateway-base';
import { errorKind, InputCheck } from '../model/findings';
import { checkSameApp } from '../synthesis/placement';

const MONITORED_BY_OPERATOR = errorKind(
  'monitored-by-operator',
  "is a gateway that an operator runs, whose metrics are the operator's",
  'Use what the operator brings, or Reconciliation.RENDERED',
);
const MONITORED_METRICS_NOT_READ = errorKind(
  'monitored-metrics-not-read',
  'is a gateway whose metrics Prometheus does not read',
  "Say who does, for the whole app: new ClusterProfile({ monitoring: { namespace: 'monitoring', podLabels: { 'app.kubernetes.io/name': 'prometheus' } } }).applyTo(app), and leave observability.prometheusScrape out",
);

/** Checks that there are metrics of a gateway to ask. */
export function checkWatched(input: InputCheck, scope: Construct, gateway: McpGatewayBase): void {
  checkSameApp(input, 'gateway', scope, gateway);
  const { rendered, read } = gateway._watched;
  input.report(MONITORED_BY_OPERATOR, 'gateway', gateway.node.path, !rendered);
  input.report(MONITORED_METRICS_NOT_READ, 'gateway', gateway.node.path, rendered && !read);
}

import { App, Chart } from 'cdk8s';
import {
  ClusterAddOn,
  ClusterProfile,
  ClusterProfileProps,
  GatewayAlert,
  GatewayAlerts,
  GatewayAlertsProps,
  GatewayDataPlane,
  McpGateway,
  Reconciliation,
} from '../../src';
import { find, messageOf, objectsOf } from '../support/synth';
import { Manifest, validateObjects } from '../support/validate';

const READ: ClusterProfileProps = {
  monitoring: { namespace: 'monitoring', podLabels: { 'app.kubernetes.io/name': 'prometheus' } },
  addOns: [ClusterAddOn.PROMETHEUS_OPERATOR],
  monitorLabels: { release: 'prometheus' },
};

function platform(profile: ClusterProfileProps, reconciliation = Reconciliation.RENDERED): Chart {
  const app = new App();
  new ClusterProfile(profile).applyTo(app);
  reconciliation.applyTo(app);
  return new Chart(app, 'platform', { namespace: 'mcp-system' });
}

/** The alerts of a gateway, as they are written. */
function ruleOf(props: Partial<GatewayAlertsProps> = {}, dataPlane?: GatewayDataPlane): Manifest {
  const chart = platform(READ);
  const gateway = new McpGateway(chart, 'gateway', { dataPlane });
  new GatewayAlerts(chart, 'alerts', { gateway, ...props });
  const objects = objectsOf(App.of(chart) as App);
  expect(validateObjects(objects)).toEqual([]);
  return find(objects, 'PrometheusRule');
}

const alertsOf = ({ spec }: Manifest): Manifest[] => spec.groups[0].rules;

it('is found by the labels by which Prometheus selects', () => {
  const { metadata } = ruleOf();
  expect(metadata).toMatchObject({ name: 'alerts', namespace: 'mcp-system' });
  expect(metadata.labels).toMatchObject({ release: 'prometheus', 'app.kubernetes.io/name': 'gateway' });
});

it('has the alerts of the data plane', () => {
  const names = (dataPlane: GatewayDataPlane) => alertsOf(ruleOf({}, dataPlane)).map(({ alert }) => alert);
  expect(names(GatewayDataPlane.agentgateway())).toEqual([
    'McpGatewayDown',
    'McpGatewayPodDown',
    'McpGatewayConfigurationRefused',
    'McpGatewayErrors',
    'McpRouteErrors',
    'McpGatewayLimitsFailing',
  ]);
  expect(names(GatewayDataPlane.envoy())).toEqual(expect.arrayContaining(Object.values(GatewayAlert)));
});

it('says of each what was said of all', () => {
  const rules = alertsOf(
    ruleOf({ alertLabels: { team: 'platform' }, runbookUrl: 'https://wiki.acme.dev/mcp/{alert}', maxErrorShare: 0.2 }),
  );
  expect(rules.filter(({ labels }) => labels.team !== 'platform')).toEqual([]);
  const [down] = rules;
  expect(down).toMatchObject({
    for: '5m',
    labels: { severity: 'critical' },
    annotations: { runbook_url: 'https://wiki.acme.dev/mcp/McpGatewayDown' },
  });
  expect(rules.filter(({ expr }) => expr.endsWith('> 0.2')).map(({ alert }) => alert)).toEqual([
    'McpGatewayErrors',
    'McpRouteErrors',
  ]);
});

it('leaves out what is not wanted', () => {
  const rules = alertsOf(ruleOf({ without: [GatewayAlert.POD_DOWN] }));
  expect(rules.map(({ alert }) => alert)).not.toContain('McpGatewayPodDown');
});

it('names everything that is wrong', () => {
  const chart = platform({});
  const gateway = new McpGateway(chart, 'gateway');
  const message = messageOf(
    () =>
      new GatewayAlerts(chart, 'alerts', {
        gateway,
        alertLabels: { severity: 'page', 'not-a-label': 'x' },
        maxErrorShare: 5,
        runbookUrl: 'wiki',
        labels: { 'app.kubernetes.io/name': 'mine' },
        without: Object.values(GatewayAlert),
      }),
  );
  for (const property of [
    'ClusterProfile.addOns',
    'gateway',
    'alertLabels[severity]',
    'alertLabels[not-a-label]',
    'maxErrorShare',
    'runbookUrl',
    'labels[app.kubernetes.io/name]',
    'without',
  ]) {
    expect(message).toContain(`${property}: got`);
  }
});

it('does not ask for metrics that an operator has, or nobody reads', () => {
  const operated = platform(READ, Reconciliation.CONTROLLER);
  const elsewhere = new McpGateway(operated, 'gateway');
  expect(messageOf(() => new GatewayAlerts(operated, 'alerts', { gateway: elsewhere }))).toContain(
    'is a gateway that an operator runs',
  );
  const chart = platform(READ);
  const silent = new McpGateway(chart, 'gateway', { observability: { prometheusScrape: false } });
  expect(messageOf(() => new GatewayAlerts(chart, 'alerts', { gateway: silent }))).toContain(
    'whose metrics Prometheus does not read',
  );
});

it('has a name of its own among the objects of the library', () => {
  const chart = platform(READ);
  const gateway = new McpGateway(chart, 'gateway');
  ['a', 'b'].forEach(id => new GatewayAlerts(chart, id, { gateway, name: 'alerts' }));
  expect(messageOf(() => App.of(chart).synth())).toContain('emits objects of the same name');
});

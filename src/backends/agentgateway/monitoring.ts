import { PANEL_RANGE, PlaneMonitoring, quantiles } from '../interface/monitoring';

/* What is watched of agentgateway. Requests that it makes to itself on the way to a server are of another listener, and not counted twice. */

/** Series of the port of clients. */
const CLIENTS = 'listener="mcp"';

/** Adds up series, route by route: its own label has a namespace in front that is none of ours, and a match behind. */
function byRoute(series: string): string {
  return `sum by (route) (label_replace(${series}, "route", "$1", "route", "[^/]*/([^/]+).*"))`;
}

/** How agentgateway is watched. */
export const monitoring: PlaneMonitoring = {
  alerts: ({ pods, maxErrorShare }) => {
    const requests = (matchers = ''): string => `rate(agentgateway_requests_total{${pods},${CLIENTS}${matchers}}[5m])`;
    const failed = ',status=~"5.."';
    return [
      {
        name: 'McpGatewayConfigurationRefused',
        expression: `agentgateway_config_synchronized{${pods}} == 0`,
        minutes: 5,
        critical: true,
        summary: 'The gateway refused its configuration',
        description:
          'Pod {{ $labels.pod }} goes on with the configuration of before; its log says why. Apply the files of the commit before, or mend them.',
      },
      {
        name: 'McpGatewayErrors',
        expression: `sum(${requests(failed)}) / sum(${requests()}) > ${maxErrorShare}`,
        minutes: 10,
        critical: true,
        summary: 'The gateway answers with errors',
        description:
          '{{ $value | humanizePercentage }} of all requests fail with a status of 500 or more. McpRouteErrors says where.',
      },
      {
        name: 'McpRouteErrors',
        expression: `${byRoute(requests(failed))} / ${byRoute(requests())} > ${maxErrorShare}`,
        minutes: 10,
        critical: false,
        summary: 'A route answers with errors',
        description:
          '{{ $value | humanizePercentage }} of what {{ $labels.route }} answers are errors (500 or more). Look at the logs of its servers and of the gateway.',
      },
      {
        name: 'McpGatewayLimitsFailing',
        expression: `sum(${requests(`${failed},reason="RateLimit"`)}) > 0`,
        minutes: 2,
        critical: true,
        summary: 'Nobody counts calls',
        description:
          'The rate-limit service does not answer, and every limited call fails. Look at its pods and its store.',
      },
    ];
  },
  panels: ({ pods }) => {
    const rate = (metric: string, matchers = ''): string =>
      `rate(agentgateway_${metric}{${pods},${CLIENTS}${matchers}}[${PANEL_RANGE}])`;
    return [
      {
        title: 'Requests by status',
        unit: 'reqps',
        queries: [{ expression: `sum by (status) (${rate('requests_total')})`, legend: '{{status}}' }],
      },
      {
        title: 'Share of errors (5xx)',
        unit: 'percentunit',
        queries: [
          {
            expression: `sum(${rate('requests_total', ',status=~"5.."')}) / sum(${rate('requests_total')})`,
            legend: 'errors',
          },
        ],
      },
      {
        title: 'How long requests take',
        unit: 's',
        description: 'Streams of events are requests, too, and last as long as their clients keep them open.',
        queries: quantiles(`agentgateway_request_duration_seconds_bucket{${pods},${CLIENTS}}`),
      },
      {
        title: 'Requests by route',
        unit: 'reqps',
        queries: [{ expression: byRoute(rate('requests_total')), legend: '{{route}}' }],
      },
      {
        title: 'Errors by route (5xx)',
        unit: 'reqps',
        queries: [{ expression: byRoute(rate('requests_total', ',status=~"5.."')), legend: '{{route}}' }],
      },
      {
        title: 'Refused, by reason',
        unit: 'reqps',
        queries: [
          { expression: `sum by (reason) (${rate('requests_total', ',status=~"4.."')})`, legend: '{{reason}}' },
        ],
      },
      {
        title: 'Calls of tools',
        unit: 'reqps',
        description: 'The ten tools that are called most.',
        queries: [
          {
            expression: `topk(10, sum by (resource) (${rate('mcp_requests_total', ',method="tools/call"')}))`,
            legend: '{{resource}}',
          },
        ],
      },
      {
        title: 'Configuration that was taken',
        unit: 'short',
        description: '0 where a pod goes on with the configuration of before.',
        queries: [{ expression: `agentgateway_config_synchronized{${pods}}`, legend: '{{pod}}' }],
      },
    ];
  },
};

import { PANEL_RANGE, PlaneMonitoring, quantiles } from '../interface/monitoring';

/*
 * What is watched of Envoy, by the statistics that it keeps (statistics.ts). Those of the port of clients have the prefix `mcp`; those of
 * the servers of a route are of clusters whose names start with the route's.
 */

/** Series of the port of clients. */
const CLIENTS = 'envoy_http_conn_manager_prefix="mcp"';
/** Series of clusters that serve a route or what was discovered: `finance.books/default`, `mcp/finance.ledger`. */
const ENTRIES = 'envoy_cluster_name=~"(mcp|[^/]+[.][^/]+)/.+"';

/** Series of answers that say that something failed. */
const FAILED = 'envoy_response_code_class="5"';

/** Adds up series of clusters, route by route. */
function byRoute(series: string): string {
  return `sum by (route) (label_replace(${series}, "route", "$1", "envoy_cluster_name", "([^/]+)/.*"))`;
}

/** How Envoy is watched. */
export const monitoring: PlaneMonitoring = {
  alerts: ({ pods, maxErrorShare }) => {
    const requests = (metric: string, ...matchers: readonly string[]): string =>
      `rate(${metric}{${[pods, ...matchers].join()}}[5m])`;
    const refused = ['envoy_listener_manager_lds', 'envoy_cluster_manager_cds', 'envoy_http_rds']
      .map(files => `increase(${files}_update_rejected{${pods}}[15m])`)
      .map(increase => `sum by (namespace, pod) (${increase}) > 0`)
      .join(' or ');
    return [
      {
        name: 'McpGatewayConfigurationRefused',
        expression: refused,
        minutes: 0,
        critical: true,
        summary: 'The gateway refused its configuration',
        description:
          'Pod {{ $labels.pod }} has refused a file in the last 15 minutes and goes on with the one of before; its log says why. Apply the files of the commit before, or mend them.',
      },
      {
        name: 'McpGatewayErrors',
        expression:
          `sum(${requests('envoy_http_downstream_rq_xx', CLIENTS, FAILED)}) / ` +
          `sum(${requests('envoy_http_downstream_rq_xx', CLIENTS)}) > ${maxErrorShare}`,
        minutes: 10,
        critical: true,
        summary: 'The gateway answers with errors',
        description:
          '{{ $value | humanizePercentage }} of all requests fail with a status of 500 or more. McpRouteErrors and McpServerUnreachable say where.',
      },
      {
        name: 'McpRouteErrors',
        expression:
          `${byRoute(requests('envoy_cluster_upstream_rq_xx', ENTRIES, FAILED))} / ` +
          `${byRoute(requests('envoy_cluster_upstream_rq_xx', ENTRIES))} > ${maxErrorShare}`,
        minutes: 10,
        critical: false,
        summary: 'Servers of a route answer with errors',
        description:
          '{{ $value | humanizePercentage }} of what servers of {{ $labels.route }} answer are errors (500 or more). Look at the logs of the servers.',
      },
      {
        name: 'McpServerUnreachable',
        expression: `max by (envoy_cluster_name) (envoy_cluster_membership_healthy{${pods},${ENTRIES}}) == 0`,
        minutes: 5,
        critical: true,
        summary: 'A route has no server',
        description:
          'No address of a server is known or healthy for {{ $labels.envoy_cluster_name }}. Look at the pods of its servers and at DNS.',
      },
      {
        name: 'McpServerConnections',
        expression: `sum by (envoy_cluster_name) (${requests('envoy_cluster_upstream_cx_connect_fail', ENTRIES)}) > 0`,
        minutes: 10,
        critical: false,
        summary: 'Connections to a server fail',
        description:
          'The gateway fails to connect to servers of {{ $labels.envoy_cluster_name }}. Look at their pods and at network policies.',
      },
      {
        name: 'McpGatewayLimitsFailing',
        expression: `sum(${requests('envoy_cluster_ratelimit_error')}) > 0`,
        minutes: 2,
        critical: true,
        summary: 'Nobody counts calls',
        description:
          'The rate-limit service does not answer, and every limited call fails. Look at its pods and its store.',
      },
      {
        name: 'McpGatewayOverloaded',
        expression: `max by (namespace, pod) (envoy_overload_envoy_resource_monitors_fixed_heap_pressure{${pods}}) >= 80`,
        minutes: 5,
        critical: false,
        summary: 'The gateway runs out of memory',
        description:
          'Pod {{ $labels.pod }} uses {{ $value }} % of the memory for its work, and refuses requests. Give it more memory, or more replicas.',
      },
      {
        name: 'McpGatewayCertificateExpires',
        expression: `min by (namespace) (envoy_server_days_until_first_cert_expiring{${pods}}) < 7`,
        minutes: 60,
        critical: false,
        summary: 'A certificate of the gateway ends soon',
        description:
          'The first of its certificates is valid for {{ $value }} more days. Look at what renews its Secret.',
      },
    ];
  },
  panels: ({ pods }) => {
    const rate = (metric: string, ...matchers: readonly string[]): string =>
      `rate(${metric}{${[pods, ...matchers].join()}}[${PANEL_RANGE}])`;
    const requests = (...matchers: readonly string[]): string =>
      rate('envoy_http_downstream_rq_xx', CLIENTS, ...matchers);
    return [
      {
        title: 'Requests by status',
        unit: 'reqps',
        queries: [
          {
            expression: `sum by (envoy_response_code_class) (${requests()})`,
            legend: '{{envoy_response_code_class}}xx',
          },
        ],
      },
      {
        title: 'Share of errors (5xx)',
        unit: 'percentunit',
        queries: [
          {
            expression: `sum(${requests(FAILED)}) / sum(${requests()})`,
            legend: 'errors',
          },
        ],
      },
      {
        title: 'How long requests take',
        unit: 'ms',
        description: 'Streams of events are requests, too, and last as long as their clients keep them open.',
        queries: quantiles(`envoy_http_downstream_rq_time_bucket{${pods},${CLIENTS}}`),
      },
      {
        title: 'Open requests and connections of clients',
        unit: 'short',
        queries: [
          { expression: `sum(envoy_http_downstream_rq_active{${pods},${CLIENTS}})`, legend: 'requests' },
          { expression: `sum(envoy_http_downstream_cx_active{${pods},${CLIENTS}})`, legend: 'connections' },
        ],
      },
      {
        title: 'Answers of servers by route',
        unit: 'reqps',
        queries: [{ expression: byRoute(rate('envoy_cluster_upstream_rq_xx', ENTRIES)), legend: '{{route}}' }],
      },
      {
        title: 'Errors of servers by route (5xx)',
        unit: 'reqps',
        queries: [
          {
            expression: byRoute(rate('envoy_cluster_upstream_rq_xx', ENTRIES, FAILED)),
            legend: '{{route}}',
          },
        ],
      },
      {
        title: 'Refused',
        unit: 'reqps',
        description:
          'Requests that no rule admits (403), that are no message of MCP (400), and calls over a limit (429).',
        queries: [
          { expression: `sum(${rate('envoy_http_rbac_denied', CLIENTS)})`, legend: 'by rules' },
          { expression: `sum(${rate('envoy_http_mcp_requests_rejected', CLIENTS)})`, legend: 'no message' },
          { expression: `sum(${rate('envoy_cluster_ratelimit_over_limit')})`, legend: 'over a limit' },
        ],
      },
      {
        title: 'Servers that are known and healthy',
        unit: 'short',
        queries: [
          {
            expression: `max by (envoy_cluster_name) (envoy_cluster_membership_healthy{${pods},${ENTRIES}})`,
            legend: '{{envoy_cluster_name}}',
          },
        ],
      },
      {
        title: 'Memory',
        unit: 'bytes',
        queries: [{ expression: `envoy_server_memory_allocated{${pods}}`, legend: '{{pod}}' }],
      },
    ];
  },
};

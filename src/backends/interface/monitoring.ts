/*
 * What is worth watching of a gateway, by the metrics that its data plane has: questions in PromQL. Each plane says its own; what asks
 * whether pods are there at all is the same for all of them.
 */

/** An alert of a gateway. */
export interface Alert {
  /** Its name, the same on each plane that has it. */
  readonly name: string;
  /** What has to yield something. */
  readonly expression: string;
  /** Minutes that it has to last. */
  readonly minutes: number;
  /** Whether calls fail now; else it is worth a look before they do. */
  readonly critical: boolean;
  readonly summary: string;
  /** What it means and what to look at; `{{ $labels.route }}` is a label of what the expression yields. */
  readonly description: string;
}

/** Units of panels, as Grafana names them. */
export type PanelUnit = 'reqps' | 'percentunit' | 's' | 'ms' | 'short' | 'bytes';

/** A panel of a dashboard: lines over time. */
export interface Panel {
  readonly title: string;
  readonly unit: PanelUnit;
  readonly description?: string;
  readonly queries: readonly { readonly expression: string; readonly legend: string }[];
}

/** What of a gateway is watched. */
export interface Watched {
  /** Matchers of the pods' series: `namespace="…",pod=~"…"`. */
  readonly pods: string;
  /** Share of requests that may fail, from 0 to 1. */
  readonly maxErrorShare: number;
}

/** How a data plane is watched. */
export interface PlaneMonitoring {
  alerts(watched: Watched): readonly Alert[];
  panels(watched: Pick<Watched, 'pods'>): readonly Panel[];
}

/** The range that a panel asks for, which Grafana fills in. */
export const PANEL_RANGE = '$__rate_interval';

/** Longest name of a Deployment of which all names of pods are `{name}-{hash}-{five characters}`: Kubernetes cuts longer ones. */
const WHOLE_NAME = 46;
/** What is left of a longer one. */
const CUT_NAME = 58;

/**
 * Matchers of the series of a Deployment's pods. By the names of pods: these are labels whether Prometheus found the pods by its operator
 * or by annotations. A Deployment whose name is the start of another's has other pods.
 */
export function podsOf(namespace: string, deployment: string): string {
  const pattern =
    deployment.length > WHOLE_NAME
      ? `${deployment.slice(0, CUT_NAME)}(-?[a-z0-9]+){1,2}`
      : `${deployment}-[a-z0-9]+-[a-z0-9]{5}`;
  return `namespace="${namespace}",pod=~"${pattern}"`;
}

/** The pods of a gateway, whatever runs in them. */
export const PODS: PlaneMonitoring = {
  alerts: ({ pods }) => [
    {
      name: 'McpGatewayDown',
      expression: `absent(up{${pods}} == 1)`,
      minutes: 5,
      critical: true,
      summary: 'No pod of the gateway answers',
      description:
        'Prometheus reads the metrics of no pod of the gateway: none runs, or Prometheus may not connect to any. Look at the pods, then at their events.',
    },
    {
      name: 'McpGatewayPodDown',
      expression: `up{${pods}} == 0`,
      minutes: 15,
      critical: false,
      summary: 'A pod of the gateway does not answer',
      description: 'The metrics of pod {{ $labels.pod }} cannot be read. Look at its log and events.',
    },
  ],
  panels: ({ pods }) => [
    {
      title: 'Pods that answer',
      unit: 'short',
      queries: [{ expression: `sum(up{${pods}})`, legend: 'pods' }],
    },
  ],
};

/** Questions about a histogram: what half, 95 and 99 of 100 requests take at most. */
export function quantiles(buckets: string): Panel['queries'] {
  return [0.5, 0.95, 0.99].map(share => ({
    expression: `histogram_quantile(${share}, sum by (le) (rate(${buckets}[${PANEL_RANGE}])))`,
    legend: `${share * 100} %`,
  }));
}

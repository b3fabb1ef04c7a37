import { NAME_LABEL } from './labels';
import { Json } from '../../values/json';

/** Pods with metrics. */
export interface MonitoredPods {
  readonly name: string;
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly selector: Readonly<Record<string, string>>;
  /** Name of the port of the metrics. */
  readonly port: string;
  readonly path: string;
}

/**
 * Tells Prometheus, by its operator, where the metrics of pods are. By their pods, since the port of the metrics is on no
 * Service; the job is named as the pods' workload.
 */
export function podMonitor({ name, namespace, labels, selector, port, path }: MonitoredPods): Json {
  return {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'PodMonitor',
    metadata: { name, namespace, labels: { ...labels } },
    spec: {
      jobLabel: NAME_LABEL,
      selector: { matchLabels: { ...selector } },
      podMetricsEndpoints: [{ port, path }],
    },
  };
}

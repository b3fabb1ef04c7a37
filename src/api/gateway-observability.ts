import { atomicList, boolean, bytes, choice, integer, port, text, texts, textSet } from './codec';
import { object } from './object';

/** What a gateway reports about itself: shape of upstream's sep2025. */

const health = object('Health endpoints.', {
  enabled: boolean('Whether they are served.', { default: true }),
  livenessPath: text('Path of the liveness check.', { default: '/healthz' }),
  port: port('Port.', { default: 8080 }),
  readinessPath: text('Path of the readiness check.', { default: '/readyz' }),
});

const logging = object('Logs.', {
  file: object(
    'Log file, for output File.',
    {
      compress: boolean('Whether old files are compressed.', { default: true }),
      maxFiles: integer('Number of files kept.', { default: 5, minimum: 1 }),
      maxSize: bytes('Size of the largest file.'),
      path: text('Path of the file.'),
    },
    { required: ['path'] },
  ),
  format: choice('Format of the lines.', ['JSON', 'Text'], { default: 'JSON' }),
  level: choice('Lowest level that is logged.', ['Debug', 'Info', 'Warn', 'Error'], { default: 'Info' }),
  output: choice('Where logs go.', ['Stdout', 'File', 'Syslog'], { default: 'Stdout' }),
});

const metrics = object('Metrics.', {
  customMetrics: atomicList(
    'Metrics beyond the built-in ones.',
    object(
      'One metric.',
      {
        help: text('What it measures.'),
        labels: textSet('Names of its labels.'),
        name: text('Name of the metric.'),
        type: choice('Type of the metric.', ['Counter', 'Gauge', 'Histogram', 'Summary']),
      },
      { required: ['name', 'type'] },
    ),
  ),
  enabled: boolean('Whether metrics are served.', { default: true }),
  format: choice('Format of the metrics.', ['Prometheus', 'OpenMetrics'], { default: 'Prometheus' }),
  path: text('Path of the metrics.', { default: '/metrics' }),
  port: port('Port of the metrics.', { default: 9090 }),
});

const tracing = object('Traces.', {
  enabled: boolean('Whether requests are traced.', { default: false }),
  endpoint: text('Address of the collector.'),
  headers: texts('Headers sent to the collector.', { 'x-kubernetes-map-type': 'atomic' }),
  provider: choice('Protocol of the collector.', ['Jaeger', 'Zipkin', 'OpenTelemetry', 'DataDog'], {
    default: 'OpenTelemetry',
  }),
  samplingRate: text('Share of the requests that are traced, from 0 to 1.', {
    default: '0.1',
    pattern: '^0(\\.[0-9]+)?|1(\\.0+)?$',
  }),
});

export const observability = object('What the gateway reports about itself.', {
  health,
  logging,
  metrics,
  tracing,
});

import {
  atomicList,
  boolean,
  choice,
  int32,
  object,
  port,
  quantity,
  Schema,
  string,
  stringMap,
  stringSet,
} from './schema';

/** What a gateway reports about itself: shape of upstream's sep2025. */

const health = object('Health endpoints.', {
  enabled: boolean('Whether they are served.', { default: true }),
  livenessPath: string('Path of the liveness check.', { default: '/healthz' }),
  port: port('Port.', { default: 8080 }),
  readinessPath: string('Path of the readiness check.', { default: '/readyz' }),
});

const logging = object('Logs.', {
  file: object(
    'Log file, for output File.',
    {
      compress: boolean('Whether old files are compressed.', { default: true }),
      maxFiles: int32('Number of files kept.', { default: 5, minimum: 1 }),
      maxSize: quantity('Size of the largest file.'),
      path: string('Path of the file.'),
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
        help: string('What it measures.'),
        labels: stringSet('Names of its labels.'),
        name: string('Name of the metric.'),
        type: choice('Type of the metric.', ['Counter', 'Gauge', 'Histogram', 'Summary']),
      },
      { required: ['name', 'type'] },
    ),
  ),
  enabled: boolean('Whether metrics are served.', { default: true }),
  format: choice('Format of the metrics.', ['Prometheus', 'OpenMetrics'], { default: 'Prometheus' }),
  path: string('Path of the metrics.', { default: '/metrics' }),
  port: port('Port of the metrics.', { default: 9090 }),
});

const tracing = object('Traces.', {
  enabled: boolean('Whether requests are traced.', { default: false }),
  endpoint: string('Address of the collector.'),
  headers: stringMap('Headers sent to the collector.', { 'x-kubernetes-map-type': 'atomic' }),
  provider: choice('Protocol of the collector.', ['Jaeger', 'Zipkin', 'OpenTelemetry', 'DataDog'], {
    default: 'OpenTelemetry',
  }),
  samplingRate: string('Share of the requests that are traced, from 0 to 1.', {
    default: '0.1',
    pattern: '^0(\\.[0-9]+)?|1(\\.0+)?$',
  }),
});

export const observability: Schema = object('What the gateway reports about itself.', {
  health,
  logging,
  metrics,
  tracing,
});

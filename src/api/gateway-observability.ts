import {
  atomicList,
  boolean,
  bytes,
  choice,
  decimal,
  integer,
  named,
  port,
  text,
  texts,
  textSet,
  unrendered,
  ValueOf,
} from './codec';
import { object } from './object';
import { errorKind } from '../model/findings';
import { Gateway } from '../model/gateway';
import { urlFault } from '../model/hosts';

/** What a gateway reports about itself: shape of upstream's sep2025. */

const ENDPOINT = errorKind(
  'tracing-endpoint-invalid',
  'is not an http or https URL without credentials',
  'Write it as http://otel-collector.observability.svc:4317',
);
const NO_URL = errorKind(
  'tracing-endpoint-not-url',
  'is not a URL',
  'Write it as http://otel-collector.observability.svc:4317',
);
const SHARE = errorKind('tracing-sampling-invalid', 'is not a share from 0 to 1', 'Give 0.1 for one request in ten');

const health = object('Health endpoints.', {
  enabled: boolean('Whether they are served.', { default: true }),
  livenessPath: text('Path of the liveness check.', { default: '/healthz' }),
  port: port('Port.', { default: 8080 }),
  readinessPath: text('Path of the readiness check.', { default: '/readyz' }),
});

const logging = object('Logs.', {
  file: unrendered(
    object(
      'Log file, for output File.',
      {
        compress: boolean('Whether old files are compressed.', { default: true }),
        maxFiles: integer('Number of files kept.', { default: 5, minimum: 1 }),
        maxSize: bytes('Size of the largest file.'),
        path: text('Path of the file.'),
      },
      { required: ['path'] },
    ),
  ),
  format: choice('Format of the lines.', ['JSON', 'Text'], { default: 'JSON' }),
  level: choice('Lowest level that is logged.', ['Debug', 'Info', 'Warn', 'Error'], { default: 'Info' }),
  output: choice('Where logs go.', ['Stdout', 'File', 'Syslog'], { default: 'Stdout' }),
});

const metrics = object('Metrics.', {
  customMetrics: unrendered(
    atomicList(
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
  ),
  enabled: boolean('Whether metrics are served.', { default: true }),
  format: choice('Format of the metrics.', ['Prometheus', 'OpenMetrics'], { default: 'Prometheus' }),
  path: text('Path of the metrics.', { default: '/metrics' }),
  port: port('Port of the metrics.', { default: 9090 }),
});

const tracing = object(
  'Traces.',
  {
    enabled: boolean('Whether requests are traced.', { default: false }),
    endpoint: text('Address of the collector.'),
    headers: unrendered(texts('Headers sent to the collector.', { 'x-kubernetes-map-type': 'atomic' })),
    provider: choice('Protocol of the collector.', ['Jaeger', 'Zipkin', 'OpenTelemetry', 'DataDog'], {
      default: 'OpenTelemetry',
    }),
    samplingRate: named(
      'sampling',
      decimal('Share of the requests that are traced, from 0 to 1.', {
        default: '0.1',
        pattern: '^0(\\.[0-9]+)?|1(\\.0+)?$',
      }),
    ),
  },
  {},
  ({ enabled, endpoint, sampling }, place) => {
    if (enabled === true) {
      const url = endpoint === undefined ? undefined : urlOf(endpoint);
      place.at('endpoint').report(NO_URL, endpoint, endpoint !== undefined && url === undefined);
      place.at('endpoint').report(ENDPOINT, endpoint, url !== undefined && !isCollector(url));
      const fault = endpoint === undefined ? undefined : urlFault(endpoint);
      if (fault !== undefined) {
        place.at('endpoint').say(endpoint, fault);
      }
      place.at('sampling').report(SHARE, sampling, sampling !== undefined && !(sampling >= 0 && sampling <= 1));
    }
  },
);

function urlOf(endpoint: string): URL | undefined {
  return URL.canParse(endpoint) ? new URL(endpoint) : undefined;
}

function isCollector({ protocol, username, password }: URL): boolean {
  return ['http:', 'https:'].includes(protocol) && username === '' && password === '';
}

/** `observability` of a gateway. */
export const observability = object('What the gateway reports about itself.', {
  health,
  logging,
  metrics,
  tracing,
});

/** What a gateway reports about itself, as it says it. */
export type ObservabilityValue = ValueOf<typeof observability>;

/** Levels of logs, as the API and the model spell them. */
export const LOG_LEVELS: Readonly<Record<'Error' | 'Warn' | 'Info' | 'Debug', Gateway['logLevel']>> = {
  Error: 'error',
  Warn: 'warn',
  Info: 'info',
  Debug: 'debug',
};

/** What a gateway logs and traces. The API has no field for the protocol of traces: `otlp` says which an endpoint speaks. */
export function observabilityModel(
  { logging: logs = {}, tracing: traces }: ObservabilityValue,
  otlp: (endpoint: string) => 'grpc' | 'http',
): Pick<Gateway, 'logLevel' | 'logFormat' | 'tracing'> {
  const { enabled, endpoint, sampling = 0.1 } = traces ?? {};
  return {
    logLevel: LOG_LEVELS[logs.level ?? 'Info'],
    logFormat: logs.format === 'Text' ? 'text' : 'json',
    tracing: enabled !== true || endpoint === undefined ? undefined : { endpoint, protocol: otlp(endpoint), sampling },
  };
}

import { errorKind, InputCheck } from '../model/findings';
import { AccessLogField as AccessLogFieldModel, AccessLogSource } from '../model/gateway';
import { HEADER_NAME_INVALID, isHeaderName } from '../model/validation';
import { isCredentialHeader } from '../values/credentials';

const LOG_HEADER_OF_CREDENTIALS = errorKind(
  'log-header-of-credentials',
  'carries credentials, which must not reach a log',
  'Log another header',
);
const LOG_FIELD_NAME_INVALID = errorKind(
  'log-field-name-invalid',
  'is not a field name',
  'Use letters, digits, "_", "-" and ".", starting with a letter',
);

/**
 * A field that a gateway adds to each line of its access log.
 *
 * @example
 *
 * import { AccessLogField } from 'cdk8s-mcp';
 *
 * AccessLogField.toolName('tool');
 * AccessLogField.requestHeader('tenant', 'x-tenant');
 * AccessLogField.text('cluster', 'eu-1');
 */
export class AccessLogField {
  /**
   * The name of the tool called; empty for other requests.
   *
   * @param name name of the field
   * @throws when the name of the field is empty
   */
  public static toolName(name: string): AccessLogField {
    return AccessLogField.of(name, { kind: 'toolName' });
  }

  /**
   * The arguments of the tool called, as JSON. They may hold personal data and secrets.
   *
   * @param name name of the field
   * @throws when the name of the field is empty
   */
  public static toolArguments(name: string): AccessLogField {
    return AccessLogField.of(name, { kind: 'toolArguments' });
  }

  /**
   * A header of the request; empty when it has none. Headers with credentials are refused.
   *
   * @param name name of the field
   * @param header name of the header
   * @throws when the name of the field is empty, the header is not a header name, or it carries credentials
   */
  public static requestHeader(name: string, header: string): AccessLogField {
    const input = new InputCheck('AccessLogField.requestHeader');
    input.report(HEADER_NAME_INVALID, 'header', header, !isHeaderName(header));
    input.report(LOG_HEADER_OF_CREDENTIALS, 'header', header, isCredentialHeader(header));
    input.throwIfAny();
    return AccessLogField.of(name, { kind: 'requestHeader', header: header.toLowerCase() });
  }

  /**
   * The same text on every line.
   *
   * @param name name of the field
   * @param value the text
   * @throws when the name of the field is empty
   */
  public static text(name: string, value: string): AccessLogField {
    return AccessLogField.of(name, { kind: 'literal', value });
  }

  private static of(name: string, source: AccessLogSource): AccessLogField {
    const input = new InputCheck('AccessLogField');
    input.report(LOG_FIELD_NAME_INVALID, 'name', name, !/^[A-Za-z_][A-Za-z0-9_.-]*$/.test(name));
    input.throwIfAny();
    return new AccessLogField({ name, source });
  }

  /** @internal */
  public readonly _model: AccessLogFieldModel;

  private constructor(model: AccessLogFieldModel) {
    this._model = model;
  }
}

/** How much a gateway logs. */
export enum GatewayLogLevel {
  /** Errors. */
  ERROR = 'error',
  /** Errors and warnings. */
  WARN = 'warn',
  /** What a running gateway is expected to say. */
  INFO = 'info',
  /** Everything, for finding faults. */
  DEBUG = 'debug',
}

/** The form of a gateway's log. */
export enum GatewayLogFormat {
  /** One JSON object a line. */
  JSON = 'json',
  /** Text. What callers say stands in quotes, and cannot end the line or be taken for another field. */
  TEXT = 'text',
}

/** Wire protocols of OTLP. */
export enum OtlpProtocol {
  /** OTLP/gRPC, usually on port 4317. */
  GRPC = 'grpc',
  /** OTLP/HTTP, usually on port 4318. */
  HTTP = 'http',
}

/** Tracing of requests by OpenTelemetry. */
export interface GatewayTracingOptions {
  /** URL of the collector, such as `http://otel-collector.observability.svc:4317`. */
  readonly endpoint: string;

  /**
   * Protocol of the collector.
   *
   * @default OtlpProtocol.GRPC
   */
  readonly protocol?: OtlpProtocol;

  /**
   * Share of the requests that are traced, from 0 to 1. With agentgateway, a request that comes with a sampled trace is always
   * traced; Envoy goes by the share alone.
   *
   * @default 0.1
   */
  readonly sampling?: number;
}

/** What a gateway tells about itself. */
export interface GatewayObservabilityOptions {
  /**
   * Whether Prometheus finds the metrics of the pods. With its operator (`ClusterAddOn.PROMETHEUS_OPERATOR`) it does by
   * PodMonitors, for the gateway and for its rate-limit service; else by annotations of the gateway's pods
   * (`prometheus.io/scrape`, `port`, `path`).
   *
   * Policies of the network close the port of the metrics to everyone but the pods that `ClusterProfile.monitoring` names:
   * without it, annotations and PodMonitors alone let nobody in.
   *
   * @default - true where `ClusterProfile.monitoring` says who scrapes, or where nothing restricts the network
   */
  readonly prometheusScrape?: boolean;

  /**
   * Fields to add to the access log.
   *
   * @default - the fields of the data plane
   */
  readonly accessLog?: AccessLogField[];

  /**
   * How much is logged.
   *
   * @default GatewayLogLevel.INFO
   */
  readonly logLevel?: GatewayLogLevel;

  /**
   * The form of the log.
   *
   * @default GatewayLogFormat.JSON
   */
  readonly logFormat?: GatewayLogFormat;

  /**
   * Traces requests.
   *
   * @default - no traces
   */
  readonly tracing?: GatewayTracingOptions;
}

import { AuditDestinationOptions, AuditOptions } from './audit-options';
import { GatewayCircuitBreakerOptions } from './circuit-breaker-options';
import { ComplianceOptions } from './compliance-options';
import { ElicitationOptions } from './elicitation-options';
import { RequestFilteringOptions, ResponseFilteringOptions } from './filtering-options';
import { GatewayPolicyOptions } from './gateway-policy-options';
import { ProtocolVersionOptions } from './protocol-version-options';
import { SamplingOptions } from './sampling-options';
import { SessionIsolationOptions } from './session-isolation-options';
import { bytesOf } from './sizes';
import { formatDuration } from '../values/duration';
import { compact, Json, withoutUndefined } from '../values/json';
import { formatBytes } from '../values/quantity';

/*
 * The options of a gateway's policy as its resource has them. What is not said is not written: an API server fills in the
 * API's defaults, which are those of the options.
 */

/** The `policy` of a gateway's resource; undefined when the options say nothing of it. */
export function trafficPolicySpec(options: GatewayPolicyOptions): Json | undefined {
  const {
    audit,
    requestFiltering,
    responseFiltering,
    compliance,
    sampling,
    elicitation,
    sessionIsolation,
    circuitBreaker,
  } = options;
  const spec = withoutUndefined({
    audit: audit && auditSpec(audit),
    requestFiltering: requestFiltering && filteringSpec(requestFiltering),
    responseFiltering: responseFiltering && filteringSpec(responseFiltering),
    compliance: compliance && complianceSpec(compliance),
    sampling: sampling && samplingSpec(sampling),
    elicitation: elicitation && elicitationSpec(elicitation),
    sessionIsolation: sessionIsolation && sessionSpec(sessionIsolation),
    circuitBreaker: circuitBreaker && breakerSpec(circuitBreaker),
  });
  return Object.keys(spec).length === 0 ? undefined : spec;
}

/** The `protocolVersion` of a gateway's resource. */
export function protocolVersionSpec({ supported, ...options }: ProtocolVersionOptions): Json {
  return withoutUndefined({ ...options, supported: supported && [...supported] });
}

function auditSpec({ level, format, includeMetadata, destination }: AuditOptions): Json {
  return withoutUndefined({
    enabled: true,
    level,
    format,
    includeMetadata,
    destination: destination && destinationSpec(destination),
  });
}

function destinationSpec({ type, file, syslog, http }: AuditDestinationOptions): Json {
  return withoutUndefined({
    type,
    file: file && withoutUndefined({ ...file, maxSize: file.maxSize && formatBytes(bytesOf(file.maxSize)) }),
    syslog: syslog && withoutUndefined({ ...syslog }),
    http:
      http &&
      withoutUndefined({
        ...http,
        headers: http.headers && { ...http.headers },
        timeout: http.timeout && formatDuration(http.timeout.toMilliseconds()),
      }),
  });
}

function filteringSpec(options: RequestFilteringOptions & ResponseFilteringOptions): Json {
  const { sizeLimit, headerFilters, bodyFilters, contentTypeFilter, removeInternalHeaders } = options;
  return compact({
    sizeLimit: sizeLimit && formatBytes(bytesOf(sizeLimit)),
    contentTypeFilter: contentTypeFilter && [...contentTypeFilter],
    removeInternalHeaders,
    headerFilters: (headerFilters ?? []).map(({ name, action, pattern }) =>
      withoutUndefined({ name, action, pattern }),
    ),
    bodyFilters: (bodyFilters ?? []).map(({ type, action, pattern, replacement }) =>
      withoutUndefined({ type, action, pattern, replacement }),
    ),
  });
}

function complianceSpec({ dataRetention, encryption, piiDetection }: ComplianceOptions): Json {
  return withoutUndefined({
    dataRetention:
      dataRetention &&
      withoutUndefined({
        auditLogRetention:
          dataRetention.auditLogRetention && formatDuration(dataRetention.auditLogRetention.toMilliseconds()),
        contextRetention:
          dataRetention.contextRetention && formatDuration(dataRetention.contextRetention.toMilliseconds()),
        sessionRetention:
          dataRetention.sessionRetention && formatDuration(dataRetention.sessionRetention.toMilliseconds()),
      }),
    encryption: encryption && withoutUndefined({ ...encryption }),
    piiDetection:
      piiDetection &&
      compact({
        enabled: true,
        action: piiDetection.action,
        patterns: piiDetection.patterns?.map(({ type, pattern, description }) =>
          withoutUndefined({ type, pattern, description }),
        ),
      }),
  });
}

function samplingSpec({ enabled, rateLimit, temperature, timeout, ...options }: SamplingOptions): Json {
  return withoutUndefined({
    enabled: enabled ?? false,
    ...options,
    temperature: temperature === undefined ? undefined : String(temperature),
    timeout: timeout && formatDuration(timeout.toMilliseconds()),
    rateLimit: rateLimit && withoutUndefined({ ...rateLimit }),
  });
}

function elicitationSpec({ allowedTypes, enabled, timeout, ...options }: ElicitationOptions): Json {
  return withoutUndefined({
    enabled: enabled ?? false,
    ...options,
    allowedTypes: allowedTypes && [...allowedTypes],
    timeout: timeout && formatDuration(timeout.toMilliseconds()),
  });
}

function sessionSpec({ contextRetention, allowedCrossSessionData, ...options }: SessionIsolationOptions): Json {
  return withoutUndefined({
    ...options,
    contextRetention: contextRetention && formatDuration(contextRetention.toMilliseconds()),
    allowedCrossSessionData: allowedCrossSessionData && [...allowedCrossSessionData],
  });
}

function breakerSpec({
  consecutiveFailures,
  ejection,
  errorRateThreshold,
  requestTimeout,
  ...options
}: GatewayCircuitBreakerOptions): Json {
  return withoutUndefined({
    ...options,
    failureThreshold: consecutiveFailures ?? 5,
    openStateTimeout: formatDuration(ejection?.toMilliseconds() ?? 30_000),
    errorRateThreshold: errorRateThreshold === undefined ? undefined : String(errorRateThreshold),
    requestTimeout: requestTimeout && formatDuration(requestTimeout.toMilliseconds()),
  });
}

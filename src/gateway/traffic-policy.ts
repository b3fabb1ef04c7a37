import { GatewayLogFormat, McpGatewayOptions } from './gateway-options';
import { GatewayPolicyOptions } from './gateway-policy-options';
import { audit, AuditValue } from '../api/audit';
import { gatewayPolicy, TrafficValue } from '../api/gateway-policy';
import { filled } from '../api/object';
import { Place } from '../api/place';
import { protocolVersion } from '../api/protocol-version';
import { InputCheck } from '../model/input';
import { carriedBy } from '../synthesis/carried';
import { plain } from '../synthesis/plain-values';
import { formatPath, Path } from '../values/paths';

/** Names of options that are not those of the API. */
const OPTION_NAMES: Readonly<Record<string, string>> = {
  'circuitBreaker.failureThreshold': 'circuitBreaker.consecutiveFailures',
  'circuitBreaker.openStateTimeout': 'circuitBreaker.ejection',
};

/** What options say of a gateway's traffic, as the API says it. Lists of filters without any say nothing. */
function trafficOf(options: GatewayPolicyOptions): TrafficValue {
  const { consecutiveFailures, ejection, ...breaker } = plain(options.circuitBreaker) ?? {};
  return {
    policy: {
      // The method of HTTP is any text here; the check of the field knows the words.
      audit: options.audit && { enabled: true, ...(plain(options.audit) as AuditValue) },
      requestFiltering: options.requestFiltering && withoutEmpty(plain(options.requestFiltering)),
      responseFiltering: options.responseFiltering && withoutEmpty(plain(options.responseFiltering)),
      compliance: options.compliance && {
        ...plain(options.compliance),
        piiDetection: options.compliance.piiDetection && { enabled: true, ...plain(options.compliance.piiDetection) },
      },
      sampling: options.sampling && { ...plain(options.sampling), enabled: options.sampling.enabled ?? false },
      elicitation: options.elicitation && {
        ...plain(options.elicitation),
        enabled: options.elicitation.enabled ?? false,
      },
      sessionIsolation: plain(options.sessionIsolation),
      circuitBreaker: options.circuitBreaker && {
        ...breaker,
        failureThreshold: consecutiveFailures,
        openStateTimeout: ejection,
      },
    },
    protocolVersion: plain(options.protocolVersion),
  };
}

function withoutEmpty<T extends object>(filtering: T): T {
  return Object.fromEntries(
    Object.entries(filtering).filter(([name, value]) => !(name.endsWith('Filters') && value.length === 0)),
  ) as T;
}

/** What a gateway says of its traffic, checked: its document has been when it was read. */
export function gatewayTraffic(input: InputCheck, options: McpGatewayOptions): TrafficValue {
  const { traffic: read } = carriedBy(options);
  const traffic = read ?? trafficOf(options);
  if (read === undefined) {
    checkTraffic(input, traffic);
  }
  checkAuditLog(input, traffic, options);
  return traffic;
}

function checkTraffic(input: InputCheck, traffic: TrafficValue): void {
  const place = new Place((path, value, problem, remedy) => input.check(propertyOf(path), value, problem, remedy));
  gatewayPolicy.check(traffic.policy, place);
  if (traffic.protocolVersion !== undefined) {
    protocolVersion.check(traffic.protocolVersion, place.at('protocolVersion'));
  }
}

/** A place in the API as an option. */
function propertyOf(path: Path): string {
  const property = formatPath(path);
  return OPTION_NAMES[property] ?? property;
}

/** Checks the record of requests against the log that it is written to. */
function checkAuditLog(
  input: InputCheck,
  { policy }: TrafficValue,
  { observability }: Pick<McpGatewayOptions, 'observability'>,
): void {
  const { enabled, format, level } = filled(audit, policy.audit ?? {});
  if (!enabled || level === 'None') {
    return;
  }
  input.check(
    'audit.format',
    format,
    format === 'JSON' && observability?.logFormat === GatewayLogFormat.TEXT
      ? 'is not the form of the log that the record is written to (observability.logFormat)'
      : undefined,
    'Use GatewayLogFormat.JSON',
  );
  observability?.accessLog?.forEach(({ _model: { name } }, i) =>
    input.check(
      `observability.accessLog[${i}]`,
      name,
      name.startsWith('audit.') ? 'is named like a field of the audit record' : undefined,
      'Choose another name',
    ),
  );
}

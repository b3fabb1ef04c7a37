import { AccessLogField } from './access-log';
import { GatewayPolicyOptions } from './policy/options';
import { audit, AuditValue } from '../api/audit';
import { TrafficValue } from '../api/gateway-policy';
import { GatewaySpecValue } from '../api/mcp-gateway';
import { filled } from '../api/object';
import { errorKind, InputCheck } from '../model/findings';
import { plain } from '../synthesis/plain-values';
import { withoutUndefined } from '../values/json';

const AUDIT_FORMAT_OF_LOG = errorKind(
  'audit-format-of-log',
  'is not the form of the log that the record is written to (observability.logFormat)',
  'Use GatewayLogFormat.JSON',
);
const LOG_FIELD_OF_AUDIT = errorKind(
  'log-field-of-audit',
  'is named like a field of the audit record',
  'Choose another name',
);

/** What options say of a gateway's traffic, as the API says it. Lists of filters without any say nothing. */
export function trafficValue(options: GatewayPolicyOptions): TrafficValue {
  return withoutUndefined({
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
    circuitBreaker: options.circuitBreaker && plain(options.circuitBreaker),
    protocolVersion: plain(options.protocolVersion),
  } satisfies TrafficValue);
}

function withoutEmpty<T extends object>(filtering: T): T {
  return Object.fromEntries(
    Object.entries(filtering).filter(([name, value]) => !(name.endsWith('Filters') && value.length === 0)),
  ) as T;
}

/** Checks the record of requests against the log that it is written to. */
export function checkAuditLog(
  input: InputCheck,
  { audit: given, observability }: Pick<GatewaySpecValue, 'audit' | 'observability'>,
  accessLog: readonly AccessLogField[] = [],
): void {
  const { enabled, format, level } = filled(audit, given ?? {});
  if (!enabled || level === 'None') {
    return;
  }
  input.report(
    AUDIT_FORMAT_OF_LOG,
    'audit.format',
    format,
    format === 'JSON' && observability?.logging?.format === 'Text',
  );
  accessLog.forEach(({ _model: { name } }, i) =>
    input.report(LOG_FIELD_OF_AUDIT, `observability.accessLog[${i}]`, name, name.startsWith('audit.')),
  );
}

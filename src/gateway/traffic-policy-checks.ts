import { AuditDestinationType, AuditFormat, AuditLevel } from './audit-options';
import { PiiAction, PiiDetectionOptions, PiiType } from './compliance-options';
import { BodyFilter, BodyFilterType, FilterAction, HeaderFilter } from './filtering-options';
import { GatewayLogFormat, McpGatewayOptions } from './gateway-options';
import { GatewayPolicyOptions } from './gateway-policy-options';
import { ProtocolVersionOptions } from './protocol-version-options';
import { bytesOf } from './sizes';
import { DEFAULT_VERSION } from './traffic-policy';
import { InputCheck } from '../model/input';
import { headerNameProblem, wholeNumberProblem } from '../model/names';
import { PLACEHOLDER } from '../model/traffic-policy';
import { parseBytes } from '../values/quantity';
import { compileRegex, regexProblem } from '../values/regex';

const MAX_INT = 2147483647;
const positive = (value: number): string | undefined => wholeNumberProblem(value, 1, MAX_INT);
const aboveZero = (milliseconds: number): string | undefined => (milliseconds > 0 ? undefined : 'is not above 0');

/** Checks everything that a gateway's policy can know about itself. */
export function checkTrafficPolicy(input: InputCheck, options: McpGatewayOptions): void {
  checkAudit(input, options);
  checkFiltering(input, 'requestFiltering', options.requestFiltering);
  checkContentTypes(input, options.requestFiltering?.contentTypeFilter);
  checkFiltering(input, 'responseFiltering', options.responseFiltering);
  checkRetention(input, options);
  checkPii(input, options.compliance?.piiDetection);
  checkServerRequests(input, options);
  input.optional(
    'sessionIsolation.contextRetention',
    options.sessionIsolation?.contextRetention?.toMilliseconds(),
    aboveZero,
    'Give a longer time',
  );
  if (options.protocolVersion !== undefined) {
    checkVersions(input, options.protocolVersion);
  }
  checkBreaker(input, options);
}

function checkAudit(input: InputCheck, { audit, observability }: McpGatewayOptions): void {
  if (audit === undefined || audit.level === AuditLevel.NONE) {
    return;
  }
  input.check(
    'audit.format',
    audit.format ?? AuditFormat.JSON,
    (audit.format ?? AuditFormat.JSON) === AuditFormat.JSON && observability?.logFormat === GatewayLogFormat.TEXT
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
  const { type = AuditDestinationType.FILE, file, syslog, http } = audit.destination ?? {};
  const given = Object.entries({ file, syslog, http })
    .filter(([, value]) => value !== undefined)
    .map(([name]) => name);
  input.check(
    'audit.destination',
    given,
    given.some(name => name !== type.toLowerCase()) ? `holds options for another type than ${type}` : undefined,
    'Give those of the type alone',
  );
  const nowhere = audit.destination !== undefined && ['Syslog', 'HTTP'].includes(type) && given.length === 0;
  input.check(
    'audit.destination',
    given,
    nowhere ? `does not say where (${type.toLowerCase()})` : undefined,
    `Give ${type.toLowerCase()}`,
  );
  input.optional(
    'audit.destination.file.maxBackups',
    file?.maxBackups,
    value => wholeNumberProblem(value, 0, MAX_INT),
    'Give a whole number of files',
  );
  input.optional(
    'audit.destination.syslog.facility',
    syslog?.facility,
    value => wholeNumberProblem(value, 0, 23),
    'Give a code from 0 to 23',
  );
  input.optional(
    'audit.destination.http.method',
    http?.method,
    value => (['POST', 'PUT'].includes(value) ? undefined : 'is not POST or PUT'),
    'Use one of them',
  );
  input.optional('audit.destination.http.timeout', http?.timeout?.toMilliseconds(), aboveZero, 'Give a longer time');
}

function checkFiltering(
  input: InputCheck,
  property: string,
  filtering: GatewayPolicyOptions['requestFiltering'] | GatewayPolicyOptions['responseFiltering'],
): void {
  input.optional(
    `${property}.sizeLimit`,
    filtering?.sizeLimit && bytesOf(filtering.sizeLimit),
    positive,
    'Give a size of whole bytes, up to 2 GiB',
  );
  filtering?.headerFilters?.forEach((filter, i) => checkHeaderFilter(input, `${property}.headerFilters[${i}]`, filter));
  filtering?.bodyFilters?.forEach((filter, i) => checkBodyFilter(input, `${property}.bodyFilters[${i}]`, filter));
}

function checkHeaderFilter(input: InputCheck, property: string, { name, action, pattern }: HeaderFilter): void {
  input.check(`${property}.name`, name, headerNameProblem(name), 'Name one header');
  input.optional(`${property}.pattern`, pattern, regexProblem, 'Write it in RE2 syntax');
  input.check(
    `${property}.pattern`,
    pattern,
    action === FilterAction.ALLOW && pattern === undefined ? 'is missing, so that every value would pass' : undefined,
    'Say which values may pass',
  );
}

function checkBodyFilter(
  input: InputCheck,
  property: string,
  { type, action, pattern, replacement }: BodyFilter,
): void {
  input.check(`${property}.pattern`, pattern, patternProblem(type, pattern), PATTERN_REMEDIES[type]);
  input.check(
    `${property}.replacement`,
    replacement,
    replacement !== undefined && action !== FilterAction.REDACT ? 'replaces nothing: nothing is redacted' : undefined,
    'Drop it, or use FilterAction.REDACT',
  );
  const placeholder = action === FilterAction.REMOVE ? '' : (replacement ?? PLACEHOLDER);
  const again =
    type === BodyFilterType.REGEX &&
    (action === FilterAction.REMOVE || action === FilterAction.REDACT) &&
    patternProblem(type, pattern) === undefined &&
    finds(pattern, placeholder);
  input.check(
    `${property}.replacement`,
    placeholder,
    again ? 'matches the pattern itself' : undefined,
    'Choose one that does not',
  );
}

const PATTERN_REMEDIES: Readonly<Record<BodyFilterType, string>> = {
  [BodyFilterType.REGEX]: 'Write it in RE2 syntax, for text of at least one character',
  [BodyFilterType.JSON_PATH]: 'Write it as $.params.arguments.password',
  [BodyFilterType.SIZE]: 'Write it as 64Ki',
};

function patternProblem(type: BodyFilterType, pattern: string): string | undefined {
  switch (type) {
    case BodyFilterType.REGEX:
      return findingProblem(pattern);
    case BodyFilterType.JSON_PATH:
      return pattern.startsWith('$') ? undefined : 'is not a JSONPath';
    case BodyFilterType.SIZE:
      return parseBytes(pattern) === undefined ? 'is not a size of whole bytes' : undefined;
  }
}

/** Why a regex cannot look for something in a text. */
function findingProblem(regex: string): string | undefined {
  return (
    regexProblem(regex) ?? (finds(regex, '') ? 'matches a text of no characters, and so every message' : undefined)
  );
}

function finds(regex: string, text: string): boolean {
  return compileRegex(regex).matcher(text).find();
}

/** What MCP sends (Streamable HTTP, "Sending Messages to the Server"). */
const MCP_CONTENT_TYPE = 'application/json';

function checkContentTypes(input: InputCheck, types: readonly string[] | undefined): void {
  types?.forEach((type, i) =>
    input.check(
      `requestFiltering.contentTypeFilter[${i}]`,
      type,
      /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+$/.test(type) ? undefined : 'is not a media type',
      'Write it as application/json',
    ),
  );
  input.check(
    'requestFiltering.contentTypeFilter',
    types,
    types === undefined || types.some(type => type.toLowerCase() === MCP_CONTENT_TYPE)
      ? undefined
      : 'lets no request of MCP pass',
    `Add ${MCP_CONTENT_TYPE}`,
  );
}

function checkRetention(input: InputCheck, { compliance }: McpGatewayOptions): void {
  const { auditLogRetention, contextRetention, sessionRetention } = compliance?.dataRetention ?? {};
  Object.entries({ auditLogRetention, contextRetention, sessionRetention }).forEach(([name, time]) =>
    input.optional(`compliance.dataRetention.${name}`, time?.toMilliseconds(), aboveZero, 'Give a longer time'),
  );
}

function checkPii(input: InputCheck, detection: PiiDetectionOptions | undefined): void {
  const { action, patterns } = detection ?? {};
  input.check(
    'compliance.piiDetection.patterns',
    patterns,
    patterns?.length === 0 ? 'is empty, so nothing would be looked for' : undefined,
    'Name kinds of data, or leave it out for all that are known',
  );
  patterns?.forEach(({ type, pattern }, i) => {
    const property = `compliance.piiDetection.patterns[${i}].pattern`;
    const custom = type === PiiType.CUSTOM;
    const again = (value: string) =>
      action === PiiAction.REDACT && finds(value, PLACEHOLDER)
        ? `matches the placeholder ${PLACEHOLDER} itself`
        : undefined;
    input.check(
      property,
      pattern,
      custom && pattern === undefined ? 'is missing' : undefined,
      'Give the expression that finds the data',
    );
    input.check(
      property,
      pattern,
      !custom && pattern !== undefined ? `is given for data of the kind ${type}, which has its own` : undefined,
      'Drop it, or use PiiType.CUSTOM',
    );
    input.optional(
      property,
      custom ? pattern : undefined,
      value => findingProblem(value) ?? again(value),
      'Write it in RE2 syntax, for text of at least one character',
    );
  });
}

function checkServerRequests(input: InputCheck, { sampling, elicitation }: McpGatewayOptions): void {
  input.optional(
    'sampling.maxTokens',
    sampling?.maxTokens,
    value => wholeNumberProblem(value, 1, 100_000),
    'Give 1 to 100000',
  );
  input.optional(
    'sampling.temperature',
    sampling?.temperature,
    value => (value >= 0 && Number.isFinite(value) ? undefined : 'is below 0'),
    'Give 0 or more',
  );
  input.optional('sampling.timeout', sampling?.timeout?.toMilliseconds(), aboveZero, 'Give a longer time');
  input.optional(
    'sampling.rateLimit.requestsPerMinute',
    sampling?.rateLimit?.requestsPerMinute,
    positive,
    'Give at least 1',
  );
  input.optional(
    'sampling.rateLimit.requestsPerHour',
    sampling?.rateLimit?.requestsPerHour,
    positive,
    'Give at least 1',
  );
  input.optional('elicitation.maxConcurrentRequests', elicitation?.maxConcurrentRequests, positive, 'Give at least 1');
  input.optional('elicitation.timeout', elicitation?.timeout?.toMilliseconds(), aboveZero, 'Give a longer time');
}

function checkVersions(input: InputCheck, options: ProtocolVersionOptions): void {
  const { supported, minVersion = DEFAULT_VERSION, maxVersion, preferredVersion = DEFAULT_VERSION } = options;
  const shape = (value: string) => (/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(value) ? undefined : 'is not a version of MCP');
  const remedy = 'Write it as 2025-06-18';
  const out = (value: string) =>
    value < minVersion
      ? `is older than the oldest version accepted (minVersion ${minVersion})`
      : maxVersion !== undefined && value > maxVersion
        ? `is newer than the newest version accepted (maxVersion ${maxVersion})`
        : undefined;
  input.check('protocolVersion.minVersion', minVersion, shape(minVersion), remedy);
  input.optional('protocolVersion.maxVersion', maxVersion, shape, remedy);
  input.check(
    'protocolVersion.maxVersion',
    maxVersion,
    maxVersion !== undefined && maxVersion < minVersion
      ? `is older than the oldest version accepted (minVersion ${minVersion})`
      : undefined,
    'Give a newer one',
  );
  input.check(
    'protocolVersion.supported',
    supported,
    supported?.length === 0 ? 'is empty, so no client could connect' : undefined,
    'Name versions, or leave it out',
  );
  supported?.forEach((version, i) => {
    input.check(
      `protocolVersion.supported[${i}]`,
      version,
      shape(version) ?? out(version),
      'Write a version such as 2025-06-18, and give minVersion and maxVersion that include it',
    );
    input.check(
      `protocolVersion.supported[${i}]`,
      version,
      supported.indexOf(version) < i ? 'is there twice' : undefined,
      'Keep one',
    );
  });
  const missing = supported?.includes(preferredVersion) === false ? 'is not among the versions supported' : undefined;
  input.check(
    'protocolVersion.preferredVersion',
    preferredVersion,
    shape(preferredVersion) ?? out(preferredVersion) ?? missing,
    'Give a version that is accepted',
  );
}

function checkBreaker(input: InputCheck, { circuitBreaker }: McpGatewayOptions): void {
  const {
    consecutiveFailures,
    errorRateThreshold,
    minRequestsThreshold,
    maxRequestsHalfOpen,
    successThreshold,
    requestTimeout,
  } = circuitBreaker ?? {};
  Object.entries({ consecutiveFailures, minRequestsThreshold, maxRequestsHalfOpen, successThreshold }).forEach(
    ([name, value]) =>
      input.optional(`circuitBreaker.${name}`, value, number => wholeNumberProblem(number, 1), 'Give at least 1'),
  );
  input.optional(
    'circuitBreaker.errorRateThreshold',
    errorRateThreshold,
    value => (value >= 0 && value <= 100 ? undefined : 'is not a percentage'),
    'Give 0 to 100',
  );
  input.optional('circuitBreaker.requestTimeout', requestTimeout?.toMilliseconds(), aboveZero, 'Give a longer time');
}

import { AuditDestinationType, AuditFormat, AuditLevel, AuditOptions } from './audit-options';
import { ComplianceOptions, PiiAction, PiiDetectionOptions } from './compliance-options';
import { BodyFilter, HeaderFilter, RequestFilteringOptions, ResponseFilteringOptions } from './filtering-options';
import { GatewayPolicyOptions } from './gateway-policy-options';
import { PII_PATTERNS } from './pii-patterns';
import { ProtocolVersionOptions } from './protocol-version-options';
import { SessionAuditLevel, SessionIsolationMode, SessionIsolationOptions } from './session-isolation-options';
import { bytesOf } from './sizes';
import {
  Audit,
  Compliance,
  Filtering,
  PiiDetection,
  ProtocolVersions,
  RequestFiltering,
  ResponseFiltering,
  SessionIsolation,
  TrafficPolicy,
} from '../model/traffic-policy';
import { formatDuration } from '../values/duration';

/** Oldest version of MCP that is accepted, and the version that is proposed, unless options say otherwise (the API's defaults). */
export const DEFAULT_VERSION = '2025-06-18';
/** How long a session lasts unless options say otherwise (the API's default). */
const DEFAULT_LIFETIME = 3_600_000;

/** Options as plain data; undefined when they say nothing. */
export function trafficPolicy(path: string, options: GatewayPolicyOptions): TrafficPolicy | undefined {
  const {
    audit,
    requestFiltering,
    responseFiltering,
    compliance,
    sampling,
    elicitation,
    sessionIsolation,
    protocolVersion,
  } = options;
  const said = {
    audit: audit && auditModel(audit),
    requestFiltering: requestFiltering && requestModel(requestFiltering),
    responseFiltering: responseFiltering && responseModel(responseFiltering),
    compliance: compliance && complianceModel(compliance),
    sampling: sampling && { enabled: sampling.enabled ?? false },
    elicitation: elicitation && { enabled: elicitation.enabled ?? false },
    sessionIsolation: sessionIsolation && sessionModel(sessionIsolation),
    protocolVersion: protocolVersion && versionModel(protocolVersion),
  };
  return Object.values(said).every(value => value === undefined) ? undefined : { path, ...said };
}

function auditModel({
  level = AuditLevel.REQUEST,
  format,
  includeMetadata,
  destination,
}: AuditOptions): Audit | undefined {
  return level === AuditLevel.NONE
    ? undefined
    : {
        level,
        format: format ?? AuditFormat.JSON,
        metadata: includeMetadata ?? true,
        destination: destination && (destination.type ?? AuditDestinationType.FILE),
      };
}

function requestModel(options: RequestFilteringOptions): RequestFiltering {
  return { ...filteringModel(options), contentTypes: options.contentTypeFilter?.map(type => type.toLowerCase()) };
}

function responseModel(options: ResponseFilteringOptions): ResponseFiltering {
  return { ...filteringModel(options), removeInternalHeaders: options.removeInternalHeaders ?? true };
}

function filteringModel({
  sizeLimit,
  headerFilters,
  bodyFilters,
}: RequestFilteringOptions | ResponseFilteringOptions): Filtering {
  return {
    sizeLimit: sizeLimit && bytesOf(sizeLimit),
    headerFilters: (headerFilters ?? []).map(({ name, action, pattern }: HeaderFilter) => ({
      name: name.toLowerCase(),
      action,
      pattern,
    })),
    bodyFilters: (bodyFilters ?? []).map(({ type, action, pattern, replacement }: BodyFilter) => ({
      type,
      action,
      pattern,
      replacement,
    })),
  };
}

function complianceModel({ dataRetention, encryption, piiDetection }: ComplianceOptions): Compliance {
  return {
    dataRetention: dataRetention && {
      auditLogs: dataRetention.auditLogRetention && formatDuration(dataRetention.auditLogRetention.toMilliseconds()),
      contexts: dataRetention.contextRetention && formatDuration(dataRetention.contextRetention.toMilliseconds()),
      sessions: dataRetention.sessionRetention && formatDuration(dataRetention.sessionRetention.toMilliseconds()),
    },
    encryption: encryption && {
      atRest: encryption.encryptionAtRest ?? false,
      inTransit: encryption.encryptionInTransit ?? true,
      required: encryption.requireEncryption ?? false,
    },
    pii: piiDetection && piiModel(piiDetection),
  };
}

function piiModel({ action, patterns }: PiiDetectionOptions): PiiDetection {
  const data =
    patterns?.map(({ type, pattern, description }) => ({
      name: description ?? type,
      pattern: pattern ?? PII_PATTERNS[type]!,
    })) ?? Object.entries(PII_PATTERNS).map(([name, pattern]) => ({ name, pattern }));
  return { action: action ?? PiiAction.LOG, data };
}

function sessionModel(options: SessionIsolationOptions): SessionIsolation {
  return {
    mode: options.mode ?? SessionIsolationMode.STRICT,
    lifetime: options.contextRetention?.toMilliseconds() ?? DEFAULT_LIFETIME,
    sharing: options.crossSessionSharing ?? false,
    sharedData: options.allowedCrossSessionData ?? [],
    resourceBoundaries: options.enforceResourceBoundaries ?? true,
    auditLevel: options.auditLevel ?? SessionAuditLevel.BASIC,
  };
}

function versionModel(options: ProtocolVersionOptions): ProtocolVersions {
  return {
    supported: options.supported,
    minimum: options.minVersion ?? DEFAULT_VERSION,
    maximum: options.maxVersion,
    preferred: options.preferredVersion ?? DEFAULT_VERSION,
    negotiable: options.allowVersionNegotiation ?? true,
    strict: options.strictVersioning ?? false,
  };
}

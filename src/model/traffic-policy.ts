import { AcceptedVersions } from './protocol';
import { parseBytes } from '../values/quantities';

/*
 * What a gateway asks of its traffic beyond who may call what and how often: `spec.policy` and `spec.protocolVersion` of
 * the API. The values that are words are those of the API.
 */

/** A record of who called which tool, with what outcome. */
export interface Audit {
  /** Request: the call and its outcome. Response: what was answered too. Full: what was asked too. */
  readonly level: 'Request' | 'Response' | 'Full';
  readonly format: 'JSON' | 'CEF' | 'SYSLOG';
  /** Address, session and program of the caller. */
  readonly metadata: boolean;
  /** Where it goes; undefined means the log of the gateway's container. */
  readonly destination?: 'File' | 'Syslog' | 'HTTP' | 'S3' | 'Database';
}

/** What is done with a match. */
export type FilterAction = 'Allow' | 'Deny' | 'Remove' | 'Redact';

/** What stands in the place of what is redacted, unless a filter says otherwise. */
export const PLACEHOLDER = '[redacted]';

/** A filter of one header. */
export interface HeaderFilter {
  /** Lower case. */
  readonly name: string;
  readonly action: FilterAction;
  /** RE2, for the whole value; undefined matches any. */
  readonly pattern?: string;
}

/** A filter of bodies. */
export interface BodyFilter {
  readonly type: 'Regex' | 'JSONPath' | 'Size';
  readonly action: FilterAction;
  /** RE2 to find, a path such as `$.params.arguments.password`, or a size. */
  readonly pattern: string;
  readonly replacement?: string;
}

/** What requests, or answers, may contain. */
export interface Filtering {
  /** Size of the largest body, in bytes. */
  readonly sizeLimit?: number;
  readonly headerFilters: readonly HeaderFilter[];
  readonly bodyFilters: readonly BodyFilter[];
}

/** What requests may contain. */
export interface RequestFiltering extends Filtering {
  /** Media types that are accepted, lower case; undefined leaves it to the data plane. */
  readonly contentTypes?: readonly string[];
}

/** What answers may contain. */
export interface ResponseFiltering extends Filtering {
  /** Whether headers by which servers tell about themselves are kept from clients. */
  readonly removeInternalHeaders: boolean;
}

/** A kind of personal data. */
export interface PersonalData {
  /** What it is called in the log. */
  readonly name: string;
  /** RE2 to find. */
  readonly pattern: string;
}

/** Personal data in calls and their answers. */
export interface PiiDetection {
  readonly action: 'Log' | 'Block' | 'Redact';
  /** Never empty. */
  readonly data: readonly PersonalData[];
}

/** How long data is kept, as the user says it. */
export interface DataRetention {
  readonly auditLogs?: string;
  readonly contexts?: string;
  readonly sessions?: string;
}

/** Which connections and data are encrypted. */
export interface Encryption {
  readonly atRest: boolean;
  /** Those between clients and the gateway, and to servers outside the cluster. */
  readonly inTransit: boolean;
  /** Every connection of the gateway. */
  readonly required: boolean;
}

/** Handling of data. */
export interface Compliance {
  readonly dataRetention?: DataRetention;
  readonly encryption?: Encryption;
  readonly pii?: PiiDetection;
}

/** Requests of servers to clients, of one kind. */
export interface ServerRequests {
  readonly enabled: boolean;
}

/** What sessions share. */
export interface SessionIsolation {
  /** Strict: a session is its caller's alone. */
  readonly mode: 'strict' | 'relaxed' | 'custom';
  /** Milliseconds after which a session is over, from its opening. */
  readonly lifetime: number;
  readonly sharing: boolean;
  readonly sharedData: readonly string[];
  /** Whether a session is of the route alone that it was opened at. */
  readonly resourceBoundaries: boolean;
  /** How much is recorded of sessions. */
  readonly auditLevel: 'None' | 'Basic' | 'Full';
}

/** Versions of MCP, such as `2025-06-18`. */
export interface ProtocolVersions extends AcceptedVersions {
  /** Proposed to servers for clients that propose a version that is not accepted, where it is one with sessions. */
  readonly preferred: string;
  /** Whether a client that proposes another version is offered the preferred one, or refused. */
  readonly negotiable: boolean;
  /** Whether requests must name their version. */
  readonly strict: boolean;
}

/** Features of data planes that fields of `policy` and `protocolVersion` demand, named after them; the tables of the API say which. */
export type PolicyFeatureName = `policy.${string}` | 'protocolVersion' | `protocolVersion.${string}`;

/** A feature that a data plane must have for what is said, and where it is said. */
export interface FeatureDemand {
  readonly feature: PolicyFeatureName;
  /** Property of the gateway, as the user writes it. */
  readonly property: string;
  readonly value: unknown;
}

/** All of it; what is undefined was not said. */
export interface TrafficPolicy {
  /** Construct path of the gateway, for reports. */
  readonly path: string;
  /** What it demands of the data plane. */
  readonly demands: readonly FeatureDemand[];
  readonly audit?: Audit;
  readonly requestFiltering?: RequestFiltering;
  readonly responseFiltering?: ResponseFiltering;
  readonly compliance?: Compliance;
  readonly sampling?: ServerRequests;
  readonly elicitation?: ServerRequests;
  readonly sessionIsolation?: SessionIsolation;
  readonly protocolVersion?: ProtocolVersions;
}

/** Size of the largest body, in bytes; undefined means any. */
export function sizeLimit({ sizeLimit: limit, bodyFilters }: Filtering): number | undefined {
  const limits = [
    limit,
    ...bodyFilters.filter(({ type }) => type === 'Size').map(({ pattern }) => parseBytes(pattern)),
  ].filter(size => size !== undefined);
  return limits.length === 0 ? undefined : Math.min(...limits);
}

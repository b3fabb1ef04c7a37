import { enforced, part } from './part';
import { AccessLogFilter, ResponseMapper } from '../config/api';
import { CALLER_METADATA, MetadataPath, RBAC_METADATA } from '../config/names';
import { EnvoyEntry } from '../config/plan';
import { exactly, matching, metadataMatcher } from '../dialect/matchers';
import { Policies } from '../dialect/rbac';
import { scopeChallenges } from '../dialect/scope-challenges';

/*
 * The challenge to callers whose token lacks a scope (MCP, "Scope Challenge Handling"; RFC 6750, 3.1). The rules of a level are asked
 * without their scopes, for the record: the name of what matches is the scopes that are missing. A filter of RBAC that refuses leaves no
 * record, and those behind it are not asked: so the filter before that of a level records what the level misses, and the last that
 * all have passed.
 */

type Stage = 'authentication' | Level;
type Level = 'gateway' | 'route';

/** Tells clients what to ask the issuer for. */
export const scopes = part({
  limits: {
    'authorization.scopes': enforced(
      'at routes with OpenID Connect, a 403 for a missing scope carries a challenge with `insufficient_scope` and the scopes of the first rule, by their names, that would have admitted the caller; ' +
        'what the rules of the gateway ask for is said before what those of the route do',
    ),
  },
  listener: ({ entries }) =>
    entries.some(challenges) ? { manager: { local_reply_config: { mappers: CHALLENGES } } } : {},
});

/** Whether an entry has an issuer to send callers to, and rules that ask for scopes. */
export function challenges({ methods, policy }: EnvoyEntry): boolean {
  return (
    methods.some(method => method.kind === 'jwt' && method.resource !== undefined) &&
    (policy?.levels ?? []).some(({ rules }) =>
      rules.some(({ conditions }) => conditions.some(({ kind }) => kind === 'scope')),
    )
  );
}

/** What the filter of a stage records, and the prefix of its record. */
export function recordOf(
  { policy }: EnvoyEntry,
  stage: Stage,
): { readonly prefix: string; readonly records: Policies } {
  const next = NEXT[stage];
  const level = policy!.levels.find(found => found.level === next);
  return {
    prefix: prefixOf(next),
    records: level === undefined ? {} : scopeChallenges(policy!, level),
  };
}

/** What comes after a stage: a level, or servers. */
const NEXT = { authentication: 'gateway', gateway: 'route', route: 'servers' } as const;
type Next = Level | 'servers';

function prefixOf(next: Next): string {
  return `mcp.scopes.${next}.`;
}

function at(next: Next, field: string): MetadataPath {
  return { namespace: RBAC_METADATA, path: [`${prefixOf(next)}${field}`] };
}

/** Where the metadata of the resource is; nothing where what the caller calls the gateway is no name. */
const RESOURCE: MetadataPath = { namespace: CALLER_METADATA, path: ['resource'] };

/** What is refused in front of a level or of servers has left nothing there, and is met by this. */
function isRefusedBefore(next: Next): AccessLogFilter {
  return {
    metadata_filter: {
      // No outcome is empty: only one that is not there is met.
      matcher: metadataMatcher(at(next, 'shadow_engine_result'), { string_match: exactly('') }),
      match_if_key_not_found: true,
    },
  };
}

function isKnown(place: MetadataPath): AccessLogFilter {
  return {
    metadata_filter: {
      matcher: metadataMatcher(place, { string_match: matching('.+') }),
      match_if_key_not_found: false,
    },
  };
}

/** A refusal by the rules of a level, for the want of scopes: what stands behind the level was not asked. */
function challenge(level: Level, behind: Next): ResponseMapper {
  const missing = at(level, 'shadow_effective_policy_id');
  return {
    filter: { and_filter: { filters: [isKnown(missing), isKnown(RESOURCE), isRefusedBefore(behind)] } },
    headers_to_add: [
      {
        header: {
          key: 'www-authenticate',
          value: `Bearer error="insufficient_scope", scope="${read(missing)}", resource_metadata="${read(RESOURCE)}"`,
        },
        append_action: 'OVERWRITE_IF_EXISTS_OR_ADD',
      },
    ],
  };
}

function read({ namespace, path }: MetadataPath): string {
  return `%DYNAMIC_METADATA(${[namespace, ...path].join(':')})%`;
}

const CHALLENGES: readonly ResponseMapper[] = [challenge('gateway', 'route'), challenge('route', 'servers')];

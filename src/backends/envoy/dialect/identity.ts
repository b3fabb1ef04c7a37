import { metadataMatcher, ValueMatcher } from './matchers';
import { allIds, ANY, anyId, inMetadata, notId, Principal } from './rbac';
import {
  alternatives,
  AuthenticationMethod,
  ClaimPath,
  EffectivePolicy,
  JwtMethod,
  isSource,
  LevelPolicy,
  NameSource,
  NamingMethod,
  SCOPE_CLAIMS,
  SingleMethod,
} from '../../../model/policy';
import { Verified } from '../../../passes/access/caller';
import { trustedMethods } from '../../../passes/policy/merge';
import { canonicalText, distinct } from '../../../values/json';
import { digest } from '../../../values/text';
import { CALLER_METADATA, JWT_METADATA, MetadataPath } from '../config/names';

/*
 * Who calls. Everything that was verified stands in dynamic metadata, by the method that verified it, and never in a header
 * that a client could send: `{method}` below JWT_METADATA is the payload of a token, below CALLER_METADATA an object
 * with `verified`, and `user` and `groups` where they are known.
 */

/** One place where a verified name of the caller stands: a string, or for groups a list of them as well. Absent where the method did not verify one. */
export interface IdentitySource extends MetadataPath {
  /** What verified it. */
  readonly by: NamingMethod;
}

/** Where the names of a caller stand, given the methods in force. */
export interface EnvoyIdentity {
  /** A user principal is met by any of them. */
  readonly users: readonly IdentitySource[];
  /** Lists, or a string for a single group. */
  readonly groups: readonly IdentitySource[];
  /** The `sub` of tokens, wherever the user's name stands: service accounts are told by it. */
  readonly subjects: readonly IdentitySource[];
  /** What tokens were issued for: lists, or text with spaces between. */
  readonly scopes: readonly IdentitySource[];
  /** A principal of RBAC that is met by callers who passed every method; by nobody where no method is in force. */
  readonly authenticated: Principal;
}

/** The user, of whichever method in force names one first: for limits and logs. Absent for a caller of whom no name is known. */
export const CALLER_USER: MetadataPath = { namespace: CALLER_METADATA, path: ['user'] };

/** Whoever presents a credential: the subject of a token together with its issuer, else the user that the credential names. Absent where there is neither. */
export const CALLER_PRINCIPAL: MetadataPath = { namespace: CALLER_METADATA, path: ['principal'] };

/** What stands at a method's place in CALLER_METADATA when it let the caller pass. */
export const VERIFIED = 'verified';

/**
 * Reads the caller as one level of a policy may: from its own methods and those of the levels around it, never from those
 * of a level within, who could else name anyone and be granted what the outer level grants to others.
 */
export function levelIdentity(policy: EffectivePolicy, level: LevelPolicy): EnvoyIdentity {
  return identityOf(trustedMethods(policy, level));
}

/** Reads the caller from all methods in force. */
export function policyIdentity({ authentication }: EffectivePolicy): EnvoyIdentity {
  return identityOf(authentication.map(({ method }) => method));
}

function identityOf(methods: readonly AuthenticationMethod[]): EnvoyIdentity {
  const singles = methods.flatMap(alternatives);
  return {
    users: distinct(singles.map(userSource)),
    groups: distinct(singles.flatMap(groupSources)),
    subjects: distinct(singles.filter(isToken).map(method => claimSource(method, ['sub']))),
    scopes: distinct(singles.filter(isToken).flatMap(method => SCOPE_CLAIMS.map(name => claimSource(method, [name])))),
    authenticated: methods.length === 0 ? NOBODY : allIds(distinct(methods.map(passed))),
  };
}

function isToken(method: SingleMethod): method is JwtMethod {
  return method.kind === 'jwt';
}

/** Where a method says which user it verified. */
export function userSource(method: SingleMethod): IdentitySource {
  return isToken(method) ? claimSource(method, method.claims.user) : callerSource(method, 'user');
}

function groupSources(method: SingleMethod): IdentitySource[] {
  switch (method.kind) {
    case 'jwt':
      return [claimSource(method, method.claims.groups)];
    case 'apiKey':
      return [callerSource(method, 'groups')];
    default:
      return [];
  }
}

function claimSource(method: JwtMethod, claim: ClaimPath): IdentitySource {
  return { by: byOf(method), namespace: JWT_METADATA, path: [methodName(method), ...claim] };
}

function callerSource(method: SingleMethod, field: string): IdentitySource {
  return { by: byOf(method), namespace: CALLER_METADATA, path: [methodName(method), field] };
}

function byOf(method: SingleMethod): NamingMethod {
  return method.kind === 'jwt' ? { kind: method.kind, issuer: method.issuer } : { kind: method.kind };
}

/** The places of names that one source verifies; all where none is said. */
export function fromSource(sources: readonly IdentitySource[], source: NameSource | undefined): IdentitySource[] {
  return sources.filter(({ by }) => isSource(by, source));
}

/*
 * RBAC's own check of what authentication left: it asks for what only a success writes, so that a filter which fails, or is
 * skipped, lets nobody pass.
 */

const NOBODY: Principal = notId(ANY);

function passed(method: AuthenticationMethod): Principal {
  return method.kind === 'anyOf' ? anyId(distinct(method.methods.map(passedBy))) : passedBy(method);
}

function passedBy(method: SingleMethod): Principal {
  return isToken(method)
    ? holds(claimSource(method, ['iss']), { string_match: { exact: method.issuer } })
    : holds(callerSource(method, VERIFIED), { bool_match: true });
}

function holds(place: MetadataPath, value: ValueMatcher): Principal {
  return inMetadata(metadataMatcher(place, value));
}

/**
 * Name of a method in the configuration and in metadata, made of all that it verifies by: listeners and routes are read from
 * two files, and may for a moment not be of one age. So what a route trusts is never what another policy has verified.
 */
export function methodName(method: SingleMethod): string {
  const known = names.get(method);
  if (known !== undefined) {
    return known;
  }
  const verified = digest(canonicalText(verifiedBy(method)), 12);
  const name = `${method.kind === 'jwt' ? readable(method.issuer) : method.kind}-${verified}`;
  names.set(method, name);
  return name;
}

/** Names of methods: each rule of each route asks for them, and a matrix at every answer. */
const names = new WeakMap<SingleMethod, string>();

/** What decides whether a method lets a caller pass, and what it says of him. */
function verifiedBy(method: SingleMethod): object {
  if (method.kind !== 'jwt') {
    return method;
  }
  const { issuer, audiences, keys, header } = method;
  return { issuer, audiences: [...new Set(audiences)].sort(), keys, header };
}

/** An issuer for the eye: formats that read metadata take other characters for their own. */
function readable(issuer: string): string {
  return issuer
    .replace(/^https?:\/\//, '')
    .replace(/[^A-Za-z0-9.]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 60);
}

/** The metadata that authentication would write for a caller as AccessMatrix presents it. */
export function metadataOf({ authentication }: EffectivePolicy, { presented }: Verified): Record<string, unknown> {
  const inForce = new Set(authentication.flatMap(({ method }) => alternatives(method)).map(methodName));
  const tokens: Record<string, Readonly<Record<string, unknown>>> = {};
  const others: Record<string, unknown> = {};
  for (const { method, says } of presented) {
    const name = methodName(method);
    if (inForce.has(name) && isToken(method)) {
      tokens[name] = { ...says, ...(tokens[name] ?? {}) };
    } else if (inForce.has(name)) {
      others[name] = { [VERIFIED]: true, ...says };
    }
  }
  return { [JWT_METADATA]: tokens, [CALLER_METADATA]: others };
}

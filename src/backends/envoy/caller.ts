import { DISABLED, extension, typed } from './config';
import { methodName } from './identity';
import { CALLER_PROGRAM } from './lua/programs';
import { AUTHENTICATION } from './names';
import { metadataUrl } from './oauth-metadata';
import { secretFile } from './secrets';
import { Entry } from '../../model/plan';
import { ApiKey, AuthenticationMethod, EffectivePolicy, SingleMethod } from '../../model/policy';
import { callerTokenOf, serversOf, wantsCallerToken } from '../../passes/backend-credentials';
import { alternatives } from '../../passes/policy/alternatives';
import { headerOf } from '../../passes/policy/credential-header';
import { digest } from '../../values/digest';
import { canonicalText, Json } from '../../values/json';
import { distinct } from '../../values/lists';

const LUA = 'envoy.extensions.filters.http.lua.v3.Lua';

/** What the filter asks of the callers of a route. */
interface CallerContext {
  /** All of these, by one of its ways each. */
  readonly methods: readonly (readonly string[])[];
  readonly ways: readonly Way[];
  /** Header with the token that goes on to a server as that of the caller. */
  readonly forward?: string;
  /** Schemes that callers without good credentials are told of. */
  readonly bearer?: boolean;
  readonly basic?: boolean;
  /** Where the metadata of RFC 9728 is: a URL, or a path at whatever name a client calls the gateway by. */
  readonly resource?: string;
  readonly scope?: string;
}

/** One way to prove who calls. */
interface Way {
  readonly name: string;
  readonly kind: SingleMethod['kind'];
  readonly header?: string;
  readonly prefix?: string;
  readonly issuer?: string;
  readonly audiences?: readonly string[];
  /** Claim that holds the user. */
  readonly user?: readonly string[];
  readonly keys?: readonly Key[];
  /** Passwords. */
  readonly file?: string;
}

interface Key {
  readonly sha256?: string;
  readonly file?: string;
  readonly user?: string;
  readonly groups?: readonly string[];
}

/** The filter: a route without anything of its own to say is no route of ours. */
export function callerFilter(): Json {
  return extension(AUTHENTICATION, LUA, {
    default_source_code: { inline_string: CALLER_PROGRAM },
    clear_route_cache: false,
  });
}

/** What the filter does on a route. */
export function callerPerRoute(entry: Entry): Json {
  const context =
    entry.policy === undefined || entry.policy.authentication.length === 0 ? undefined : contextOf(entry, entry.policy);
  return {
    [AUTHENTICATION]:
      context === undefined
        ? DISABLED
        : typed(`${LUA}PerRoute`, { filter_context: { id: digest(canonicalText(context), 16), context } }),
  };
}

function contextOf(entry: Entry, policy: EffectivePolicy): CallerContext {
  const methods = policy.authentication.map(({ method }) => method);
  const singles = methods.flatMap(alternatives);
  const resource = metadataUrl(entry);
  const scopes = [
    ...new Set(singles.flatMap(method => (method.kind === 'jwt' ? (method.resource?.scopes ?? []) : []))),
  ];
  const forward = forwardedFrom(entry, methods);
  return {
    methods: methods.map(method => [...new Set(alternatives(method).map(methodName))]),
    ways: distinct(singles.map(wayOf)),
    ...(forward === undefined ? {} : { forward }),
    ...(resource !== undefined || singles.some(isBearer) ? { bearer: true } : {}),
    ...(singles.some(({ kind }) => kind === 'basic') ? { basic: true } : {}),
    ...(resource === undefined ? {} : { resource }),
    ...(scopes.length === 0 ? {} : { scope: scopes.join(' ') }),
  };
}

function wayOf(method: SingleMethod): Way {
  const common = { name: methodName(method), kind: method.kind };
  const header = headerOf(method);
  const place = header === undefined ? {} : { header: header.name, prefix: header.prefix };
  switch (method.kind) {
    case 'jwt':
      return { ...common, ...place, issuer: method.issuer, audiences: method.audiences, user: method.claims.user };
    case 'apiKey':
      return { ...common, ...place, keys: method.keys.map(keyOf) };
    case 'basic':
      return { ...common, ...place, file: secretFile(method.htpasswd) };
    case 'clientCertificate':
      return common;
  }
}

function keyOf({ secret, user, groups }: ApiKey): Key {
  return {
    ...(secret.kind === 'sha256' ? { sha256: secret.hex } : { file: secretFile(secret.ref) }),
    ...(user === undefined ? {} : { user }),
    ...(groups.length === 0 ? {} : { groups }),
  };
}

function isBearer(method: SingleMethod): boolean {
  const header = headerOf(method);
  return header?.name === 'authorization' && header.prefix.toLowerCase() === 'bearer ';
}

/** Where the token stands that a server of the entry wants; undefined where none does, or where nobody looks at what stands in `Authorization`. */
function forwardedFrom(entry: Entry, methods: readonly AuthenticationMethod[]): string | undefined {
  if (callerTokenOf(entry.policy) !== 'verified' || !serversOf(entry).some(wantsCallerToken)) {
    return undefined;
  }
  const [way] = methods.map(alternatives).find(ways => ways.every(({ kind }) => kind === 'jwt'))!;
  return headerOf(way)!.name;
}

import { foreignSecrets, MethodUse, methodUses, refuseMethod, secretFile, SECRETS_NAMESPACE } from './limits';
import { OPEN_TO_PAGES, READABLE_BY_ALL } from './origins';
import { enforced, part, refused } from './part';
import { challenges } from './scopes';
import { Diagnostic } from '../../../model/findings';
import { Gateway } from '../../../model/gateway';
import { alternatives, ApiKey, AuthenticationMethod, JwtMethod, SingleMethod } from '../../../model/policy';
import { methodSecrets } from '../../../passes/gateways/certificates';
import { headerOf } from '../../../passes/policy/authentication';
import { scopesOf } from '../../../passes/policy/merge';
import { canonicalText, distinct } from '../../../values/json';
import { digest } from '../../../values/text';
import { refusal } from '../../interface/standing';
import { Any, Route } from '../config/api';
import { DISABLED, extension, literal, LUA, typed } from '../config/config';
import { AUTHENTICATION, MCP_METADATA } from '../config/names';
import { EnvoyEntry } from '../config/plan';
import { methodName } from '../dialect/identity';
import { exactly, isRewritten, matching } from '../dialect/matchers';
import { CALLER_PROGRAM } from '../lua/programs';

const HEADER = refused(
  'authentication.header',
  'Envoy cannot read a credential from this header: it sets the header itself, or refuses names with an underscore',
  'read it from another header',
);

/**
 * Verifies all credentials but tokens, and decides who calls. The filter is always there: routes are read from another file,
 * and a route that asks for something must not wait for it. A route without anything of its own to say is no route of ours.
 */
export const callers = part({
  features: {
    'authentication.apiKey': enforced(
      'from any header, by its SHA-256 hash or from a Secret; a changed Secret counts 10 seconds after its file has changed',
    ),
    'authentication.basic': enforced(
      'against an htpasswd file from a Secret, of which apr1 hashes count (`htpasswd -m`, `openssl passwd -apr1`): a user with any other, such as bcrypt, is refused; ' +
        'each worker looks at 20 new passwords in a second, 10 of one address, and answers further ones with 429; ' +
        'a changed Secret counts 10 seconds after its file has changed',
    ),
    'authentication.anyOf': enforced(
      'a wrong credential is refused even beside a right one, unless both would stand in the same place',
    ),
  },
  limits: { 'authentication.header': HEADER, 'secrets.namespace': SECRETS_NAMESPACE },
  check: plan => methodUses(plan).flatMap(use => checkUse(use, plan.gateway)),
  filters: () => [
    extension(AUTHENTICATION, LUA, {
      default_source_code: { inline_string: CALLER_PROGRAM },
      clear_route_cache: false,
    }),
  ],
  entry: entry => ({ filters: { [AUTHENTICATION]: asksFor(entry) } }),
  secretKeys: ({ entries, gateway }) =>
    entries.flatMap(({ methods }) => methods).flatMap(method => methodSecrets(method, gateway)),
});

function checkUse(use: MethodUse, gateway: Gateway): Diagnostic[] {
  const { method, origin } = use;
  const header = headerOf(method);
  return [
    ...(header !== undefined && isRewritten(header.name) ? [refuseMethod(HEADER, use)] : []),
    ...foreignSecrets(methodSecrets(method, gateway), gateway).map(secret =>
      refusal(SECRETS_NAMESPACE, origin.path, origin.property, secret),
    ),
  ];
}

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
  /** Whether what refuses later needs to say where the metadata is. */
  readonly challenges?: boolean;
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

/** What the filter does on the routes of an entry. */
function asksFor(entry: EnvoyEntry): Any {
  const methods = (entry.policy?.authentication ?? []).map(({ method }) => method);
  if (methods.length === 0) {
    return DISABLED;
  }
  const context = contextOf(entry, methods);
  return typed(`${LUA}PerRoute`, { filter_context: { id: digest(canonicalText(context), 16), context } });
}

function contextOf(entry: EnvoyEntry, methods: readonly AuthenticationMethod[]): CallerContext {
  const singles = entry.methods;
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
    ...(challenges(entry) ? { challenges: true } : {}),
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
function forwardedFrom({ forwardsToken }: EnvoyEntry, methods: readonly AuthenticationMethod[]): string | undefined {
  if (!forwardsToken) {
    return undefined;
  }
  const [way] = methods.map(alternatives).find(ways => ways.every(({ kind }) => kind === 'jwt'))!;
  return headerOf(way)!.name;
}

/*
 * Metadata of OAuth 2 protected resources (RFC 9728): by it a client without a token finds out where to get one.
 */

/** Routes that say where to get a token. */
export const oauthMetadata = part({
  features: {
    'authentication.oidc': enforced(
      'each route serves its metadata of RFC 9728, and names it to callers without a good token, where other credentials are taken as well',
    ),
  },
  entry: entry => {
    const methods = protectedBy(entry);
    return methods.length === 0 ? {} : { routes: [metadataRoute(entry, methods)] };
  },
});

/** Path of the metadata of a protected resource (RFC 9728, 3.1). */
function metadataPath(path: string): string {
  return `/.well-known/oauth-protected-resource${path}`;
}

/** The methods of an entry that say where to get a token. */
function protectedBy({ methods }: EnvoyEntry): JwtMethod[] {
  return methods.filter((method): method is JwtMethod => method.kind === 'jwt' && method.resource !== undefined);
}

/** Where the metadata of an entry is: a URL where its public name is known, else a path; undefined where there is none. */
function metadataUrl(entry: EnvoyEntry): string | undefined {
  if (protectedBy(entry).length === 0) {
    return undefined;
  }
  if (entry.publicUrl === undefined) {
    return metadataPath(entry.path);
  }
  const { origin, pathname } = new URL(entry.publicUrl);
  return `${origin}${metadataPath(pathname)}`;
}

/** The route that serves the metadata of an entry, to everybody: what is asked there is no MCP, and is not protected. */
function metadataRoute(entry: EnvoyEntry, methods: readonly JwtMethod[]): Route {
  const { allowedOrigins, name, path, policy, publicUrl } = entry;
  const scopes = [...new Set(methods.flatMap(method => scopesOf(policy!, method)))];
  // Browsers ask first whether a page may.
  const verbs = allowedOrigins === undefined ? exactly('GET') : matching('GET|OPTIONS');
  return {
    name: `${name}/oauth-metadata`,
    match: { path: metadataPath(path), headers: [{ name: ':method', string_match: verbs }] },
    direct_response: {
      status: 200,
      body_format: {
        json_format: {
          resource:
            publicUrl === undefined
              ? `%REQUEST_HEADER(:SCHEME)%://%REQUEST_HEADER(:AUTHORITY)%${literal(path)}`
              : literal(publicUrl),
          authorization_servers: [...new Set(methods.map(({ issuer }) => literal(issuer)))],
          bearer_methods_supported: ['header'],
          ...(scopes.length === 0 ? {} : { scopes_supported: scopes.map(literal) }),
        },
      },
    },
    ...(allowedOrigins === undefined ? {} : READABLE_BY_ALL),
    typed_per_filter_config: {
      ...(allowedOrigins === undefined ? {} : OPEN_TO_PAGES),
      [AUTHENTICATION]: DISABLED,
      [MCP_METADATA]: DISABLED,
    },
  };
}

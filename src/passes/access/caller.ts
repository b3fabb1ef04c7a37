import { ItemRequest } from '../../model/items';
import {
  alternatives,
  ApiKeyMethod,
  AuthenticationMethod,
  EffectivePolicy,
  isSource,
  JwtMethod,
  NameSource,
  Principal,
  serviceAccountSubject,
  SingleMethod,
  sourceWords,
} from '../../model/policy';
import { entryOf, isObject } from '../../values/json';
import { describeMethod } from '../policy/words';

/** A request as far as its admission depends on it. */
export type AccessRequest = ItemRequest & RequestContext;

/** What of a request does not say what is asked for. What is left out is missing, and missing data denies. */
export interface RequestContext {
  /** Undefined: without any credentials. */
  readonly caller?: Caller;
  readonly sourceIp?: string;
  /** By name, in any case; several values for a repeated header. */
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly time?: Date;
  /** Arguments of a call; none when left out. */
  readonly arguments?: Readonly<Record<string, unknown>>;
}

/** A request whose caller was authenticated. The same object for everything that is asked of one request. */
export interface PresentedRequest {
  readonly request: AccessRequest;
  /** Those of the request, and those that every client of the entry sends, by lower-case name. */
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly verified: Verified;
}

/** Who calls, as far as a test says. */
export interface Caller {
  readonly user?: string;
  readonly groups?: readonly string[];
  /** What verifies these names; any method that can unless it is said. */
  readonly source?: NameSource;
  /** Further claims of the caller's token, which win over `user` and `groups`. */
  readonly claims?: Readonly<Record<string, unknown>>;
}

/** A caller whom authentication let pass. */
export interface Verified {
  /** Undefined where nobody was asked for anything. */
  readonly caller?: Caller;
  /** What each method says of the caller, in the order of the methods. */
  readonly presented: readonly Presented[];
}

/** What a method says of the caller: the claims of a token; else `user` and `groups`, as far as it knows them. */
export interface Presented {
  readonly method: SingleMethod;
  readonly says: Readonly<Record<string, unknown>>;
}

/** Stands for the name of a caller of whom a test says nothing but the group: in practice some user is in it. */
export const SOME_USER = '(some user)';

/** A caller of whom nothing is known but that a principal names it. */
export function callerOf(principal: Principal): Caller {
  switch (principal.kind) {
    case 'user':
      return known({ user: principal.name, source: principal.source });
    case 'group':
      return known({ groups: [principal.name], source: principal.source });
    case 'serviceAccount':
      return known({ user: serviceAccountSubject(principal), source: principal.source });
    case 'anyAuthenticated':
      return {};
  }
}

function known({ source, ...names }: Caller): Caller {
  return source === undefined ? names : { ...names, source };
}

/**
 * Presents a caller by every method in force, by the first of several that can name it. A string says why the caller
 * cannot pass.
 */
export function present(
  authentication: EffectivePolicy['authentication'],
  caller: Caller | undefined,
): Verified | string {
  const methods = authentication.map(({ method }) => method);
  if (caller === undefined) {
    return methods.length === 0
      ? { presented: [] }
      : `callers have to present ${methods.map(describeMethod).join(' and ')}`;
  }
  const { source } = caller;
  if (source !== undefined && methods.length > 0 && !methods.flatMap(alternatives).some(way => isSource(way, source))) {
    return `no caller presents a name${sourceWords(source)} here, but ${methods.map(describeMethod).join(' and ')}`;
  }
  const presented: Presented[] = [];
  for (const method of methods) {
    const chosen = choose(method, caller, methods.length > 1);
    if (chosen === undefined) {
      return `the caller cannot present ${describeMethod(method)}: no API key is given to ${describeCaller(caller)}`;
    }
    presented.push(chosen);
  }
  return { caller, presented };
}

function choose(method: AuthenticationMethod, caller: Caller, otherMethods: boolean): Presented | undefined {
  const ways = alternatives(method);
  const { claims, source } = caller;
  const naming = ways.filter(way => isSource(way, source) && canName(way, caller));
  const issuer = claims === undefined ? undefined : entryOf(claims, 'iss');
  const issuing = naming.filter(way => way.kind === 'jwt' && way.issuer === issuer);
  // What does not verify the caller's names lets pass somebody of whom it says nothing.
  return [...issuing, ...naming, ...ways]
    .map(way => (isSource(way, source) ? presentation(way, caller, otherMethods) : presentation(way, {}, true)))
    .find(found => found !== undefined);
}

/** Whether a method says all that is known of a caller. */
function canName(method: SingleMethod, { groups = [], claims, user }: Caller): boolean {
  switch (method.kind) {
    case 'jwt':
      return true;
    case 'apiKey':
      return claims === undefined && keyOf(method, { user, groups }) !== undefined;
    default:
      return claims === undefined && groups.length === 0;
  }
}

function presentation(method: SingleMethod, caller: Caller, otherMethods: boolean): Presented | undefined {
  switch (method.kind) {
    case 'jwt':
      return { method, says: tokenOf(method, caller) };
    case 'apiKey': {
      // A key of nobody, where another method names the caller: it lets pass and says nothing.
      const key = keyOf(method, caller) ?? (otherMethods ? { groups: [] } : undefined);
      return key && { method, says: { groups: key.groups, ...(key.user === undefined ? {} : { user: key.user }) } };
    }
    case 'basic':
    case 'clientCertificate':
      return { method, says: { user: caller.user ?? SOME_USER } };
  }
}

/** The first key that is the caller's: of the user, and in all groups that are known. */
function keyOf(
  method: ApiKeyMethod,
  { user, groups = [] }: Caller,
): { readonly user?: string; readonly groups: readonly string[] } | undefined {
  return method.keys.find(
    key => (user === undefined || key.user === user) && groups.every(group => key.groups.includes(group)),
  );
}

/** What a token of the caller says. */
function tokenOf(method: JwtMethod, { user = SOME_USER, groups, claims }: Caller): Record<string, unknown> {
  const named = withClaim({ iss: method.issuer, aud: method.audiences, sub: user }, method.claims.user, user);
  return { ...(groups === undefined ? named : withClaim(named, method.claims.groups, groups)), ...claims };
}

/** Claims with one more. A name may be any text, so nothing is assigned to: `__proto__` would be no claim then. */
function withClaim(
  claims: Readonly<Record<string, unknown>>,
  [name, ...rest]: readonly string[],
  value: unknown,
): Record<string, unknown> {
  const inner = entryOf(claims, name);
  return { ...claims, [name]: rest.length === 0 ? value : withClaim(isObject(inner) ? inner : {}, rest, value) };
}

/** A caller in words. */
export function describeCaller(caller: Caller | undefined): string {
  if (caller === undefined) {
    return 'a caller without credentials';
  }
  const parts = [
    ...(caller.user === undefined ? [] : [`user:${caller.user}`]),
    ...(caller.groups ?? []).map(group => `group:${group}`),
    ...(caller.claims === undefined ? [] : [`claims ${JSON.stringify(caller.claims)}`]),
  ];
  return parts.length === 0 ? 'an authenticated caller' : `${parts.join(', ')}${sourceWords(caller.source)}`;
}

import { firstOf } from '../../../cel/balance';
import { allOf, anyOf, Predicate } from '../../../cel/predicates';
import { celList, celString, isFieldName } from '../../../cel/terms';
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
  ScopeCondition,
  SingleMethod,
} from '../../../model/policy';
import { trustedMethods } from '../../../passes/policy/merge';
import { canonicalText, distinct } from '../../../values/json';

/*
 * Who calls, in CEL. Each method leaves what it verified in a variable of its own: the claims of the token in `jwt`, the
 * metadata of the key in `apiKey` (`user`, `groups`), the user name in `basicAuth`, the subject in `source`.
 */

/** One place where a verified name of the caller stands. */
export interface IdentitySource {
  /** What verified it. */
  readonly by: NamingMethod;
  /** Holds when it is there; `value` is only to be read then. */
  readonly present: Predicate;
  readonly value: string;
}

/** Where the names of a caller stand, given the methods in force. */
export interface Identity {
  /** Values are strings. Each was verified: a user principal is met by any of them. */
  readonly users: readonly IdentitySource[];
  /** Values are lists, or a string for a single group. */
  readonly groups: readonly IdentitySource[];
  /** The `sub` of tokens, wherever the user's name stands: service accounts are told by it. */
  readonly subjects: readonly IdentitySource[];
  /** What tokens were issued for: lists, or text with spaces between. */
  readonly scopes: readonly IdentitySource[];
  /** Each holds when the caller has a token of one of the methods, so that its claims may be read. */
  readonly tokens: readonly Predicate[];
  /** Holds when the caller passed every method; `false` where no method is in force, for then nobody is authenticated. */
  readonly authenticated: Predicate;
}

type Methods = readonly { readonly method: AuthenticationMethod }[];

/**
 * Reads the caller as one level of a policy may: from its own methods and those of the levels around it, never from those
 * of a level within. Else whoever writes a route could add a method of his own, an issuer or an API key that names
 * anyone, and so be granted what the gateway grants to others.
 */
export function levelIdentity(policy: EffectivePolicy, level: LevelPolicy): Identity {
  const trusted = trustedMethods(policy, level).map(method => ({ method }));
  return identityExpressions(trusted, policy.authentication);
}

/**
 * Reads the caller from what methods verified. `inForce` are all methods at the entry: where they admit tokens of several
 * kinds, each is told by its issuer, and claims are read only from tokens of the method they belong to.
 */
export function identityExpressions(authentication: Methods, inForce: Methods = authentication): Identity {
  const methods = authentication.map(({ method }) => method);
  const singles = methods.flatMap(alternatives);
  const guards = tokenGuards(
    inForce
      .map(({ method }) => method)
      .flatMap(alternatives)
      .filter(isToken),
  );
  const claim = (method: JwtMethod, path: ClaimPath): IdentitySource => ({
    by: { kind: method.kind, issuer: method.issuer },
    ...claimSource(path, guards(method)),
  });
  return {
    users: distinct(singles.map(method => userSource(method, claim))),
    groups: distinct(singles.flatMap(method => groupSources(method, claim))),
    subjects: distinct(singles.filter(isToken).map(method => claim(method, ['sub']))),
    scopes: distinct(singles.filter(isToken).flatMap(method => SCOPE_CLAIMS.map(name => claim(method, [name])))),
    tokens: distinct(
      singles.filter(isToken).map(method => allOf([IS_TOKEN, ...guards(method).filter(guard => guard !== IS_TOKEN)])),
    ),
    authenticated: authenticatedExpression(methods),
  };
}

function isToken(method: AuthenticationMethod): method is JwtMethod {
  return method.kind === 'jwt';
}

/** What tells the tokens of a method from those of the others in force. */
function tokenGuards(tokens: readonly JwtMethod[]): (method: JwtMethod) => Predicate[] {
  const severalIssuers = new Set(tokens.map(({ issuer }) => issuer)).size > 1;
  // A token that one method lets pass is not one of another method for that: its audience may be of the first alone.
  const severalAudiences =
    new Set(tokens.map(({ audiences, header }) => canonicalText([header.name, [...audiences].sort()]))).size > 1;
  return ({ issuer, audiences }) => [
    ...(severalIssuers ? [IS_TOKEN, `jwt.iss == ${celString(issuer)}`] : []),
    ...(severalAudiences ? ['has(jwt.aud)', holdsOneOf('jwt.aud', audiences)] : []),
  ];
}

type ReadClaim = (method: JwtMethod, path: ClaimPath) => IdentitySource;

function userSource(method: SingleMethod, claim: ReadClaim): IdentitySource {
  const by = { kind: method.kind };
  switch (method.kind) {
    case 'jwt':
      return claim(method, method.claims.user);
    case 'apiKey':
      return { by, present: 'has(apiKey.user)', value: 'apiKey.user' };
    case 'basic':
      return { by, present: 'has(basicAuth.username)', value: 'basicAuth.username' };
    // A certificate without a common name has the field too, as null, which equals no name.
    case 'clientCertificate':
      return { by, present: 'has(source.subjectCn)', value: 'source.subjectCn' };
  }
}

function groupSources(method: SingleMethod, claim: ReadClaim): IdentitySource[] {
  switch (method.kind) {
    case 'jwt':
      return [claim(method, method.claims.groups)];
    case 'apiKey':
      return [{ by: { kind: method.kind }, present: 'has(apiKey.groups)', value: 'apiKey.groups' }];
    default:
      return [];
  }
}

const IS_TOKEN = 'has(jwt.iss)';

/** Holds when every method let the caller pass; `false` for no methods. */
export function authenticatedExpression(methods: readonly AuthenticationMethod[]): Predicate {
  return methods.length === 0 ? 'false' : allOf([...new Set(methods.map(passed))]);
}

function passed(method: AuthenticationMethod): Predicate {
  switch (method.kind) {
    case 'jwt':
      return IS_TOKEN;
    case 'apiKey':
      return 'has(apiKey.key)';
    case 'basic':
      return 'has(basicAuth.username)';
    case 'clientCertificate':
      return 'has(source.certificate)';
    case 'anyOf':
      return anyOf([...new Set(method.methods.map(passed))]);
  }
}

/**
 * A claim by its path. Every step is guarded: what is missing denies without an error, so that another source is still asked.
 * Names that CEL cannot write as a field, such as URLs, are read by index.
 */
function claimSource(path: ClaimPath, guard: readonly Predicate[]): Omit<IdentitySource, 'by'> {
  let value = 'jwt';
  const guards = [...guard];
  for (const name of path) {
    if (isFieldName(name)) {
      guards.push(`has(${value}.${name})`);
      value = `${value}.${name}`;
    } else {
      // Unlike `has`, `in` errs where there is no token at all.
      guards.push(...(guards.length === 0 ? [IS_TOKEN] : []), `${celString(name)} in ${value}`);
      value = `${value}[${celString(name)}]`;
    }
  }
  return { present: allOf(guards), value };
}

/** The names of a caller that one source verified; all where none is said. */
export function verifiedBy(identity: Identity, source: NameSource | undefined): Identity {
  const kept = (sources: readonly IdentitySource[]): IdentitySource[] =>
    sources.filter(({ by }) => isSource(by, source));
  return {
    ...identity,
    users: kept(identity.users),
    groups: kept(identity.groups),
    subjects: kept(identity.subjects),
  };
}

/** The caller is one of these users. */
export function userIn(identity: Identity, names: readonly string[]): Predicate {
  return names.length === 0
    ? 'false'
    : anyOf(identity.users.map(({ present, value }) => allOf([present, isOneOf(value, names)])));
}

/** The caller is in one of these groups. */
export function groupIn(identity: Identity, names: readonly string[]): Predicate {
  return names.length === 0
    ? 'false'
    : anyOf(identity.groups.map(({ present, value }) => allOf([present, holdsOneOf(value, names)])));
}

/** The caller's token is of one of these subjects. */
export function subjectIn(identity: Identity, names: readonly string[]): Predicate {
  return names.length === 0
    ? 'false'
    : anyOf(identity.subjects.map(({ present, value }) => allOf([present, isOneOf(value, names)])));
}

/** The caller's token was issued for a scope. */
export function hasScope({ scopes }: Identity, { issuer, scope }: ScopeCondition): Predicate {
  return anyOf(
    scopes
      .filter(({ by }) => issuer === undefined || by.issuer === issuer)
      .map(({ present, value }) =>
        allOf([
          present,
          anyOf([
            allOf([`type(${value}) == string`, `(" " + ${value} + " ").contains(${celString(` ${scope} `)})`]),
            allOf([`type(${value}) == list`, `${celString(scope)} in ${value}`]),
          ]),
        ]),
      ),
  );
}

/** The user as a value, for limits and logs: the first there is. It errs for callers without a name; undefined where no method yields a user. */
export function userExpression(identity: Identity): string | undefined {
  const last = identity.users[identity.users.length - 1];
  return last === undefined
    ? undefined
    : firstOf(
        identity.users.slice(0, -1).map(source => ({ when: `(${isNamed(source)})`, value: source.value })),
        last.value,
      );
}

function isNamed({ present, value }: IdentitySource): Predicate {
  return allOf([present, `type(${value}) == string`]);
}

function isOneOf(value: string, names: readonly string[]): Predicate {
  const unique = [...new Set(names)];
  return unique.length === 1 ? `${value} == ${celString(unique[0])}` : `${value} in ${celList(unique)}`;
}

/**
 * A claim that is a list or a single string holds a name. The type is asked for because `in` alone would also find a name
 * within a string (agentgateway) and among the keys of a map.
 */
export function holdsOneOf(value: string, names: readonly string[]): Predicate {
  return anyOf([
    isOneOf(value, names),
    allOf([`type(${value}) == list`, `${value}.exists(g, ${isOneOf('g', names)})`]),
  ]);
}

/*
 * Who calls, as text: CEL that never errs, and is empty for a caller of whom no name was verified.
 */

/** The user. */
export function userText(policy: EffectivePolicy): string {
  return firstText(userSources(policy));
}

/** Whoever presents a credential: the subject of a token together with its issuer, else the user that the credential names. */
export function principalText(policy: EffectivePolicy): string {
  return firstText([
    ...identityExpressions(policy.authentication).subjects.map(({ by, present, value }) => ({
      by,
      present,
      value: `"token " + ${text('jwt.iss')} + " " + ${text(value)}`,
    })),
    ...userSources(policy).map(({ by, present, value }) => ({ by, present, value: `"user " + ${value}` })),
  ]);
}

function userSources({ authentication }: EffectivePolicy): IdentitySource[] {
  return identityExpressions(authentication).users.map(({ by, present, value }) => ({
    by,
    present,
    value: text(value),
  }));
}

function firstText(sources: readonly IdentitySource[]): string {
  const first = firstOf(
    sources.map(({ present, value }) => ({ when: `(${present})`, value })),
    '""',
  );
  return `default(${first}, "")`;
}

/** A value as text, empty where it is none. `default` alone catches what is missing, but null, a list and an object have no text and would err. */
function text(value: string): string {
  return `(type(${value}) in [string, int, uint, double, bool] ? string(${value}) : "")`;
}

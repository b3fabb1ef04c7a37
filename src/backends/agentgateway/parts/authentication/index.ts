import { checkAuthentication } from './check';
import {
  allIn,
  apiKeyVariable,
  apiKeyVariables,
  areMixedUp,
  Credentials,
  credentialsOf,
  issuersOf,
  Slot,
} from './credentials';
import { FEATURES, LIMITS } from './standings';
import { allOf, anyOf, Predicate } from '../../../../cel/predicates';
import { celString } from '../../../../cel/terms';
import { Entry, methodsOf } from '../../../../model/plan';
import {
  alternatives,
  ApiKey,
  ApiKeyMethod,
  CredentialHeader,
  EffectivePolicy,
  JwtMethod,
  SingleMethod,
} from '../../../../model/policy';
import { methodSecrets } from '../../../../passes/gateways/certificates';
import { BASIC_HEADER } from '../../../../passes/policy/authentication';
import { scopesOf } from '../../../../passes/policy/merge';
import { canonicalText } from '../../../../values/json';
import {
  AgwRoute,
  ApiKeyAuth,
  BasicAuth,
  CredentialLocation,
  JwtProvider,
  McpAuthentication,
  RoutePolicies,
} from '../../config/config';
import { routeName, secretFile } from '../../config/container';
import { EnvReference, EnvText } from '../../config/escape';
import { authenticatedExpression, holdsOneOf } from '../../dialect/identity';
import { ruleAt, StagedRule } from '../../dialect/rule';
import { corsOf } from '../origins';
import { Part } from '../part';

/** Who calls. */
export const authentication = {
  features: FEATURES,
  limits: LIMITS,
  check: checkAuthentication,
  rules: ({ policy }) => (policy === undefined ? [] : authenticationRules(policy)),
  policies: ({ policy, publicUrl }) => (policy === undefined ? {} : authenticationPolicies(policy, publicUrl)),
  routes: entry => metadataRoute(entry),
  variables: apiKeyVariables,
  // API keys come as variables.
  secretFiles: plan =>
    methodsOf(plan).flatMap(method => (method.kind === 'apiKey' ? [] : methodSecrets(method, plan.gateway))),
} as const satisfies Part;

/*
 * Authentication of one route. The mode is always written: without one agentgateway lets callers without credentials pass.
 */

type AuthenticationPolicies = Pick<RoutePolicies, 'apiKey' | 'basicAuth' | 'jwtAuth' | 'mcpAuthentication'>;

/** The policies that verify credentials. */
export function authenticationPolicies(policy: EffectivePolicy, publicUrl?: string): AuthenticationPolicies {
  const credentials = credentialsOf(policy.authentication.map(({ method }) => method));
  const { jwt, apiKey, basic } = credentials;
  return {
    ...(allIn(jwt).length === 0 ? {} : tokenPolicy(policy, credentials, publicUrl)),
    ...(allIn(basic).length === 0 ? {} : { basicAuth: basicPolicy(credentials) }),
    ...(allIn(apiKey).length === 0 ? {} : { apiKey: keyPolicy(credentials) }),
  };
}

/**
 * The mode of a method that is one choice of several. `optional` refuses wrong credentials. Where another method of the
 * choice reads the same place, what is wrong for one may be right for the other: then `permissive` passes it on, and the
 * rule that asks for one of them refuses what was right for none.
 */
function modeOf(
  slot: Slot<SingleMethod>,
  header: CredentialHeader,
  others: readonly CredentialHeader[],
): 'strict' | 'optional' | 'permissive' {
  return slot.required.length > 0
    ? 'strict'
    : others.some(other => areMixedUp(header, other))
      ? 'permissive'
      : 'optional';
}

function headersOf(...slots: readonly Slot<JwtMethod | ApiKeyMethod>[]): CredentialHeader[] {
  return slots.flatMap(allIn).map(({ header }) => header);
}

function tokenPolicy(
  policy: EffectivePolicy,
  { jwt, apiKey, basic }: Credentials,
  publicUrl: string | undefined,
): AuthenticationPolicies {
  const [{ header }] = allIn(jwt);
  const providers = issuersOf(allIn(jwt)).map(({ issuer, audiences, keys }): JwtProvider => ({
    issuer,
    audiences,
    jwks: keys.kind === 'url' ? { url: keys.url } : keys.jwks,
    jwtValidationOptions: { requiredClaims: requiredClaims(policy, allIn(jwt)) },
  }));
  const resource = protectedResource(policy, jwt, publicUrl);
  if (resource !== undefined) {
    return {
      mcpAuthentication: {
        mode: 'strict',
        ...providers[0],
        authorizationLocation: location(header),
        resourceMetadata: resource,
      },
    };
  }
  const others = [...headersOf(apiKey), ...allIn(basic).map(() => BASIC_HEADER)];
  const common = { mode: modeOf(jwt, header, others), location: location(header) };
  return { jwtAuth: providers.length === 1 ? { ...common, ...providers[0] } : { ...common, providers } };
}

/**
 * Claims a token must have. Issuer and audience are among them: agentgateway compares them only where they are there, and a
 * token of the same keys that is for nobody in particular would pass.
 */
function requiredClaims({ levels, rateLimits }: EffectivePolicy, methods: readonly JwtMethod[]): string[] {
  const bySubject = methods.every(({ claims }) => canonicalText(claims.user) === '["sub"]');
  const asksUser =
    rateLimits.some(({ dimension }) => dimension === 'user' || dimension === 'principal') ||
    levels
      .flatMap(({ rules }) => rules)
      .flatMap(({ principals }) => principals)
      .some(({ kind }) => kind === 'user' || kind === 'serviceAccount');
  return ['exp', 'iss', 'aud', ...(bySubject && asksUser ? ['sub'] : [])];
}

/** What the metadata of RFC 9728 says besides the issuer; undefined where no method is of a protected resource. */
function protectedResource(
  policy: EffectivePolicy,
  { required }: Slot<JwtMethod>,
  publicUrl: string | undefined,
): McpAuthentication['resourceMetadata'] | undefined {
  const resources = required.filter(({ resource }) => resource !== undefined);
  const scopes = [...new Set(resources.flatMap(method => scopesOf(policy, method)))];
  return resources.length === 0
    ? undefined
    : {
        bearerMethodsSupported: ['header'],
        // Else the URL of the request, which a proxy in front may have changed.
        ...(publicUrl === undefined ? {} : { resource: publicUrl }),
        ...(scopes.length === 0 ? {} : { scopesSupported: scopes }),
      };
}

function basicPolicy({ basic }: Credentials): BasicAuth {
  // There is no permissive mode for passwords; the check sees to it that nothing else is taken for one.
  return {
    mode: basic.required.length > 0 ? 'strict' : 'optional',
    htpasswd: { file: secretFile(allIn(basic)[0].htpasswd) },
  };
}

function keyPolicy({ jwt, apiKey, basic }: Credentials): ApiKeyAuth {
  const [{ header }] = allIn(apiKey);
  const keys = new Map(
    allIn(apiKey)
      .flatMap(method => method.keys)
      .map(key => [canonicalText(key), key]),
  );
  return {
    mode: modeOf(apiKey, header, [...headersOf(jwt), ...allIn(basic).map(() => BASIC_HEADER)]),
    location: location(header),
    keys: [...keys.values()].map(key => ({
      ...secretOf(key),
      metadata: { ...(key.user === undefined ? {} : { user: key.user }), groups: key.groups },
    })),
  };
}

function secretOf({ secret }: ApiKey): { readonly keyHash: string } | { readonly key: EnvText } {
  return secret.kind === 'sha256'
    ? { keyHash: `sha256:${secret.hex}` }
    : { key: new EnvText([new EnvReference(apiKeyVariable(secret.ref))]) };
}

function location({ name, prefix }: CredentialHeader): CredentialLocation {
  return { header: { name, ...(prefix === '' ? {} : { prefix }) } };
}

/** Path of the metadata of a protected resource (RFC 9728, 3.1). */
export function metadataPath(path: string): string {
  return `/.well-known/oauth-protected-resource${path}`;
}

/**
 * The route that serves the metadata of a protected resource, where there is one. A route of its own, with the
 * token's policy alone: any other in front of it would ask a client for what it comes here to find out how to get.
 */
export function metadataRoute(entry: Entry): AgwRoute[] {
  const { mcpAuthentication } = entry.policy === undefined ? {} : authenticationPolicies(entry.policy, entry.publicUrl);
  return mcpAuthentication === undefined
    ? []
    : [
        {
          name: `${routeName(entry)}/oauth-metadata`,
          matches: [{ path: { exact: metadataPath(entry.path) } }],
          // Clients in web pages read it, too.
          policies: { ...(entry.allowedOrigins === undefined ? {} : { cors: corsOf(entry) }), mcpAuthentication },
          backends: [],
        },
      ];
}

/** What the policies on credentials do not verify by themselves, as rules on each request. */
export function authenticationRules(policy: EffectivePolicy): StagedRule[] {
  const credentials = credentialsOf(policy.authentication.map(({ method }) => method));
  const tokens = allIn(credentials.jwt);
  return policy.authentication
    .flatMap(({ method, origins }) => {
      const expressions = [
        ...(method.kind === 'anyOf' ? [anyOf([...new Set(method.methods.map(one => passed(one, tokens)))])] : []),
        ...(method.kind === 'jwt' ? audienceRule(method, tokens) : []),
        ...(alternatives(method).some(({ kind }) => kind === 'jwt') ? [IS_IN_FORCE] : []),
      ];
      return expressions.map(expression => ruleAt('request', { level: 'authentication', expression, origins }));
    })
    .filter(({ expression }, i, all) => all.findIndex(other => other.expression === expression) === i);
}

/** Time from which a token is good (RFC 7519, 4.1.5), which agentgateway does not look at, with the leeway it gives `exp`. */
const IS_IN_FORCE: Predicate =
  '!has(jwt.nbf) || timestamp(int(jwt.nbf)) <= timestamp(string(request.startTime)) + duration("60s")';

/** Holds when a method let the caller pass, and not only another one of its kind. */
function passed(method: SingleMethod, tokens: readonly JwtMethod[]): Predicate {
  const verified = authenticatedExpression([method]);
  if (method.kind !== 'jwt') {
    return verified;
  }
  const several = new Set(tokens.map(({ issuer }) => issuer)).size > 1;
  return allOf([
    verified,
    ...(several ? [`jwt.iss == ${celString(method.issuer)}`] : []),
    ...audienceRule(method, tokens),
  ]);
}

/** The token is for the method, where agentgateway would also take one that is for another method of the same issuer. */
function audienceRule(method: JwtMethod, tokens: readonly JwtMethod[]): Predicate[] {
  const accepted = issuersOf(tokens.filter(({ issuer }) => issuer === method.issuer)).flatMap(
    ({ audiences }) => audiences,
  );
  return accepted.every(audience => method.audiences.includes(audience))
    ? []
    : [allOf(['has(jwt.aud)', holdsOneOf('jwt.aud', method.audiences)])];
}

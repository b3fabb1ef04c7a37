import { Authentication } from './authentication';
import { AuthorizationRule, checkConditions, ruleValue } from './authorization';
import { AuthzConfig } from './authz-config';
import { RateLimit } from './rate-limit';
import { authentication, OidcClient } from '../api/authentication';
import { authorization, ruleModel, RuleValue } from '../api/authorization';
import { placeIn } from '../api/place';
import { limitModel, LimitValue, rateLimit } from '../api/rate-limit';
import { Diagnostic, findingIf, InputCheck, warningKind } from '../model/findings';
import { AuthenticationMethod, EffectivePolicy, LevelPolicy, PolicyOrigin } from '../model/policy';
import { emptyList, LIST_EMPTY } from '../model/validation';
import { compiler } from '../synthesis/compiler';
import { Json } from '../values/json';

/** Options by which a gateway or a route says who may use it and how often. */
export interface PolicyOptions {
  /**
   * How callers prove who they are; every method must pass. The methods of a gateway and of its routes add up. An empty list is
   * an error.
   *
   * A caller who passes several has the names that each verified. Where one name is needed (limits by user, logs, Cedar), it is that
   * of the first method that yields one, the gateway's before the route's.
   *
   * @default - none; every caller is let in, unless the other level says otherwise
   */
  readonly authentication?: Authentication[];

  /**
   * Rules by which callers may use and list tools, prompts and resources. A request passes when some rule grants it, at each level that
   * has rules. With any rule, what no rule grants is denied: rules that name tools alone grant no prompts. An empty list is an error.
   *
   * @default - none; every authenticated caller may use every tool, unless the other level says otherwise
   */
  readonly authorization?: AuthorizationRule[];

  /**
   * Policies in Cedar, by which callers may list and call tools. They must permit a request, and where there are rules, some rule must
   * grant it too. With policies, what is no tool is denied, prompts and resources included.
   *
   * @default - none
   */
  readonly authzConfig?: AuthzConfig;

  /**
   * How often tools may be called. Of the limits of a gateway and its route with the same dimension and tools, the lowest
   * holds. An empty list is an error.
   *
   * @default - no limits, unless the other level says otherwise
   */
  readonly rateLimits?: RateLimit[];
}

const CLIENT_UNUSED = warningKind(
  'oidc-client-unused',
  'is carried in the resource, and not used: the gateway verifies tokens as a resource server, and is no client itself',
  'Remove it',
);

/** What one level asks of callers: plain data, but for policies in Cedar, which may stand in a ConfigMap that is still being filled. */
export interface PolicyState {
  readonly authentication: readonly AuthenticationMethod[];
  /** What only the resource keeps of a method. */
  readonly client?: OidcClient;
  readonly rules: readonly RuleValue[];
  readonly rateLimits: readonly LimitValue[];
  readonly authzConfig?: AuthzConfig;
}

/** Nothing is asked. */
export const NO_POLICY: PolicyState = { authentication: [], rules: [], rateLimits: [] };

/** What options ask. */
export function policyState(options: PolicyOptions): PolicyState {
  return {
    authentication: (options.authentication ?? []).map(({ _method }) => _method),
    rules: (options.authorization ?? []).map(ruleValue),
    rateLimits: (options.rateLimits ?? []).map(({ _value }) => _value),
    authzConfig: options.authzConfig,
  };
}

/** Reports lists of options that are given and empty: whether they let everyone in or nobody is not for the library to guess. */
export function checkPolicyLists(input: InputCheck, options: PolicyOptions): void {
  const { authentication: methods, authorization: rules, rateLimits } = options;
  input.report(LIST_EMPTY, 'authentication', methods, emptyList(methods, 'method', 'to ask callers for nothing here'));
  input.report(LIST_EMPTY, 'authorization', rules, emptyList(rules, 'rule', 'to let every authenticated caller in'));
  input.report(LIST_EMPTY, 'rateLimits', rateLimits, emptyList(rateLimits, 'limit', 'to limit nothing here'));
  rules?.forEach(({ conditions }, i) => checkConditions(input, `authorization[${i}].conditions`, conditions));
}

/** Checks what one level can know about itself. Its namespace is that of its resource, or of its pods where the resource has none. */
export function checkPolicyState(input: InputCheck, { rules, authzConfig }: PolicyState, namespace: string): void {
  checkRules(input, rules);
  authzConfig?._check(input, namespace);
}

/** Checks rules. */
export function checkRules(input: InputCheck, rules: readonly RuleValue[]): void {
  authorization.check(rules, placeIn(input).at('authorization'));
}

/** A level as plain data. */
export function levelPolicy(level: LevelPolicy['level'], path: string, state: PolicyState): LevelPolicy {
  return {
    level,
    path,
    authentication: state.authentication.map((method, i) => ({
      method,
      origin: { path, property: `authentication[${i}]` },
    })),
    rules: state.rules.map((rule, i) => ruleModel(rule, { path, property: `authorization[${i}]` })),
    rateLimits: state.rateLimits.map((limit, i) => ({
      ...limitModel(limit),
      origin: { path, property: `rateLimits[${i}]` },
    })),
    authzConfig: state.authzConfig?._model(path),
  };
}

/** Whether plain data made of a state earlier still says the same: a ConfigMap of policies may have got other data since. */
export function isCurrent(policy: LevelPolicy | undefined, state: PolicyState): boolean {
  return policy === undefined || policy.authzConfig === state.authzConfig?._model(policy.path);
}

/** Warnings about what a level says and nothing uses, for the construct at a path. */
export function policyWarnings(path: string, { client }: PolicyState): readonly Diagnostic[] {
  const { clientID, clientSecretRef, isAudience } = client ?? {};
  const of = (field: string, value: unknown, unused: boolean): Diagnostic[] =>
    findingIf(CLIENT_UNUSED, path, `spec.authentication.oidc.${field}`, value, unused);
  return [
    ...of('clientID', clientID, clientID !== undefined && isAudience === false),
    ...of('clientSecretRef', clientSecretRef, clientSecretRef !== undefined),
  ];
}

/** The policy fields of a resource's `spec`. */
export function policySpec({ authentication: methods, authzConfig, client, rateLimits, rules }: PolicyState): Json {
  return {
    ...(methods.length === 0 ? {} : { authentication: authentication.encode({ methods, client }) }),
    ...(rules.length === 0 ? {} : { authorization: authorization.encode(rules) }),
    ...(authzConfig === undefined ? {} : { authzConfig: authzConfig._spec }),
    ...(rateLimits.length === 0 ? {} : { rateLimit: rateLimit.encode(rateLimits) }),
  };
}

function from(...origins: readonly PolicyOrigin[]): string {
  return `(${origins.map(({ path, property }) => `${path}: ${property}`).join('; ')})`;
}

/** A policy in words, one part a line, each with where it came from. */
export function describePolicy(policy: EffectivePolicy): string {
  const { describeCedar, describeMethod, describeRate, describeRule } = compiler();
  const levels = policy.levels.filter(level => level.rules.length > 0);
  const cedar = policy.levels.filter(level => level.authzConfig !== undefined);
  return [
    policy.authentication.length === 0 ? 'authentication: none, every caller is let in' : 'authentication, all of:',
    ...policy.authentication.map(({ method, origins }) => `  ${describeMethod(method)} ${from(...origins)}`),
    levels.length + cedar.length === 0
      ? 'authorization: none, every caller may use every tool'
      : 'authorization, a grant of each level:',
    ...levels.flatMap(level => [
      `  ${level.level}, any of:`,
      ...level.rules.map(rule => `    ${describeRule(rule)} ${from(rule.origin)}`),
    ]),
    ...cedar.flatMap(level => [
      `  ${level.level}, some permit of Cedar and no forbid:`,
      ...describeCedar(level.authzConfig!).map(({ words, origin }) => `    ${words} ${from(origin)}`),
    ]),
    policy.rateLimits.length === 0 ? 'rate limits: none' : 'rate limits:',
    ...policy.rateLimits.map(
      limit => `  ${describeRate(limit)}${limit.tools === undefined ? '' : ' of some tools'} ${from(limit.origin)}`,
    ),
  ].join('\n');
}

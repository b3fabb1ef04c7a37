import { Authentication } from './authentication';
import { authenticationSpec } from './authentication-spec';
import { AuthorizationRule } from './authorization';
import { AuthzConfig } from './authz-config';
import { PolicyOptions } from './policy-options';
import { RateLimit } from './rate-limit';
import { checkRule, ruleModel, ruleSpec } from './rules';
import { InputCheck } from '../model/input';
import { LevelPolicy } from '../model/policy';
import { Json } from '../values/json';

/** What one level was told so far. */
export interface PolicyState {
  readonly authentication: readonly Authentication[];
  readonly rules: readonly AuthorizationRule[];
  readonly rateLimits: readonly RateLimit[];
  readonly authzConfig?: AuthzConfig;
}

/** The state that options begin with. */
export function policyState(options: PolicyOptions): PolicyState {
  return {
    authentication: options.authentication ?? [],
    rules: options.authorization ?? [],
    rateLimits: options.rateLimits ?? [],
    authzConfig: options.authzConfig,
  };
}

/** Checks what one level can know about itself. Its namespace is that of its resource, or of its pods where the resource has none. */
export function checkPolicyState(input: InputCheck, { rules, authzConfig }: PolicyState, namespace: string): void {
  rules.forEach((rule, i) => checkRule(input, `authorization[${i}]`, rule));
  authzConfig?._check(input, namespace);
}

/** The same of options. */
export function checkPolicyOptions(input: InputCheck, options: PolicyOptions, namespace: string): void {
  checkPolicyState(input, policyState(options), namespace);
}

/** A level as plain data. */
export function levelPolicy(level: LevelPolicy['level'], path: string, state: PolicyState): LevelPolicy {
  return {
    level,
    path,
    authentication: state.authentication.map(({ _method }, i) => ({
      method: _method,
      origin: { path, property: `authentication[${i}]` },
    })),
    rules: state.rules.map((rule, i) => ruleModel(rule, { path, property: `authorization[${i}]` })),
    rateLimits: state.rateLimits.map(({ _model }, i) => ({
      ..._model,
      origin: { path, property: `rateLimits[${i}]` },
    })),
    authzConfig: state.authzConfig?._model(path),
  };
}

/** Whether plain data made of a state earlier still says the same: a ConfigMap of policies may have got other data since. */
export function isCurrent(policy: LevelPolicy | undefined, state: PolicyState): boolean {
  return policy === undefined || policy.authzConfig === state.authzConfig?._model(policy.path);
}

/** The policy fields of a resource's `spec`. */
export function policySpec(state: PolicyState): Json {
  return {
    ...(state.authentication.length === 0
      ? {}
      : { authentication: authenticationSpec(state.authentication.map(({ _method }) => _method)) }),
    ...(state.rules.length === 0 ? {} : { authorization: { rules: state.rules.map(ruleSpec) } }),
    ...(state.authzConfig === undefined ? {} : { authzConfig: state.authzConfig._spec }),
    ...(state.rateLimits.length === 0
      ? {}
      : {
          rateLimit: {
            limits: state.rateLimits.map(({ _model, _tools }) => ({
              dimension: _model.dimension,
              requests: _model.requests,
              unit: _model.unit,
              ...(_tools === undefined ? {} : { tools: [..._tools] }),
              ...(_model.burst === undefined ? {} : { burst: _model.burst }),
            })),
          },
        }),
  };
}

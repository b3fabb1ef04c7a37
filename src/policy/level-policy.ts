import { Authentication } from './authentication';
import { authenticationSpec } from './authentication-spec';
import { AuthorizationRule } from './authorization';
import { PolicyOptions } from './policy-options';
import { RateLimit } from './rate-limit';
import { checkRule, ruleModel, ruleSpec } from './rules';
import { Json } from '../backends/kubernetes/pod-template';
import { InputCheck } from '../model/input';
import { LevelPolicy } from '../model/policy';

/** What one level was told so far. */
export interface PolicyState {
  readonly authentication: readonly Authentication[];
  readonly rules: readonly AuthorizationRule[];
  readonly rateLimits: readonly RateLimit[];
}

/** The state that options begin with. */
export function policyState(options: PolicyOptions): PolicyState {
  return { authentication: options.authentication ?? [], rules: options.authorization ?? [], rateLimits: options.rateLimits ?? [] };
}

/** Checks what one level can know about itself. */
export function checkPolicyOptions(input: InputCheck, options: PolicyOptions): void {
  options.authorization?.forEach((rule, i) => checkRule(input, `authorization[${i}]`, rule));
}

/** A level as plain data. */
export function levelPolicy(level: 'gateway' | 'route', path: string, state: PolicyState): LevelPolicy {
  return {
    level,
    path,
    authentication: state.authentication.map(({ _method }, i) => ({ method: _method, origin: { path, property: `authentication[${i}]` } })),
    rules: state.rules.map((rule, i) => ruleModel(rule, { path, property: `authorization[${i}]` })),
    rateLimits: state.rateLimits.map(({ _model }, i) => ({ ..._model, origin: { path, property: `rateLimits[${i}]` } })),
  };
}

/** The policy fields of a resource's `spec`. */
export function policySpec(state: PolicyState): Json {
  return {
    ...(state.authentication.length === 0 ? {} : { authentication: authenticationSpec(state.authentication.map(({ _method }) => _method)) }),
    ...(state.rules.length === 0 ? {} : { authorization: { rules: state.rules.map(ruleSpec) } }),
    ...(state.rateLimits.length === 0 ? {} : {
      rateLimit: {
        limits: state.rateLimits.map(({ _model, _tools }) => ({
          dimension: _model.dimension, requests: _model.requests, unit: _model.unit, ...(_tools === undefined ? {} : { tools: [..._tools] }),
        })),
      },
    }),
  };
}

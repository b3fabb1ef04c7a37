import { Authentication } from './authentication';
import { AuthorizationRule, checkRule, ruleModel, ruleSpec } from './authorization';
import { authenticationSpec } from './authentication-spec';
import { RateLimit } from './rate-limit';
import { Json } from '../backends/kubernetes/pod-template';
import { InputCheck } from '../model/input';
import { LevelPolicy } from '../model/policy';

/** Options by which a gateway or a route says who may use it and how often. */
export interface PolicyOptions {
  /**
   * How callers prove who they are; every method must pass. The methods of a gateway and of its routes add up.
   *
   * @default - none; every caller is let in, unless the other level says otherwise
   */
  readonly authentication?: Authentication[];

  /**
   * Rules by which callers may list and call tools. A request passes when some rule grants it, at each level that has
   * rules. With any rule, what no rule grants is denied, prompts and resources included.
   *
   * @default - none; every authenticated caller may use every tool, unless the other level says otherwise
   */
  readonly authorization?: AuthorizationRule[];

  /**
   * How often tools may be called. Of the limits of a gateway and its route with the same dimension and tools, the lowest
   * holds.
   *
   * @default - no limits, unless the other level says otherwise
   */
  readonly rateLimits?: RateLimit[];
}

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

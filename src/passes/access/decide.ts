import { Caller, describeCaller, present, Verified } from './caller';
import { celObject, celTimestamp, fromJson } from './cel-functions';
import { evaluate, Outcome, Variables } from './cel-program';
import { EnforcedRule, Enforcement, Exposure } from './enforcement';
import { LevelPolicy, PolicyOrigin, ToolAction } from '../../model/policy';

/** A request as far as its admission depends on it. What is left out is missing, and missing data denies. */
export interface AccessRequest {
  /** Undefined: without any credentials. */
  readonly caller?: Caller;
  readonly tool: string;
  readonly action: ToolAction;
  readonly sourceIp?: string;
  /** By name, in any case; several values for a repeated header. */
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly time?: Date;
}

/** One reason of a decision. */
export interface Reason {
  readonly level: EnforcedRule['level'] | 'exposure';
  /** Where the rule was written that granted; undefined for a denial by a whole level. */
  readonly rule?: PolicyOrigin;
  /** The emitted expression. */
  readonly expression?: string;
  readonly words: string;
}

/** Whether a request is admitted, and why: what granted it at each level, or what stopped it. */
export interface Decision {
  readonly allowed: boolean;
  readonly reasons: readonly Reason[];
}

/** Decides on a request by evaluating what is emitted. */
export function decide(enforcement: Enforcement, request: AccessRequest): Decision {
  const caller = presentCaller(enforcement, request.caller);
  if (typeof caller === 'string') {
    return { allowed: false, reasons: [{ level: 'authentication', words: caller }] };
  }
  const variables = variablesOf(request, caller);
  const outcomes = enforcement.rules.map((rule) => ({ rule, outcome: evaluate(rule.expression, variables[rule.stage]) }));
  const denied = distinctRules(outcomes.filter(({ outcome }) => !holds(outcome)).map(({ rule, outcome }) => denial(rule, outcome, request)));
  const hidden = denied.length > 0 || isExposed(enforcement.exposes, variables.item) ? [] : [notExposed(enforcement, request)];
  const reasons = [...denied, ...hidden];
  return reasons.length > 0
    ? { allowed: false, reasons }
    : { allowed: true, reasons: distinctRules(enforcement.rules.flatMap((rule) => grantReason(rule, variables[rule.stage]))) };
}

/** What a caller's credentials become at an entry; a string says why they are refused. */
export type PresentedCaller = { readonly variables: Variables; readonly certificate: Verified['certificate'] } | string;

/** Presents a caller at an entry. */
export function presentCaller(enforcement: Enforcement, caller: Caller | undefined): PresentedCaller {
  const verified = present(enforcement.authentication, caller);
  if (typeof verified === 'string') {
    return verified;
  }
  const { jwt, apiKey, basicAuth, certificate } = verified;
  return { variables: { jwt: fromJson(jwt), apiKey: fromJson(apiKey), basicAuth: fromJson(basicAuth) }, certificate };
}

/** The decision without its reasons, for those who ask for many: they present each caller once. */
export function isAllowed(enforcement: Enforcement, request: AccessRequest, caller: PresentedCaller = presentCaller(enforcement, request.caller)): boolean {
  if (typeof caller === 'string') {
    return false;
  }
  const variables = variablesOf(request, caller);
  return enforcement.rules.every(({ expression, stage }) => holds(evaluate(expression, variables[stage]))) && isExposed(enforcement.exposes, variables.item);
}

/** Whether a tool is among those that an entry serves, whoever asks. */
function isExposed(exposes: readonly Exposure[], variables: Variables): boolean {
  return exposes.length === 0 || exposes.some(({ require }) => require.every((expression) => holds(evaluate(expression, variables))));
}

function holds(outcome: Outcome): boolean {
  return outcome.kind === 'value' && outcome.value;
}

function denial(rule: EnforcedRule, outcome: Outcome, request: AccessRequest): Reason {
  const asked = `${describeCaller(request.caller)} to ${request.action === 'tools/call' ? 'call' : 'list'} ${request.tool}`;
  const where = rule.origins.length === 0 ? '' : ` (${rule.origins.map(({ path, property }) => `${path}: ${property}`).join('; ')})`;
  const why = outcome.kind === 'error' ? `, because it cannot be evaluated for this request: ${outcome.message}` : '';
  return {
    level: rule.level,
    expression: rule.expression,
    words: rule.level === 'authentication' ? `authentication stops ${asked}${where}${why}` : `no rule of the ${rule.level} allows ${asked}${where}${why}`,
  };
}

function notExposed(enforcement: Enforcement, request: AccessRequest): Reason {
  return { level: 'exposure', words: `no server of ${enforcement.entry} offers ${request.tool} to this request (${enforcement.exposes.map(({ id }) => id).join(', ')})` };
}

/** A rule may grant, and a level deny, at several stages: the first expression says enough. */
function distinctRules(reasons: readonly Reason[]): Reason[] {
  return reasons.filter(({ level, rule, words }, i) => reasons.findIndex((other) => other.level === level && other.words === words
    && other.rule?.path === rule?.path && other.rule?.property === rule?.property) === i);
}

/** The rule that granted, or the whole expression where it was not joined from rules. */
function grantReason(rule: EnforcedRule, variables: Variables): Reason[] {
  if (rule.grants.length === 0) {
    return [];
  }
  const grant = rule.grants.find(({ expression }) => holds(evaluate(expression, variables)));
  return grant === undefined ? [] : [{ level: rule.level as LevelPolicy['level'], rule: grant.origin, expression: grant.expression, words: grant.words }];
}

interface StageVariables {
  readonly request: Variables;
  readonly item: Variables;
}

function variablesOf(request: AccessRequest, caller: Exclude<PresentedCaller, string>): StageVariables {
  const shared = {
    ...caller.variables,
    request: celObject({
      method: 'POST',
      headers: fromJson(headersOf(request)),
      body: bodyOf(request.tool, request.action),
      startTime: request.time === undefined ? undefined : celTimestamp(request.time),
    }),
    source: fromJson({ address: request.sourceIp, ...caller.certificate }),
  };
  return {
    request: { ...shared, mcp: celObject({}) },
    item: { ...shared, mcp: fromJson({ tool: { name: request.tool } }) },
  };
}

function headersOf({ headers = {} }: AccessRequest): Record<string, string | readonly string[]> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

const BODIES_KEPT = 1000;
const bodies = new Map<string, Uint8Array>();

/** The body a client sends. Kept, so that the parsed one can be kept with it. */
function bodyOf(tool: string, action: ToolAction): Uint8Array {
  const key = action === 'tools/list' ? '' : `=${tool}`;
  let body = bodies.get(key);
  if (body === undefined) {
    const params = action === 'tools/list' ? {} : { name: tool, arguments: {} };
    body = new TextEncoder().encode(JSON.stringify({ jsonrpc: '2.0', id: 1, method: action, params }));
    if (bodies.size >= BODIES_KEPT) {
      bodies.clear();
    }
    bodies.set(key, body);
  }
  return body;
}

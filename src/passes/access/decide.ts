import { AccessRequest } from './access-request';
import { Caller, describeCaller, present, Verified } from './caller';
import { cedarDenial, cedarOf, cedarPermission } from './cedar-reasons';
import { celObject, celTimestamp, fromJson } from './cel-functions';
import { evaluate, Outcome, Variables } from './cel-program';
import { EnforcedRule, Enforcement, Exposure, Stage } from './enforcement';
import { LevelPolicy, PolicyOrigin, ToolAction } from '../../model/policy';

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
  const variables = variablesOf(enforcement, request, caller);
  const ask = asker(enforcement, request, caller, variables);
  const outcomes = enforcement.rules.map(rule => ({ rule, outcome: ask(rule.expression, rule.stage) }));
  const denied = distinctRules(
    outcomes
      .filter(({ outcome }) => !holds(outcome))
      .map(({ rule, outcome }) => denial(rule, outcome, request, variables[rule.stage])),
  );
  if (denied.length > 0) {
    return { allowed: false, reasons: denied };
  }
  const ways = waysTo(enforcement.exposes, ask, request);
  if (ways === undefined) {
    return { allowed: false, reasons: [notExposed(enforcement, request)] };
  }
  const behind = decideBehind(ways, request);
  return behind.allowed
    ? {
        allowed: true,
        reasons: [
          ...distinctRules(
            enforcement.rules.flatMap(rule => grantReason(rule, request.action, variables[rule.stage], ask)),
          ),
          ...behind.reasons,
        ],
      }
    : behind;
}

/** What a caller's credentials become at an entry; a string says why they are refused. */
export type PresentedCaller = { readonly variables: Variables; readonly verified: Verified } | string;

/** Presents a caller at an entry. */
export function presentCaller(enforcement: Enforcement, caller: Caller | undefined): PresentedCaller {
  const verified = present(enforcement.authentication, caller);
  if (typeof verified === 'string') {
    return verified;
  }
  const { jwt, apiKey, basicAuth } = verified;
  return { variables: { jwt: fromJson(jwt), apiKey: fromJson(apiKey), basicAuth: fromJson(basicAuth) }, verified };
}

/** The decision without its reasons, for those who ask for many: they present each caller once. */
export function isAllowed(
  enforcement: Enforcement,
  request: AccessRequest,
  caller: PresentedCaller = presentCaller(enforcement, request.caller),
): boolean {
  if (typeof caller === 'string') {
    return false;
  }
  const ask = asker(enforcement, request, caller, variablesOf(enforcement, request, caller));
  return (
    enforcement.rules.every(({ expression, stage }) => holds(ask(expression, stage))) &&
    isServed(waysTo(enforcement.exposes, ask, request), request)
  );
}

/** Evaluates an expression for one request. */
type Ask = (expression: string, stage: Stage) => Outcome;

function asker(
  { evaluate: own }: Enforcement,
  request: AccessRequest,
  { verified }: Exclude<PresentedCaller, string>,
  variables: StageVariables,
): Ask {
  const presented = { request, verified };
  return own === undefined
    ? (expression, stage) => evaluate(expression, variables[stage])
    : expression => own(expression, presented);
}

/** The ways by which an entry serves a tool, whoever asks; undefined where it does not. */
function waysTo(exposes: readonly Exposure[], ask: Ask, { tool }: AccessRequest): readonly Exposure[] | undefined {
  const ways = exposes.filter(
    ({ require, tools }) =>
      (tools === undefined || tools.includes(tool)) && require.every(expression => holds(ask(expression, 'item'))),
  );
  return exposes.length > 0 && ways.length === 0 ? undefined : ways;
}

function isServed(ways: readonly Exposure[] | undefined, request: AccessRequest): boolean {
  return (
    ways !== undefined &&
    (ways.length === 0 || ways.some(({ guard }) => guard === undefined || isAllowed(guard, fromGateway(request))))
  );
}

/** What the servers behind the entry say, of which one suffices: weights decide which of them a request goes to. */
function decideBehind(ways: readonly Exposure[], request: AccessRequest): Decision {
  const guards = ways.flatMap(({ guard }) => guard ?? []);
  const decisions = guards.map(guard => ofServer(guard, decide(guard, fromGateway(request))));
  return guards.length < ways.length || ways.length === 0
    ? { allowed: true, reasons: [] }
    : (decisions.find(({ allowed }) => allowed) ?? {
        allowed: false,
        reasons: distinctRules(decisions.flatMap(({ reasons }) => reasons)),
      });
}

/** The request as it comes to a server: from an address of the gateway's. */
function fromGateway(request: AccessRequest): AccessRequest {
  return { ...request, sourceIp: undefined };
}

function ofServer({ entry }: Enforcement, { allowed, reasons }: Decision): Decision {
  return {
    allowed,
    reasons: reasons.map(reason => ({ ...reason, level: 'server', words: `${entry} itself: ${reason.words}` })),
  };
}

function holds(outcome: Outcome): boolean {
  return outcome.kind === 'value' && outcome.value;
}

function denial(rule: EnforcedRule, outcome: Outcome, request: AccessRequest, variables: Variables): Reason {
  const asked = `${describeCaller(request.caller)} to ${request.action === 'tools/call' ? 'call' : 'list'} ${request.tool}`;
  const cedar = cedarOf(rule, request.action);
  if (cedar !== undefined) {
    return cedarDenial(rule, cedar, variables, asked);
  }
  const where =
    rule.origins.length === 0
      ? ''
      : ` (${rule.origins.map(({ path, property }) => `${path}: ${property}`).join('; ')})`;
  const why = outcome.kind === 'error' ? `, because it cannot be evaluated for this request: ${outcome.message}` : '';
  return {
    level: rule.level,
    expression: rule.expression,
    words:
      rule.level === 'authentication' || rule.level === 'filtering'
        ? `${rule.level} stops ${asked}${where}${why}`
        : `no rule of the ${rule.level} allows ${asked}${where}${why}`,
  };
}

function notExposed(enforcement: Enforcement, request: AccessRequest): Reason {
  return {
    level: 'exposure',
    words: `no server of ${enforcement.entry} offers ${request.tool} to this request (${enforcement.exposes.map(({ id }) => id).join(', ')})`,
  };
}

/** A rule may grant, and a level deny, at several stages: the first expression says enough. */
function distinctRules(reasons: readonly Reason[]): Reason[] {
  return reasons.filter(
    ({ level, rule, words }, i) =>
      reasons.findIndex(
        other =>
          other.level === level &&
          other.words === words &&
          other.rule?.path === rule?.path &&
          other.rule?.property === rule?.property,
      ) === i,
  );
}

/** The rule that granted, or the whole expression where it was not joined from rules. */
function grantReason(rule: EnforcedRule, action: ToolAction, variables: Variables, ask: Ask): Reason[] {
  const cedar = cedarOf(rule, action);
  if (cedar !== undefined) {
    return cedarPermission(rule, cedar, variables);
  }
  if (rule.grants.length === 0) {
    return [];
  }
  const grant = rule.grants.find(({ expression }) => holds(ask(expression, rule.stage)));
  return grant === undefined
    ? []
    : [
        {
          level: rule.level as LevelPolicy['level'],
          rule: grant.origin,
          expression: grant.expression,
          words: grant.words,
        },
      ];
}

interface StageVariables {
  readonly request: Variables;
  readonly item: Variables;
}

function variablesOf(
  { clientHeaders }: Enforcement,
  request: AccessRequest,
  caller: Exclude<PresentedCaller, string>,
): StageVariables {
  const shared = {
    ...caller.variables,
    request: celObject({
      method: 'POST',
      headers: fromJson({ ...clientHeaders, ...headersOf(request) }),
      body: bodyOf(request),
      startTime: request.time === undefined ? undefined : celTimestamp(request.time),
    }),
    source: fromJson({ address: request.sourceIp, ...caller.verified.certificate }),
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
function bodyOf({ action, tool, arguments: given = {} }: AccessRequest): Uint8Array {
  const params = action === 'tools/list' ? {} : { name: tool, arguments: given };
  const text = JSON.stringify({ jsonrpc: '2.0', id: 1, method: action, params });
  let body = bodies.get(text);
  if (body === undefined) {
    body = new TextEncoder().encode(text);
    if (bodies.size >= BODIES_KEPT) {
      bodies.clear();
    }
    bodies.set(text, body);
  }
  return body;
}

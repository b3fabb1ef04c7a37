import { AccessRequest, describeCaller, present, PresentedRequest, Verified } from './caller';
import { EnforcedCedar, EnforcedCedarPolicy, EnforcedRule, Enforcement, Way } from './enforcement';
import { isMet, Outcome } from '../../cel/evaluate';
import { ItemAction, itemOf, ItemRequest, ToolAction } from '../../model/items';
import { LevelPolicy, PolicyOrigin } from '../../model/policy';
import { describeAsked, ITEM_WORDS } from '../policy/words';

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

/** Decides on a request by asking what is emitted. */
export function decide(enforcement: Enforcement, request: AccessRequest): Decision {
  const verified = present(enforcement.authentication, request.caller);
  if (typeof verified === 'string') {
    return { allowed: false, reasons: [{ level: 'authentication', words: verified }] };
  }
  const presented = arriving(enforcement, request, verified);
  const denied = distinctRules(
    enforcement.rules
      .map(rule => ({ rule, outcome: rule.holds(presented) }))
      .filter(({ outcome }) => !isMet(outcome))
      .map(({ rule, outcome }) => denial(rule, outcome, presented)),
  );
  if (denied.length > 0) {
    return { allowed: false, reasons: denied };
  }
  const ways = waysTo(enforcement.ways, presented);
  if (ways === undefined) {
    return { allowed: false, reasons: [notExposed(enforcement, request)] };
  }
  const behind = decideBehind(ways, request);
  return behind.allowed
    ? {
        allowed: true,
        reasons: [...distinctRules(enforcement.rules.flatMap(rule => grantReason(rule, presented))), ...behind.reasons],
      }
    : behind;
}

/** The decision without its reasons, for those who ask for many: they present each caller once. */
export function isAllowed(
  enforcement: Enforcement,
  request: AccessRequest,
  verified: Verified | string = present(enforcement.authentication, request.caller),
): boolean {
  if (typeof verified === 'string') {
    return false;
  }
  const presented = arriving(enforcement, request, verified);
  return (
    enforcement.rules.every(rule => isMet(rule.holds(presented))) &&
    isServed(waysTo(enforcement.ways, presented), request)
  );
}

/** A request as it comes to an entry. */
function arriving({ clientHeaders }: Enforcement, request: AccessRequest, verified: Verified): PresentedRequest {
  const given = Object.entries(request.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]);
  return { request, headers: { ...clientHeaders, ...Object.fromEntries(given) }, verified };
}

/** The ways by which an entry serves an item, whoever asks; undefined where it does not. */
function waysTo(all: readonly Way[], presented: PresentedRequest): readonly Way[] | undefined {
  const { kind, name } = itemOf(presented.request);
  const ways = all.filter(
    ({ require, tools }) =>
      (tools === undefined || (kind === 'tool' && tools.includes(name))) &&
      require.every(asked => isMet(asked.holds(presented))),
  );
  return all.length > 0 && ways.length === 0 ? undefined : ways;
}

function isServed(ways: readonly Way[] | undefined, request: AccessRequest): boolean {
  return (
    ways !== undefined &&
    (ways.length === 0 || ways.some(({ guard }) => guard === undefined || isAllowed(guard, fromGateway(request))))
  );
}

/** What the servers behind the entry say, of which one suffices: weights decide which of them a request goes to. */
function decideBehind(ways: readonly Way[], request: AccessRequest): Decision {
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

function denial(rule: EnforcedRule, outcome: Outcome, presented: PresentedRequest): Reason {
  const { action, caller } = presented.request;
  const asked = `${describeCaller(caller)} to ${wordsOf(presented.request)}`;
  const cedar = cedarOf(rule, action);
  if (cedar !== undefined) {
    return cedarDenial(rule, cedar, presented, asked);
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

function nameOf(request: ItemRequest): string {
  const { kind, name } = itemOf(request);
  return `${ITEM_WORDS[kind].of}${name}`;
}

function wordsOf(request: ItemRequest): string {
  const { kind, name } = itemOf(request);
  return describeAsked(kind, name, request.action);
}

function notExposed(enforcement: Enforcement, request: AccessRequest): Reason {
  return {
    level: 'exposure',
    words: `no server of ${enforcement.entry} offers ${nameOf(request)} to this request (${enforcement.ways.map(({ id }) => id).join(', ')})`,
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
function grantReason(rule: EnforcedRule, presented: PresentedRequest): Reason[] {
  const { action } = presented.request;
  const cedar = cedarOf(rule, action);
  if (cedar !== undefined) {
    return cedarPermission(rule, cedar, presented);
  }
  const grant = rule.grants.find(({ action: about = action, holds }) => about === action && isMet(holds(presented)));
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

/** Why Cedar policies decided as they did. */
export interface CedarReason {
  readonly level: LevelPolicy['level'];
  readonly rule?: PolicyOrigin;
  readonly expression: string;
  readonly words: string;
}

/** What Cedar policies of a rule are asked for an action; undefined where the rule has none, or is not about the action. */
function cedarOf(rule: EnforcedRule, action: ItemAction): EnforcedCedar | undefined {
  return rule.cedar?.[action as ToolAction];
}

/** The policy that permitted. */
function cedarPermission(rule: EnforcedRule, grant: EnforcedCedar, request: PresentedRequest): CedarReason[] {
  const permit = deciding(grant, 'permit', request);
  return permit === undefined
    ? []
    : [
        policyReason(
          rule,
          permit,
          `the Cedar policy ${JSON.stringify(permit.id)} of the ${rule.level} permits it ${written(permit.origin)}`,
        ),
      ];
}

/** What denied: a request that cannot be judged, a policy that forbids, or that none permits. */
function cedarDenial(rule: EnforcedRule, grant: EnforcedCedar, request: PresentedRequest, asked: string): CedarReason {
  const { level, expression } = rule;
  const [origin] = rule.origins;
  const denied = (words: string, part = expression): CedarReason => ({
    level: level as LevelPolicy['level'],
    expression: part,
    words,
  });
  const unmet = grant.requirements.find(requirement => !isMet(requirement.holds(request)));
  if (unmet !== undefined) {
    return denied(
      `the Cedar policies of the ${level} do not judge ${asked}, and so deny it: ${unmet.words} ${written(origin)}`,
      unmet.expression,
    );
  }
  const forbid = deciding(grant, 'forbid', request);
  if (forbid !== undefined) {
    return policyReason(
      rule,
      forbid,
      `the Cedar policy ${JSON.stringify(forbid.id)} of the ${level} forbids ${asked} ${written(forbid.origin)}`,
    );
  }
  const failed = grant.holds(request);
  const why = failed.kind === 'error' ? `, because they cannot be evaluated for this request: ${failed.message}` : '';
  return denied(`no Cedar policy of the ${level} permits ${asked} ${written(origin)}${why}`);
}

function deciding(
  grant: EnforcedCedar,
  effect: EnforcedCedarPolicy['effect'],
  request: PresentedRequest,
): EnforcedCedarPolicy | undefined {
  return grant.policies.find(policy => policy.effect === effect && isMet(policy.holds(request)));
}

function policyReason(
  { level }: EnforcedRule,
  { origin, expression }: EnforcedCedarPolicy,
  words: string,
): CedarReason {
  return { level: level as LevelPolicy['level'], rule: origin, expression, words };
}

function written({ path, property }: PolicyOrigin): string {
  return `(${path}: ${property})`;
}

import { PresentedRequest } from './access-request';
import { Outcome } from './cel-program';
import { EffectivePolicy, LevelPolicy, PolicyOrigin, ToolAction } from '../../model/policy';
import { RuleGrant } from '../policy/authorization-cel';
import { CedarGrant } from '../policy/cedar-cel';

/*
 * What a data plane enforces at one entry, as the very expressions that stand in its configuration. Back ends fill it
 * from the same values they emit; the evaluator decides with nothing else.
 */

/**
 * Where an expression is evaluated.
 * - `request`: once for each HTTP request, with its body; `mcp` does not exist there.
 * - `item`: for each tool that is listed or called, with its name in `mcp.tool.name`, and the whole request, its body included:
 *   `json(request.body).method` tells a list from a call (observed on agentgateway 1.4.1).
 */
export type Stage = 'request' | 'item';

/** One expression that has to hold. */
export interface EnforcedRule {
  /**
   * What asked for it: a level of the policy; the data plane's own need (`authentication`, such as an audience or one of several
   * methods); or what a gateway says of requests, whoever sends them (`filtering`).
   */
  readonly level: LevelPolicy['level'] | 'authentication' | 'filtering';
  readonly stage: Stage;
  /** As in the configuration, before `$` is escaped. */
  readonly expression: string;
  readonly origins: readonly PolicyOrigin[];
  /** The rules it was joined from, where it was: they tell which of them granted. */
  readonly grants: readonly RuleGrant[];
  /** What Cedar policies it was made of, for each action that it is about: they tell which of them decided. */
  readonly cedar?: Readonly<Partial<Record<ToolAction, CedarGrant>>>;
}

/** A way by which an entry serves tools: a server behind it, or a group of them. */
export interface Exposure {
  /** For reports, such as the group's id and the server's name. */
  readonly id: string;
  /** Expressions of the stage `item` that all have to hold for a tool to be served there. */
  readonly require: readonly string[];
  /** The tools that are served there; undefined where the configuration does not name them. */
  readonly tools?: readonly string[];
  /** What the server there asks by itself, after the gateway; undefined where it asks nothing. */
  readonly guard?: Enforcement;
}

/** Everything that is enforced at one entry of a gateway. */
export interface Enforcement {
  /** The entry's id: `{namespace}/{route}`, or `mcp` for discovery. */
  readonly entry: string;
  /** Headers that every client of the entry sends, by lower-case name; questions may say otherwise. */
  readonly clientHeaders: Readonly<Record<string, string>>;
  /** Methods that a caller has to pass, all of them. */
  readonly authentication: EffectivePolicy['authentication'];
  /** All of these have to hold. */
  readonly rules: readonly EnforcedRule[];
  /** Evaluates its expressions; undefined for those that are CEL. */
  readonly evaluate?: (expression: string, request: PresentedRequest) => Outcome;
  /** A tool is served if some exposure serves it; no exposures serve everything. */
  readonly exposes: readonly Exposure[];
}

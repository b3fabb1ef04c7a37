import { PresentedRequest } from './caller';
import { Outcome } from '../../cel/evaluate';
import { ItemAction, ToolAction } from '../../model/items';
import { EffectivePolicy, LevelPolicy, PolicyOrigin } from '../../model/policy';

/*
 * What a data plane enforces at one entry. Back ends fill it from the same values that they emit; the evaluator decides with
 * nothing else, and knows no plane's language.
 */

/** A question to requests: as it stands in the configuration, and as the plane would answer it. */
export interface EnforcedExpression {
  /** As in the configuration, before anything in it is escaped: of the same text, at the same stage, a plane has the same answer to each request. */
  readonly expression: string;
  /** Whether it holds for a request; an error where that cannot be told. */
  readonly holds: (request: PresentedRequest) => Outcome;
}

/** One question that has to hold. */
export interface EnforcedRule extends EnforcedExpression {
  /**
   * What asked for it: a level of the policy; the data plane's own need (`authentication`, such as an audience or one of several
   * methods); or what a gateway says of requests, whoever sends them (`filtering`).
   */
  readonly level: LevelPolicy['level'] | 'authentication' | 'filtering';
  readonly origins: readonly PolicyOrigin[];
  /** When the plane asks it, where that decides what it can read. */
  readonly stage?: string;
  /** The rules it was joined from, where it was: they tell which of them granted. */
  readonly grants: readonly EnforcedGrant[];
  /** What Cedar policies it was made of, for each action that it is about: they tell which of them decided. */
  readonly cedar?: Readonly<Partial<Record<ToolAction, EnforcedCedar>>>;
}

/** What one rule of a level grants of an action. */
export interface EnforcedGrant extends EnforcedExpression {
  /** The action it is about; undefined where it asks itself for which one a request is. */
  readonly action?: ItemAction;
  readonly origin: PolicyOrigin;
  /** The rule as a sentence. */
  readonly words: string;
}

/** Cedar policies, for one action. It holds when Cedar permits the action. */
export interface EnforcedCedar extends EnforcedExpression {
  /** What holds before any policy is asked, with what is wrong where it does not. */
  readonly requirements: readonly (EnforcedExpression & { readonly words: string })[];
  readonly policies: readonly EnforcedCedarPolicy[];
}

/** One Cedar policy. It holds when it applies. */
export interface EnforcedCedarPolicy extends EnforcedExpression {
  readonly id: string;
  readonly effect: 'permit' | 'forbid';
  readonly origin: PolicyOrigin;
}

/** A way by which an entry serves items: a server behind it, or a group of them. */
export interface Way {
  /** For reports, such as the group's id and the server's name. */
  readonly id: string;
  /** All of these have to hold for an item to be served there. */
  readonly require: readonly EnforcedExpression[];
  /** The tools that are served there, and nothing else; undefined where the configuration does not name them. */
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
  /** An item is served if some way serves it; no ways serve everything. */
  readonly ways: readonly Way[];
}

import { Diagnostic, Severity } from './diagnostic';
import { compareText } from '../values/text';

/*
 * What can be wrong, said once: a stable id in words, the problem and the remedy. What is found of it, at some path and
 * property, is a Diagnostic.
 */

/** Names in braces of a text: `{name}`; what has a space in it is text, as in `{ insecure: true }`. */
type Holes<Text extends string> = Text extends `${string}{${infer Inside}}${infer Rest}`
  ? Hole<Inside> | Holes<Rest>
  : never;
type Hole<Inside extends string> = Inside extends `${string}{${infer Inner}`
  ? Hole<Inner>
  : Inside extends '' | `${string} ${string}`
    ? never
    : Inside;

/** What goes into the braces of a kind's texts. */
export type Words<Name extends string> = Readonly<Record<Name, string | number>>;

/** Something that can be wrong (error) or suspicious (warning). */
export interface FindingKind<Name extends string = never> {
  /** In words, with hyphens: users search for it and read about it, so it stays when the texts change. */
  readonly id: string;
  readonly severity: Severity;
  /** What is wrong with a value, after it in a sentence; names in braces are filled in. */
  readonly problem: string;
  /** What to do about it. */
  readonly remedy: string;
  /** Never there: it only makes the names in braces part of the type. */
  readonly words?: (words: Words<Name>) => void;
}

/**
 * Whether a value is wrong in the way of a kind: true or false, or, for a kind with names in braces, the words for them or
 * undefined.
 */
export type Found<Name extends string> = [Name] extends [never] ? boolean : Words<Name> | undefined;

const DECLARED = new Map<string, FindingKind<any>>();

function declare<Name extends string>(
  id: string,
  severity: Severity,
  problem: string,
  remedy: string,
): FindingKind<Name> {
  if (DECLARED.has(id)) {
    throw new Error(`Two kinds of finding have the id ${id}: give one of them another`);
  }
  const kind: FindingKind<Name> = { id, severity, problem, remedy };
  DECLARED.set(id, kind);
  return kind;
}

/** Declares what fails synthesis. */
export const errorKind = <P extends string, R extends string>(
  id: string,
  problem: P,
  remedy: R,
): FindingKind<Holes<P | R>> => declare(id, 'error', problem, remedy);

/** Declares what is reported and fails nothing. */
export const warningKind = <P extends string, R extends string>(
  id: string,
  problem: P,
  remedy: R,
): FindingKind<Holes<P | R>> => declare(id, 'warning', problem, remedy);

/** All kinds that the modules loaded so far declare, by id. */
export function declaredKinds(): readonly FindingKind<any>[] {
  return [...DECLARED.values()].sort((a, b) => compareText(a.id, b.id));
}

function fill(text: string, words: Readonly<Record<string, string | number>>): string {
  return text.replace(/\{([a-zA-Z]+)\}/g, (hole, name: string) =>
    Object.hasOwn(words, name) ? String(words[name]) : hole,
  );
}

/** What is said of what is found of a kind, wherever it is. */
export type Said = Pick<Diagnostic, 'id' | 'severity' | 'problem' | 'remedy'>;

/** What a kind says, with its words filled in. */
export function say<Name extends string>(
  { id, severity, problem, remedy }: FindingKind<Name>,
  ...[words]: [Name] extends [never] ? [] : [Words<Name>]
): Said {
  const filled = (text: string): string => fill(text, words ?? {});
  return { id, severity, problem: filled(problem), remedy: filled(remedy) };
}

/** The same where something is found. */
export function sayIf<Name extends string>(kind: FindingKind<Name>, found: Found<Name>): Said | undefined {
  return found === false || found === undefined
    ? undefined
    : say(kind as FindingKind<string>, found === true ? {} : (found as Words<string>));
}

/** The same of something inside of what is reported, at a place of its own. */
export const within = (place: string, said: Said): Said =>
  place === '' ? said : { ...said, problem: `${place}: ${said.problem}` };

/** What is said at a place: a construct path (or file and document), the property and its value. */
export function findingAt(
  { id, severity, problem, remedy }: Said,
  path: string,
  property: string,
  value: unknown,
): Diagnostic {
  return { id, severity, path, property, value, problem, remedy };
}

/** What is found of a kind at a place. */
export function findingOf<Name extends string>(
  kind: FindingKind<Name>,
  path: string,
  property: string,
  value: unknown,
  ...words: [Name] extends [never] ? [] : [Words<Name>]
): Diagnostic {
  return findingAt(say(kind, ...words), path, property, value);
}

/** The same where something is found; for lists of findings. */
export function findingIf<Name extends string>(
  kind: FindingKind<Name>,
  path: string,
  property: string,
  value: unknown,
  found: Found<Name>,
): Diagnostic[] {
  const said = sayIf(kind, found);
  return said === undefined ? [] : [findingAt(said, path, property, value)];
}

/** The words of kinds whose problem a rule works out (`'{problem}'`); undefined where the rule finds none. */
export function because(problem: string | undefined): Words<'problem'> | undefined;
export function because<Name extends string>(
  problem: string | undefined,
  words: Words<Name>,
): Words<'problem' | Name> | undefined;
export function because(
  problem: string | undefined,
  words: Readonly<Record<string, string | number>> = {},
): Words<'problem'> | undefined {
  return problem === undefined ? undefined : { ...words, problem };
}

import { compareText } from '../values/text';

/** How bad a finding is: an error fails synth, a warning is reported. */
export type Severity = 'error' | 'warning';

/** One finding of the compiler. It always says where, what and what to do. */
export interface Diagnostic {
  /** Which kind of finding it is. */
  readonly id: string;
  readonly severity: Severity;
  /** Path of the construct (or file and document) the finding is about. */
  readonly path: string;
  /** Property at fault, as the user writes it: `backends[3].weight`. */
  readonly property: string;
  /** The offending value as the user gave it; undefined when it is missing. */
  readonly value?: unknown;
  /** What is wrong with it. */
  readonly problem: string;
  /** What to do about it. */
  readonly remedy: string;
  /** Place in the text that the construct was read from: file, line and document. */
  readonly source?: string;
}

/** Values longer than this are cut in messages: a message is read in a terminal. */
const MAX_VALUE_LENGTH = 120;

/** What has no JSON of its own as text: constructs would print the whole tree, and most of it twice. */
function plain(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') {
    return String(value);
  }
  if (
    typeof value !== 'object' ||
    value === null ||
    Array.isArray(value) ||
    [Object.prototype, null].includes(Object.getPrototypeOf(value))
  ) {
    return value;
  }
  return value.toString === Object.prototype.toString ? value.constructor.name : String(value);
}

/** A message ends up in logs: credentials of URLs and private keys must not. */
function withoutSecrets(text: string): string {
  return text.includes('PRIVATE KEY') ? '(not shown)' : text.replace(/\/\/[^\s"]*@/g, '//(not shown)@');
}

function formatValue(value: unknown): string {
  if (value === undefined) {
    return 'nothing';
  }
  const text = typeof value === 'number' ? String(value) : (JSON.stringify(value, plain) ?? String(value));
  const shown = withoutSecrets(text);
  return shown.length > MAX_VALUE_LENGTH ? `${shown.slice(0, MAX_VALUE_LENGTH)}…` : shown;
}

/** The finding without its path, for reporters that print the path themselves (cdk8s does). */
export function formatFinding(diagnostic: Diagnostic): string {
  const { property, value, problem, remedy, source } = diagnostic;
  return `${property}: got ${formatValue(value)}: ${problem}. ${remedy}.${source === undefined ? '' : ` From ${source}.`}`;
}

/** The finding on one line, path first. */
export function formatDiagnostic(diagnostic: Diagnostic): string {
  return `[${diagnostic.path}] ${formatFinding(diagnostic)}`;
}

/** Order of reports: by path, then property, so that they do not depend on the order of checks. */
export function compareDiagnostics(a: Diagnostic, b: Diagnostic): number {
  return compareText(a.path, b.path) || compareText(a.property, b.property) || compareText(a.problem, b.problem);
}

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

/**
 * Collects what one call can know is wrong with its own input, so that the
 * user sees all of it at once rather than one mistake a run.
 */
export class InputCheck {
  private readonly findings: Diagnostic[] = [];

  constructor(private readonly path: string) {}

  /** Reports a value that is wrong in the way of a kind. */
  report<Name extends string = never>(
    kind: FindingKind<Name>,
    property: string,
    value: unknown,
    found: Found<Name>,
  ): void {
    this.add(findingIf(kind, this.path, property, value, found));
  }

  /** The same of a value only when there is one. */
  reportGiven<T, Name extends string = never>(
    kind: FindingKind<Name>,
    property: string,
    value: T | undefined,
    rule: (value: T) => Found<Name>,
  ): void {
    if (value !== undefined) {
      this.report(kind, property, value, rule(value));
    }
  }

  /** What is said elsewhere of a value, as a finding here. */
  finding(said: Said, property: string, value: unknown): Diagnostic {
    return findingAt(said, this.path, property, value);
  }

  /** Takes over findings made elsewhere. */
  add(findings: readonly Diagnostic[]): void {
    this.findings.push(...findings);
  }

  get diagnostics(): readonly Diagnostic[] {
    return this.findings;
  }

  /** @throws InputError with every finding, when there is one. */
  throwIfAny(): void {
    if (this.findings.length > 0) {
      throw new InputError(this.findings);
    }
  }
}

/** What a constructor or method throws for input that is wrong in itself. */
export class InputError extends Error {
  constructor(readonly diagnostics: readonly Diagnostic[]) {
    super(`Invalid input:\n  ${diagnostics.map(formatDiagnostic).join('\n  ')}`);
    this.name = 'InputError';
  }
}

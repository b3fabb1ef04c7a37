import { compareText } from '../values/text';

/** How bad a finding is: an error fails synth, a warning is reported. */
export type Severity = 'error' | 'warning';

/** One finding of the compiler. It always says where, what and what to do. */
export interface Diagnostic {
  /** Which kind of finding it is: see `model/finding-kind.ts`. */
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

import { Path, formatPath } from './property-path';
import { Json } from '../backends/kubernetes/pod-template';
import { Diagnostic, errorAt } from '../model/diagnostic';
import { InputError } from '../model/input';

/** One object of a manifest, with its place in the source. */
export interface SourceDocument {
  /** The file, or what stands for it. */
  readonly source: string;
  /** Position among the documents of the source, from 1. */
  readonly number: number;
  /** Position in a `kind: List`, from 1. */
  readonly item?: number;
  readonly object: Json;
  /** Line of a value, or of the nearest one around it that is there. */
  lineOf(path: Path): number;
}

/** A finding with its line, to report findings in the order of the text. */
interface Located {
  readonly line: number;
  readonly diagnostic: Diagnostic;
}

/** Collects what is wrong with one document. */
export class DocumentCheck {
  private readonly located: Located[] = [];

  constructor(private readonly document: SourceDocument, private readonly title?: string) {}

  /** Reports a value. */
  error(path: Path, value: unknown, problem: string, remedy: string): void {
    const { source, number, item } = this.document;
    const line = this.document.lineOf(path);
    const place = [`document ${number}`, ...(item === undefined ? [] : [`item ${item}`]), ...(this.title === undefined ? [] : [this.title])].join(', ');
    this.located.push({ line, diagnostic: errorAt(`${source}:${line} (${place})`, path.length === 0 ? 'document' : formatPath(path), value, problem, remedy) });
  }

  /** Reports a value that breaks a rule; `problem` undefined means that it does not. */
  check(path: Path, value: unknown, problem: string | undefined, remedy: string): void {
    if (problem !== undefined) {
      this.error(path, value, problem, remedy);
    }
  }

  /**
   * Runs code of constructs and takes over what it throws, at the places of the document that the
   * properties were read from. What is reported there already is not reported twice.
   */
  attempt<T>(translate: (property: string) => Path, run: () => T): T | undefined {
    try {
      return run();
    } catch (error) {
      if (!(error instanceof InputError)) {
        this.error([], this.document.object.kind, `cannot be made into a construct (${(error as Error).message})`, 'Correct the document');
        return undefined;
      }
      for (const { property, value, problem, remedy } of error.diagnostics) {
        const path = translate(property);
        if (!this.located.some(({ diagnostic }) => diagnostic.property === formatPath(path))) {
          this.error(path, value, problem, remedy);
        }
      }
      return undefined;
    }
  }

  /** Whether nothing is wrong so far. */
  get clean(): boolean {
    return this.located.length === 0;
  }

  /** The findings in the order of the text. */
  get diagnostics(): readonly Diagnostic[] {
    return [...this.located].sort((a, b) => a.line - b.line).map(({ diagnostic }) => diagnostic);
  }
}

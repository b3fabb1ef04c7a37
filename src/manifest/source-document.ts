import { Codec, placeOf } from '../api/codec';
import { Place } from '../api/place';
import { Diagnostic, errorKind, findingAt, FindingKind, Found, InputError, Said, sayIf } from '../model/findings';
import { Json } from '../values/json';
import { Path, formatPath, startsWith } from '../values/paths';

/** One object of a manifest, with its place in the source. */
export interface SourceDocument {
  /** The file, or what stands for it. */
  readonly source: string;
  /** Position among the documents of the source, from 1. */
  readonly number: number;
  /** Position in a `kind: List`, from 1. */
  readonly item?: number;
  readonly object: Json;
  /** What was rewritten into `object`, and where its values stand there: undefined where nothing was. */
  readonly written?: { readonly object: Json; placeOf(path: Path): Path };
  /** Line of a value, or of the nearest one around it that is there. */
  lineOf(path: Path): number;
}

/** A finding with its place, to report findings in the order of the text. */
export interface LocatedFinding {
  readonly source: string;
  readonly document: number;
  readonly line: number;
  readonly diagnostic: Diagnostic;
}

/** Findings in the order of the texts. */
export function inOrder(findings: readonly LocatedFinding[], sources: readonly string[]): Diagnostic[] {
  const place = new Map(sources.map((source, i) => [source, i]));
  return [...findings]
    .sort((a, b) => place.get(a.source)! - place.get(b.source)! || a.document - b.document || a.line - b.line)
    .map(({ diagnostic }) => diagnostic);
}

const DOCUMENT_NO_CONSTRUCT = errorKind(
  'document-no-construct',
  'cannot be made into a construct ({reason})',
  'Correct the document',
);

/** What constructs show in place of a secret. */
const HIDDEN = '(not shown)';

/** Collects what is wrong with one document. */
export class DocumentCheck {
  private readonly reported: (LocatedFinding & { readonly path: Path })[] = [];

  constructor(
    private readonly document: SourceDocument,
    private readonly title?: string,
  ) {}

  /** Reports a value. */
  private error(path: Path, value: unknown, problem: string, remedy: string, id: string): void {
    const place = this.document.written?.placeOf(path) ?? path;
    const property = place.length === 0 ? 'document' : formatPath(place);
    const said: Said = { id, severity: 'error', problem, remedy };
    const diagnostic = findingAt(said, this.placeOf(path), property, value);
    const { number, source } = this.document;
    this.reported.push({ source, document: number, line: this.document.lineOf(path), diagnostic, path });
  }

  /** File, line and document of a value. */
  placeOf(path: Path): string {
    const { source, number, item } = this.document;
    const place = [
      `document ${number}`,
      ...(item === undefined ? [] : [`item ${item}`]),
      ...(this.title === undefined ? [] : [this.title]),
    ].join(', ');
    return `${source}:${this.document.lineOf(path)} (${place})`;
  }

  /** Reports a value that is wrong in the way of a kind. */
  report<Name extends string = never>(kind: FindingKind<Name>, path: Path, value: unknown, found: Found<Name>): void {
    const said = sayIf(kind, found);
    if (said !== undefined) {
      this.error(path, value, said.problem, said.remedy, said.id);
    }
  }

  /** Reports a value as something that was found to be wrong already. */
  say(path: Path, value: unknown, { problem, remedy, id }: Said): void {
    this.error(path, value, problem, remedy, id);
  }

  /** The place of a value, which is shown as the document has it. */
  placeAt(path: Path): Place {
    return new Place(
      (at, shown, problem, remedy, id) => this.error(at, this.asWritten(at, shown), problem, remedy, id),
      path,
    );
  }

  /**
   * Reads JSON as a field of the API: reports what cannot be read, and what can and is not meant. What is reported at or below a
   * place already explains it.
   *
   * @param judged the part of the value that is checked; the rest is for others to judge
   */
  read<T>(field: Codec<T>, json: unknown, path: Path, judged: (value: T) => T = value => value): T | undefined {
    const value = field.decode(json, this.place(path));
    if (value !== undefined) {
      field.check(
        judged(value),
        this.place([], part => [...path, ...placeOf(field, part, json)]),
      );
    }
    return value;
  }

  /** A place whose findings are reported, unless something at or below where they stand is already. */
  private place(start: Path, standing: (path: Path) => Path = path => path): Place {
    const before = [...this.reported];
    return new Place((path, value, problem, remedy, id) => {
      const at = standing(path);
      if (!before.some(earlier => startsWith(earlier.path, at))) {
        this.error(at, this.asWritten(at, value), problem, remedy, id);
      }
    }, start);
  }

  /**
   * Runs code of constructs and takes over what it throws, at the places of the document that the
   * properties were read from. What is reported at or below a place already explains it, so nothing
   * is said twice; what fails in a way of its own is reported only where nothing else is.
   */
  attempt<T>(translate: (property: string) => Path, run: () => T): T | undefined {
    const before = [...this.reported];
    try {
      return run();
    } catch (error) {
      if (!(error instanceof InputError)) {
        if (this.clean) {
          const reason = (error as Error).message;
          this.report(DOCUMENT_NO_CONSTRUCT, [], this.document.object.kind, { reason });
        }
        return undefined;
      }
      for (const { id, property, value, problem, remedy } of error.diagnostics) {
        const path = translate(property);
        if (!before.some(earlier => startsWith(earlier.path, path))) {
          this.error(path, this.asWritten(path, value), problem, remedy, id);
        }
      }
      return undefined;
    }
  }

  /** Whether nothing is wrong so far. */
  get clean(): boolean {
    return this.reported.length === 0;
  }

  get findings(): readonly LocatedFinding[] {
    return this.reported;
  }

  /** A value as the document has it, where a construct got it in another form; of lists, constructs say what matters, secrets they hide, and a key is itself. */
  private asWritten(path: Path, value: unknown): unknown {
    const { object: whole, placeOf: standing } = this.document.written ?? {
      object: this.document.object,
      placeOf: (same: Path) => same,
    };
    const written = standing(path).reduce<any>((object, step) => object?.[step], whole);
    const asSaid = value === undefined || value === HIDDEN || Array.isArray(value) || value === path.at(-1);
    return asSaid ? value : (written ?? value);
  }
}

import { FindingKind, Found, Said, sayIf } from '../../model/finding-kind';

/** What is wrong with a document, or worth knowing, at a place in it. */
export interface OpenApiFinding extends Said {
  /** Path in the document: `paths./customers/{id}.get.parameters[0]`; empty for the document itself. */
  readonly place: string;
  readonly value: unknown;
}

/** Collects what is found, each once: a shared part of a document is met at every place that refers to it. */
export class OpenApiFindings {
  private readonly found = new Map<string, OpenApiFinding>();

  /** Reports a value that is wrong in the way of a kind. */
  report<Name extends string = never>(
    kind: FindingKind<Name>,
    place: string,
    value: unknown,
    found: Found<Name>,
  ): void {
    const said = sayIf(kind, found);
    if (said !== undefined) {
      this.found.set(JSON.stringify([place, said.problem]), { ...said, place, value });
    }
  }

  get all(): OpenApiFinding[] {
    return [...this.found.values()];
  }
}

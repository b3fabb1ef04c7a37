/** What is wrong with a document, or worth knowing, at a place in it. */
export interface OpenApiFinding {
  readonly severity: 'error' | 'warning';
  /** Path in the document: `paths./customers/{id}.get.parameters[0]`; empty for the document itself. */
  readonly place: string;
  readonly value: unknown;
  readonly problem: string;
  readonly remedy: string;
}

/** Collects what is found, each once: a shared part of a document is met at every place that refers to it. */
export class OpenApiFindings {
  private readonly found = new Map<string, OpenApiFinding>();

  error(place: string, value: unknown, problem: string, remedy: string): void {
    this.add({ severity: 'error', place, value, problem, remedy });
  }

  /** Reports a value that breaks a rule. */
  check(place: string, holds: boolean, value: unknown, problem: string, remedy: string): void {
    if (!holds) {
      this.error(place, value, problem, remedy);
    }
  }

  warning(place: string, value: unknown, problem: string, remedy: string): void {
    this.add({ severity: 'warning', place, value, problem, remedy });
  }

  get all(): OpenApiFinding[] {
    return [...this.found.values()];
  }

  private add(finding: OpenApiFinding): void {
    this.found.set(JSON.stringify([finding.place, finding.problem]), finding);
  }
}

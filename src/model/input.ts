import { Diagnostic, formatDiagnostic } from './diagnostic';
import { findingAt, findingIf, FindingKind, Found, Said } from './finding-kind';

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

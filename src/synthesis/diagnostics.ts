import { IConstruct } from 'constructs';
import { Synthesis } from './synthesis';
import { Diagnostic, formatDiagnostic } from '../model/findings';

/** One finding about an app. */
export interface McpFinding {
  /** `error`, which fails synthesis, or `warning`. */
  readonly severity: string;

  /** Path of the construct. */
  readonly path: string;

  /** Property at fault. */
  readonly property: string;

  /** What is wrong with it. */
  readonly problem: string;

  /** What to do about it. */
  readonly remedy: string;

  /**
   * File, line and document that the construct was read from.
   *
   * @default - the construct is of no McpManifest
   */
  readonly source?: string;

  /** All of it on one line, the value included. */
  readonly text: string;
}

/**
 * What the compiler has to say about an app. Synthesis fails with the errors; warnings are here alone.
 *
 * @example
 *
 * import { App } from 'cdk8s';
 * import { McpDiagnostics } from 'cdk8s-mcp';
 *
 * const app = new App();
 * const warnings = McpDiagnostics.of(app).warnings;
 */
export class McpDiagnostics {
  /**
   * The findings about an app as it is now.
   *
   * @param scope any construct of the app
   */
  public static of(scope: IConstruct): McpDiagnostics {
    const findings = Synthesis.of(scope).diagnostics();
    return new McpDiagnostics(
      findings.filter(({ severity }) => severity === 'error').map(toFinding),
      findings.filter(({ severity }) => severity === 'warning').map(toFinding),
    );
  }

  private constructor(
    /** What fails synthesis, sorted by path. */
    public readonly errors: McpFinding[],
    /** What is allowed and worth a look, sorted by path. */
    public readonly warnings: McpFinding[],
  ) {}
}

function toFinding(diagnostic: Diagnostic): McpFinding {
  const { severity, path, property, problem, remedy, source } = diagnostic;
  return { severity, path, property, problem, remedy, source, text: formatDiagnostic(diagnostic) };
}

import { IConstruct } from 'constructs';
import { clusterOf } from './cluster-scope';
import { Synthesis } from './synthesis';
import { Diagnostic, errorKind, formatDiagnostic, InputCheck } from '../model/findings';

const REASON_MISSING = errorKind(
  'acknowledgement-reason',
  'does not say why the warning is meant',
  'Write the reason for whoever reads this next',
);

/** One finding about an app. */
export interface McpFinding {
  /** Which kind of finding it is, in words: `source-address-behind-proxy`. */
  readonly id: string;

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

  /**
   * Why it is meant, as `McpDiagnostics.acknowledgeWarning` was told.
   *
   * @default - nobody acknowledged it
   */
  readonly reason?: string;

  /** All of it on one line, the value included. */
  readonly text: string;
}

/**
 * What the compiler has to say about an app. Synthesis fails with the errors, and prints the warnings to standard error, each once
 * with its id; `CDK8S_MCP_WARNINGS=off` leaves that out, as where jest runs and nothing is said, and `CDK8S_MCP_WARNINGS=error` fails by
 * them.
 *
 * @example
 *
 * import { App } from 'cdk8s';
 * import { McpDiagnostics } from 'cdk8s-mcp';
 *
 * const app = new App();
 * McpDiagnostics.acknowledgeWarning(app, 'image-floating', 'images are pinned by the admission webhook');
 * const warnings = McpDiagnostics.of(app).warnings;
 */
export class McpDiagnostics {
  /**
   * The findings about an app as it is now.
   *
   * @param scope any construct of the app; in an app for several clusters, one of a cluster for that cluster, else for all
   */
  public static of(scope: IConstruct): McpDiagnostics {
    const found = (clusterOf(scope) === scope.node.root ? Synthesis.all(scope.node.root) : [Synthesis.of(scope)]).map(
      synthesis => {
        const findings = synthesis.diagnostics();
        return { findings, ...synthesis.sortedWarnings(findings) };
      },
    );
    const findings = found.flatMap(one => one.findings);
    const acknowledged = found.flatMap(one => one.acknowledged);
    const open = found.flatMap(one => one.open);
    return new McpDiagnostics(
      findings.filter(({ severity }) => severity === 'error').map(error => toFinding(error)),
      open.map(warning => toFinding(warning)),
      acknowledged.map(({ warning, reason }) => toFinding(warning, reason)),
    );
  }

  /**
   * Says that a warning is meant, at a construct and everything below it: it is not printed any more and fails nothing. Where
   * nothing warns so (any more), that is a warning.
   *
   * @param scope whom it is about; an app, for all of it
   * @param id id of the warning, as it is printed
   * @param reason why it is meant, for whoever reads the program
   * @throws when there is no reason
   */
  public static acknowledgeWarning(scope: IConstruct, id: string, reason: string): void {
    const { path } = scope.node;
    const input = new InputCheck(path);
    input.report(REASON_MISSING, 'acknowledgeWarning.reason', reason, reason.trim() === '');
    input.throwIfAny();
    Synthesis.of(scope).acknowledge({ path, id, reason });
  }

  private constructor(
    /** What fails synthesis, sorted by path. */
    public readonly errors: McpFinding[],
    /** What is allowed and worth a look, sorted by path. */
    public readonly warnings: McpFinding[],
    /** Warnings that are meant, with the reason, sorted by path. */
    public readonly acknowledged: McpFinding[],
  ) {}
}

/** A finding as users get it. */
export function toFinding(diagnostic: Diagnostic, reason?: string): McpFinding {
  const { id, severity, path, property, problem, remedy, source } = diagnostic;
  return { id, severity, path, property, problem, remedy, source, reason, text: formatDiagnostic(diagnostic) };
}

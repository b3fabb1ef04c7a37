import { IConstruct } from 'constructs';
import { clustersOf } from './cluster-scope';
import { Diagnostic, errorKind, findingIf, findingOf, formatDiagnostic, warningKind } from '../model/findings';
import { compareText } from '../values/text';

/*
 * Warnings fail nothing, and so somebody has to see them: synthesis prints them, once, whatever runs it. Those that are meant
 * are acknowledged with a reason.
 */

const MODES = ['print', 'off', 'error'] as const;
/** What synthesis does with warnings: prints them to standard error, says nothing, or fails. */
export type WarningMode = (typeof MODES)[number];

/** Environment variable that says it. */
const VARIABLE = 'CDK8S_MCP_WARNINGS';

/** Warnings of one kind that are printed; of more than these the number is. */
const SHOWN = 3;

const MODE = errorKind(
  'warnings-mode',
  'is none of print, off and error',
  'Set one of them, or leave the variable out',
);
const UNUSED = warningKind(
  'acknowledgement-unused',
  'is acknowledged here, and nothing at or below it warns so',
  'Remove the acknowledgement, or write the id as the warning shows it',
);

/** What the environment says; where it says nothing, tests with jest are quiet, and everything else prints. */
export function warningMode(environment: NodeJS.ProcessEnv = process.env): WarningMode {
  const said = environment[VARIABLE] ?? '';
  return MODES.find(mode => mode === said) ?? (environment.JEST_WORKER_ID === undefined ? 'print' : 'off');
}

/** What is wrong with the environment. */
export function checkWarningMode(environment: NodeJS.ProcessEnv = process.env): Diagnostic[] {
  const said = environment[VARIABLE] ?? '';
  return findingIf(MODE, '(environment)', VARIABLE, said, said !== '' && !MODES.some(mode => mode === said));
}

/** A warning that is meant, at a construct and everything below it. */
export interface Acknowledgement {
  readonly path: string;
  readonly id: string;
  readonly reason: string;
}

/** Warnings, by whether somebody said that they are meant. */
export interface SortedWarnings {
  /** Those that nobody acknowledged, and acknowledgements of nothing. */
  readonly open: readonly Diagnostic[];
  readonly acknowledged: readonly { readonly warning: Diagnostic; readonly reason: string }[];
}

/** What one app does with its warnings. */
export class Warnings {
  private readonly acknowledgements: Acknowledgement[] = [];
  private readonly printed = new Set<string>();
  /** Acknowledgements that fitted a warning of some cluster. */
  private readonly usedByCluster = new Set<Acknowledgement>();

  acknowledge(acknowledgement: Acknowledgement): void {
    this.acknowledgements.push(acknowledgement);
  }

  /** The warnings among findings of what is for one cluster, or of what is in none. */
  sorted(findings: readonly Diagnostic[], scope: IConstruct): SortedWarnings {
    const { path, root } = scope.node;
    const clusters = clustersOf(root).map(({ node }) => node.path);
    const inCluster = (place: string) => clusters.some(cluster => isAtOrBelow(cluster, place));
    const own = this.acknowledgements.filter(acknowledgement =>
      scope === root ? !inCluster(acknowledgement.path) : isAtOrBelow(path, acknowledgement.path),
    );
    // What is acknowledged for the whole app is meant in every cluster, and has to fit in one of them.
    const shared = scope === root ? [] : this.acknowledgements.filter(other => isAbove(other.path, path));
    const { used, open, acknowledged } = sortWarnings(
      findings.filter(({ severity }) => severity === 'warning'),
      [...own, ...shared],
    );
    if (scope !== root) {
      used.forEach(acknowledgement => this.usedByCluster.add(acknowledgement));
    }
    const unused = own.filter(
      acknowledgement => !used.has(acknowledgement) && !this.usedByCluster.has(acknowledgement),
    );
    return {
      open: [
        ...open,
        ...unused.map(({ id, path: place }) =>
          findingOf(UNUSED, place === '' ? '(app)' : place, 'acknowledgeWarning', id),
        ),
      ],
      acknowledged,
    };
  }

  /** Prints those of the open that were not printed yet; those that are to fail the synthesis. */
  report({ open }: SortedWarnings): readonly Diagnostic[] {
    if (warningMode() === 'error') {
      return open;
    }
    const fresh = open.filter(warning => !this.printed.has(formatDiagnostic(warning)));
    fresh.forEach(warning => this.printed.add(formatDiagnostic(warning)));
    process.stderr.write(warningText(fresh));
    return [];
  }
}

/** Sorts warnings by acknowledgements, of which the first that fits counts, and tells which fitted. */
function sortWarnings(
  warnings: readonly Diagnostic[],
  acknowledgements: readonly Acknowledgement[],
): SortedWarnings & { readonly used: ReadonlySet<Acknowledgement> } {
  const used = new Set<Acknowledgement>();
  const sorted = warnings.map(warning => {
    const fitting = acknowledgements.filter(({ id, path }) => id === warning.id && isAtOrBelow(path, warning.path));
    fitting.forEach(acknowledgement => used.add(acknowledgement));
    return { warning, reason: fitting[0]?.reason };
  });
  return {
    used,
    open: sorted.flatMap(({ warning, reason }) => (reason === undefined ? [warning] : [])),
    acknowledged: sorted.flatMap(({ warning, reason }) => (reason === undefined ? [] : [{ warning, reason }])),
  };
}

function isAbove(path: string, other: string): boolean {
  return path !== other && isAtOrBelow(path, other);
}

function isAtOrBelow(path: string, other: string): boolean {
  return path === '' || other === path || other.startsWith(`${path}/`);
}

/** Warnings as they are printed: each with its id, by which it is acknowledged; empty for none. */
export function warningText(warnings: readonly Diagnostic[]): string {
  if (warnings.length === 0) {
    return '';
  }
  const byId = new Map<string, Diagnostic[]>();
  for (const warning of warnings) {
    byId.set(warning.id, [...(byId.get(warning.id) ?? []), warning]);
  }
  const lines = [...byId]
    .sort(([a], [b]) => compareText(a, b))
    .flatMap(([id, found]) => [
      ...found.slice(0, SHOWN).map(warning => `  ${id}: ${formatDiagnostic(warning)}`),
      ...(found.length > SHOWN ? [`  ${id}: and ${found.length - SHOWN} more`] : []),
    ]);
  const count = warnings.length === 1 ? '1 warning' : `${warnings.length} warnings`;
  return `cdk8s-mcp: ${count} (${VARIABLE}=off hides them, =error fails by them)\n${lines.join('\n')}\n`;
}

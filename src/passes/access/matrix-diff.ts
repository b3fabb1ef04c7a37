import { keyOf, markdownTable, Matrix, MatrixCell } from './matrix';
import { ToolAction } from '../../model/policy';
import { compareText } from '../../values/text';

/** A permission that one matrix has and another has not. */
export interface AccessChange {
  readonly change: 'gained' | 'lost';
  readonly route: string;
  readonly principal: string;
  readonly tool: string;
  readonly action: ToolAction;
}

/** Who gained and who lost which tool from one matrix to another, sorted. A cell that only one of them has denies in the other. */
export function diff(before: Matrix, after: Matrix): AccessChange[] {
  const earlier = new Map(before.cells.map(cell => [keyOf(cell), cell]));
  const later = new Map(after.cells.map(cell => [keyOf(cell), cell]));
  return [...new Set([...earlier.keys(), ...later.keys()])]
    .sort(compareText)
    .flatMap(key => cellChanges(earlier.get(key), later.get(key)));
}

function cellChanges(before: MatrixCell | undefined, after: MatrixCell | undefined): AccessChange[] {
  const { route, principal, tool } = (after ?? before)!;
  const changeOf = (action: ToolAction, had: boolean, has: boolean): AccessChange[] =>
    had === has ? [] : [{ change: has ? 'gained' : 'lost', route, principal, tool, action }];
  return [
    ...changeOf('tools/call', before?.call ?? false, after?.call ?? false),
    ...changeOf('tools/list', before?.list ?? false, after?.list ?? false),
  ];
}

/** The changes as a table, for code review. */
export function diffToMarkdown(changes: readonly AccessChange[]): string {
  return changes.length === 0
    ? 'No change of access.\n'
    : `${markdownTable(
        ['', 'principal', 'tool', 'action', 'route'],
        changes.map(item => [item.change, item.principal, item.tool, item.action, item.route]),
      ).join('\n')}\n`;
}

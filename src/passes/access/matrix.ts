import { AccessRequest, Caller, present } from './caller';
import { isAllowed } from './decide';
import { Enforcement } from './enforcement';
import { ToolAction } from '../../model/policy';
import { distinct } from '../../values/json';
import { compareText } from '../../values/text';

/** A row: a caller under a name. */
export interface MatrixPrincipal {
  /** As it is printed: `user:alice`, `group:interns`, `anonymous`. */
  readonly name: string;
  /** Undefined: without credentials. */
  readonly caller?: Caller;
}

/** A route and the tools to ask for. */
export interface MatrixRoute {
  readonly enforcement: Enforcement;
  readonly tools: readonly string[];
}

/** What one principal may do with one tool of one route. */
export interface MatrixCell {
  readonly route: string;
  readonly principal: string;
  readonly tool: string;
  readonly call: boolean;
  readonly list: boolean;
}

/** Who may do what: sorted by route and tool; principals keep the order they were given in. */
export interface Matrix {
  readonly cells: readonly MatrixCell[];
}

/** What of a request is the same in all cells. */
export type MatrixContext = Pick<AccessRequest, 'sourceIp' | 'headers' | 'time'>;

/** Decides on every principal, route and tool. */
export function computeMatrix(
  routes: readonly MatrixRoute[],
  principals: readonly MatrixPrincipal[],
  context: MatrixContext = {},
): Matrix {
  const sorted = [...routes].sort((a, b) => compareText(a.enforcement.entry, b.enforcement.entry));
  return { cells: sorted.flatMap(route => principals.flatMap(principal => cellsOf(route, principal, context))) };
}

function cellsOf(
  { enforcement, tools }: MatrixRoute,
  { name, caller }: MatrixPrincipal,
  context: MatrixContext,
): MatrixCell[] {
  const verified = present(enforcement.authentication, caller);
  const allowed = (tool: string, action: ToolAction): boolean =>
    isAllowed(enforcement, { ...context, caller, tool, action }, verified);
  return [...new Set(tools)].sort(compareText).map(tool => ({
    route: enforcement.entry,
    principal: name,
    tool,
    call: allowed(tool, 'tools/call'),
    list: allowed(tool, 'tools/list'),
  }));
}

/** A table for each route: a row for each principal, a column for each tool. */
export function toMarkdown(matrix: Matrix): string {
  return distinct(matrix.cells.map(({ route }) => route))
    .map(route => {
      const cells = matrix.cells.filter(cell => cell.route === route);
      const tools = distinct(cells.map(({ tool }) => tool));
      const may = new Map(cells.map(cell => [keyOf(cell), formatCell(cell)]));
      const rows = distinct(cells.map(({ principal }) => principal)).map(principal => [
        principal,
        ...tools.map(tool => may.get(keyOf({ route, principal, tool })) ?? ''),
      ]);
      return [`### ${route}`, '', ...markdownTable(['', ...tools], rows), ''].join('\n');
    })
    .join('\n');
}

/** Lines of a table in Markdown. */
function markdownTable(header: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]): string => `| ${cells.map(markdownText).join(' | ')} |`;
  return [line(header), `|${header.map(() => '-|').join('')}`, ...rows.map(line)];
}

/** One line for each cell, the names of the columns first. */
export function toCsv(matrix: Matrix): string {
  const rows = matrix.cells.map(({ route, principal, tool, call, list }) => [
    route,
    principal,
    tool,
    String(call),
    String(list),
  ]);
  return [['route', 'principal', 'tool', 'call', 'list'], ...rows]
    .map(row => `${row.map(csvField).join(',')}\n`)
    .join('');
}

/** The cells as JSON. */
export function toJson(matrix: Matrix): string {
  return `${JSON.stringify(matrix.cells, undefined, 2)}\n`;
}

function formatCell({ call, list }: MatrixCell): string {
  return call ? (list ? 'call, list' : 'call') : list ? 'list' : '-';
}

function markdownText(text: string): string {
  return text.replace(/[\\|`*<>[\]]/g, '\\$&').replace(/\r\n|\r|\n/g, ' ');
}

function csvField(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
}

/** Key of a cell. */
function keyOf({ route, principal, tool }: Pick<MatrixCell, 'route' | 'principal' | 'tool'>): string {
  return JSON.stringify([route, principal, tool]);
}

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

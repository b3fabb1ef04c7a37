import { AccessRequest, Caller, present } from './caller';
import { isAllowed } from './decide';
import { Enforcement } from './enforcement';
import { ToolAction } from '../../model/policy';
import { markdownTable } from '../../values/markdown';
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

/** One route: a row for each principal, a column for each tool. */
export interface MatrixTable {
  readonly route: string;
  /** In the order they were given in. */
  readonly principals: readonly string[];
  /** Sorted. */
  readonly tools: readonly string[];
  /** Row after row, what may be done. Routes that enforce the same share it. */
  readonly granted: Uint8Array;
}

/** What one principal may do at a route. */
export interface MatrixRow {
  readonly principal: string;
  readonly calls: string[];
  readonly lists: string[];
}

/** Who may do what, sorted by route. */
export interface Matrix {
  readonly tables: readonly MatrixTable[];
}

/** What may be done with a tool, by the number that stands for it. */
const GRANTS = [
  { call: false, list: false, words: '-' },
  { call: true, list: false, words: 'call' },
  { call: false, list: true, words: 'list' },
  { call: true, list: true, words: 'call, list' },
] as const;

type Grant = (typeof GRANTS)[number];

/** What of a request is the same in all cells. */
export type MatrixContext = Pick<AccessRequest, 'sourceIp' | 'headers' | 'time'>;

/** Decides on every principal, route and tool. */
export function computeMatrix(
  routes: readonly MatrixRoute[],
  principals: readonly MatrixPrincipal[],
  context: MatrixContext = {},
): Matrix {
  const names = principals.map(({ name }) => name);
  const known = new Map<string, Pick<MatrixTable, 'tools' | 'granted'>>();
  const answersOf = ({ enforcement, tools }: MatrixRoute): Pick<MatrixTable, 'tools' | 'granted'> => {
    const sorted = [...new Set(tools)].sort(compareText);
    const key = JSON.stringify([asked(enforcement), sorted]);
    const answers = known.get(key) ?? { tools: sorted, granted: grantedOf(enforcement, sorted, principals, context) };
    known.set(key, answers);
    return answers;
  };
  return {
    tables: [...routes]
      .sort((a, b) => compareText(a.enforcement.entry, b.enforcement.entry))
      .map(route => ({ route: route.enforcement.entry, principals: names, ...answersOf(route) })),
  };
}

/** All that the answers of an enforcement depend on: the questions as they are emitted, without who asked for them. */
function asked({ authentication, clientHeaders, rules, ways }: Enforcement): unknown {
  return [
    authentication.map(({ method }) => method),
    clientHeaders,
    rules.map(({ expression, stage }) => [stage, expression]),
    ways.map(({ guard, require, tools }) => [
      require.map(({ expression }) => expression),
      tools,
      guard === undefined ? undefined : asked(guard),
    ]),
  ];
}

function grantedOf(
  enforcement: Enforcement,
  tools: readonly string[],
  principals: readonly MatrixPrincipal[],
  context: MatrixContext,
): Uint8Array {
  const granted = new Uint8Array(principals.length * tools.length);
  principals.forEach(({ caller }, row) => {
    const verified = present(enforcement.authentication, caller);
    const allowed = (tool: string, action: ToolAction): boolean =>
      isAllowed(enforcement, { ...context, caller, tool, action }, verified);
    tools.forEach((tool, column) => {
      granted[row * tools.length + column] =
        (allowed(tool, 'tools/call') ? 1 : 0) + (allowed(tool, 'tools/list') ? 2 : 0);
    });
  });
  return granted;
}

/** The cells of a matrix, by route, principal and tool: one at a time, since there may be more than memory holds. */
export function* cellsOf({ tables }: Matrix): Generator<MatrixCell> {
  for (const { granted, principals, route, tools } of tables) {
    let next = 0;
    for (const principal of principals) {
      for (const tool of tools) {
        const { call, list } = GRANTS[granted[next++]];
        yield { route, principal, tool, call, list };
      }
    }
  }
}

/** What each principal may do at a route, by the names of tools. */
export function rowsOf({ granted, principals, tools }: MatrixTable): MatrixRow[] {
  return principals.map((principal, row) => {
    const having = (action: 'call' | 'list'): string[] =>
      tools.filter((_, column) => GRANTS[granted[row * tools.length + column]][action]);
    return { principal, calls: having('call'), lists: having('list') };
  });
}

/** A table for each route: a row for each principal, a column for each tool. */
export function toMarkdown({ tables }: Matrix): string {
  return tables
    .filter(({ principals, tools }) => principals.length > 0 && tools.length > 0)
    .map(({ granted, principals, route, tools }) => {
      const rows = principals.map((principal, row) => [
        principal,
        ...tools.map((_, column) => GRANTS[granted[row * tools.length + column]].words),
      ]);
      return [`### ${route}`, '', ...markdownTable(['', ...tools], rows), ''].join('\n');
    })
    .join('\n');
}

/** Parts of a text with one line for each cell, the names of the columns first. */
export function* csvParts(matrix: Matrix): Generator<string> {
  yield 'route,principal,tool,call,list\n';
  for (const { route, principal, tool, call, list } of cellsOf(matrix)) {
    yield `${csvField(route)},${csvField(principal)},${csvField(tool)},${call},${list}\n`;
  }
}

/** Parts of the cells as JSON. */
export function* jsonParts(matrix: Matrix): Generator<string> {
  let separator = '[';
  for (const cell of cellsOf(matrix)) {
    yield `${separator}\n  ${JSON.stringify(cell, undefined, 2).replace(/\n/g, '\n  ')}`;
    separator = ',';
  }
  yield separator === '[' ? '[]\n' : '\n]\n';
}

function csvField(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
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
  const [earlier, later] = [lookup(before), lookup(after)];
  return [...new Set([...earlier.keys(), ...later.keys()])].sort(compareText).flatMap(route => {
    const [had, has] = [earlier.get(route) ?? NOTHING, later.get(route) ?? NOTHING];
    return [...new Set([...had.principals, ...has.principals])].sort(compareText).flatMap(principal =>
      [...new Set([...had.tools, ...has.tools])].sort(compareText).flatMap(tool => {
        const [then, now] = [had.granted(principal, tool), has.granted(principal, tool)];
        return ACTIONS.filter(([does]) => then[does] !== now[does]).map(([does, action]): AccessChange => ({
          change: now[does] ? 'gained' : 'lost',
          route,
          principal,
          tool,
          action,
        }));
      }),
    );
  });
}

const ACTIONS = [
  ['call', 'tools/call'],
  ['list', 'tools/list'],
] as const;

interface Lookup extends Pick<MatrixTable, 'principals' | 'tools'> {
  readonly granted: (principal: string, tool: string) => Grant;
}

const NOTHING: Lookup = { principals: [], tools: [], granted: () => GRANTS[0] };

function lookup({ tables }: Matrix): ReadonlyMap<string, Lookup> {
  return new Map(
    tables.map(({ granted, principals, route, tools }) => {
      const rows = new Map(principals.map((principal, row) => [principal, row * tools.length]));
      const columns = new Map(tools.map((tool, column) => [tool, column]));
      const at = (principal: string, tool: string): Grant => {
        const [row, column] = [rows.get(principal), columns.get(tool)];
        return GRANTS[row === undefined || column === undefined ? 0 : granted[row + column]];
      };
      return [route, { principals, tools, granted: at }];
    }),
  );
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

import { Caller, present, RequestContext } from './caller';
import { isAllowed } from './decide';
import { Enforcement } from './enforcement';
import { ItemAction, ITEM_KINDS, ItemKind, ItemRequest, LISTS, USES } from '../../model/items';
import { markdownTable } from '../../values/markdown';
import { compareText } from '../../values/text';
import { ITEM_WORDS } from '../policy/words';

/** A row: a caller under a name. */
export interface MatrixPrincipal {
  /** As it is printed: `user:alice`, `group:interns`, `anonymous`. */
  readonly name: string;
  /** Undefined: without credentials. */
  readonly caller?: Caller;
}

/** Names of items, or URIs; of kinds that are left out there are none. */
export type MatrixItems = Readonly<Partial<Record<(typeof FIELDS)[ItemKind], readonly string[]>>>;

const FIELDS = { tool: 'tools', prompt: 'prompts', resource: 'resources' } as const satisfies Record<ItemKind, string>;

/** A route and the items to ask for. */
export interface MatrixRoute extends MatrixItems {
  readonly enforcement: Enforcement;
}

/** A column: an item, and its name in tables. No name of a tool has a space, which those of other kinds have. */
export interface MatrixColumn {
  readonly kind: ItemKind;
  readonly name: string;
  /** The name of a tool; else with the kind before it: `prompt summary`. */
  readonly label: string;
}

/** What one principal may do with one item of one route. */
export interface MatrixCell {
  readonly route: string;
  readonly principal: string;
  /** The label of its column. */
  readonly tool: string;
  readonly call: boolean;
  readonly list: boolean;
}

/** One route: a row for each principal, a column for each item. */
export interface MatrixTable {
  readonly route: string;
  /** In the order they were given in. */
  readonly principals: readonly string[];
  /** Tools, prompts, resources, each kind sorted. */
  readonly columns: readonly MatrixColumn[];
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

/** What may be done with an item, by the number that stands for it. */
const GRANTS = [
  { call: false, list: false },
  { call: true, list: false },
  { call: false, list: true },
  { call: true, list: true },
] as const;

type Grant = (typeof GRANTS)[number];

/** What may be done with an item, in words: `call, list`, `get`; `-` for nothing. */
function grantWords(kind: ItemKind, { call, list }: Grant): string {
  return [...(call ? [ITEM_WORDS[kind].use] : []), ...(list ? ['list'] : [])].join(', ') || '-';
}

/** The columns of items. */
function columnsOf(items: MatrixItems): MatrixColumn[] {
  return ITEM_KINDS.flatMap(kind =>
    [...new Set(items[FIELDS[kind]])]
      .sort(compareText)
      .map(name => ({ kind, name, label: `${ITEM_WORDS[kind].of}${name}` })),
  );
}

/** What of a request is the same in all cells. */
export type MatrixContext = Pick<RequestContext, 'sourceIp' | 'headers' | 'time'>;

/** Decides on every principal, route and tool. */
export function computeMatrix(
  routes: readonly MatrixRoute[],
  principals: readonly MatrixPrincipal[],
  context: MatrixContext = {},
): Matrix {
  const names = principals.map(({ name }) => name);
  const known = new Map<string, Pick<MatrixTable, 'columns' | 'granted'>>();
  const answersOf = ({ enforcement, ...items }: MatrixRoute): Pick<MatrixTable, 'columns' | 'granted'> => {
    const columns = columnsOf(items);
    const key = JSON.stringify([asked(enforcement), columns]);
    const answers = known.get(key) ?? { columns, granted: grantedOf(enforcement, columns, principals, context) };
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
  columns: readonly MatrixColumn[],
  principals: readonly MatrixPrincipal[],
  context: MatrixContext,
): Uint8Array {
  const granted = new Uint8Array(principals.length * columns.length);
  principals.forEach(({ caller }, row) => {
    const verified = present(enforcement.authentication, caller);
    const allowed = ({ kind, name }: MatrixColumn, action: ItemAction): boolean =>
      isAllowed(enforcement, { ...context, caller, ...({ [kind]: name, action } as ItemRequest) }, verified);
    columns.forEach((column, i) => {
      granted[row * columns.length + i] =
        (allowed(column, USES[column.kind]) ? 1 : 0) + (allowed(column, LISTS[column.kind]) ? 2 : 0);
    });
  });
  return granted;
}

/** The cells of a matrix, by route, principal and item: one at a time, since there may be more than memory holds. */
export function* cellsOf({ tables }: Matrix): Generator<MatrixCell> {
  for (const { columns, granted, principals, route } of tables) {
    let next = 0;
    for (const principal of principals) {
      for (const { label } of columns) {
        const { call, list } = GRANTS[granted[next++]];
        yield { route, principal, tool: label, call, list };
      }
    }
  }
}

/** What each principal may do at a route, by the labels of columns. */
export function rowsOf({ columns, granted, principals }: MatrixTable): MatrixRow[] {
  return principals.map((principal, row) => {
    const having = (action: 'call' | 'list'): string[] =>
      columns.filter((_, i) => GRANTS[granted[row * columns.length + i]][action]).map(({ label }) => label);
    return { principal, calls: having('call'), lists: having('list') };
  });
}

/** A table for each route: a row for each principal, a column for each item. */
export function toMarkdown({ tables }: Matrix): string {
  return tables
    .filter(({ columns, principals }) => principals.length > 0 && columns.length > 0)
    .map(({ columns, granted, principals, route }) => {
      const rows = principals.map((principal, row) => [
        principal,
        ...columns.map(({ kind }, i) => grantWords(kind, GRANTS[granted[row * columns.length + i]])),
      ]);
      const labels = columns.map(({ label }) => label);
      return [`### ${route}`, '', ...markdownTable(['', ...labels], rows), ''].join('\n');
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
  /** The name of the tool, prompt or resource; which of them it is, the action says. */
  readonly tool: string;
  readonly action: ItemAction;
}

/** Who gained and who lost which item from one matrix to another, sorted. A cell that only one of them has denies in the other. */
export function diff(before: Matrix, after: Matrix): AccessChange[] {
  const [earlier, later] = [lookup(before), lookup(after)];
  return [...new Set([...earlier.keys(), ...later.keys()])].sort(compareText).flatMap(route => {
    const [had, has] = [earlier.get(route) ?? NOTHING, later.get(route) ?? NOTHING];
    const columns = new Map([...had.columns, ...has.columns].map(column => [column.label, column]));
    return [...new Set([...had.principals, ...has.principals])].sort(compareText).flatMap(principal =>
      [...columns.values()].sort(compareColumns).flatMap(({ kind, label, name }) => {
        const [then, now] = [had.granted(principal, label), has.granted(principal, label)];
        const actions = [['call', USES[kind]] as const, ['list', LISTS[kind]] as const];
        return actions
          .filter(([does]) => then[does] !== now[does])
          .map(([does, action]): AccessChange => ({
            change: now[does] ? 'gained' : 'lost',
            route,
            principal,
            tool: name,
            action,
          }));
      }),
    );
  });
}

/** As columns stand in a table. */
function compareColumns(a: MatrixColumn, b: MatrixColumn): number {
  return ITEM_KINDS.indexOf(a.kind) - ITEM_KINDS.indexOf(b.kind) || compareText(a.name, b.name);
}

interface Lookup extends Pick<MatrixTable, 'principals' | 'columns'> {
  readonly granted: (principal: string, label: string) => Grant;
}

const NOTHING: Lookup = { principals: [], columns: [], granted: () => GRANTS[0] };

function lookup({ tables }: Matrix): ReadonlyMap<string, Lookup> {
  return new Map(
    tables.map(({ columns, granted, principals, route }) => {
      const rows = new Map(principals.map((principal, row) => [principal, row * columns.length]));
      const places = new Map(columns.map(({ label }, i) => [label, i]));
      const at = (principal: string, label: string): Grant => {
        const [row, column] = [rows.get(principal), places.get(label)];
        return GRANTS[row === undefined || column === undefined ? 0 : granted[row + column]];
      };
      return [route, { principals, columns, granted: at }];
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

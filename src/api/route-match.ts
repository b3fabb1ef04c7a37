import { choice, integer, list, named, own, ruled, text, textList, ValueOf, ruleFor } from './codec';
import { HEADER_NAME, TOOL_GLOB } from './common';
import { atomicObject, mapped, object } from './object';
import { errorKind, because } from '../model/findings';
import { ServerKind, ServerRef } from '../model/references';
import { Backend, Match } from '../model/route';
import { toolGlob, ToolPattern } from '../model/tool-pattern';
import { headerValueProblem, toolNameProblem, wholeNumberProblem } from '../model/validation';
import { regexProblem } from '../values/regex';

const TOOL_MATCH_AMBIGUOUS = errorKind(
  'tool-match-ambiguous',
  'has {ways}: it is not said whether one or all must match',
  'Keep one, or write one rule for each',
);
const TOOL_MATCH_BESIDE_TOOLS = errorKind(
  'tool-match-beside-tools',
  'has both: it is not said whether one or both must match',
  'Keep one, or write one rule for each',
);
const MATCH_WITHOUT_CONDITION = errorKind(
  'match-without-condition',
  'has no condition, so it would match everything',
  'Give tools, a method or headers; servers for everything belong to addBackend',
);
const MATCH_METHOD_WITHOUT_TOOLS = errorKind(
  'match-method-without-tools',
  'is not about tools, but `tools` are matched too',
  'Drop the method or the tools',
);

/** Where requests of a route go, and by what they are told apart. */

/** A server that a route names: of the route's own namespace unless it is another kind, or code names it. */
export interface ServerName {
  readonly kind: ServerKind;
  readonly name: string;
  readonly namespace?: string;
}

const kind = choice("Kind of the server. Default: MCPServer, of the route's own namespace.", [
  'MCPServer',
  'ClusterMCPServer',
]);

export const serverRef = atomicObject('The server.', {
  kind: own(kind),
  name: text('Name of the server.', { default: '' }),
});

const backendRef = object(
  'One backend.',
  {
    serverRef: named(
      'server',
      mapped(serverRef, {
        read: (json): ServerName => ({ kind: json.kind ?? 'MCPServer', name: json.name ?? '' }),
        write: server =>
          server.kind === 'MCPServer' ? { name: server.name } : { kind: server.kind, name: server.name },
      }),
    ),
    weight: ruled(
      integer('Share of the requests, relative to the other backends.', { default: 1, minimum: 0 }),
      ruleFor(
        'route-weight',
        value => wholeNumberProblem(value, 0, 2147483647),
        'Give a whole number, 0 for no requests',
      ),
    ),
  },
  { required: ['serverRef'] },
);

/** A backend of a route. */
export type BackendValue = ValueOf<typeof backendRef>;

/** Servers that a whole route leads to. */
export const routeBackends = list('Servers that requests go to, by weight.', backendRef, { minItems: 1, maxItems: 16 });

const RE2 = 'Write it in RE2 syntax, which has no look-around and no back-references';

const HEADER_REGEX = errorKind('header-match-regex', '{problem}', RE2);
const HEADER_VALUE = errorKind('header-match-value', '{problem}', 'Give what the header must hold');

const regexOf = (value: string): string | undefined => (value === '' ? 'is empty' : regexProblem(value));

/** A header that is matched. */
export const headerMatch = object(
  'One header to match.',
  {
    name: text('Name of the header.', {}, HEADER_NAME),
    type: choice('How the value is compared.', ['Exact', 'Prefix', 'Regex'], { default: 'Exact' }),
    value: text('Value to compare with.'),
  },
  { required: ['name', 'type', 'value'] },
  ({ type, value }, place) =>
    type === 'Regex'
      ? place.at('value').report(HEADER_REGEX, value, because(regexOf(value)))
      : place.at('value').report(HEADER_VALUE, value, because(value === '' ? 'is empty' : headerValueProblem(value))),
);

/** A header that is matched. */
export type HeaderMatchValue = ValueOf<typeof headerMatch>;

/** Which tool is called: what routes match tools by, besides globs. */
export const toolMatch = object(
  'Which tool is called.',
  {
    exactMatch: text(
      'Name of the tool.',
      {},
      ruleFor('tool-match-name', toolNameProblem, 'Use the name that the server lists'),
    ),
    prefixMatch: text(
      "Beginning of the tool's name.",
      {},
      ruleFor('tool-match-prefix', toolNameProblem, 'Write the start of the names'),
    ),
    regexMatch: text("RE2 expression for the tool's name.", {}, ruleFor('tool-match-regex', regexOf, RE2)),
  },
  {},
  (value, place) => {
    const ways = Object.keys(value);
    place.report(TOOL_MATCH_AMBIGUOUS, value, ways.length > 1 ? { ways: ways.join(' and ') } : undefined);
  },
);

/** Globs of tools that a route matches. */
export const toolGlobs = textList('Tool names, one of which is called; globs such as db_* are allowed.', {}, TOOL_GLOB);

/** Requests of MCP, of any revision and of its tasks, that a server answers, and so a rule can match. */
const METHODS = [
  'initialize',
  'ping',
  'tools/list',
  'tools/call',
  'prompts/list',
  'prompts/get',
  'resources/list',
  'resources/read',
  'resources/templates/list',
  'resources/subscribe',
  'resources/unsubscribe',
  'completion/complete',
  'logging/setLevel',
  'server/discover',
  'subscriptions/listen',
  'tasks/get',
  'tasks/result',
  'tasks/list',
  'tasks/update',
  'tasks/cancel',
];

/** Requests that are about one tool. */
const TOOL_METHODS = ['tools/list', 'tools/call'];

/** A rule of a route. */
export const routeMatch = object(
  'Requests that meet all of the conditions set here.',
  {
    backendRefs: named('backends', list("Backends of these requests; the route's own when empty.", backendRef)),
    headers: list('Headers, all of which must match.', headerMatch),
    method: text(
      'MCP method, such as tools/call.',
      {},
      ruleFor(
        'match-method',
        value => (METHODS.includes(value) ? undefined : 'is not a request of MCP'),
        `Use one of ${METHODS.join(', ')}`,
      ),
    ),
    toolMatch,
    tools: toolGlobs,
  },
  {},
  (value, place) => {
    const { method, headers = [], tools = [], toolMatch: way = {} } = value;
    const aboutTools = tools.length > 0 || Object.keys(way).length > 0;
    place.report(TOOL_MATCH_BESIDE_TOOLS, ['tools', 'toolMatch'], tools.length > 0 && Object.keys(way).length > 0);
    place.report(MATCH_WITHOUT_CONDITION, value, !aboutTools && method === undefined && headers.length === 0);
    place
      .at('method')
      .report(MATCH_METHOD_WITHOUT_TOOLS, method, aboutTools && method !== undefined && !TOOL_METHODS.includes(method));
  },
);

/** A rule of a route. */
export type MatchValue = ValueOf<typeof routeMatch>;

/** A backend as plain data, of a route in a namespace. */
export function backendModel({ server, weight }: BackendValue, namespace: string): Backend {
  return { server: serverOf(server, namespace), weight: weight ?? 1 };
}

/** The server that a route in a namespace means. */
export function serverOf({ kind: serverKind, name, namespace }: ServerName, routeNamespace: string): ServerRef {
  return { kind: serverKind, name, namespace: serverKind === 'MCPServer' ? (namespace ?? routeNamespace) : undefined };
}

/** A rule as plain data, of a route in a namespace. */
export function matchModel(value: MatchValue, namespace: string): Match {
  return {
    tools: patternsOf(value),
    method: value.method,
    headers: (value.headers ?? []).map(header => ({
      kind: header.type,
      name: header.name.toLowerCase(),
      value: header.value,
    })),
    backends: (value.backends ?? []).map(backend => backendModel(backend, namespace)),
  };
}

function patternsOf({ tools = [], toolMatch: way = {} }: MatchValue): readonly ToolPattern[] | undefined {
  const { exactMatch, prefixMatch, regexMatch } = way;
  const patterns: ToolPattern[] = [
    ...tools.map(toolGlob),
    ...(exactMatch === undefined ? [] : [{ kind: 'exact', value: exactMatch } as const]),
    ...(prefixMatch === undefined ? [] : [{ kind: 'prefix', value: prefixMatch } as const]),
    ...(regexMatch === undefined ? [] : [{ kind: 'regex', value: regexMatch } as const]),
  ];
  return patterns.length === 0 ? undefined : patterns;
}

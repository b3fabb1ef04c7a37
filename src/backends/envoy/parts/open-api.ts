import { isTooLarge, REGEX_SIZE } from './limits';
import { enforced, Filters, part, refused } from './part';
import { Diagnostic } from '../../../model/findings';
import { BackendGroup } from '../../../model/plan';
import { JsonSchema, parametersIn, RestOperation, RestPlace } from '../../../model/rest';
import { formatServerRef, Server } from '../../../model/server';
import { matchesAnyTool } from '../../../model/tool-pattern';
import { objectSchema } from '../../../passes/open-api/read';
import { canonicalText } from '../../../values/json';
import { regexLiteral } from '../../../values/regex';
import { refusal } from '../../interface/standing';
import { HttpRule, ToolConfig } from '../config/api';
import { extension, typed } from '../config/config';
import { CALLED_TOOL } from '../config/names';
import { differ, EnvoyEntry, groupProperty } from '../config/plan';
import { exactly, matching, metadataMatcher } from '../dialect/matchers';
import { allRules, ANY, inMetadata, Policy, RBAC, rbacPerRoute } from '../dialect/rbac';

/*
 * REST services as tools. A filter answers what belongs to MCP itself, and makes requests of calls. What is no argument of an
 * operation it puts into the query, and an empty text into the path: so the request that it made is checked behind it.
 */

/** The filter that translates, and the one that looks at what came out. */
const BRIDGE = 'mcp.rest';
const CHECKED = 'mcp.rbac.rest';
const BRIDGE_TYPE = 'envoy.extensions.filters.http.mcp_json_rest_bridge.v3.McpJsonRestBridge';

/** Longest answer of a service, in bytes: it is held until it is complete. */
const MAX_ANSWER = 2 * 1024 * 1024;

const NAMES = refused(
  'openApi.names',
  'Envoy cannot tell arguments of one name apart by where they stand in a request',
  'leave the operation out (operations of the source), or rename a parameter',
);
const SEVERAL = refused(
  'openApi.several',
  'Envoy translates a call before it chooses among servers that share it by weight, so that they must have the same tools',
  'give each a match or a route of its own, or describe them by the same document',
);

/** REST services. */
export const openApi = part({
  features: {
    openApi: enforced(
      'a REST service is served as tools, whose arguments are the parameters by their names and the `body`; ' +
        'an answer of status 4xx or 5xx is a result with `isError`, one above 2 MiB an error; `ping` is not answered',
    ),
  },
  limits: { 'openApi.names': NAMES, 'openApi.several': SEVERAL, 'regex.size': REGEX_SIZE },
  check: ({ entries }) => entries.flatMap(entry => [...checkGroups(entry), ...entry.servers.flatMap(checkServer)]),
  // Routes say which of them serve a REST service.
  filters: ({ bodyLimit, entries }) =>
    entries.some(({ servers }) => servers.some(({ rest }) => rest !== undefined))
      ? [
          extension(BRIDGE, BRIDGE_TYPE, {
            per_route_only: true,
            // The path is the service's own from here on: looked up again, it could be that of another route.
            disable_clear_route_cache: true,
            max_request_body_size: bodyLimit,
            max_response_body_size: MAX_ANSWER,
          }),
          extension(CHECKED, RBAC, {}),
        ]
      : [],
  // There are no streams of events, and who asks for one is told so.
  route: ({ entry, group, kind }) =>
    isRestGroup(group) ? { filters: translation(entry, group.servers[0].server, kind === 'request') } : {},
});

/** A call is translated before a server is chosen. */
function checkGroups({ groups, origin }: EnvoyEntry): Diagnostic[] {
  return groups
    .filter(isRestGroup)
    .filter(({ servers }) =>
      differ(servers.map(({ server }) => (server.rest === undefined ? '' : servedOperations(server)))),
    )
    .map(group =>
      refusal(
        SEVERAL,
        origin,
        groupProperty(group),
        group.servers.map(({ server }) => formatServerRef(server)),
      ),
    );
}

function checkServer(server: Server): Diagnostic[] {
  return server.rest === undefined
    ? []
    : servedOperations(server).flatMap(operation => {
        const shared = sharedArguments(operation);
        const property = `source.schema[${operation.name}]`;
        return [
          ...(shared.length === 0 ? [] : [refusal(NAMES, server.path, property, shared)]),
          ...(isTooLarge(requestRegex(operation, server.endpoints[0].path))
            ? [refusal(REGEX_SIZE, server.path, property, operation.path)]
            : []),
        ];
      });
}

/** What the filters do at a route to a service. */
function translation(entry: EnvoyEntry, server: Server, serves: boolean): Filters {
  const { path } = server.endpoints[0];
  const operations = serves ? servedOperations(server) : [];
  return {
    [BRIDGE]: typed(`${BRIDGE_TYPE}PerRoute`, {
      tool_config: [
        {
          tools: operations.map(operation => toolOf(operation, path)),
          tool_list_local: {},
          // Where the filter takes requests for those of MCP.
          default_server_info: { path: entry.path },
        },
      ],
    }),
    [CHECKED]: rbacPerRoute({
      rules: {
        action: 'ALLOW',
        policies: Object.fromEntries(operations.map(operation => [operation.name, policyOf(operation, path)])),
      },
    }),
  };
}

function toolOf(operation: RestOperation, base: string): ToolConfig {
  const { name, title, description = title ?? name, method, path, body } = operation;
  const template = path.replace(/\{([^{}]*)\}/g, (_, parameter) => `{${TOOL_ARGUMENTS.path(parameter)}}`);
  const bindings = parametersIn(operation, 'header').map(parameter => ({
    type: 'HEADER' as const,
    name: parameter.name,
    argument_path: TOOL_ARGUMENTS.header(parameter.name),
  }));
  return {
    name,
    http_rule: {
      [method]: `${base}${template}`,
      ...(body === undefined ? {} : { body: TOOL_ARGUMENTS.body }),
      ...(bindings.length === 0 ? {} : { bindings }),
    } as HttpRule,
    tool_list_config: {
      ...(title === undefined ? {} : { title }),
      description,
      input_schema: canonicalText(inputSchema(operation)),
    },
  };
}

/** What a tool takes. A body that may be left out has to be said to be nothing: the filter refuses a call without it. */
function inputSchema(operation: RestOperation): JsonSchema {
  const { body } = operation;
  return {
    ...objectSchema([
      ...operation.parameters.map(parameter => ({
        ...parameter,
        name: TOOL_ARGUMENTS[parameter.place](parameter.name),
      })),
      ...(body === undefined
        ? []
        : [
            {
              ...body,
              name: TOOL_ARGUMENTS.body,
              required: true,
              schema: body.required ? body.schema : { anyOf: [body.schema, { type: 'null' }] },
            },
          ]),
    ]),
    additionalProperties: false,
  };
}

/** The requests that calls of a tool may become. */
function policyOf(operation: RestOperation, base: string): Policy {
  return {
    principals: [ANY],
    permissions: [
      allRules([
        inMetadata(metadataMatcher(CALLED_TOOL, { string_match: exactly(operation.name) })),
        { header: { name: ':method', string_match: exactly(operation.method.toUpperCase()) } },
        { header: { name: ':path', string_match: matching(requestRegex(operation, base)) } },
      ]),
    ],
  };
}

/** Paths, with their queries, of the requests of an operation. */
function requestRegex(operation: RestOperation, base: string): string {
  const path = `${base}${operation.path}`
    .split(/\{[^{}]*\}/)
    .map(regexLiteral)
    .join('[^/?]+');
  const keys = parametersIn(operation, 'query').map(({ name }) => regexLiteral(encoded(name)));
  const pair = `(?:${keys.join('|')})=[^&]*`;
  return keys.length === 0 ? path : `${path}(?:\\?${pair}(?:&${pair})*)?`;
}

/** A name in a query as the filter writes it: all but unreserved characters are encoded. */
function encoded(name: string): string {
  return encodeURIComponent(name).replace(
    /[!'()*]/g,
    character => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** How the parameters of an operation are named among the arguments of its tool, which are not told apart by their places. */
export interface ToolArguments extends Readonly<Record<RestPlace, (name: string) => string>> {
  readonly body: string;
}

/** Names in paths are variables of a template, and a dot in names of headers would look into an argument. */
const TOOL_ARGUMENTS: ToolArguments = {
  path: name => name.replace(/[^A-Za-z0-9_]/g, '_'),
  query: name => name,
  header: name => name.replace(/\./g, '_'),
  body: 'body',
};

/** Names that two arguments of a tool would share. */
function sharedArguments(operation: RestOperation): string[] {
  const all = [
    ...operation.parameters.map(({ name, place }) => TOOL_ARGUMENTS[place](name)),
    ...(operation.body === undefined ? [] : [TOOL_ARGUMENTS.body]),
  ];
  return [...new Set(all.filter((name, i) => all.indexOf(name) < i))];
}

/** The operations that a REST service serves: the filter of a server leaves tools out. */
function servedOperations({ rest, toolsFilter }: Server): readonly RestOperation[] {
  return rest!.operations.filter(({ name }) => matchesAnyTool(toolsFilter, name));
}

/** Whether a group is of REST services. */
export function isRestGroup({ servers }: BackendGroup): boolean {
  return servers.some(({ server }) => server.rest !== undefined);
}

import { extension, typed } from './config';
import { MCP_METADATA } from './names';
import { isRestGroup, servedOperations, toolArguments } from './open-api-arguments';
import { bodyLimit } from './traffic';
import { BackendGroup, Entry, GatewayPlan } from '../../model/plan';
import { parametersIn, RestOperation } from '../../model/rest';
import { serversOf } from '../../passes/backend-credentials';
import { objectSchema } from '../../passes/open-api/read';
import { canonicalText, Json } from '../../values/json';
import { regexLiteral } from '../../values/regex';

/*
 * REST services as tools. A filter answers what belongs to MCP itself, and makes requests of calls. What is no argument of an
 * operation it puts into the query, and an empty text into the path: so the request that it made is checked behind it.
 */

/** The filter that translates, and the one that looks at what came out. */
const BRIDGE = 'mcp.rest';
const CHECKED = 'mcp.rbac.rest';
const BRIDGE_TYPE = 'envoy.extensions.filters.http.mcp_json_rest_bridge.v3.McpJsonRestBridge';
const RBAC_TYPE = 'envoy.extensions.filters.http.rbac.v3.RBAC';

/** Longest answer of a service, in bytes: it is held until it is complete. */
const MAX_ANSWER = 2 * 1024 * 1024;

/** The filters of a gateway that serves REST services. Routes say which do. */
export function openApiFilters(plan: GatewayPlan): Json[] {
  return !plan.entries.some(entry => serversOf(entry).some(({ rest }) => rest !== undefined))
    ? []
    : [
        extension(BRIDGE, BRIDGE_TYPE, {
          per_route_only: true,
          // The path is the service's own from here on: looked up again, it could be that of another route.
          disable_clear_route_cache: true,
          max_request_body_size: bodyLimit(plan),
          max_response_body_size: MAX_ANSWER,
        }),
        extension(CHECKED, RBAC_TYPE),
      ];
}

/** What these filters do at a route of a group. There are no streams of events, and who asks for one is told so. */
export function openApiPerRoute(entry: Entry, group: BackendGroup, kind: 'request' | 'stream'): Json {
  if (!isRestGroup(group)) {
    return {};
  }
  const [{ server }] = group.servers;
  const { path } = server.endpoints[0];
  const operations = kind === 'stream' ? [] : servedOperations(server);
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
    [CHECKED]: typed(`${RBAC_TYPE}PerRoute`, {
      rbac: {
        rules: {
          action: 'ALLOW',
          policies: Object.fromEntries(operations.map(operation => [operation.name, policyOf(operation, path)])),
        },
      },
    }),
  };
}

function toolOf(operation: RestOperation, base: string): Json {
  const { name, title, description = title ?? name, method, path, body } = operation;
  const names = toolArguments(operation);
  const template = path.replace(/\{([^{}]*)\}/g, (_, parameter) => `{${names.path(parameter)}}`);
  const bindings = parametersIn(operation, 'header').map(parameter => ({
    type: 'HEADER',
    name: parameter.name,
    argument_path: names.header(parameter.name),
  }));
  return {
    name,
    http_rule: {
      [method]: `${base}${template}`,
      ...(body === undefined ? {} : { body: names.body }),
      ...(bindings.length === 0 ? {} : { bindings }),
    },
    tool_list_config: {
      ...(title === undefined ? {} : { title }),
      description,
      input_schema: canonicalText(inputSchema(operation)),
    },
  };
}

/** What a tool takes. A body that may be left out has to be said to be nothing: the filter refuses a call without it. */
function inputSchema(operation: RestOperation): Json {
  const names = toolArguments(operation);
  const { body } = operation;
  return {
    ...objectSchema([
      ...operation.parameters.map(parameter => ({ ...parameter, name: names[parameter.place](parameter.name) })),
      ...(body === undefined
        ? []
        : [
            {
              ...body,
              name: names.body,
              required: true,
              schema: body.required ? body.schema : { anyOf: [body.schema, { type: 'null' }] },
            },
          ]),
    ]),
    additionalProperties: false,
  };
}

/** The requests that calls of a tool may become. */
function policyOf(operation: RestOperation, base: string): Json {
  const tool = {
    filter: MCP_METADATA,
    path: [{ key: 'params' }, { key: 'name' }],
    value: { string_match: { exact: operation.name } },
  };
  return {
    principals: [{ any: true }],
    permissions: [
      {
        and_rules: {
          rules: [
            { sourced_metadata: { metadata_matcher: tool } },
            { header: { name: ':method', string_match: { exact: operation.method.toUpperCase() } } },
            { header: { name: ':path', string_match: { safe_regex: { regex: requestRegex(operation, base) } } } },
          ],
        },
      },
    ],
  };
}

/** Paths, with their queries, of the requests of an operation. */
export function requestRegex(operation: RestOperation, base: string): string {
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

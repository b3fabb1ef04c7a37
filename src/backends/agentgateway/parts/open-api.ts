import { Part, unsupported } from './part';
import { anyOf, Predicate } from '../../../cel/predicates';
import { celList, celString } from '../../../cel/terms';
import { Diagnostic, findingOf, warningKind } from '../../../model/findings';
import { BackendGroup, Entry, GatewayPlan, serversOf } from '../../../model/plan';
import { JsonSchema, parametersIn, RestApi, RestOperation, RestParameter } from '../../../model/rest';
import { formatServerRef } from '../../../model/server';
import { groupProperty } from '../../../passes/demands';
import { kindsOf } from '../../../passes/open-api/schemas';
import { writeOpenApi } from '../../../passes/open-api/write';
import { canonicalText } from '../../../values/json';
import { digest } from '../../../values/text';
import { refusal, Standing } from '../../interface/standing';
import { hopAddress, hopsOf, serverLabels } from '../config/container';
import { Member, membersOf } from '../config/members';
import { CALLED_TOOL, IS_NO_CALL } from '../dialect/json-message';

/*
 * REST services as tools. agentgateway reads OpenAPI 3.0 and makes a tool of each operation, whose arguments are objects named
 * `path`, `query`, `header` and `body`. It checks none of them: a parameter of the path that is missing is sent as `{name}`,
 * one that is `..` leads elsewhere, and a query may have what the document has not. So calls are checked before.
 */

const AGENTGATEWAY_SCHEMA_KEYWORDS = warningKind(
  'agentgateway-schema-keywords',
  'say what agentgateway cannot tell callers: the tool is listed without them',
  'Nothing has to be done: the service checks what it gets',
);

const LIMITS = {
  'openApi.mixed': unsupported(
    'openApi.mixed',
    'agentgateway cannot tell calls of a REST service, whose arguments it checks, from those of an MCP server that shares them by weight',
    'give each a match of its own (addMatch), or a route of its own',
  ),
  'openApi.schema': {
    supported: true,
    reason:
      'what a schema says by patternProperties, if, contains and the like is not in the list of tools, with a warning: the service checks it',
  },
} as const satisfies Record<string, Standing>;

/** REST services. */
export const openApi = {
  features: {
    openApi: {
      supported: true,
      reason:
        'a REST service is served as tools, whose arguments are grouped as `path`, `query`, `header` and `body`; ' +
        'an answer of status 4xx is a result with its `code`, one of 5xx or above 2 MiB a JSON-RPC error',
    },
  },
  limits: LIMITS,
  check,
  groupRules: argumentsRules,
  files,
} as const satisfies Part;

function check(plan: GatewayPlan): Diagnostic[] {
  return [
    ...plan.entries.flatMap(({ groups, origin }) =>
      groups
        .filter(
          ({ servers }) =>
            servers.some(({ server }) => server.rest !== undefined) &&
            servers.some(({ server }) => server.rest === undefined),
        )
        .map(group =>
          refusal(
            LIMITS['openApi.mixed'],
            origin,
            groupProperty(group),
            group.servers.map(({ server }) => formatServerRef(server)),
          ),
        ),
    ),
    ...plan.entries.flatMap(serversOf).flatMap(({ path, rest }) => (rest === undefined ? [] : unsaid(path, rest))),
  ];
}

function unsaid(path: string, { operations }: RestApi): Diagnostic[] {
  return operations.flatMap(({ body, name, parameters }) => {
    const keywords = [
      ...new Set([...parameters, ...(body === undefined ? [] : [body])].flatMap(({ schema }) => unsayable(schema))),
    ].sort();
    return keywords.length === 0
      ? []
      : [findingOf(AGENTGATEWAY_SCHEMA_KEYWORDS, path, `source.schema[${name}]`, keywords)];
  });
}

/** Name of the file that holds a document: from its content, so that a changed document changes the configuration too. */
export function documentName(text: string): string {
  return `openapi-${digest(text, 16)}.json`;
}

/** The document of a member, whose paths start where the first hop on the way to it answers. */
export function documentText(entry: Entry, { label, server }: Member): string {
  const { rest } = server;
  const operations = rest!.operations.map((operation): RestOperation => ({
    ...operation,
    parameters: operation.parameters.map((parameter): RestParameter => ({
      ...parameter,
      schema: compatibleSchema(parameter.place === 'header' ? textSchema(parameter.schema) : parameter.schema),
    })),
    ...(operation.body === undefined
      ? {}
      : { body: { ...operation.body, schema: compatibleSchema(described(operation.body)) } }),
  }));
  return canonicalText(
    writeOpenApi({ ...rest!, operations }, '3.0.3', hopAddress(entry, hopsOf(entry, server)[0], label).path),
  );
}

/** The description of a body is not in the list of tools, that of its schema is. */
function described({ description, schema }: NonNullable<RestOperation['body']>): JsonSchema {
  return description === undefined || schema.description !== undefined ? schema : { ...schema, description };
}

/** Headers are text, and agentgateway leaves out an argument of another type. */
function textSchema(schema: JsonSchema): JsonSchema {
  const { description, enum: values, title } = schema;
  const kinds = kindsOf(schema)!.filter(kind => kind !== 'null');
  const about = { ...(title === undefined ? {} : { title }), ...(description === undefined ? {} : { description }) };
  if (kinds.every(kind => kind === 'string')) {
    return schema;
  }
  if (Array.isArray(values)) {
    return { ...about, type: 'string', enum: values.filter(value => value !== null).map(String) };
  }
  const patterns = kinds.map(kind => PATTERNS[kind]);
  return {
    ...about,
    type: 'string',
    ...(patterns.includes(undefined) ? {} : { pattern: `^(${patterns.join('|')})$` }),
  };
}

const PATTERNS: Readonly<Record<string, string | undefined>> = {
  integer: '-?[0-9]+',
  number: '-?[0-9.]+([eE][-+]?[0-9]+)?',
  boolean: 'true|false',
};

/** The documents of a plan, as files beside the configuration. */
function files(plan: GatewayPlan): Record<string, string> {
  const texts = plan.entries.flatMap(entry => {
    const labels = serverLabels(entry.groups.flatMap(({ servers }) => servers).map(({ server }) => server));
    return entry.groups
      .flatMap(group => membersOf(group, labels))
      .filter(({ server }) => server.rest !== undefined)
      .map(member => documentText(entry, member));
  });
  return Object.fromEntries(
    [...new Set(texts)]
      .map((text): [string, string] => [documentName(text), text])
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

/** What calls of a group's REST services must have for arguments. */
export function argumentsRules({ servers }: BackendGroup): Predicate[] {
  const apis = servers.flatMap(({ server }) => server.rest ?? []);
  return apis.length === 0 ? [] : [anyOf([...IS_NO_CALL, ...new Set(apis.map(fits))])];
}

const ARGUMENTS = 'default(json(request.body).params.arguments, {})';
/** A value that is text, a number or a boolean. */
const isSimple = (value: string): Predicate => `size(string(${value})) >= 0`;

/** Text that leads elsewhere in a path, also where a service takes its slashes for the path's own. */
const UPWARDS = '(^|[/\\\\])[.][.]?([/\\\\]|$)';

/**
 * The arguments of a call are those of its operation. What is missing or of another type errs, and denies. Numbers are put
 * into paths as they are, and text is encoded, but not its dots.
 */
function fits({ operations }: RestApi): Predicate {
  const names = celList(operations.map(({ name }) => name));
  const known = `{${operations.map(operation => `${celString(operation.name)}: ${shapeOf(operation)}`).join(', ')}}`;
  const path = `o.path.all(p, !(a.path[p] in [true, false, ""]) && !string(a.path[p]).matches(${celString(UPWARDS)}))`;
  const query = `(!has(a.query) || a.query.all(q, q in o.lists ? a.query[q].all(i, ${isSimple('i')}) : q in o.query && ${isSimple('a.query[q]')}))`;
  const header = '(!has(a.header) || a.header.all(h, h in o.header && a.header[h].matches("^[ -~]*$")))';
  const all = `a.all(k, k in o.keys) && ${path} && ${query} && ${header}`;
  return `!(${CALLED_TOOL} in ${names}) || ${known}[${CALLED_TOOL}].with(o, ${ARGUMENTS}.with(a, ${all}))`;
}

function shapeOf(operation: RestOperation): string {
  const [path, query, header] = [
    parametersIn(operation, 'path'),
    parametersIn(operation, 'query'),
    parametersIn(operation, 'header'),
  ];
  const isList = ({ schema }: RestParameter): boolean => kindsOf(schema)!.includes('array');
  const keys = [
    ...(path.length === 0 ? [] : ['path']),
    ...(query.length === 0 ? [] : ['query']),
    ...(header.length === 0 ? [] : ['header']),
    ...(operation.body === undefined ? [] : ['body']),
  ];
  const namesOf = (parameters: readonly RestParameter[]): string => celList(parameters.map(({ name }) => name));
  return `{"keys": ${celList(keys)}, "path": ${namesOf(path)}, "lists": ${namesOf(query.filter(isList))}, "query": ${namesOf(query.filter(parameter => !isList(parameter)))}, "header": ${namesOf(header)}}`;
}

/*
 * JSON Schemas as OpenAPI 3.0 writes them, in forms that mean the same as JSON Schema, too: agentgateway reads the one, and clients
 * get what it read as the other.
 */

/** Keywords that agentgateway would not pass on. */
const UNSAYABLE = [
  'patternProperties',
  'propertyNames',
  'dependentRequired',
  'dependentSchemas',
  'if',
  'then',
  'else',
  'contains',
  'minContains',
  'maxContains',
  'prefixItems',
  'unevaluatedItems',
  'unevaluatedProperties',
  'contentEncoding',
  'contentMediaType',
] as const;

/** The same schema without what agentgateway does not read. */
function compatibleSchema(schema: JsonSchema): JsonSchema {
  const { const: constant, examples, exclusiveMaximum, exclusiveMinimum, type, ...others } = schema;
  const kept = Object.fromEntries(
    Object.entries(others)
      .filter(([keyword]) => !isUnsayable(keyword))
      .map(([keyword, value]) => [keyword, convert(keyword, value)]),
  );
  const also: JsonSchema[] = [
    ...(typeof exclusiveMinimum === 'number' ? [{ minimum: exclusiveMinimum, not: { enum: [exclusiveMinimum] } }] : []),
    ...(typeof exclusiveMaximum === 'number' ? [{ maximum: exclusiveMaximum, not: { enum: [exclusiveMaximum] } }] : []),
    ...(Array.isArray(type) ? [{ anyOf: type.map(kind => ({ type: kind })) }] : []),
    ...(constant !== undefined && kept.enum !== undefined ? [{ enum: [constant] }] : []),
  ];
  const whole: Record<string, unknown> = {
    ...(type === undefined || Array.isArray(type) ? {} : { type }),
    ...(constant === undefined ? {} : { enum: [constant] }),
    ...kept,
    ...(Array.isArray(examples) && examples.length > 0 ? { example: examples[0] } : {}),
  };
  return also.reduce(
    (sum: JsonSchema, part) =>
      Object.keys(part).some(keyword => keyword in sum)
        ? { ...sum, allOf: [...((sum.allOf as JsonSchema[] | undefined) ?? []), part] }
        : { ...sum, ...part },
    whole,
  );
}

/** Keywords that restrict values and that clients would not be told of. */
function unsayable(schema: JsonSchema): string[] {
  const own = Object.keys(schema).filter(isUnsayable);
  return [...own, ...Object.entries(schema).flatMap(([keyword, value]) => partsOf(keyword, value).flatMap(unsayable))];
}

function isUnsayable(keyword: string): boolean {
  return (UNSAYABLE as readonly string[]).includes(keyword);
}

function convert(keyword: string, value: unknown): unknown {
  switch (keyword) {
    case 'properties':
      return Object.fromEntries(
        Object.entries(value as Record<string, JsonSchema>).map(([name, schema]) => [name, compatibleSchema(schema)]),
      );
    case 'items':
    case 'not':
      return compatibleSchema(value as JsonSchema);
    case 'additionalProperties':
      return typeof value === 'boolean' ? value : compatibleSchema(value as JsonSchema);
    case 'allOf':
    case 'anyOf':
    case 'oneOf':
      return (value as JsonSchema[]).map(compatibleSchema);
    default:
      return value;
  }
}

/** The schemas that stand in a keyword. */
function partsOf(keyword: string, value: unknown): JsonSchema[] {
  switch (keyword) {
    case 'properties':
      return Object.values(value as Record<string, JsonSchema>);
    case 'items':
    case 'not':
      return [value as JsonSchema];
    case 'additionalProperties':
      return typeof value === 'boolean' ? [] : [value as JsonSchema];
    case 'allOf':
    case 'anyOf':
    case 'oneOf':
      return value as JsonSchema[];
    default:
      return [];
  }
}

import { isNode, Node, OpenApiDocument } from './document';
import { kindsOf, Schemas } from './schemas';
import { because, errorKind, warningKind } from '../../model/findings';
import { JsonSchema, RestBody, RestMethod, RestParameter, RestPlace } from '../../model/rest';
import { headerNameProblem } from '../../model/validation';

/** Headers that OpenAPI says elsewhere, so that parameters of their names mean nothing (OpenAPI 3.1, "Parameter Object"). */
const IGNORED_HEADERS = ['accept', 'content-type', 'authorization'];

/** Headers that frame a message, or that clients and gateways set themselves, so that no argument could. */
const SET_HEADERS = new Set([
  'accept-encoding',
  'accept-language',
  'baggage',
  'connection',
  'content-encoding',
  'content-length',
  'cookie',
  'expect',
  'host',
  'keep-alive',
  'last-event-id',
  'origin',
  'proxy-authorization',
  'referer',
  'te',
  'trailer',
  'traceparent',
  'tracestate',
  'transfer-encoding',
  'upgrade',
  'user-agent',
  'via',
]);
const SET_PREFIXES = ['mcp-', 'proxy-', 'sec-', 'x-envoy-', 'x-forwarded-'];

const LEAVE_OUT = 'Change the API, or leave the operation out (operations)';

const OPEN_API_PARAMETERS_NOT_LIST = errorKind('open-api-parameters-not-list', 'is not a list', 'Correct the document');
const OPEN_API_PARAMETER_TWICE = errorKind(
  'open-api-parameter-twice',
  'is a second parameter of this name in the same place',
  'Keep one',
);
const OPEN_API_PARAMETER_NAME = errorKind(
  'open-api-parameter-name',
  'is not the name of a parameter',
  'Correct the document',
);
const OPEN_API_COOKIE_REQUIRED = errorKind(
  'open-api-cookie-required',
  'is a cookie that has to be sent, and gateways send none',
  LEAVE_OUT,
);
const OPEN_API_COOKIE_DROPPED = warningKind(
  'open-api-cookie-dropped',
  'is a cookie, which gateways do not send: the tool has no such argument',
  'Nothing has to be done where the service does without',
);
const OPEN_API_PARAMETER_PLACE = errorKind(
  'open-api-parameter-place',
  'is not a place of a parameter (path, query, header, cookie)',
  'Correct the document',
);
const OPEN_API_HEADER = errorKind('open-api-header', '{problem}', LEAVE_OUT);
const OPEN_API_PARAMETER_TYPE = errorKind(
  'open-api-parameter-type',
  '{problem}',
  `Say what it is (type), or ${LEAVE_OUT.toLowerCase()}`,
);
const OPEN_API_PARAMETER_STYLE = errorKind(
  'open-api-parameter-style',
  'is a way to write values that gateways do not know in a {place}: they know "{known}"',
  LEAVE_OUT,
);
const OPEN_API_EXPLODE = errorKind(
  'open-api-explode',
  'joins the items of a list in one parameter, and gateways send each item as a parameter of its own',
  LEAVE_OUT,
);
const OPEN_API_RESERVED_CHARACTERS = errorKind(
  'open-api-reserved-characters',
  'is not known to gateways, which encode reserved characters',
  LEAVE_OUT,
);
const OPEN_API_PARAMETER_CONTENT = errorKind(
  'open-api-parameter-content',
  'is a parameter in a format of its own, which gateways do not write',
  LEAVE_OUT,
);

const PLACES: readonly string[] = ['path', 'query', 'header'];
const STYLES: Readonly<Record<RestPlace, string>> = { path: 'simple', query: 'form', header: 'simple' };

/** Reads the parameters of an operation: those of its path, and its own in their place. */
export function readParameters(
  document: OpenApiDocument,
  schemas: Schemas,
  ofPath: unknown,
  pathPlace: string,
  own: unknown,
  place: string,
): RestParameter[] {
  const outer = parametersOf(document, schemas, ofPath, `${pathPlace}.parameters`);
  const inner = parametersOf(document, schemas, own, `${place}.parameters`);
  return [...outer.filter(parameter => !inner.some(other => sameParameter(parameter, other))), ...inner];
}

function sameParameter(a: RestParameter, b: RestParameter): boolean {
  return (
    a.place === b.place && (a.place === 'header' ? a.name.toLowerCase() === b.name.toLowerCase() : a.name === b.name)
  );
}

function parametersOf(document: OpenApiDocument, schemas: Schemas, list: unknown, place: string): RestParameter[] {
  if (list !== undefined && !Array.isArray(list)) {
    document.findings.report(OPEN_API_PARAMETERS_NOT_LIST, place, list, true);
  }
  const read: RestParameter[] = [];
  (Array.isArray(list) ? list : []).forEach((item, i) => {
    const parameter = readParameter(document, schemas, item, `${place}[${i}]`);
    if (parameter !== undefined) {
      document.findings.report(
        OPEN_API_PARAMETER_TWICE,
        `${place}[${i}]`,
        parameter.name,
        read.some(other => sameParameter(parameter, other)),
      );
      read.push(parameter);
    }
  });
  return read;
}

function readParameter(
  document: OpenApiDocument,
  schemas: Schemas,
  item: unknown,
  at: string,
): RestParameter | undefined {
  const { findings } = document;
  const located = document.follow(item, at);
  if (located === undefined) {
    return undefined;
  }
  const { node, place } = located;
  const { name, in: where } = node;
  if (typeof name !== 'string' || name === '') {
    findings.report(OPEN_API_PARAMETER_NAME, `${place}.name`, name, true);
    return undefined;
  }
  if (where === 'header' && IGNORED_HEADERS.includes(name.toLowerCase())) {
    return undefined;
  }
  if (where === 'cookie') {
    if (node.required === true) {
      findings.report(OPEN_API_COOKIE_REQUIRED, place, name, true);
    } else {
      findings.report(OPEN_API_COOKIE_DROPPED, place, name, true);
    }
    return undefined;
  }
  if (typeof where !== 'string' || !PLACES.includes(where)) {
    findings.report(OPEN_API_PARAMETER_PLACE, `${place}.in`, where, true);
    return undefined;
  }
  const placed = where as RestPlace;
  const header = placed === 'header' ? headerProblem(name) : undefined;
  findings.report(OPEN_API_HEADER, `${place}.name`, name, because(header));
  const schema = schemas.read(node.schema ?? {}, `${place}.schema`);
  checkForm(document, node, placed, place, schema);
  if (node.content === undefined) {
    const problem = kindProblem(schema, placed);
    findings.report(OPEN_API_PARAMETER_TYPE, `${place}.schema`, name, because(problem));
  }
  return {
    name,
    place: placed,
    required: placed === 'path' || node.required === true,
    ...(typeof node.description === 'string' && node.description !== '' ? { description: node.description } : {}),
    schema,
  };
}

/** How a value is written: gateways know one way for each place. */
function checkForm(
  { findings }: OpenApiDocument,
  { allowReserved, content, explode, style }: Node,
  where: RestPlace,
  place: string,
  schema: JsonSchema,
): void {
  const lists = where === 'query' && kindsOf(schema)?.includes('array') === true;
  findings.report(
    OPEN_API_PARAMETER_STYLE,
    `${place}.style`,
    style,
    style === undefined || style === STYLES[where] ? undefined : { place: where, known: STYLES[where] },
  );
  findings.report(OPEN_API_EXPLODE, `${place}.explode`, explode, lists && explode === false);
  findings.report(OPEN_API_RESERVED_CHARACTERS, `${place}.allowReserved`, allowReserved, allowReserved === true);
  findings.report(
    OPEN_API_PARAMETER_CONTENT,
    `${place}.content`,
    isNode(content) ? Object.keys(content) : content,
    content !== undefined,
  );
}

function headerProblem(name: string): string | undefined {
  const lower = name.toLowerCase();
  return (
    headerNameProblem(name) ??
    (SET_HEADERS.has(lower) || SET_PREFIXES.some(prefix => lower.startsWith(prefix))
      ? 'is a header that clients and gateways set themselves'
      : undefined)
  );
}

/** What values of a schema can be written where they stand. */
function kindProblem(schema: JsonSchema, place: RestPlace): string | undefined {
  const kinds = kindsOf(schema);
  const simple = place === 'path' ? ['string', 'number', 'integer'] : ['string', 'number', 'integer', 'boolean'];
  const words = `only ${place === 'path' ? 'strings and numbers' : 'strings, numbers and booleans'}${place === 'query' ? ' and lists of them' : ''} can stand in a ${place}`;
  if (kinds === undefined) {
    return `has no type, and ${words}`;
  }
  const other = kinds.filter(
    kind => !simple.includes(kind) && kind !== 'null' && !(kind === 'array' && place === 'query'),
  );
  if (other.length > 0) {
    return `may be of type ${other.join(' or ')}, and ${words}`;
  }
  const items = kinds.includes('array') ? kindsOf((schema.items ?? {}) as JsonSchema) : [];
  return items !== undefined && items.every(kind => simple.includes(kind))
    ? undefined
    : 'is a list of something else than strings, numbers and booleans';
}

const OPEN_API_BODY_OF_BODILESS = errorKind(
  'open-api-body-of-bodiless',
  'has a body with a method for which it means nothing',
  'Change the API, or leave the operation out (operations)',
);
const OPEN_API_BODY_NOT_JSON = errorKind(
  'open-api-body-not-json',
  'is no JSON, and tools send nothing else',
  'Let the service take application/json, or leave the operation out (operations)',
);

/** Methods whose body means nothing (RFC 9110). */
const BODILESS: readonly RestMethod[] = ['get', 'delete'];

/** JSON, with whatever parameters. */
const JSON_TYPE = /^application\/json\s*(;.*)?$/i;

/** Reads what an operation sends; undefined for one that sends nothing. */
export function readBody(
  document: OpenApiDocument,
  schemas: Schemas,
  body: unknown,
  method: RestMethod,
  at: string,
): RestBody | undefined {
  const located = body === undefined ? undefined : document.follow(body, at);
  if (located === undefined) {
    return undefined;
  }
  const { findings } = document;
  const { node, place } = located;
  const content = isNode(node.content) ? node.content : {};
  const types = Object.keys(content);
  const type = types.find(name => JSON_TYPE.test(name));
  findings.report(OPEN_API_BODY_OF_BODILESS, at, method, BODILESS.includes(method));
  if (type === undefined) {
    findings.report(OPEN_API_BODY_NOT_JSON, `${place}.content`, types, true);
    return undefined;
  }
  const media = document.follow(content[type], `${place}.content.${type}`);
  return media === undefined
    ? undefined
    : {
        required: node.required === true,
        ...(typeof node.description === 'string' && node.description !== '' ? { description: node.description } : {}),
        schema: schemas.read(media.node.schema ?? {}, `${media.place}.schema`),
      };
}

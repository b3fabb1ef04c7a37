import { kindsOf } from './kinds';
import { isNode, Node, OpenApiDocument } from './references';
import { Schemas } from './schemas';
import { headerNameProblem } from '../../model/names';
import { JsonSchema, RestParameter, RestPlace } from '../../model/rest';

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
    document.findings.error(place, list, 'is not a list', 'Correct the document');
  }
  const read: RestParameter[] = [];
  (Array.isArray(list) ? list : []).forEach((item, i) => {
    const parameter = readParameter(document, schemas, item, `${place}[${i}]`);
    if (parameter !== undefined) {
      document.findings.check(
        `${place}[${i}]`,
        !read.some(other => sameParameter(parameter, other)),
        parameter.name,
        'is a second parameter of this name in the same place',
        'Keep one',
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
    findings.error(`${place}.name`, name, 'is not the name of a parameter', 'Correct the document');
    return undefined;
  }
  if (where === 'header' && IGNORED_HEADERS.includes(name.toLowerCase())) {
    return undefined;
  }
  if (where === 'cookie') {
    if (node.required === true) {
      findings.error(place, name, 'is a cookie that has to be sent, and gateways send none', LEAVE_OUT);
    } else {
      findings.warning(
        place,
        name,
        'is a cookie, which gateways do not send: the tool has no such argument',
        'Nothing has to be done where the service does without',
      );
    }
    return undefined;
  }
  if (typeof where !== 'string' || !PLACES.includes(where)) {
    findings.error(
      `${place}.in`,
      where,
      'is not a place of a parameter (path, query, header, cookie)',
      'Correct the document',
    );
    return undefined;
  }
  const placed = where as RestPlace;
  const header = placed === 'header' ? headerProblem(name) : undefined;
  findings.check(`${place}.name`, header === undefined, name, header ?? '', LEAVE_OUT);
  const schema = schemas.read(node.schema ?? {}, `${place}.schema`);
  checkForm(document, node, placed, place, schema);
  if (node.content === undefined) {
    const problem = kindProblem(schema, placed);
    findings.check(
      `${place}.schema`,
      problem === undefined,
      name,
      problem ?? '',
      `Say what it is (type), or ${LEAVE_OUT.toLowerCase()}`,
    );
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
  findings.check(
    `${place}.style`,
    style === undefined || style === STYLES[where],
    style,
    `is a way to write values that gateways do not know in a ${where}: they know "${STYLES[where]}"`,
    LEAVE_OUT,
  );
  findings.check(
    `${place}.explode`,
    !lists || explode !== false,
    explode,
    'joins the items of a list in one parameter, and gateways send each item as a parameter of its own',
    LEAVE_OUT,
  );
  findings.check(
    `${place}.allowReserved`,
    allowReserved !== true,
    allowReserved,
    'is not known to gateways, which encode reserved characters',
    LEAVE_OUT,
  );
  findings.check(
    `${place}.content`,
    content === undefined,
    isNode(content) ? Object.keys(content) : content,
    'is a parameter in a format of its own, which gateways do not write',
    LEAVE_OUT,
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

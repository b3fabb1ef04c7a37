import { isNode, OpenApiDocument } from './references';
import { Schemas } from './schemas';
import { errorKind } from '../../model/finding-kind';
import { RestBody, RestMethod } from '../../model/rest';

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

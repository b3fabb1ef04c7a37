import { RestApi, RestBody, RestOperation, RestParameter } from '../../model/rest';

/**
 * An API as an OpenAPI document of a version: what the tools need of it and nothing else. Paths start with a prefix. Reading the
 * document of version 3.1 gives the same API.
 */
export function writeOpenApi(
  { title, version, operations }: RestApi,
  openapi = '3.1.0',
  prefix = '',
): Readonly<Record<string, unknown>> {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const operation of operations) {
    paths[operation.path] = { ...paths[operation.path], [operation.method]: operationOf(operation) };
  }
  return { openapi, info: { title, version }, ...(prefix === '' ? {} : { servers: [{ url: prefix }] }), paths };
}

function operationOf({ name, title, description, parameters, body }: RestOperation): object {
  return {
    operationId: name,
    ...(title === undefined ? {} : { summary: title }),
    ...(description === undefined ? {} : { description }),
    ...(parameters.length === 0 ? {} : { parameters: parameters.map(parameterOf) }),
    ...(body === undefined ? {} : { requestBody: bodyOf(body) }),
    responses: {},
  };
}

function parameterOf({ name, place, required, description, schema }: RestParameter): object {
  return {
    name,
    in: place,
    ...(required ? { required } : {}),
    ...(description === undefined ? {} : { description }),
    schema,
  };
}

function bodyOf({ required, description, schema }: RestBody): object {
  return {
    ...(description === undefined ? {} : { description }),
    ...(required ? { required } : {}),
    content: { 'application/json': { schema } },
  };
}

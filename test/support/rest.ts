import { serverOf } from './literals';
import { RestApi, RestOperation } from '../../src/model/rest';
import { Server } from '../../src/model/server';

/** An operation that takes something in every place. */
export const UPDATE: RestOperation = {
  name: 'update',
  title: 'Update',
  description: 'Changes a customer.',
  method: 'put',
  path: '/customers/{customer-id}',
  parameters: [
    { name: 'customer-id', place: 'path', required: true, schema: { type: 'string' } },
    { name: 'dry', place: 'query', required: false, description: 'Only checks.', schema: { type: 'boolean' } },
    { name: 'tag[]', place: 'query', required: false, schema: { type: 'array', items: { type: 'string' } } },
    { name: 'X-Level', place: 'header', required: false, schema: { type: 'integer' } },
  ],
  body: { required: false, schema: { type: 'object' } },
};

/** An operation that takes nothing. */
export const LIST: RestOperation = { name: 'list', method: 'get', path: '/customers', parameters: [] };

/** An API of some operations. */
export function apiOf(...operations: readonly RestOperation[]): RestApi {
  return { title: 'CRM', version: '1', operations };
}

/** A REST service. */
export function restServerOf(name: string, rest: RestApi, options: Partial<Server> = {}): Server {
  return serverOf(name, {
    sessions: 'stateless',
    workloadNamespace: undefined,
    endpoints: [{ host: `${name}.finance.svc`, port: 8080, path: '/api' }],
    tools: rest.operations.map(operation => ({ name: operation.name })),
    rest,
    ...options,
  });
}

import { OpenApiChoice, readOpenApi, ReadOpenApi } from '../../../src/passes/open-api/read';
import { writeOpenApi } from '../../../src/passes/open-api/write';

type Json = Record<string, any>;

const BASE = {
  openapi: '3.1.0',
  info: { title: 'CRM', version: '2' },
  servers: [{ url: 'https://crm.example.com/api' }],
};

/** A document with one operation, `GET /customers/{id}`, and whatever changes. */
function documentOf(operation: Json = {}, rest: Json = {}): Json {
  return {
    ...BASE,
    paths: {
      '/customers/{id}': { get: { operationId: 'getCustomer', parameters: [ID], responses: {}, ...operation } },
    },
    ...rest,
  };
}

const ID = { name: 'id', in: 'path', required: true, schema: { type: 'string' } };
const withBody = (schema: unknown, rest: Json = {}): Json => ({
  ...BASE,
  paths: {
    '/customers': { post: { operationId: 'add', requestBody: { content: { 'application/json': { schema } } } } },
  },
  ...rest,
});

const errors = ({ findings }: ReadOpenApi): string[] =>
  findings.filter(({ severity }) => severity === 'error').map(({ place, problem }) => `${place}: ${problem}`);
const read = (document: unknown, choice?: OpenApiChoice) => {
  const found = readOpenApi(document, choice);
  expect(errors(found)).toEqual([]);
  return found.api!;
};
const bodySchema = (schema: unknown, rest?: Json): unknown => read(withBody(schema, rest)).operations[0].body!.schema;

describe('an operation', () => {
  it('is a tool: name, words, method, path, parameters and body', () => {
    const document = {
      ...BASE,
      paths: {
        '/customers/{id}': {
          parameters: [
            ID,
            { name: 'X-Trace', in: 'header', schema: { type: 'string' } },
            { name: 'dry', in: 'query', schema: { type: 'boolean' } },
          ],
          put: {
            operationId: 'updateCustomer',
            summary: 'Update',
            description: 'Changes a customer.',
            parameters: [
              { $ref: '#/components/parameters/dry' },
              { name: 'x-trace', in: 'header', required: true, schema: { type: 'integer' } },
            ],
            requestBody: { $ref: '#/components/requestBodies/customer' },
          },
        },
      },
      components: {
        parameters: {
          dry: {
            name: 'dry',
            in: 'query',
            description: 'Only checks.',
            schema: { type: 'array', items: { type: 'string' } },
          },
        },
        requestBodies: {
          customer: {
            required: true,
            description: 'The customer.',
            content: { 'application/json; charset=utf-8': { schema: { type: 'object' } }, 'text/plain': {} },
          },
        },
      },
    };
    expect(read(document)).toEqual({
      title: 'CRM',
      version: '2',
      operations: [
        {
          name: 'updateCustomer',
          title: 'Update',
          description: 'Changes a customer.',
          method: 'put',
          path: '/customers/{id}',
          parameters: [
            { name: 'id', place: 'path', required: true, schema: { type: 'string' } },
            {
              name: 'dry',
              place: 'query',
              required: false,
              description: 'Only checks.',
              schema: { type: 'array', items: { type: 'string' } },
            },
            { name: 'x-trace', place: 'header', required: true, schema: { type: 'integer' } },
          ],
          body: { required: true, description: 'The customer.', schema: { type: 'object' } },
        },
      ],
    });
  });

  it('may be chosen; what is not chosen is not looked at', () => {
    const paths = {
      '/a': {
        get: { operationId: 'a' },
        post: { operationId: 'a_bad', requestBody: { content: { 'text/csv': {} } } },
        delete: {},
        head: { operationId: 'h' },
      },
      '/b': { get: { operationId: 'b' } },
    };
    expect(read({ ...BASE, paths }, { operations: ['a', 'b*'] }).operations.map(({ name }) => name)).toEqual([
      'a',
      'b',
    ]);
  });

  it('has no parameters that OpenAPI says to ignore, and no cookies', () => {
    const parameters = [
      ID,
      { name: 'Authorization', in: 'header' },
      { name: 'session', in: 'cookie', schema: { type: 'string' } },
    ];
    const { api, findings } = readOpenApi(documentOf({ parameters }));
    expect(api!.operations[0].parameters.map(({ name }) => name)).toEqual(['id']);
    expect(findings.map(({ severity, value, problem }) => [severity, value, problem])).toEqual([
      ['warning', 'session', 'is a cookie, which gateways do not send: the tool has no such argument'],
    ]);
  });

  it.each([
    [undefined, undefined, false],
    [[{ key: [] }], undefined, true],
    [[{ key: [] }], [], false],
    [[], [{ key: [] }], true],
    [undefined, [{ key: [] }, {}], false],
  ])('asks who calls: %j, %j: %s', (whole, own, secured) => {
    expect(
      readOpenApi(
        documentOf(own === undefined ? {} : { security: own }, whole === undefined ? {} : { security: whole }),
      ).secured,
    ).toBe(secured);
  });
});

describe('a schema', () => {
  it('stands for itself: references are written out', () => {
    const schemas = {
      Customer: {
        type: 'object',
        properties: { home: { $ref: '#/components/schemas/Address', description: 'Where.' } },
      },
      Address: { type: 'object', description: 'A place.', properties: { street: { type: 'string' } } },
    };
    expect(bodySchema({ $ref: '#/components/schemas/Customer' }, { components: { schemas } })).toEqual({
      type: 'object',
      properties: { home: { type: 'object', description: 'Where.', properties: { street: { type: 'string' } } } },
    });
  });

  it('that contains itself is cut, with a warning', () => {
    const schemas = {
      Node: { type: 'object', title: 'Node', properties: { next: { $ref: '#/components/schemas/Node' } } },
    };
    const { api, findings } = readOpenApi(withBody({ $ref: '#/components/schemas/Node' }, { components: { schemas } }));
    expect(api!.operations[0].body!.schema).toEqual({
      type: 'object',
      title: 'Node',
      properties: { next: { type: 'object', title: 'Node' } },
    });
    expect(findings.map(({ severity, place }) => [severity, place])).toEqual([['warning', 'components.schemas.Node']]);
  });

  it('keeps what stands beside a reference', () => {
    expect(
      bodySchema(
        { $ref: '#/components/schemas/A', minProperties: 1 },
        { components: { schemas: { A: { type: 'object' } } } },
      ),
    ).toEqual({ minProperties: 1, allOf: [{ type: 'object' }] });
  });

  it.each([
    [{ type: 'string', nullable: true }, { type: ['string', 'null'] }],
    [
      { type: 'number', minimum: 1, exclusiveMinimum: true, maximum: 2, exclusiveMaximum: false },
      { type: 'number', exclusiveMinimum: 1, maximum: 2 },
    ],
    [
      { type: 'number', exclusiveMinimum: 1 },
      { type: 'number', exclusiveMinimum: 1 },
    ],
    [
      { type: 'string', example: 'a', xml: {}, externalDocs: {}, 'x-mine': 1 },
      { type: 'string', examples: ['a'] },
    ],
    [
      { type: 'object', required: ['id', 'name'], properties: { id: { type: 'string', readOnly: true }, name: true } },
      { type: 'object', required: ['name'], properties: { name: {} } },
    ],
    [
      { anyOf: [{ const: 1 }, false], additionalProperties: { nullable: true, type: 'integer' } },
      { anyOf: [{ const: 1 }, { not: {} }], additionalProperties: { type: ['integer', 'null'] } },
    ],
    [
      { type: 'object', patternProperties: { '^x': { type: 'string', nullable: true } } },
      { type: 'object', patternProperties: { '^x': { type: ['string', 'null'] } } },
    ],
  ])('%j is %j', (schema, expected) => {
    expect(bodySchema(schema)).toEqual(expected);
  });
});

describe('the URL', () => {
  const urlOf = (servers: unknown, url?: string) => readOpenApi(documentOf({}, { servers }), { url }).url;

  it.each([
    ['the only one of the document', [{ url: 'https://a.example/v1' }], undefined, 'https://a.example/v1'],
    ['with a path of its own', [{ url: '/v1' }], 'http://crm.finance.svc/v2', 'http://crm.finance.svc/v2'],
    [
      'without one, that of the document',
      [{ url: '/v1/' }],
      'http://crm.finance.svc:8080',
      'http://crm.finance.svc:8080/v1',
    ],
    [
      "without one, that of the document's hosts",
      [{ url: 'https://a.example/v1' }, { url: 'https://b.example/v1/' }],
      'http://crm.finance.svc',
      'http://crm.finance.svc/v1',
    ],
    ['without any', undefined, 'http://crm.finance.svc', 'http://crm.finance.svc'],
    ['with none, said by a slash', [{ url: '/v1' }], 'http://crm.finance.svc/', 'http://crm.finance.svc/'],
  ])('%s', (_, servers, url, expected) => {
    expect(urlOf(servers, url)).toBe(expected);
  });
});

describe('is refused:', () => {
  const parameter = (more: Json): Json =>
    documentOf({ parameters: [ID, { name: 'q', in: 'query', schema: { type: 'string' }, ...more }] });
  const at = 'paths./customers/{id}.get';

  it.each<[string, unknown, OpenApiChoice | undefined, string[]]>([
    ['nothing', undefined, undefined, [': is not an OpenAPI document']],
    [
      'another version',
      { swagger: '2.0' },
      undefined,
      ['swagger: is not a version of OpenAPI that is understood (3.0 and 3.1)'],
    ],
    ['no operations', { ...BASE, paths: {} }, undefined, ['paths: has no operation that can be a tool']],
    [
      'no id',
      documentOf({ operationId: undefined }),
      undefined,
      [`${at}.operationId: is missing, and it is the name of the tool`],
    ],
    [
      'an id that is no name',
      documentOf({ operationId: 'get customer' }),
      undefined,
      [`${at}.operationId: is not a tool name (1 to 128 letters, digits, "_", "-", "." and "/")`],
    ],
    [
      'an id that is there twice',
      { ...BASE, paths: { '/a': { get: { operationId: 'a' }, post: { operationId: 'a' } } } },
      undefined,
      ['paths./a.post.operationId: is the id of paths./a.get as well, and names of tools are unique'],
    ],
    [
      'a method without an answer',
      { ...BASE, paths: { '/a': { get: { operationId: 'a' }, head: {} } } },
      undefined,
      ['paths./a.head: is of a method whose answer is nothing that a tool could return (HEAD)'],
    ],
    [
      'a choice of nothing',
      documentOf(),
      { operations: ['set*'] },
      ['operations[0]: matches no operation of the document (getCustomer)'],
    ],
    [
      'a place elsewhere',
      documentOf({ servers: [{ url: 'https://b.example' }] }),
      undefined,
      [`${at}.servers: says that a part of the API is elsewhere, and a server has one address`],
    ],
    [
      'another document',
      documentOf({ parameters: [{ $ref: 'common.yaml#/id' }] }),
      undefined,
      [
        `${at}.parameters[0]: is a reference to another document`,
        `${at}: has {id} in it, for which there is no parameter`,
      ],
    ],
    [
      'a reference to nothing',
      withBody({ $ref: '#/components/schemas/None' }),
      undefined,
      ['paths./customers.post.requestBody.content.application/json.schema: leads to nothing in the document'],
    ],
    [
      'a base of references',
      withBody({ $id: 'https://a.example/s', type: 'object' }),
      undefined,
      [
        'paths./customers.post.requestBody.content.application/json.schema.$id: changes what references mean, which is not supported',
      ],
    ],
    [
      'a parameter that the path has not',
      documentOf({ parameters: [ID, { ...ID, name: 'other' }] }),
      undefined,
      [`${at}: is a parameter of the path, and the path "/customers/{id}" has no {other} in it`],
    ],
    [
      'a path that is none',
      { ...BASE, paths: { 'a b': { get: { operationId: 'a' } } } },
      undefined,
      ['paths.a b.get: is not a path of a URL'],
    ],
    [
      'a path that leads up',
      { ...BASE, paths: { '/a/../b': { get: { operationId: 'a' } } } },
      undefined,
      ['paths./a/../b.get: is not a path of a URL'],
    ],
    [
      'a second parameter',
      documentOf({ parameters: [ID, ID] }),
      undefined,
      [`${at}.parameters[1]: is a second parameter of this name in the same place`],
    ],
    [
      'a required cookie',
      parameter({ in: 'cookie', required: true }),
      undefined,
      [`${at}.parameters[1]: is a cookie that has to be sent, and gateways send none`],
    ],
    [
      'no place',
      parameter({ in: 'body' }),
      undefined,
      [`${at}.parameters[1].in: is not a place of a parameter (path, query, header, cookie)`],
    ],
    [
      'a style',
      parameter({ style: 'deepObject' }),
      undefined,
      [`${at}.parameters[1].style: is a way to write values that gateways do not know in a query: they know "form"`],
    ],
    [
      'joined items',
      parameter({ explode: false, schema: { type: 'array', items: { type: 'string' } } }),
      undefined,
      [
        `${at}.parameters[1].explode: joins the items of a list in one parameter, and gateways send each item as a parameter of its own`,
      ],
    ],
    [
      'reserved characters',
      parameter({ allowReserved: true }),
      undefined,
      [`${at}.parameters[1].allowReserved: is not known to gateways, which encode reserved characters`],
    ],
    [
      'a format of its own',
      parameter({ schema: undefined, content: { 'application/json': {} } }),
      undefined,
      [`${at}.parameters[1].content: is a parameter in a format of its own, which gateways do not write`],
    ],
    [
      'an object',
      parameter({ schema: { type: 'object' } }),
      undefined,
      [
        `${at}.parameters[1].schema: may be of type object, and only strings, numbers and booleans and lists of them can stand in a query`,
      ],
    ],
    [
      'a list of objects',
      parameter({ schema: { type: 'array', items: { type: 'object' } } }),
      undefined,
      [`${at}.parameters[1].schema: is a list of something else than strings, numbers and booleans`],
    ],
    [
      'no type',
      parameter({ schema: {} }),
      undefined,
      [
        `${at}.parameters[1].schema: has no type, and only strings, numbers and booleans and lists of them can stand in a query`,
      ],
    ],
    [
      'a list in a header',
      parameter({ in: 'header', schema: { type: 'array' } }),
      undefined,
      [
        `${at}.parameters[1].schema: may be of type array, and only strings, numbers and booleans can stand in a header`,
      ],
    ],
    [
      'a flag in a path',
      documentOf({ parameters: [{ ...ID, schema: { type: 'boolean' } }] }),
      undefined,
      [`${at}.parameters[0].schema: may be of type boolean, and only strings and numbers can stand in a path`],
    ],
    [
      'a header of the gateway',
      parameter({ in: 'header', name: 'X-Forwarded-For' }),
      undefined,
      [`${at}.parameters[1].name: is a header that clients and gateways set themselves`],
    ],
    [
      'a body that is no JSON',
      {
        ...BASE,
        paths: { '/a': { post: { operationId: 'a', requestBody: { content: { 'multipart/form-data': {} } } } } },
      },
      undefined,
      ['paths./a.post.requestBody.content: is no JSON, and tools send nothing else'],
    ],
    [
      'a body that means nothing',
      documentOf({ requestBody: { content: { 'application/json': {} } } }),
      undefined,
      [`${at}.requestBody: has a body with a method for which it means nothing`],
    ],
    ['no URL', documentOf({}, { servers: undefined }), undefined, ['servers: is missing, and no URL is given']],
    [
      'several URLs',
      documentOf({}, { servers: [{ url: 'https://a.example' }, { url: 'https://b.example' }] }),
      undefined,
      ['servers: are several, and which of them is meant is not known'],
    ],
    [
      'no host',
      documentOf({}, { servers: [{ url: '/v1' }] }),
      undefined,
      ['servers[0].url: does not say on which host the service is'],
    ],
    [
      'several paths',
      documentOf({}, { servers: [{ url: '/v1' }, { url: '/v2' }] }),
      { url: 'https://a.example' },
      ['servers: have several paths, and which of them is meant is not known'],
    ],
    [
      'variables',
      documentOf({}, { servers: [{ url: 'https://{region}.example.com' }] }),
      undefined,
      ['servers[0].url: has variables in it'],
    ],
  ])('%s', (_, document, choice, expected) => {
    const found = readOpenApi(document, choice);
    expect(errors(found)).toEqual(expected);
    expect(found.api).toBeUndefined();
  });

  it('a schema that grows without end', () => {
    const schemas = Object.fromEntries(
      Array.from({ length: 20 }, (_, i) => [
        `S${i}`,
        {
          properties: { a: { $ref: `#/components/schemas/S${i + 1}` }, b: { $ref: `#/components/schemas/S${i + 1}` } },
        },
      ]),
    );
    expect(
      errors(
        readOpenApi(
          withBody({ $ref: '#/components/schemas/S0' }, { components: { schemas: { ...schemas, S20: {} } } }),
        ),
      ),
    ).toEqual([
      'paths./customers.post.requestBody.content.application/json.schema: is too large when its references are written out',
    ]);
  });

  it('all at once', () => {
    expect(
      errors(readOpenApi({ ...BASE, servers: [], paths: { '/a/{b}': { get: {}, post: { operationId: 'x y' } } } })),
    ).toHaveLength(5);
  });
});

it('is written as a document that reads the same', () => {
  const api = read({
    ...BASE,
    paths: {
      '/customers/{id}': {
        parameters: [ID],
        get: {
          operationId: 'get',
          summary: 'One',
          parameters: [
            {
              name: 'q',
              in: 'query',
              description: 'Words.',
              schema: { type: 'array', items: { type: 'string', enum: ['a'] } },
            },
          ],
        },
        patch: {
          operationId: 'change',
          requestBody: {
            required: true,
            description: 'What.',
            content: {
              'application/json': { schema: { type: 'number', minimum: 1, exclusiveMinimum: true, example: 3 } },
            },
          },
        },
      },
    },
  });
  expect(read(writeOpenApi(api), { url: 'https://a.example' })).toEqual(api);
});

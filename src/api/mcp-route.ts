import { anything, boolean, choice, exactDuration, integer, list, own, text, textList } from './codec';
import { conditions } from './common';
import { atomicObject, object } from './object';
import { AGE, Resource } from './resource';
import { authentication, authorization, authzConfig, rateLimit } from './route-policy';

/** MCPRoute: shapes of upstream's pr526; `authzConfig`, `gatewayRef`, `timeouts`, `retry` and `serverRef.kind` are this library's. */

const serverRef = atomicObject('The server.', {
  kind: own(
    choice("Kind of the server. Default: MCPServer, of the route's own namespace.", ['MCPServer', 'ClusterMCPServer']),
  ),
  name: text('Name of the server.', { default: '' }),
});

const backendRef = object(
  'One backend.',
  {
    serverRef,
    weight: integer('Share of the requests, relative to the other backends.', { default: 1, minimum: 0 }),
  },
  { required: ['serverRef'] },
);

const header = object(
  'One header.',
  {
    name: text('Name of the header.'),
    value: text('Value of the header.'),
  },
  { required: ['name', 'value'] },
);

const headerModifier = (description: string) =>
  object(description, {
    add: list('Headers to add; values already there stay.', header),
    remove: textList('Names of headers to remove.'),
    set: list('Headers to set; values already there are replaced.', header),
  });

const filter = object(
  'One filter.',
  {
    requestHeaderModifier: headerModifier("Changes of the request's headers."),
    responseHeaderModifier: headerModifier("Changes of the response's headers."),
    type: choice('Which filter this is.', ['RequestHeaderModifier', 'ResponseHeaderModifier']),
  },
  { required: ['type'] },
);

const headerMatch = object(
  'One header to match.',
  {
    name: text('Name of the header.'),
    type: choice('How the value is compared.', ['Exact', 'Prefix', 'Regex'], { default: 'Exact' }),
    value: text('Value to compare with.'),
  },
  { required: ['name', 'type', 'value'] },
);

const match = object('Requests that meet all of the conditions set here.', {
  backendRefs: list("Backends of these requests; the route's own when empty.", backendRef),
  headers: list('Headers, all of which must match.', headerMatch),
  method: text('MCP method, such as tools/call.'),
  toolMatch: object('Which tool is called.', {
    exactMatch: text('Name of the tool.'),
    prefixMatch: text("Beginning of the tool's name."),
    regexMatch: text("RE2 expression for the tool's name."),
  }),
  tools: textList('Tool names, one of which is called; globs such as db_* are allowed.'),
});

const gatewayRef = object(
  'The gateway that serves the route. Default: the only one there is.',
  {
    kind: choice('Kind of the gateway. Default: MCPGateway.', ['MCPGateway', 'ClusterMCPGateway']),
    name: text('Name of the gateway.', { minLength: 1 }),
    namespace: text("Namespace of an MCPGateway. Default: the route's own."),
  },
  {
    required: ['name'],
    'x-kubernetes-validations': [
      {
        // `namespace` is a reserved word of CEL, which Kubernetes writes with underscores.
        rule: "!has(self.kind) || self.kind != 'ClusterMCPGateway' || !has(self.__namespace__)",
        message: 'a ClusterMCPGateway has no namespace: remove gatewayRef.namespace',
      },
    ],
  },
);

const spec = object(
  'Wanted state.',
  {
    authentication,
    authorization,
    authzConfig: own(authzConfig),
    backendRefs: list('Servers that requests go to, by weight.', backendRef, { minItems: 1, maxItems: 16 }),
    filters: list('Changes of requests and responses.', filter),
    gatewayRef: own(gatewayRef),
    matches: list('Requests with backends of their own; the first match wins.', match),
    rateLimit,
    retry: own(
      object('What is tried again after a failure.', {
        attempts: integer('Attempts in all, the first included.', { minimum: 2 }),
        backoff: exactDuration('Wait before the next try, such as 250ms.'),
        codes: list(
          'HTTP status codes that count as a failure.',
          anything({ type: 'integer', format: 'int32', minimum: 400, maximum: 599 }),
        ),
      }),
    ),
    timeouts: own(
      object('How long the gateway waits.', {
        backendRequest: exactDuration('Time one try may take, such as 10s.'),
        request: exactDuration('Time a request may take, tries included, such as 30s.'),
      }),
    ),
  },
  { required: ['backendRefs'] },
);

const status = object('Observed state.', {
  backendStatuses: list(
    'State of each backend.',
    object(
      'One backend.',
      {
        endpoint: text('Address the gateway uses.'),
        message: text('Explanation for people.'),
        ready: boolean('Whether the backend answers.'),
        serverRef,
      },
      { required: ['ready', 'serverRef'] },
    ),
  ),
  conditions,
  gatewayURL: text('Address of the route at its gateway.'),
});

export const mcpRoute: Resource = {
  kind: 'MCPRoute',
  shortName: 'mcpr',
  scope: 'Namespaced',
  description: 'A path of a gateway that leads to Model Context Protocol servers, with its policies.',
  spec,
  specRequired: true,
  status,
  columns: [
    {
      name: 'Gateway',
      type: 'string',
      jsonPath: '.spec.gatewayRef.name',
      description: 'Gateway that serves the route.',
    },
    // kubectl shows the first value of a path with several. The whole list, as JSON, is for those who ask for more.
    {
      name: 'Backend',
      type: 'string',
      jsonPath: '.spec.backendRefs[0].serverRef.name',
      description: 'First of the servers that requests go to.',
    },
    {
      name: 'Backends',
      type: 'string',
      jsonPath: '.spec.backendRefs',
      description: 'Servers that requests go to.',
      priority: 1,
    },
    {
      name: 'Ready',
      type: 'string',
      jsonPath: '.status.conditions[?(@.type=="Ready")].status',
      description: 'Whether the route is served.',
    },
    {
      name: 'URL',
      type: 'string',
      jsonPath: '.status.gatewayURL',
      description: 'Address of the route at its gateway.',
    },
    AGE,
  ],
};

import { authentication } from './authentication';
import { authorization, routeAuthzConfig } from './authorization';
import { anything, boolean, choice, integer, list, named, own, Rule, ruled, text, ValueOf, ruleFor } from './codec';
import { conditions } from './common';
import { exactDuration } from './duration';
import { headerFilters } from './header-filters';
import { object } from './object';
import { allowedOrigins } from './origins';
import { rateLimit } from './rate-limit';
import { AGE, Resource } from './resource';
import { BackendValue, routeBackends, routeMatch, serverRef } from './route-match';
import { errorKind } from '../model/findings';
import { Retry, Timeouts } from '../model/route';
import { wholeNumberProblem } from '../model/validation';
import { compact, Json } from '../values/json';
import { formatDuration } from '../values/quantities';

/** MCPRoute: shapes of upstream's pr526; `affinity`, `allowedOrigins`, `authzConfig`, `gatewayRef`, `timeouts`, `retry` and `serverRef.kind` are this library's. */

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

const POSITIVE: Rule<number> = ruleFor(
  'route-timeout-zero',
  milliseconds => (milliseconds > 0 ? undefined : 'is not above 0'),
  'Give a longer time, or none',
);
const TIMEOUT_LONGER = errorKind(
  'route-timeout-longer',
  'is longer than the whole request may take',
  'Give at most timeouts.request',
);
const ATTEMPTS_MISSING = errorKind(
  'route-attempts-missing',
  'is missing',
  'Write how many attempts are made in all, the first included',
);

const timeouts = object(
  'How long the gateway waits.',
  {
    backendRequest: exactDuration('Time one try may take, such as 10s.', POSITIVE),
    request: exactDuration('Time a request may take, tries included, such as 30s.', POSITIVE),
  },
  {},
  ({ request, backendRequest }, place) =>
    place
      .at('backendRequest')
      .report(
        TIMEOUT_LONGER,
        backendRequest,
        request !== undefined && backendRequest !== undefined && backendRequest > request,
      ),
);

const retry = object(
  'What is tried again after a failure.',
  {
    attempts: ruled(
      integer('Attempts in all, the first included.', { minimum: 2 }),
      ruleFor('route-attempts', value => wholeNumberProblem(value, 2, 10), 'Count the first attempt too'),
    ),
    backoff: exactDuration('Wait before the next try, such as 250ms.'),
    codes: list(
      'HTTP status codes that count as a failure.',
      ruled(
        anything({ type: 'integer', format: 'int32', minimum: 400, maximum: 599 }),
        ruleFor('route-retry-code', code => wholeNumberProblem(code, 400, 599), 'Give an HTTP error status'),
      ),
      {},
      ruleFor(
        'route-retry-codes-empty',
        codes => (codes.length === 0 ? 'is empty, so nothing would be repeated' : undefined),
        'Give status codes, or drop retry',
      ),
    ),
  },
  {},
  ({ attempts }, place) => place.at('attempts').report(ATTEMPTS_MISSING, attempts, attempts === undefined),
);

const spec = object(
  'Wanted state.',
  {
    affinity: own(
      choice('What keeps requests of a caller at one of several servers that share them by weight. Default: caller.', [
        'caller',
        'none',
      ]),
    ),
    allowedOrigins,
    authentication,
    authorization,
    authzConfig: own(routeAuthzConfig),
    backendRefs: named('backends', routeBackends),
    filters: named('', headerFilters),
    gatewayRef: own(named('gateway', gatewayRef)),
    matches: list('Requests with backends of their own; the first match wins.', routeMatch),
    rateLimit: named('rateLimits', rateLimit),
    retry: own(retry),
    timeouts: own(timeouts),
  },
  { required: ['backendRefs'] },
);

/** What a route says, by the names of its options. */
export type RouteValue = ValueOf<typeof spec>;

/** Failures between a gateway and a server that another attempt may not meet. */
const DEFAULT_RETRY_CODES = [502, 503, 504];

/** The `spec` of a route's resource. Weights and what is repeated are said in full: they are what people look for. */
export function routeJson(value: RouteValue): Json {
  const { backends, matches = [], retry: repeated } = value;
  return compact(
    spec.encode({
      ...value,
      backends: backends.map(withWeight),
      matches: matches.map(match => ({ ...match, backends: match.backends?.map(withWeight) })),
      retry: repeated && { ...repeated, codes: repeated.codes ?? DEFAULT_RETRY_CODES },
    }),
  );
}

function withWeight({ server, weight = 1 }: BackendValue): BackendValue {
  return { server, weight };
}

/** Limits on time, as a data plane has to keep them. */
export function timeoutsModel({ request, backendRequest }: ValueOf<typeof timeouts>): Timeouts {
  return {
    request: request === undefined ? undefined : formatDuration(request),
    backendRequest: backendRequest === undefined ? undefined : formatDuration(backendRequest),
  };
}

/** How a data plane has to repeat failed requests. */
export function retryModel({ attempts, backoff, codes }: ValueOf<typeof retry>): Retry {
  return {
    // A route without it is a finding.
    attempts: attempts ?? 1,
    backoff: backoff === undefined ? undefined : formatDuration(backoff),
    codes: codes ?? DEFAULT_RETRY_CODES,
  };
}

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

export const mcpRoute: Resource & { readonly spec: typeof spec } = {
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

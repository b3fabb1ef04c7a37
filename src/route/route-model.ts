import { headerModifierModel } from './header-modifier';
import { HeaderModifierOptions } from './header-modifier-options';
import { McpBackend, McpMatchOptions, McpRetryOptions, McpTimeouts } from './route-options';
import { Backend, GatewayKind, Match, Retry, Route, Timeouts } from '../model/route';
import { ServerKind } from '../model/server';
import { PolicyState, levelPolicy } from '../policy/level-policy';
import { IMcpGateway } from '../references/i-mcp-gateway';
import { formatDuration } from '../values/duration';

/** Failures between a gateway and a server that another attempt may not meet. */
const DEFAULT_RETRY_CODES = [502, 503, 504];

/** What a route was told so far. */
export interface RouteState {
  readonly gateway?: IMcpGateway;
  readonly backends: readonly McpBackend[];
  readonly matches: readonly McpMatchOptions[];
  readonly requestHeaders: HeaderModifierOptions;
  readonly responseHeaders: HeaderModifierOptions;
  readonly timeouts?: McpTimeouts;
  readonly retry?: McpRetryOptions;
  readonly policy: PolicyState;
}

/** A route as plain data. */
export function routeModel(place: Pick<Route, 'path' | 'name' | 'namespace' | 'rendered'>, state: RouteState): Route {
  const { gateway } = state;
  return {
    ...place,
    gateway: gateway && { kind: gateway.kind as GatewayKind, name: gateway.name, namespace: gateway.namespace },
    backends: state.backends.map(backendModel),
    matches: state.matches.map(matchModel),
    requestHeaders: isEmpty(state.requestHeaders) ? undefined : headerModifierModel(state.requestHeaders),
    responseHeaders: isEmpty(state.responseHeaders) ? undefined : headerModifierModel(state.responseHeaders),
    timeouts: state.timeouts && timeoutsModel(state.timeouts),
    retry: state.retry && retryModel(state.retry),
    policy: levelPolicy('route', place.path, state.policy),
  };
}

function backendModel(backend: McpBackend): Backend {
  const { kind, name, namespace } = backend.server;
  return { server: { kind: kind as ServerKind, name, namespace }, weight: backend.weight ?? 1 };
}

function matchModel(match: McpMatchOptions): Match {
  return {
    tools: match.tools?._patterns,
    method: match.method,
    headers: (match.headers ?? []).map(header => header._model),
    backends: (match.backends ?? []).map(backendModel),
  };
}

function timeoutsModel(timeouts: McpTimeouts): Timeouts {
  return {
    request: timeouts.request && formatDuration(timeouts.request.toMilliseconds()),
    backendRequest: timeouts.backendRequest && formatDuration(timeouts.backendRequest.toMilliseconds()),
  };
}

function retryModel(retry: McpRetryOptions): Retry {
  return {
    attempts: retry.attempts,
    backoff: retry.backoff && formatDuration(retry.backoff.toMilliseconds()),
    codes: retry.codes ?? DEFAULT_RETRY_CODES,
  };
}

function isEmpty(options: HeaderModifierOptions): boolean {
  return (
    Object.keys(options.set ?? {}).length + Object.keys(options.add ?? {}).length + (options.remove ?? []).length === 0
  );
}

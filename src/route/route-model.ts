import { RouteStatement } from './route-statement';
import { changesNothing, HeaderChanges, headerModifierModel } from '../api/header-filters';
import { retryModel, timeoutsModel } from '../api/mcp-route';
import { backendModel, matchModel } from '../api/route-match';
import { GatewayKind, HeaderModifier, Route } from '../model/route';
import { levelPolicy, NO_POLICY } from '../policy/level-policy';

/** A route as plain data, of the construct at a path. */
export function routeModel(
  path: string,
  rendered: boolean,
  { name, namespace, gateway, operated, policy, value }: RouteStatement,
): Route {
  return {
    path,
    name,
    namespace,
    rendered,
    gateway: gateway && { kind: gateway.kind as GatewayKind, name: gateway.name, namespace: gateway.namespace },
    backends: value.backends.map(backend => backendModel(backend, namespace)),
    matches: (value.matches ?? []).map(match => matchModel(match, namespace)),
    requestHeaders: headersModel(value.requestHeaders),
    responseHeaders: headersModel(value.responseHeaders),
    timeouts: value.timeouts && timeoutsModel(value.timeouts),
    retry: value.retry && retryModel(value.retry),
    // What is added to an operator's policies is the operator's to judge with them.
    policy: levelPolicy('route', path, operated === undefined ? policy : NO_POLICY),
  };
}

function headersModel(changes: HeaderChanges | undefined): HeaderModifier | undefined {
  return changes === undefined || changesNothing(changes) ? undefined : headerModifierModel(changes);
}

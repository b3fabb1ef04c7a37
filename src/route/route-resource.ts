import { McpMatchOptions } from './route-options';
import { Backend, HeaderModifier, Route } from '../model/route';
import { IMcpGateway } from '../references/i-mcp-gateway';
import { compact, Json } from '../values/json';

function backendRef(backend: Backend): Json {
  const { kind, name } = backend.server;
  return { serverRef: kind === 'MCPServer' ? { name } : { kind, name }, weight: backend.weight };
}

function filter(
  type: 'RequestHeaderModifier' | 'ResponseHeaderModifier',
  modifier: HeaderModifier | undefined,
): Json[] {
  if (modifier === undefined) {
    return [];
  }
  const field = type === 'RequestHeaderModifier' ? 'requestHeaderModifier' : 'responseHeaderModifier';
  return [{ type, [field]: compact({ set: [...modifier.set], add: [...modifier.add], remove: [...modifier.remove] }) }];
}

/** The `spec` of an MCPRoute resource. */
export function routeSpec(route: Route, matches: readonly McpMatchOptions[], gateway: IMcpGateway | undefined): Json {
  return compact({
    gatewayRef:
      gateway === undefined || !route.rendered
        ? undefined
        : compact({ kind: gateway.kind, name: gateway.name, namespace: gateway.namespace }),
    backendRefs: route.backends.map(backendRef),
    matches: route.matches.map((match, i) =>
      compact({
        ...matches[i].tools?._spec,
        method: match.method,
        headers: (matches[i].headers ?? []).map(header => ({ ...header._spec })),
        backendRefs: match.backends.map(backendRef),
      }),
    ),
    filters: [
      ...filter('RequestHeaderModifier', route.requestHeaders),
      ...filter('ResponseHeaderModifier', route.responseHeaders),
    ],
    timeouts: route.timeouts && compact({ ...route.timeouts }),
    retry: route.retry && compact({ ...route.retry, codes: [...route.retry.codes] }),
  });
}

import { AgwConfig, AgwRoute, NamedBackend, RouteGroup } from '../../src/backends/agentgateway/config/config';
import { compileEntry, EntryRoutes } from '../../src/backends/agentgateway/entry';
import { Gateway } from '../../src/model/gateway';
import { Entry } from '../../src/model/plan';

/** What routes refer to. */
interface Referred {
  readonly routeGroups?: readonly RouteGroup[];
  readonly backends?: readonly NamedBackend[];
}

/** Routes as agentgateway takes them: with the servers in the place of their names, and a route for each of a group, under the policies of both. */
export function resolvedRoutes(routes: readonly AgwRoute[], { backends = [], routeGroups = [] }: Referred): AgwRoute[] {
  return routes.flatMap((route): AgwRoute[] => {
    const [{ routeGroup } = { routeGroup: undefined }] = route.backends;
    if (routeGroup !== undefined) {
      const { routes: delegated } = only(routeGroups, routeGroup);
      return resolvedRoutes(
        delegated.map(inner => ({ ...inner, policies: { ...route.policies, ...inner.policies } })),
        { backends, routeGroups },
      );
    }
    const resolved = route.backends.map(({ backend, ...rest }) =>
      backend === undefined ? rest : { ...rest, mcp: only(backends, backend.replace(/^\//, '')).mcp },
    );
    return [{ ...route, backends: resolved }];
  });
}

/** An entry as it is compiled, with its routes as agentgateway takes them. */
export function resolvedEntry(entry: Entry, gateway: Gateway): EntryRoutes {
  const compiled = compileEntry(entry, gateway);
  return {
    ...compiled,
    outer: resolvedRoutes(compiled.outer, compiled),
    inner: resolvedRoutes(compiled.inner, compiled),
  };
}

/** A configuration with its routes as agentgateway takes them. */
export function resolvedConfig(config: AgwConfig): AgwConfig {
  return {
    ...config,
    binds: config.binds.map(bind => ({
      ...bind,
      listeners: bind.listeners.map(listener => ({ ...listener, routes: resolvedRoutes(listener.routes, config) })),
    })),
  };
}

function only<T extends { readonly name: string }>(items: readonly T[], name: string): T {
  const found = items.filter(item => item.name === name);
  expect(found).toHaveLength(1);
  return found[0];
}

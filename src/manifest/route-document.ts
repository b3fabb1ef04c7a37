import { Fields } from './fields';
import { ManifestDocument, ReadContext, Reading } from './plan';
import { readPolicy } from './policy-document';
import { checkGateway, checkServer } from './references';
import { placeOf } from '../api/codec';
import { mcpRoute, RouteValue } from '../api/mcp-route';
import { BackendValue, serverOf } from '../api/route-match';
import { GatewayRef } from '../model/route';
import { policyState } from '../policy/level-policy';
import { McpRoute } from '../route/mcp-route';
import { RouteStatement } from '../route/route-statement';
import { carry } from '../synthesis/carried';
import { Path } from '../values/paths';

/** Reads an MCPRoute. */
export function readRoute(document: ManifestDocument, context: ReadContext): Reading {
  const { check, metadata, spec } = document;
  // An object has a value, whatever is wrong with its fields. Policies are the operator's to judge where there is one.
  const value = check.read(mcpRoute.spec, spec, ['spec'], said => (context.rendered ? said : withoutPolicies(said)))!;
  checkServers(value, document, context);
  const gateway = gatewayOf(value, document, context);
  const policy = readPolicy(new Fields(spec), document, context, metadata.namespace);
  const statement: RouteStatement = {
    ...metadata,
    namespace: metadata.namespace!,
    value: withoutPolicies(value),
    policy: policyState(policy.options),
  };
  return {
    create: (scope, id, constructs) =>
      McpRoute._stated(
        scope,
        id,
        carry({ ...statement, gateway: gateway && constructs.gateway(gateway) }, policy.carried),
      ),
  };
}

function withoutPolicies(value: RouteValue): RouteValue {
  const { authentication, authorization, authzConfig, rateLimits, ...rest } = value;
  return rest;
}

/** The gateway that a route names, or that serves those which name none. */
function gatewayOf(
  { gateway }: RouteValue,
  { check, metadata }: ManifestDocument,
  context: ReadContext,
): GatewayRef | undefined {
  if (gateway === undefined) {
    return context.defaultGateway;
  }
  if (!context.rendered) {
    return undefined;
  }
  const { kind = 'MCPGateway', name, namespace } = gateway;
  const ref: GatewayRef = {
    kind,
    name,
    namespace: kind === 'MCPGateway' ? (namespace ?? metadata.namespace) : undefined,
  };
  checkGateway(check, ['spec', 'gatewayRef', 'name'], ref, context.inventory);
  return ref;
}

/** Reports backends whose server is nowhere. */
function checkServers(
  { backends, matches = [] }: RouteValue,
  { check, metadata, spec }: ManifestDocument,
  { inventory }: ReadContext,
): void {
  const checkAll = (list: readonly BackendValue[], path: Path): void =>
    list.forEach(({ server }, i) => {
      const place = ['spec', ...placeOf(mcpRoute.spec, [...path, i, 'server', 'name'], spec)];
      if (server.name === '') {
        const named = [...place].reduce<any>((object, step) => object?.[step], { spec });
        check.error(
          place,
          named,
          'names no server',
          'Write the name of an MCPServer of this namespace, or of a ClusterMCPServer',
        );
      } else {
        checkServer(check, place, serverOf(server, metadata.namespace!), inventory);
      }
    });
  checkAll(backends, ['backends']);
  matches.forEach((match, i) => checkAll(match.backends ?? [], ['matches', i, 'backends']));
}

import { ManifestDocument, ReadContext, Reading } from './plan';
import { POLICY_FIELDS, policyOf } from './policy-document';
import { checkGateway, checkServer } from './references';
import { placeOf } from '../api/codec';
import { mcpRoute, RouteValue } from '../api/mcp-route';
import { BackendValue, serverOf } from '../api/route-match';
import { errorKind } from '../model/findings';
import { GatewayRef } from '../model/route';
import { McpRoute } from '../route/mcp-route';
import { RouteStatement } from '../route/route-statement';
import { Path } from '../values/paths';

const BACKEND_WITHOUT_NAME = errorKind(
  'backend-without-name',
  'names no server',
  'Write the name of an MCPServer of this namespace, or of a ClusterMCPServer',
);

/** Reads an MCPRoute. Its policies are the operator's to judge where there is one, and stay as they stand. */
export function readRoute(document: ManifestDocument, context: ReadContext): Reading {
  const { check, metadata, spec } = document;
  const namespace = metadata.namespace!;
  const isPolicy = ([field]: [string, unknown]): boolean => POLICY_FIELDS.includes(field);
  const fields = Object.entries(spec);
  const read = context.rendered ? spec : Object.fromEntries(fields.filter(field => !isPolicy(field)));
  // An object has a value, whatever is wrong with its fields.
  const value = check.read(mcpRoute.spec, read, ['spec'])!;
  checkServers(value, document, context);
  const gateway = gatewayOf(value, document, context);
  const { authentication, authorization, authzConfig, rateLimits, ...rest } = value;
  const statement: RouteStatement = {
    ...metadata,
    namespace,
    value: rest,
    policy: policyOf({ authentication, authorization, authzConfig, rateLimits }, document, context, namespace),
    operated: context.rendered ? undefined : Object.fromEntries(fields.filter(isPolicy)),
  };
  return {
    create: (scope, id, constructs) =>
      McpRoute._stated(scope, id, { ...statement, gateway: gateway && constructs.gateway(gateway) }),
  };
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
        check.report(BACKEND_WITHOUT_NAME, place, named, true);
      } else {
        checkServer(check, place, serverOf(server, metadata.namespace!), inventory);
      }
    });
  checkAll(backends, ['backends']);
  matches.forEach((match, i) => checkAll(match.backends ?? [], ['matches', i, 'backends']));
}

import { titleOf } from './parse';
import { DocumentCheck } from './source-document';
import { errorKind } from '../model/findings';
import { gatewayKey, GatewayKind, GatewayRef } from '../model/route';
import { serverKey, ServerKind, ServerRef } from '../model/server';
import { IMcpGateway, IMcpServer } from '../references';
import { isObject, Json } from '../values/json';
import { Path } from '../values/paths';
import { compareText } from '../values/text';

const BACKEND_NAMED_TWICE = errorKind(
  'backend-named-twice',
  'names a server twice, by serverRef and by itself',
  'Keep serverRef',
);

const MANIFEST_SERVER_UNKNOWN = errorKind(
  'manifest-server-unknown',
  'there is no {server} in the manifest, {others}',
  'Correct the name, add the document, or pass a server from elsewhere in the option `servers`',
);
const MANIFEST_GATEWAY_UNKNOWN = errorKind(
  'manifest-gateway-unknown',
  'there is no {gateway} in the manifest or the app, {others}',
  'Correct the name, add the document, or create the gateway before reading the manifest (McpGateway.fromMcpGatewayName for one outside the app)',
);

/** What documents of a manifest can refer to: each other, and what the caller passes. */
export interface Inventory {
  readonly servers: readonly ServerRef[];
  readonly gateways: readonly GatewayRef[];
}

/** The constructs behind references, once they are there. */
export interface Constructs {
  server(ref: ServerRef): IMcpServer;
  gateway(ref: GatewayRef): IMcpGateway;
}

/** A reference to a server construct. */
export function serverRefOf(server: IMcpServer): ServerRef {
  return { kind: server.kind as ServerKind, name: server.name, namespace: server.namespace };
}

/** A reference to a gateway construct. */
export function gatewayRefOf(gateway: IMcpGateway): GatewayRef {
  return { kind: gateway.kind as GatewayKind, name: gateway.name, namespace: gateway.namespace };
}

function others(
  what: string,
  refs: readonly { readonly kind: string; readonly name: string; readonly namespace?: string }[],
): string {
  return refs.length === 0
    ? `and no other ${what}`
    : `only ${refs
        .map(({ kind, name, namespace }) => titleOf(kind, name, namespace))
        .sort(compareText)
        .join(', ')}`;
}

/** Reports a reference to a server that does not exist. */
export function checkServer(check: DocumentCheck, path: Path, ref: ServerRef, inventory: Inventory): boolean {
  const exists = inventory.servers.some(server => serverKey(server) === serverKey(ref));
  if (!exists) {
    check.report(MANIFEST_SERVER_UNKNOWN, path, ref.name, {
      server: titleOf(ref.kind, ref.name, ref.namespace),
      others: others('server', inventory.servers),
    });
  }
  return exists;
}

/** Reports a reference to a gateway that does not exist. */
export function checkGateway(check: DocumentCheck, path: Path, ref: GatewayRef, inventory: Inventory): boolean {
  const exists = inventory.gateways.some(gateway => gatewayKey(gateway) === gatewayKey(ref));
  if (!exists) {
    check.report(MANIFEST_GATEWAY_UNKNOWN, path, ref.name, {
      gateway: titleOf(ref.kind, ref.name, ref.namespace),
      others: others('gateway', inventory.gateways),
    });
  }
  return exists;
}

/**
 * The spec of a route in the form of the schema. The proposal's own examples name servers as
 * `backendRefs: [{name: x}]`, where its schema says `serverRef.name`.
 */
export function normalizeBackendRefs(check: DocumentCheck, spec: Json): Json {
  const matches = Array.isArray(spec.matches)
    ? {
        matches: spec.matches.map((match: unknown, i: number) =>
          isObject(match)
            ? { ...match, ...normalized(check, ['spec', 'matches', i, 'backendRefs'], match.backendRefs) }
            : match,
        ),
      }
    : {};
  return { ...spec, ...normalized(check, ['spec', 'backendRefs'], spec.backendRefs), ...matches };
}

function normalized(check: DocumentCheck, path: Path, backendRefs: unknown): Json {
  return Array.isArray(backendRefs)
    ? { backendRefs: backendRefs.map((ref, i) => (isObject(ref) ? normalizedRef(check, [...path, i], ref) : ref)) }
    : {};
}

function normalizedRef(check: DocumentCheck, path: Path, ref: Json): Json {
  const { name, kind, ...rest } = ref;
  if (name === undefined && kind === undefined) {
    return ref;
  }
  if (ref.serverRef !== undefined) {
    check.report(BACKEND_NAMED_TWICE, path, ref, true);
    return rest;
  }
  return { ...rest, serverRef: { ...(name === undefined ? {} : { name }), ...(kind === undefined ? {} : { kind }) } };
}

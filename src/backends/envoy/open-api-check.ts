import { openApiPerRoute, requestRegex } from './open-api';
import { isRestGroup, servedOperations, sharedArguments } from './open-api-arguments';
import { limit } from './refusal';
import { isTooLarge } from './regex-size';
import { BackendGroup, Entry, GatewayPlan } from '../../model/plan';
import { formatServerRef, Server } from '../../model/server';
import { serversOf } from '../../passes/backend-credentials';
import { canonicalText } from '../../passes/policy/canonical';
import { Refusal } from '../data-plane';

/** Longest description of the tools of a gateway, in bytes: a ConfigMap holds 1 MiB, and the rest of the configuration beside them. */
const MAX_BYTES = 768 * 1024;
/** What is counted by limits has routes of its own. */
const COPIES = 2;

/** What Envoy cannot do of REST services. */
export function checkOpenApi({ entries, gateway }: GatewayPlan): Refusal[] {
  const size = entries.flatMap((entry) => entry.groups.map((group) => JSON.stringify(openApiPerRoute(entry, group, 'request')))).reduce((sum, text) => sum + Buffer.byteLength(text), 0) * COPIES;
  return [...(size > MAX_BYTES ? [limit(gateway.path, 'openApi.size', 'routes', `${size} bytes`)] : []), ...checkEntries(entries)];
}

function checkEntries(entries: readonly Entry[]): Refusal[] {
  return entries.flatMap((entry) => [...entry.groups.filter(isRestGroup).flatMap((group) => checkGroup(entry, group)), ...serversOf(entry).flatMap(checkServer)]);
}

/** A call is translated before a server is chosen. */
function checkGroup({ origin }: Entry, { id, servers }: BackendGroup): Refusal[] {
  const described = new Set(servers.map(({ server }) => server.rest === undefined ? '' : canonicalText(servedOperations(server))));
  return described.size === 1 ? [] : [limit(origin, 'openApi.several', id === 'default' ? 'backends' : id, servers.map(({ server }) => formatServerRef(server)))];
}

function checkServer(server: Server): Refusal[] {
  return server.rest === undefined ? [] : servedOperations(server).flatMap((operation) => {
    const shared = sharedArguments(operation);
    const property = `source.schema[${operation.name}]`;
    return [
      ...(shared.length === 0 ? [] : [limit(server.path, 'openApi.names', property, shared)]),
      ...(isTooLarge(requestRegex(operation, server.endpoints[0].path)) ? [limit(server.path, 'regex.size', property, operation.path)] : []),
    ];
  });
}

import { requestRegex } from './open-api';
import { isRestGroup, servedOperations, sharedArguments } from './open-api-arguments';
import { limit } from './refusal';
import { isTooLarge } from './regex-size';
import { Diagnostic } from '../../model/diagnostic';
import { BackendGroup, Entry, GatewayPlan } from '../../model/plan';
import { formatServerRef, Server } from '../../model/server';
import { serversOf } from '../../passes/backend-credentials';
import { groupProperty } from '../../passes/demands/routing';
import { canonicalText } from '../../values/json';

/** What Envoy cannot do of REST services. */
export function checkOpenApi({ entries }: GatewayPlan): Diagnostic[] {
  return entries.flatMap(entry => [
    ...entry.groups.filter(isRestGroup).flatMap(group => checkGroup(entry, group)),
    ...serversOf(entry).flatMap(checkServer),
  ]);
}

/** A call is translated before a server is chosen. */
function checkGroup({ origin }: Entry, group: BackendGroup): Diagnostic[] {
  const { servers } = group;
  const described = new Set(
    servers.map(({ server }) => (server.rest === undefined ? '' : canonicalText(servedOperations(server)))),
  );
  return described.size === 1
    ? []
    : [
        limit(
          origin,
          'openApi.several',
          groupProperty(group),
          servers.map(({ server }) => formatServerRef(server)),
        ),
      ];
}

function checkServer(server: Server): Diagnostic[] {
  return server.rest === undefined
    ? []
    : servedOperations(server).flatMap(operation => {
        const shared = sharedArguments(operation);
        const property = `source.schema[${operation.name}]`;
        return [
          ...(shared.length === 0 ? [] : [limit(server.path, 'openApi.names', property, shared)]),
          ...(isTooLarge(requestRegex(operation, server.endpoints[0].path))
            ? [limit(server.path, 'regex.size', property, operation.path)]
            : []),
        ];
      });
}

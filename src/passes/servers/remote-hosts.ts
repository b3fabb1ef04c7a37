import { Diagnostic, errorAt } from '../../model/diagnostic';
import { Gateway } from '../../model/gateway';
import { matchesHost } from '../../model/hosts';
import { Entry, serversOf } from '../../model/plan';
import { formatServerRef, isRemote } from '../../model/server';

/** Remote servers of an entry at hosts that its gateway does not allow. */
export function checkRemoteHosts({ path, allowedRemoteHosts }: Gateway, entry: Entry): Diagnostic[] {
  if (allowedRemoteHosts === undefined) {
    return [];
  }
  const property = entry.origin === path ? 'discovery' : 'backends';
  const allowed = allowedRemoteHosts.length === 0 ? 'none' : allowedRemoteHosts.join(', ');
  return serversOf(entry)
    .filter(isRemote)
    .flatMap(server =>
      [...new Set(server.endpoints.map(({ host }) => host))]
        .filter(host => !allowedRemoteHosts.some(pattern => matchesHost(pattern, host)))
        .map(host =>
          errorAt(
            entry.origin,
            property,
            host,
            `${formatServerRef(server)} is at a host that the gateway "${path}" does not allow (allowedRemoteHosts: ${allowed})`,
            'Add the host to allowedRemoteHosts of the gateway, or serve the server by another gateway',
          ),
        ),
    );
}

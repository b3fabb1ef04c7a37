import { compareText } from '../../model/diagnostic';
import { BackendGroup } from '../../model/plan';
import { Endpoint, isRemote, Server, serverKey } from '../../model/server';

/** A server of a group, its share, and where it answers. */
export interface Member {
  readonly server: Server;
  readonly weight: number;
  readonly endpoints: readonly Endpoint[];
}

/** The servers of a group, whatever the order they were added in. */
export function membersOf(group: BackendGroup): Member[] {
  return [...group.servers]
    .sort((a, b) => compareText(serverKey(a.server), serverKey(b.server)))
    .map(({ server, weight }) => ({ server, weight, endpoints: server.endpoints }));
}

/** All addresses of a group. */
export function endpointsOf(group: BackendGroup): Endpoint[] {
  return membersOf(group).flatMap(({ endpoints }) => endpoints);
}

/** Whether there is a choice, so that a session could lose its server. */
export function isShared(group: BackendGroup): boolean {
  return endpointsOf(group).length > 1;
}

/** Whether requests have to come back to where their session was opened. */
export function keepsSessions(group: BackendGroup): boolean {
  return isShared(group) && group.servers.some(({ server }) => server.sessions === 'stateful');
}

/** The one address of a group outside the cluster; there, a name stands for machines that change. */
export function loneRemote(group: BackendGroup): boolean {
  return !isShared(group) && group.servers.every(({ server }) => isRemote(server));
}

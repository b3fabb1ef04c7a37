import { BackendGroup } from '../../../model/plan';
import { Endpoint, formatServerRef, isRemote, Server, serverKey } from '../../../model/server';
import { distinct } from '../../../values/json';
import { compareText } from '../../../values/text';

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

/** Whether requests of a session have to find its server among several. */
export function sharesSessions(group: BackendGroup): boolean {
  return isShared(group) && isStateful(group);
}

/**
 * Whether the address of a server goes with the ids of its sessions. Also where there is but one, which may get company while sessions
 * are open. Not at one server outside the cluster: what is behind its name changes, and any of it knows its sessions.
 */
export function pinsSessions(group: BackendGroup): boolean {
  return isStateful(group) && !isLoneRemote(group);
}

/** One address outside the cluster. */
export function isLoneRemote(group: BackendGroup): boolean {
  return !isShared(group) && group.servers.every(({ server }) => isRemote(server));
}

function isStateful({ servers }: BackendGroup): boolean {
  return servers.some(({ server }) => server.sessions === 'stateful');
}

/** The servers of a group by name. */
export function memberNames(group: BackendGroup): string[] {
  return membersOf(group).map(({ server }) => formatServerRef(server));
}

/** Whether some values are not all the same. */
export function differ(values: readonly unknown[]): boolean {
  return distinct(values).length > 1;
}

/** Property that a group was made from, as the user writes it. */
export function groupProperty({ id }: BackendGroup): string {
  return id === 'default' ? 'backends' : id.replace(/^match-(\d+)$/, 'matches[$1]');
}

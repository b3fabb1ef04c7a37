import { Entry } from '../../model/plan';
import { Server, ServerRef, serverKey } from '../../model/server';

/** A server as policies name it: `namespace/name`, or the name alone of a ClusterMCPServer. */
export function cedarServerName({ namespace, name }: ServerRef): string {
  return namespace === undefined ? name : `${namespace}/${name}`;
}

/** The servers of an entry, each once, in the order of its groups. */
export function serversOf(entry: Entry): readonly Server[] {
  return [
    ...new Map(
      entry.groups.flatMap(({ servers }) => servers).map(({ server }) => [serverKey(server), server]),
    ).values(),
  ];
}

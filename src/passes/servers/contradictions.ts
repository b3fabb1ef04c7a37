import { Diagnostic } from '../../model/diagnostic';
import { errorKind, findingOf } from '../../model/finding-kind';
import { Server, serverKey } from '../../model/server';

const SERVER_REFERENCE_DIFFERS = errorKind(
  'server-reference-differs',
  'refers to the same server as "{path}" with other options',
  'Give both references the same options, or share one of them',
);
const SERVER_REFERENCE_OF_OWN = errorKind(
  'server-reference-of-own',
  'refers to a server as if it were outside this app, but "{path}" creates it',
  'Use "{path}" itself',
);

/**
 * References to servers that contradict each other, or the app itself: which of them is meant would
 * depend on the order of calls. What the app creates twice collides as objects.
 */
export function contradictoryReferences(servers: readonly Server[]): Diagnostic[] {
  const firsts = new Map<string, Server>();
  return servers.flatMap(server => {
    const first = firsts.get(serverKey(server));
    if (first === undefined) {
      firsts.set(serverKey(server), server);
      return [];
    }
    if (!server.imported && !first.imported) {
      return [];
    }
    if (server.imported && first.imported) {
      return sameButPath(server, first)
        ? []
        : [findingOf(SERVER_REFERENCE_DIFFERS, server.path, 'name', server.name, { path: first.path })];
    }
    const [reference, created] = server.imported ? [server, first] : [first, server];
    return [findingOf(SERVER_REFERENCE_OF_OWN, reference.path, 'name', reference.name, { path: created.path })];
  });
}

function sameButPath(a: Server, b: Server): boolean {
  return JSON.stringify({ ...a, path: '' }) === JSON.stringify({ ...b, path: '' });
}

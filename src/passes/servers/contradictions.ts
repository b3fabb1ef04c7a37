import { Diagnostic, errorAt } from '../../model/diagnostic';
import { Server, serverKey } from '../../model/server';

/**
 * References to servers that contradict each other, or the app itself: which of them is meant would
 * depend on the order of calls. What the app creates twice collides as objects.
 */
export function contradictions(servers: readonly Server[]): Diagnostic[] {
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
        : [
            errorAt(
              server.path,
              'name',
              server.name,
              `refers to the same server as "${first.path}" with other options`,
              'Give both references the same options, or share one of them',
            ),
          ];
    }
    const [reference, created] = server.imported ? [server, first] : [first, server];
    return [
      errorAt(
        reference.path,
        'name',
        reference.name,
        `refers to a server as if it were outside this app, but "${created.path}" creates it`,
        `Use "${created.path}" itself`,
      ),
    ];
  });
}

function sameButPath(a: Server, b: Server): boolean {
  return JSON.stringify({ ...a, path: '' }) === JSON.stringify({ ...b, path: '' });
}

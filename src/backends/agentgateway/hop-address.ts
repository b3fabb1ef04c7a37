import { HostParts } from './config';
import { INNER_PORT } from './ports';
import { Entry } from '../../model/plan';
import { Server } from '../../model/server';

/** Why a request takes a hop. */
export type Hop = 'retry' | 'hold';

/** The hops on the way to a server. */
export function hopsOf({ retry, timeouts }: Entry, { protocol, rest }: Pick<Server, 'protocol' | 'rest'>): Hop[] {
  const limited = timeouts?.request !== undefined || timeouts?.backendRequest !== undefined;
  // The answers of an SSE server come on a stream of their own: there is nothing to repeat or to hold back.
  return protocol === 'sse'
    ? []
    : [
        ...((retry?.attempts ?? 1) > 1 ? ['retry' as const] : []),
        ...(limited || rest !== undefined ? ['hold' as const] : []),
      ];
}

/** Where a hop on the way to a member answers. */
export function hopAddress(entry: Entry, hop: Hop, label: string): HostParts {
  return { host: '127.0.0.1', port: INNER_PORT, path: `/${entry.id}/_${hop}/${label}` };
}

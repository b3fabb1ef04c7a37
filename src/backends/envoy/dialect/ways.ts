import { matchConditions } from './conditions';
import { askedAt } from './evaluate';
import { allIds, inMetadata, notId, Principal } from './rbac';
import { Entry } from '../../../model/plan';
import { MatchConditions } from '../../../model/route';
import { exposedTools } from '../../../model/server';
import { Way } from '../../../passes/access/enforcement';
import { Behind } from '../../interface/data-plane';

/** The ways by which an entry serves tools: the groups of servers that a request may be routed to, the first that it meets. */
export function waysOf(entry: Entry, behind: Behind): Way[] {
  const asked = askedAt(entry);
  return entry.groups.flatMap(({ id, servers, unless, when }) =>
    servers.map(({ server }): Way => ({
      id: `${id}: ${server.name}`,
      require: [
        ...(when === undefined ? [] : [meets(when)]),
        ...unless.map(conditions => notId(meets(conditions))),
      ].map(principal => asked({ principal })),
      ...(server.rest === undefined ? {} : { tools: exposedTools(server) }),
      guard: behind(server),
    })),
  );
}

/** The matchers of a route, all of which a request meets. */
function meets(conditions: MatchConditions): Principal {
  const { dynamic_metadata, headers } = matchConditions(conditions);
  return allIds([...dynamic_metadata.map(inMetadata), ...headers.map(header => ({ header }))]);
}

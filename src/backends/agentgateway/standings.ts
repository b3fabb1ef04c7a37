import { AGENTGATEWAY } from '../interface/data-plane';
import { Refused, refusedBy } from '../interface/standing';

/** Something that agentgateway cannot do, a feature or a limit by name: why not, and what to do instead. */
export function unsupported(name: string, reason: string, remedy: string): Refused {
  return refusedBy(AGENTGATEWAY, name, reason, remedy);
}

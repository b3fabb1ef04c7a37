import { HttpFilter } from './api';
import { extension } from './config';
import { ADMITTED } from './names';
import { Part } from './part';
import { DECIDING, SERVING } from './parts';
import { EnvoyPlan } from './plan';
import { RBAC } from './rbac';
import { digest } from '../../values/text';

/** The filters of the listener that clients reach. */
export interface FilterChain {
  readonly filters: readonly HttpFilter[];
  /**
   * Name of the filter that refuses what no route admitted. It is of the filters around it: what a route asks of a filter that
   * is not there would be passed over, and routes are read from another file, and by connections of a listener that is about
   * to go. Such a request finds that its route does not admit it.
   */
  readonly admitted: string;
}

/** The filters of all parts, in their order. */
export function filterChain(plan: EnvoyPlan): FilterChain {
  const of = (parts: readonly Part[]): HttpFilter[] => parts.flatMap(part => part.filters?.(plan) ?? []);
  const before = of(DECIDING);
  const after = [
    ...of(SERVING),
    extension('envoy.filters.http.router', 'envoy.extensions.filters.http.router.v3.Router', {
      suppress_envoy_headers: true,
    }),
  ];
  const names = [...before, ...after].map(({ name }) => name);
  const admitted = `${ADMITTED}.${digest(names.join(), 8)}`;
  return { filters: [...before, deniesAll(admitted), ...after], admitted };
}

/** Denies everything. Routes that serve something switch it off: what is selected by mistake, or not at all, is refused. */
function deniesAll(name: string): HttpFilter {
  return extension(name, RBAC, { rules: { action: 'ALLOW', policies: {} } });
}

import { callerFilter, callerPerRoute } from './caller';
import { jwksClusters } from './jwks-clusters';
import { jwtFilters, jwtPerRoute, tokenMethods } from './jwt';
import { metadataRoute } from './oauth-metadata';
import { Entry, GatewayPlan } from '../../model/plan';
import { Json } from '../../values/json';

export { checkAuthentication } from './authentication-check';
export { certificates, downstreamTls } from './downstream-tls';

/**
 * The filters that verify credentials: Envoy's own for tokens, and one that verifies the others and decides. That one is always
 * there: routes are read from another file, and a route that asks for something must not wait for it.
 */
export function authenticationFilters(plan: GatewayPlan): Json[] {
  return [...jwtFilters(plan), callerFilter()];
}

/** What these filters ask for on the routes of an entry. */
export function authenticationPerRoute(_plan: GatewayPlan, entry: Entry): Json {
  return { ...(entry.policy === undefined ? {} : jwtPerRoute(entry.policy)), ...callerPerRoute(entry) };
}

/** Where keys are fetched from. */
export function authenticationClusters({ entries }: GatewayPlan): Json[] {
  return jwksClusters(entries.flatMap(({ policy }) => (policy === undefined ? [] : tokenMethods(policy))));
}

/** The routes that serve the metadata of an entry, where it is a protected resource. */
export function metadataRoutes(_plan: GatewayPlan, entry: Entry): Json[] {
  return metadataRoute(entry);
}

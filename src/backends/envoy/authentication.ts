import { AUTHENTICATION, callerFilter, callerPerRoute, NOT_ASKED } from './caller';
import { jwksClusters } from './jwks-clusters';
import { jwtFilters, jwtPerRoute, tokenMethods } from './jwt';
import { metadataRoute } from './oauth-metadata';
import { Entry, GatewayPlan } from '../../model/plan';
import { Json } from '../kubernetes/pod-template';

export { checkAuthentication } from './authentication-check';
export { certificates, downstreamTls } from './downstream-tls';

/** Whether any entry asks callers who they are. */
function isAsked({ entries }: GatewayPlan): boolean {
  return entries.some(({ policy }) => (policy?.authentication ?? []).length > 0);
}

/** The filters that verify credentials: Envoy's own for tokens, and one that verifies the others and decides. */
export function authenticationFilters(plan: GatewayPlan): Json[] {
  return isAsked(plan) ? [...jwtFilters(plan), callerFilter()] : [];
}

/** What these filters ask for on the routes of an entry. */
export function authenticationPerRoute(plan: GatewayPlan, entry: Entry): Json {
  return isAsked(plan) ? { ...(entry.policy === undefined ? {} : jwtPerRoute(entry.policy)), ...callerPerRoute(entry) } : {};
}

/** Where keys are fetched from. */
export function authenticationClusters({ entries }: GatewayPlan): Json[] {
  return jwksClusters(entries.flatMap(({ policy }) => policy === undefined ? [] : tokenMethods(policy)));
}

/** The routes that serve the metadata of an entry, where it is a protected resource. */
export function metadataRoutes(plan: GatewayPlan, entry: Entry): Json[] {
  return metadataRoute(entry, isAsked(plan) ? { [AUTHENTICATION]: NOT_ASKED } : {});
}

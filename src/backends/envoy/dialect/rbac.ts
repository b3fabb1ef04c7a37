import { HeaderMatcher, MetadataMatcher, StringMatcher } from './matchers';
import { Any, CidrRange, HttpRbacRBAC } from '../config/api';
import { typed } from '../config/config';

/*
 * The rules of Envoy's RBAC, as far as they are emitted. They always allow: what no policy matches is denied.
 */

/** Type of the filter. */
export const RBAC = 'envoy.extensions.filters.http.rbac.v3.RBAC' as const;

/** What the filter asks for on a route; nothing at all, unless it is said. */
export function rbacPerRoute(rbac?: HttpRbacRBAC): Any {
  return typed(`${RBAC}PerRoute`, rbac === undefined ? {} : { rbac });
}

/** What may be asked for. */
export type Permission =
  | { readonly any: true }
  | { readonly and_rules: { readonly rules: readonly Permission[] } }
  | { readonly not_rule: Permission }
  | { readonly header: HeaderMatcher }
  | { readonly sourced_metadata: { readonly metadata_matcher: MetadataMatcher } };

/** Who may ask, and under which conditions. */
export type Principal =
  | { readonly any: true }
  | { readonly and_ids: { readonly ids: readonly Principal[] } }
  | { readonly or_ids: { readonly ids: readonly Principal[] } }
  | { readonly not_id: Principal }
  | { readonly header: HeaderMatcher }
  | { readonly filter_state: { readonly key: string; readonly string_match: StringMatcher } }
  | { readonly remote_ip: CidrRange }
  | { readonly sourced_metadata: { readonly metadata_matcher: MetadataMatcher } };

/** A policy matches where any permission and any principal do. */
export interface Policy {
  readonly permissions: readonly Permission[];
  readonly principals: readonly Principal[];
}

/** Policies by name, any of which allows. */
export type Policies = Readonly<Record<string, Policy>>;

/** Any permission, whoever asks. */
export const ANY: { readonly any: true } = { any: true };

/** What stands in metadata, as a permission or a principal. */
export function inMetadata(matcher: MetadataMatcher): {
  readonly sourced_metadata: { readonly metadata_matcher: MetadataMatcher };
} {
  return { sourced_metadata: { metadata_matcher: matcher } };
}

/** All of some permissions; never none. */
export function allRules(rules: readonly Permission[]): Permission {
  return rules.length === 1 ? rules[0] : { and_rules: { rules } };
}

/** All but a permission. */
export function notRule(rule: Permission): Permission {
  return { not_rule: rule };
}

/** All of some principals; any where there are none. */
export function allIds(ids: readonly Principal[]): Principal {
  return ids.length === 0 ? ANY : ids.length === 1 ? ids[0] : { and_ids: { ids } };
}

/** Any of some principals; never none. */
export function anyId(ids: readonly Principal[]): Principal {
  return ids.length === 1 ? ids[0] : { or_ids: { ids } };
}

/** All but a principal. */
export function notId(id: Principal): Principal {
  return { not_id: id };
}

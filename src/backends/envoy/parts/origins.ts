import { enforced, Filters, HeaderChanges, part } from './part';
import { Entry } from '../../../model/plan';
import { EnforcedRule } from '../../../passes/access/enforcement';
import { extension, typed } from '../config/config';
import { askedAt } from '../dialect/evaluate';
import { exactly, StringMatcher } from '../dialect/matchers';
import { ANY, Policies, Principal, RBAC, rbacPerRoute } from '../dialect/rbac';

/*
 * Web pages. A browser says in a header where a page comes from that asks; programs send none. A page that nobody allowed is refused,
 * whatever its browser has to show for it: it may be at a name that was made to resolve to the gateway.
 */

/** Header that says which page asks. */
const ORIGIN = 'origin';
const CORS = 'envoy.filters.http.cors';
const ASKING = 'mcp.rbac.origin';

/** Which web pages may ask. Before callers are asked who they are: preflights do not say. */
export const origins = part({
  features: {
    allowedOrigins: enforced(
      'a request from another origin is 403, whatever its credentials; preflights of allowed ones are answered before authentication, and those of others are 403',
    ),
  },
  limits: {
    'allowedOrigins.none': enforced(
      'a request from a web page (one with the header `Origin`) that nobody allowed is 403; servers do not see the header',
    ),
  },
  filters: () => [
    extension(CORS, 'envoy.extensions.filters.http.cors.v3.Cors', {}),
    // What no route says otherwise of.
    extension(ASKING, RBAC, { rules: { action: 'ALLOW', policies: policiesOf([]) } }),
  ],
  entry: entry => ({
    filters: {
      ...readableBy(entry),
      ...(entry.allowedOrigins === undefined
        ? {}
        : { [ASKING]: rbacPerRoute({ rules: { action: 'ALLOW', policies: policiesOf(entry.allowedOrigins) } }) }),
    },
  }),
  route: () => ({ headers: { request_headers_to_remove: [ORIGIN] } }),
});

/** Requests of programs, and of web pages from some origins. */
function policiesOf(allowed: readonly string[]): Policies {
  const asks = (id: Principal) => ({ permissions: [ANY], principals: [id] });
  return {
    'a program': asks({ header: { name: ORIGIN, present_match: false } }),
    ...Object.fromEntries(
      allowed.map(origin => [origin, asks({ header: { name: ORIGIN, string_match: exactly(origin) } })]),
    ),
  };
}

/** What a route says that answers everybody the same: web pages may ask. Of what Envoy answers itself, its filter tells browsers nothing. */
export const OPEN_TO_PAGES: Filters = { [ASKING]: rbacPerRoute() };

/** What browsers are told of such an answer. */
export const READABLE_BY_ALL: HeaderChanges = {
  response_headers_to_add: ['access-control-allow-origin', 'access-control-allow-headers'].map(name => ({
    header: { key: name, value: '*' },
    append_action: 'OVERWRITE_IF_EXISTS_OR_ADD',
  })),
};

/** What browsers are told on the routes of an entry. */
function readableBy({ allowedOrigins }: Entry): Filters {
  return allowedOrigins === undefined
    ? {}
    : {
        [CORS]: typed('envoy.extensions.filters.http.cors.v3.CorsPolicy', {
          allow_origin_string_match: allowedOrigins.map((origin): StringMatcher => exactly(origin)),
          allow_methods: 'GET, POST, DELETE',
          // Whatever a page asks to send: parameters of tools may be in headers of any name. The star does not stand for the first.
          allow_headers: 'authorization, *',
          expose_headers: '*',
          max_age: '600',
        }),
      };
}

/** What is asked at an entry about web pages, as it is evaluated. */
export function originRule(entry: Entry): EnforcedRule {
  return {
    level: 'filtering',
    ...askedAt(entry)({ policies: policiesOf(entry.allowedOrigins ?? []) }),
    origins: [{ path: entry.origin, property: 'allowedOrigins' }],
    grants: [],
  };
}

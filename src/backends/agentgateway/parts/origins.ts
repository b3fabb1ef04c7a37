import { Part } from './part';
import { anyOf, not, Predicate } from '../../../cel/predicates';
import { celString } from '../../../cel/terms';
import { Entry } from '../../../model/plan';
import { Cors } from '../config/config';
import { headerValue, isAmong } from '../dialect/condition';
import { ruleAt } from '../dialect/rule';

/*
 * Web pages. A browser says in a header where a page comes from that asks; programs send none. A page that nobody allowed is refused,
 * whatever its browser has to show for it: it may be at a name that was made to resolve to the gateway.
 */

/** Header that says which page asks. */
const ORIGIN = 'origin';

/** Which web pages may ask. */
export const origins = {
  features: {
    allowedOrigins: {
      supported: true,
      reason:
        'a request from another origin is 403, after authentication; preflights of allowed ones are answered before it, and those of others with no permission',
    },
  },
  limits: {
    'allowedOrigins.none': {
      supported: true,
      reason:
        'a request from a web page (one with the header `Origin`) that nobody allowed is 403; servers do not see the header',
    },
  },
  rules: entry => [
    ruleAt('request', {
      level: 'filtering',
      expression: originRule(entry),
      origins: [{ path: entry.origin, property: 'allowedOrigins' }],
    }),
  ],
  policies: entry => ({ cors: corsOf(entry), requestHeaderModifier: { remove: [ORIGIN] } }),
} as const satisfies Part;

/** Holds for requests of programs, and of web pages that may ask. */
export function originRule({ allowedOrigins = [] }: Entry): Predicate {
  const absent = not(`${celString(ORIGIN)} in request.headers`);
  return allowedOrigins.length === 0 ? absent : anyOf([absent, isAmong(headerValue(ORIGIN), allowedOrigins)]);
}

/** What browsers are told of an entry that web pages may ask; undefined where none may. */
export function corsOf({ allowedOrigins }: Entry): Cors | undefined {
  return (
    allowedOrigins && {
      allowOrigins: allowedOrigins,
      allowMethods: ['GET', 'POST', 'DELETE'],
      // Whatever a page asks to send: parameters of tools may be in headers of any name.
      allowHeaders: ['*'],
      exposeHeaders: ['*'],
      maxAge: '10m',
    }
  );
}

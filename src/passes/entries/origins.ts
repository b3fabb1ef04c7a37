import { Diagnostic, errorKind, findingOf } from '../../model/findings';
import { Gateway } from '../../model/gateway';
import { Entry } from '../../model/plan';
import { Route } from '../../model/route';

const ORIGIN_NOT_OF_GATEWAY = errorKind(
  'origin-not-of-gateway',
  'is none of those that the gateway {gateway} allows, so that no request from there would pass',
  'Add it to allowedOrigins of the gateway, or drop it here',
);

/** An entry with the origins that may ask there: a route can only allow some of those that its gateway names. */
export function withOrigins(
  entry: Entry,
  { allowedOrigins: all, path: gateway }: Pick<Gateway, 'allowedOrigins' | 'path'>,
  route?: Pick<Route, 'allowedOrigins' | 'path'>,
): { readonly entry: Entry; readonly diagnostics: readonly Diagnostic[] } {
  const allowedOrigins = route?.allowedOrigins ?? all;
  if (allowedOrigins === undefined) {
    return { entry, diagnostics: [] };
  }
  return {
    entry: { ...entry, allowedOrigins },
    diagnostics: allowedOrigins.flatMap((origin, i) =>
      all === undefined || all.includes(origin)
        ? []
        : [findingOf(ORIGIN_NOT_OF_GATEWAY, entry.origin, `allowedOrigins[${i}]`, origin, { gateway })],
    ),
  };
}

import { AgwRoute, Bind, ConnectionPolicies, Rules } from './config/config';
import { INNER_LISTENER, INNER_PORT, SESSION_KEY_VARIABLE } from './config/container';
import { EnvReference, EnvTemplate } from './config/escape';
import { headerValue } from './dialect/condition';

/*
 * The listener by which the gateway reaches itself, for what one route cannot do alone. Its routes would bypass what the outer ones
 * enforce, so it is for nobody else: binds listen on every address, and a team may name a host, for a server of its own, that
 * resolves to the pod. So requests have to come from loopback, and to bring what only the gateway itself can make.
 */

const HEADER = 'x-mcp-inner';
/** A digest of the key that the gateway has from a Secret: that stands in no file, and this is no key of sessions. */
const PROOF = new EnvTemplate(['sha256.encode("inner ', new EnvReference(SESSION_KEY_VARIABLE), '")']);

/** The policies of a connection to the inner listener: those of the connection, and the proof. */
export function withProof({ transformations, ...policies }: ConnectionPolicies): ConnectionPolicies {
  const { request = {}, ...others } = transformations ?? {};
  return {
    ...policies,
    transformations: { ...others, request: { ...request, set: { ...request.set, [HEADER]: PROOF } } },
  };
}

const FROM_ITSELF: Rules = {
  rules: [
    { require: 'cidr("127.0.0.0/8").containsIP(source.rawAddress) || source.rawAddress == "::1"' },
    { require: new EnvTemplate([`${headerValue(HEADER)} == `, ...PROOF.parts]) },
  ],
};

/** The inner listener with its routes. */
export function innerBind(routes: readonly AgwRoute[]): Bind {
  return {
    port: INNER_PORT,
    listeners: [{ name: INNER_LISTENER, protocol: 'HTTP', routes: routes.map(fromItself) }],
  };
}

/** Whatever the route leads to gets no proof. */
function fromItself({
  policies: { authorization, requestHeaderModifier, ...policies } = {},
  ...route
}: AgwRoute): AgwRoute {
  return {
    ...route,
    policies: {
      authorization: { rules: [...FROM_ITSELF.rules, ...(authorization?.rules ?? [])] },
      requestHeaderModifier: {
        ...requestHeaderModifier,
        remove: [...(requestHeaderModifier?.remove ?? []), HEADER],
      },
      ...policies,
    },
  };
}

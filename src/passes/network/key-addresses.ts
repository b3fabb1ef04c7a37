import { alternatives, AuthenticationMethod, PolicyOrigin } from '../../model/policy';

/** An address that something has to be fetched from. */
export interface Address {
  readonly host: string;
  readonly port: number;
  readonly origin: PolicyOrigin;
}

/** Where the keys are that verify tokens, as far as they are fetched. */
export function keyAddresses(
  methods: readonly { readonly method: AuthenticationMethod; readonly origin: PolicyOrigin }[],
): Address[] {
  return methods.flatMap(({ method, origin }) =>
    alternatives(method).flatMap(single =>
      single.kind === 'jwt' && single.keys.kind === 'url' ? [addressOf(single.keys.url, origin)] : [],
    ),
  );
}

/** Host and port of a URL. */
export function addressOf(url: string, origin: PolicyOrigin): Address {
  const { hostname, port, protocol } = new URL(url);
  return {
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? (protocol === 'http:' ? 80 : 443) : Number(port),
    origin,
  };
}

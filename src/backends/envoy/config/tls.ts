import { isIP } from 'net';
import { Any, SdsSecretConfig, Secret, TransportSocket } from './api';
import { extension, fromFile, typed } from './config';
import { CONFIG_DIRECTORY } from './names';
import { UpstreamTls } from '../../../model/server';

/*
 * Secrets that Envoy's connections use. The configuration says in which files of mounted Secrets they are, in a file of its own for
 * each: of a file with two, Envoy takes neither.
 */

/** A reference to a secret by its name. */
export function secretReference(name: string): SdsSecretConfig {
  return { name, sds_config: fromFile(CONFIG_DIRECTORY, secretResource(name)) };
}

/** File of the configuration that says where a secret is. */
export function secretResource(name: string): string {
  return `${name}.yaml`;
}

/** A secret as a resource. */
export function secretOf(secret: Secret): Any {
  return typed('envoy.extensions.transport_sockets.tls.v3.Secret', secret);
}

/** Roots that the image of Envoy has, of its distribution. */
const SYSTEM_ROOTS = '/etc/ssl/certs/ca-certificates.crt';

/** What is spoken over TLS: gRPC takes HTTP/2 alone. */
type Alpn = 'http/1.1' | 'h2';

/** TLS towards a host that the system's roots vouch for. */
export function systemTls(host: string, alpn: Alpn = 'http/1.1'): TransportSocket {
  return tlsTo(host, { insecureSkipVerify: false }, undefined, alpn);
}

/** TLS towards what has a name, or an address, with the certificate of a secret where one is named. */
export function tlsTo(name: string, tls: UpstreamTls, certificate?: string, alpn: Alpn = 'http/1.1'): TransportSocket {
  const address = isIP(name) !== 0;
  const common = {
    alpn_protocols: [alpn],
    ...(certificate === undefined ? {} : { tls_certificate_sds_secret_configs: [secretReference(certificate)] }),
  };
  return extension('envoy.transport_sockets.tls', 'envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext', {
    // Addresses are no names that could be asked for.
    ...(address ? {} : { sni: name }),
    common_tls_context: tls.insecureSkipVerify
      ? common
      : {
          ...common,
          validation_context: {
            trusted_ca: tls.caBundle === undefined ? { filename: SYSTEM_ROOTS } : { inline_string: tls.caBundle },
            match_typed_subject_alt_names: [{ san_type: address ? 'IP_ADDRESS' : 'DNS', matcher: { exact: name } }],
          },
        },
  });
}

import { extension } from './config';
import { secretReference } from './sds';
import { clientAuthorities, secretDirectory, secretFile } from './secrets';
import { GatewayPlan } from '../../model/plan';
import { SecretKey } from '../../model/policy';
import { Json } from '../../values/json';

/** Names of what connections need. */
const CERTIFICATE = 'certificate';
const AUTHORITIES = 'client-authorities';

const TLS = 'envoy.extensions.transport_sockets.tls.v3';

/** TLS towards clients; undefined for plain HTTP. */
export function downstreamTls(plan: GatewayPlan): Json | undefined {
  const asks = clientAuthorities(plan) !== undefined;
  return plan.gateway.tls === undefined
    ? undefined
    : extension('envoy.transport_sockets.tls', `${TLS}.DownstreamTlsContext`, {
        common_tls_context: {
          alpn_protocols: ['h2', 'http/1.1'],
          tls_certificate_sds_secret_configs: [secretReference(CERTIFICATE)],
          ...(asks ? { validation_context_sds_secret_config: secretReference(AUTHORITIES) } : {}),
        },
        ...(asks
          ? {
              require_client_certificate: allAskForCertificates(plan),
              // Of a session that is resumed no certificate is verified, nor would a changed authority count.
              disable_stateless_session_resumption: true,
              disable_stateful_session_resumption: true,
            }
          : {}),
      });
}

/** Whether nobody has any use for a connection without a certificate. */
function allAskForCertificates({ entries }: GatewayPlan): boolean {
  return entries.every(({ policy }) =>
    policy?.authentication.some(({ method }) => method.kind === 'clientCertificate'),
  );
}

/** What connections need from Secrets: files, read again when the folder changes that a Secret is mounted at. */
export function certificates(plan: GatewayPlan): Json[] {
  const { tls } = plan.gateway;
  const authorities = clientAuthorities(plan);
  return tls === undefined
    ? []
    : [
        {
          name: CERTIFICATE,
          tls_certificate: {
            certificate_chain: file(tls.certificate),
            private_key: file(tls.privateKey),
            watched_directory: directory(tls.certificate),
          },
        },
        ...(authorities === undefined
          ? []
          : [
              {
                name: AUTHORITIES,
                validation_context: { trusted_ca: file(authorities), watched_directory: directory(authorities) },
              },
            ]),
      ];
}

function file(key: SecretKey): Json {
  return { filename: secretFile(key) };
}

function directory(key: SecretKey): Json {
  return { path: secretDirectory(key) };
}

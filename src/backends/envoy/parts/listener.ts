import {
  foreignSecrets,
  methodUses,
  refuseMethod,
  secretDirectory,
  secretFile,
  SECRETS_NAMESPACE,
  usesOf,
} from './limits';
import { enforced, part, refused } from './part';
import { Diagnostic } from '../../../model/findings';
import { SecretKey } from '../../../model/policy';
import { canonicalText } from '../../../values/json';
import { refusal } from '../../interface/standing';
import { CommonTlsContext, DataSource, DownstreamTlsContext, WatchedDirectory } from '../config/api';
import { addressRange, extension, secretReference } from '../config/config';
import { METRICS_PORT, READINESS_PORT } from '../config/names';
import { EnvoyPlan } from '../config/plan';

const RESERVED = refused('port.reserved', 'the pod of the gateway uses this port itself', 'choose another port');

/** Where the gateway listens. */
export const ports = part({
  limits: {
    'port.reserved': RESERVED,
    'servers.ownPod': enforced(
      'a server whose name resolves to the pod of the gateway finds nothing there: Envoy is administrated by a socket, statistics and readiness are for those who call the pod by its address',
    ),
  },
  check: ({ gateway: { path, port } }) =>
    [METRICS_PORT, READINESS_PORT].includes(port) ? [refusal(RESERVED, path, 'port', port)] : [],
});

/** Where a caller is, where proxies in front say so. */
export const callerAddress = part({
  features: {
    trustedProxies: enforced(
      "of what comes from these ranges the last address in `X-Forwarded-For` that is in none of them is the caller's: for conditions, limits and the log; " +
        'the header is read of nobody else, and no caller is at an address of the ranges',
    ),
  },
  listener: ({ gateway: { trustedProxies } }) =>
    trustedProxies === undefined
      ? {}
      : {
          manager: {
            use_remote_address: false,
            original_ip_detection_extensions: [
              extension(
                'envoy.http.original_ip_detection.xff',
                'envoy.extensions.http.original_ip_detection.xff.v3.XffConfig',
                // Servers read who called, and through whom, as they do without proxies.
                { xff_trusted_cidrs: { cidrs: trustedProxies.map(addressRange) }, skip_xff_append: false },
              ),
            ],
            // Envoy takes requests for those of its own mesh then, and what they say of themselves for its own words.
            early_header_mutation_extensions: [
              extension(
                'envoy.http.early_header_mutation.header_mutation',
                'envoy.extensions.http.early_header_mutation.header_mutation.v3.HeaderMutation',
                {
                  mutations: [
                    { remove: 'x-request-id' },
                    { remove: 'x-forwarded-proto' },
                    { remove_on_match: { key_matcher: { prefix: 'x-envoy-' } } },
                  ],
                },
              ),
            ],
          },
        },
});

/** Names of what connections need. */
const CERTIFICATE = 'certificate';
const AUTHORITIES = 'client-authorities';

const PLAIN = refused(
  'authentication.clientCertificate.tls',
  'the gateway cannot ask for client certificates without a certificate of its own: it serves plain HTTP',
  'give the gateway its certificate (tls: GatewayTls.fromIssuer or fromSecret)',
);
const SEVERAL = refused(
  'authentication.clientCertificate.several',
  'Envoy cannot ask for client certificates of different authorities: a connection opens before a route is asked for',
  'put the certificates of the authorities into one Secret, or give these routes a gateway of their own',
);

/** TLS towards clients, and the certificates that they show. */
export const downstreamTls = part({
  features: {
    tls: enforced(
      'HTTPS with a certificate from a Secret; a renewed one is read while the pods run, and sessions go on',
    ),
    'authentication.clientCertificate': enforced(
      'of the whole gateway, of some of its routes, or as one choice of several; its common name (CN) is the user; a certificate of another authority is refused wherever it is presented; ' +
        'a changed authority counts for new connections while the pods run',
    ),
    'policy.compliance.encryption': enforced(
      'synthesis fails while the gateway serves plain HTTP or reaches a server outside the cluster by it; with requireEncryption, while any of its connections but those within its pods is plain',
    ),
  },
  limits: {
    'authentication.clientCertificate.tls': PLAIN,
    'authentication.clientCertificate.several': SEVERAL,
    'secrets.namespace': SECRETS_NAMESPACE,
  },
  check: plan => [...checkCertificates(plan), ...checkSecrets(plan)],
  listener: plan =>
    plan.gateway.tls === undefined
      ? {}
      : {
          chain: {
            transport_socket: extension(
              'envoy.transport_sockets.tls',
              'envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext',
              tlsContext(plan),
            ),
          },
        },
  resources: ({ clientAuthorities, gateway: { tls } }) =>
    tls === undefined
      ? {}
      : {
          // Files, read again when the folder changes that a Secret is mounted at.
          secrets: [
            {
              name: CERTIFICATE,
              tls_certificate: {
                certificate_chain: file(tls.certificate),
                private_key: file(tls.privateKey),
                watched_directory: directory(tls.certificate),
              },
            },
            ...(clientAuthorities === undefined
              ? []
              : [
                  {
                    name: AUTHORITIES,
                    validation_context: {
                      trusted_ca: file(clientAuthorities),
                      watched_directory: directory(clientAuthorities),
                    },
                  },
                ]),
          ],
        },
  secretKeys: ({ clientAuthorities, gateway: { tls } }) => [
    ...(tls === undefined ? [] : [tls.certificate, tls.privateKey]),
    ...(clientAuthorities === undefined ? [] : [clientAuthorities]),
  ],
});

/** Client certificates are verified as a connection opens, before it is known which route is asked for: so by one authority. */
function checkCertificates(plan: EnvoyPlan): Diagnostic[] {
  const { policy, tls } = plan.gateway;
  // What the gateway asks for is no less wrong while it serves nothing.
  const asked = [
    ...methodUses(plan),
    ...(policy?.authentication ?? []).flatMap(({ method, origin }) => usesOf(method, origin)),
  ].filter(({ method }) => method.kind === 'clientCertificate');
  const authorities = new Set(asked.map(({ method }) => canonicalText(method)));
  return [
    ...(tls === undefined ? asked.map(use => refuseMethod(PLAIN, use)) : []),
    ...(authorities.size > 1 ? asked.map(use => refuseMethod(SEVERAL, use)) : []),
  ];
}

function checkSecrets({ gateway }: EnvoyPlan): Diagnostic[] {
  const { path, tls } = gateway;
  return tls === undefined
    ? []
    : foreignSecrets([tls.certificate, tls.privateKey], gateway).map(secret =>
        refusal(SECRETS_NAMESPACE, path, 'tls', secret),
      );
}

function tlsContext({ clientAuthorities, entries }: EnvoyPlan): DownstreamTlsContext {
  // Whether nobody has any use for a connection without a certificate.
  const allAsk = entries.every(({ policy }) =>
    policy?.authentication.some(({ method }) => method.kind === 'clientCertificate'),
  );
  const own: CommonTlsContext = {
    alpn_protocols: ['h2', 'http/1.1'],
    tls_certificate_sds_secret_configs: [secretReference(CERTIFICATE)],
  };
  return clientAuthorities === undefined
    ? { common_tls_context: own }
    : {
        common_tls_context: { ...own, validation_context_sds_secret_config: secretReference(AUTHORITIES) },
        require_client_certificate: allAsk,
        // Of a session that is resumed no certificate is verified, nor would a changed authority count.
        disable_stateless_session_resumption: true,
        disable_stateful_session_resumption: true,
      };
}

function file(key: SecretKey): DataSource {
  return { filename: secretFile(key) };
}

function directory(key: SecretKey): WatchedDirectory {
  return { path: secretDirectory(key) };
}

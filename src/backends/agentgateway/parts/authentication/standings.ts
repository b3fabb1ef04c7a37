import { Standing } from '../../../interface/standing';
import { unsupported } from '../part';

/** How agentgateway stands to ways to prove who calls. */
export const FEATURES = {
  'authentication.jwt': {
    supported: true,
    reason:
      'a token of one issuer for each route, or of any of several with Authentication.anyOf; issuer, audience and expiry must be in it',
  },
  'authentication.oidc': {
    supported: true,
    reason: 'each route serves its metadata of RFC 9728, and names it to callers without a good token',
  },
  'authentication.apiKey': {
    supported: true,
    reason: 'from any header, by its SHA-256 hash or from a Secret; a changed Secret counts when the pods start anew',
  },
  'authentication.basic': {
    supported: true,
    reason:
      'against an htpasswd file from a Secret; a changed file counts with the next change of the configuration, or when the pods start anew',
  },
  'authentication.clientCertificate': {
    supported: true,
    reason:
      'on every connection to the gateway; its common name (CN) is the user; a changed authority counts for new connections while the pods run',
  },
  'authentication.anyOf': {
    supported: true,
    reason: 'a wrong credential is refused even beside a right one, unless both would stand in the same place',
  },
} as const satisfies Record<string, Standing>;

/** What it cannot do of them. */
export const LIMITS = {
  'authentication.jwt.several': unsupported(
    'authentication.jwt.several',
    'agentgateway cannot verify two tokens on one route',
    'ask for one token at both levels (audiences may differ), or accept either with Authentication.anyOf at one level',
  ),
  'authentication.jwt.header': unsupported(
    'authentication.jwt.header',
    'agentgateway cannot read the tokens of one route from different headers',
    'read all of them from one header',
  ),
  'authentication.jwt.keys': unsupported(
    'authentication.jwt.keys',
    'agentgateway cannot verify tokens with these keys',
    "give the issuer's public key set as it publishes it (jwks_uri), or its URL",
  ),
  'authentication.jwt.keys.cluster': unsupported(
    'authentication.jwt.keys.cluster',
    'agentgateway cannot fetch keys from the API server: it presents no token there, and does not trust its certificate',
    'give the keys themselves, as `kubectl get --raw /openid/v1/jwks` prints them, or the public URL that they are served at, which clusters of cloud providers have',
  ),
  'authentication.jwt.authority': unsupported(
    'authentication.jwt.authority',
    "agentgateway cannot check the server of an issuer's keys against an authority of your own: it knows the system's roots for that",
    'give the keys themselves (jwks), or serve them by a certificate of a public authority',
  ),
  'authentication.jwt.keyId': unsupported(
    'authentication.jwt.keyId',
    'agentgateway cannot tell these issuers apart: it finds a key by its `kid` alone, and another issuer has a key of the same',
    'give the keys of the issuers different ids',
  ),
  'authentication.oidc.path': unsupported(
    'authentication.oidc.path',
    'agentgateway cannot serve a protected resource at a path that ends with "client-registration": it takes the requests for registrations of OAuth clients',
    'name the route otherwise',
  ),
  'authentication.apiKey.several': unsupported(
    'authentication.apiKey.several',
    'agentgateway cannot verify two API keys on one route',
    'list the keys of both levels at one of them',
  ),
  'authentication.basic.several': unsupported(
    'authentication.basic.several',
    'agentgateway cannot check passwords against two files on one route',
    'use one htpasswd file at both levels',
  ),
  'authentication.clientCertificate.tls': unsupported(
    'authentication.clientCertificate.tls',
    'the gateway cannot ask for client certificates without a certificate of its own: it serves plain HTTP',
    'give the gateway its certificate (tls: GatewayTls.fromIssuer or fromSecret)',
  ),
  'authentication.clientCertificate.partial': unsupported(
    'authentication.clientCertificate.partial',
    'agentgateway cannot ask for client certificates on some routes only, nor for different ones: a connection opens before a route is asked for',
    'ask for them at the gateway, or give these routes a gateway of their own',
  ),
  'authentication.anyOf.clientCertificate': unsupported(
    'authentication.anyOf.clientCertificate',
    'agentgateway cannot take a client certificate as one choice of several: it refuses connections without one',
    'ask for it on a gateway of its own',
  ),
  'authentication.anyOf.oidc': unsupported(
    'authentication.anyOf.oidc',
    'agentgateway cannot tell callers where to get a token while it also takes other credentials',
    'use Authentication.jwt in Authentication.anyOf, or OIDC alone',
  ),
  'authentication.header': unsupported(
    'authentication.header',
    'agentgateway cannot read this and another credential of the policy from one header',
    'read one of them from another header',
  ),
  'secrets.namespace': unsupported(
    'secrets.namespace',
    'the pods of the gateway cannot read a Secret of another namespace than their own',
    'keep the Secret in the namespace of the gateway; give API keys as SHA-256 hashes',
  ),
} as const satisfies Record<string, Standing>;

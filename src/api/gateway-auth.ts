import { boolean, choice, text, textSet } from './codec';
import { secretKey } from './common';
import { object } from './object';

/** Credentials as upstream's sep2025 writes them: of callers, and of the gateway towards a server. */

const credential = (description: string) =>
  object(description, {
    headerName: text('Header that carries the value, for API keys and tokens.'),
    secretRef: secretKey('Secret that holds the value.'),
    value: text('The value itself. Prefer secretRef.'),
  });

const basic = object(
  'User name and password.',
  {
    password: credential('The password.'),
    username: text('The user name.'),
  },
  { required: ['password', 'username'] },
);

const clientCert = object(
  'Client certificates.',
  {
    caRef: credential('CA certificates, in PEM.'),
    certificateRef: credential('The certificate, in PEM.'),
    privateKeyRef: credential('The private key, in PEM.'),
    verifyServerCert: boolean("Whether the server's certificate is verified.", { default: true }),
  },
  { required: ['certificateRef', 'privateKeyRef'] },
);

const jwt = object(
  'JSON Web Tokens.',
  {
    algorithm: choice(
      'Signature algorithm.',
      ['HS256', 'HS384', 'HS512', 'RS256', 'RS384', 'RS512', 'ES256', 'ES384', 'ES512'],
      { default: 'RS256' },
    ),
    audience: text('Audience of the token.'),
    expirationTolerance: text('How long after its expiry a token is accepted.', { default: '30s' }),
    issuer: text('Issuer of the token.'),
    signingKey: credential('Key that signs or verifies.'),
  },
  { required: ['signingKey'] },
);

const oAuth2 = object(
  'OAuth 2 client credentials.',
  {
    clientID: text('The client.'),
    clientSecret: credential('Secret of the client.'),
    scopes: textSet('Scopes to ask for.'),
    tokenURL: text('URL of the token endpoint.'),
  },
  { required: ['clientID', 'clientSecret', 'tokenURL'] },
);

export const auth = (description: string) =>
  object(
    description,
    {
      basic,
      clientCert,
      jwt,
      method: choice('Which method this is.', [
        'None',
        'Bearer',
        'ApiKey',
        'Basic',
        'JWT',
        'ClientCertificate',
        'OAuth2',
      ]),
      oAuth2,
      timeout: text('How long authentication may take.', { default: '30s' }),
      token: credential('The bearer token or API key.'),
    },
    { required: ['method'] },
  );

import { choice, HIDDEN, integer, list, own, text, textList } from './codec';
import { issuerRef, secretKey } from './common';
import { sole } from './mapped';
import { object } from './object';
import { cedarPolicies } from './server-policy';
import { toolGlobProblem } from '../model/names';

/** Who may use a route, for what and how often: shapes of upstream's pr526. */

/** Members that this library adds to upstream's: all optional. */
const apiKey = object(
  'API keys.',
  {
    header: text('Request header that carries the key.', { default: 'X-API-Key' }),
    keys: own(
      list(
        'Accepted keys, with who presents them.',
        object('One key.', {
          groups: textList('Groups of the user.'),
          secretRef: secretKey('Secret that holds the key.'),
          sha256: text('SHA-256 hash of the key, in hexadecimal.', { pattern: '^[0-9a-f]{64}$' }),
          user: text('User that the key stands for.'),
        }),
      ),
    ),
    prefix: own(text('What precedes the key in the header.')),
    secretRefs: list('Secrets that hold accepted keys.', secretKey('One Secret.'), { minItems: 1 }),
  },
  { required: ['header'] },
);

const token = {
  audiences: textList('Audiences, one of which a token must carry.', { minItems: 1 }),
  groupsClaim: own(textList('Path of the claim that lists groups; [groups] by default.')),
  header: own(text('Request header that carries the token; Authorization by default.')),
  issuer: text('Issuer that tokens must name.'),
  jwks: own(text('The signing keys as a JSON Web Key Set.'), HIDDEN),
  jwksURI: text('URL of the signing keys.'),
  prefix: own(text('What precedes the token in the header.')),
  userClaim: own(textList('Path of the claim that names the user; [sub] by default.')),
};

const jwt = object('JSON Web Tokens.', token, { required: ['audiences'] });

const oidc = object(
  'OpenID Connect: JSON Web Tokens for an OAuth 2 protected resource.',
  {
    ...token,
    audiences: own(token.audiences),
    jwksURI: own(token.jwksURI),
    clientID: text('Client the gateway acts as.'),
    clientSecretRef: secretKey('Secret of that client.'),
    scopes: textList('Scopes to ask for.'),
  },
  { required: ['issuer'] },
);

const basic = object(
  'User names and passwords.',
  { htpasswdRef: secretKey('Secret with an htpasswd file.') },
  { required: ['htpasswdRef'] },
);

const clientCertificate = object(
  'Client certificates.',
  {
    caRef: secretKey('Secret with the PEM certificates of the authorities.'),
    issuerRef: issuerRef('Issuer of cert-manager whose authority signs them.'),
  },
  {
    'x-kubernetes-validations': [
      {
        rule: 'has(self.caRef) != has(self.issuerRef)',
        message: 'set exactly one of clientCertificate.caRef and clientCertificate.issuerRef',
      },
    ],
  },
);

const method = { apiKey, basic: own(basic), clientCertificate: own(clientCertificate), jwt, oidc };

const anyOf = list('Methods, one of which must pass.', object('One method.', method));

export const authentication = object('How callers prove who they are; every method set must pass.', {
  ...method,
  allOf: own(
    list(
      'Further methods, all of which must pass.',
      object('One method, or a choice.', {
        ...method,
        anyOf,
      }),
    ),
  ),
  anyOf: own(anyOf),
});

const condition = object(
  'One condition on the request.',
  {
    key: text('Name of the header, for RequestHeader.'),
    operator: choice(
      "How the request's value is compared.",
      ['Equal', 'NotEqual', 'In', 'NotIn', 'Matches', 'NotMatches'],
      { default: 'Equal' },
    ),
    type: choice('What is compared.', ['IPAddress', 'TimeOfDay', 'RequestHeader']),
    value: text('Value to compare with; several are separated by commas.'),
  },
  { required: ['operator', 'type', 'value'] },
);

const permission = object(
  'Actions on tools.',
  {
    // Upstream sets this enum on the array itself, where no array can ever equal one of its strings.
    actions: list('What may be done with the tools.', choice('One action.', ['tools/call', 'tools/list']), {
      minItems: 1,
    }),
    tools: textList(
      'Tool names; globs such as db_* are allowed.',
      { minItems: 1 },
      { problem: toolGlobProblem, remedy: 'Write a tool name, or a glob such as db_*' },
    ),
  },
  { required: ['actions', 'tools'] },
);

const authorizationRule = object(
  'Grants any of the principals any of the permissions while all conditions hold.',
  {
    conditions: list('Conditions, all of which must hold.', condition),
    permissions: list('What is granted.', permission, { minItems: 1 }),
    principals: textList(
      'Who is granted it: user:NAME, group:NAME or serviceaccount:NAMESPACE/NAME; group:system:authenticated is every authenticated caller.',
      { minItems: 1 },
    ),
  },
  { required: ['permissions', 'principals'] },
);

export const authorization = sole(
  'What callers may do; a request passes when some rule grants it.',
  'rules',
  list('Rules.', authorizationRule, { minItems: 1 }),
);

export const authzConfig = cedarPolicies('Policies in Cedar, which must permit besides what authorization says.');

const limit = object(
  'One limit.',
  {
    burst: own(integer('Requests let through at once.', { minimum: 1 })),
    dimension: choice('What is counted separately.', [
      'user',
      'ip',
      'tool',
      'principal',
      'namespace',
      'server',
      'global',
    ]),
    requests: integer('Requests allowed per unit.', { minimum: 1 }),
    tools: textList('Tools the limit holds for; all when empty.'),
    unit: choice('Unit of time.', ['second', 'minute', 'hour', 'day']),
  },
  { required: ['dimension', 'requests', 'unit'] },
);

export const rateLimit = sole(
  'How often callers may use the route.',
  'limits',
  list('Limits, all of which hold.', limit, { minItems: 1 }),
);

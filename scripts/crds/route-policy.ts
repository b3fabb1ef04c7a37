import { secretKey } from './common';
import { choice, int32, list, object, Schema, string, strings } from './schema';

/** Who may use a route, for what and how often: shapes of upstream's pr526. */

const apiKey = object('API keys kept in Secrets.', {
  header: string('Request header that carries the key.', { default: 'X-API-Key' }),
  secretRefs: list('Secrets that hold accepted keys.', secretKey('One Secret.'), { minItems: 1 }),
}, { required: ['header', 'secretRefs'] });

const jwt = object('JSON Web Tokens.', {
  audiences: strings('Audiences, one of which a token must carry.', { minItems: 1 }),
  issuer: string('Issuer that tokens must name.'),
  jwksURI: string('URL of the signing keys.'),
}, { required: ['audiences', 'jwksURI'] });

const oidc = object('OpenID Connect.', {
  clientID: string('Client the gateway acts as.'),
  clientSecretRef: secretKey('Secret of that client.'),
  issuer: string('URL of the issuer.'),
  scopes: strings('Scopes to ask for.'),
}, { required: ['clientID', 'clientSecretRef', 'issuer'] });

export const authentication: Schema = object('How callers prove who they are; every method set must pass.', { apiKey, jwt, oidc });

const condition = object('One condition on the request.', {
  key: string('Name of the header, for RequestHeader.'),
  operator: choice('How the request\'s value is compared.', ['Equal', 'NotEqual', 'In', 'NotIn', 'Matches', 'NotMatches'], { default: 'Equal' }),
  type: choice('What is compared.', ['IPAddress', 'TimeOfDay', 'RequestHeader']),
  value: string('Value to compare with; several are separated by commas.'),
}, { required: ['operator', 'type', 'value'] });

const permission = object('Actions on tools.', {
  // Upstream sets this enum on the array itself, where no array can ever equal one of its strings.
  actions: list('What may be done with the tools.', choice('One action.', ['tools/call', 'tools/list']), { minItems: 1 }),
  tools: strings('Tool names; globs such as db_* are allowed.', { minItems: 1 }),
}, { required: ['actions', 'tools'] });

const authorizationRule = object('Grants any of the principals any of the permissions while all conditions hold.', {
  conditions: list('Conditions, all of which must hold.', condition),
  permissions: list('What is granted.', permission, { minItems: 1 }),
  principals: strings('Who is granted it: user:NAME, group:NAME or serviceaccount:NAMESPACE:NAME.', { minItems: 1 }),
}, { required: ['permissions', 'principals'] });

export const authorization: Schema = object('What callers may do; a request passes when some rule grants it.', {
  rules: list('Rules.', authorizationRule, { minItems: 1 }),
}, { required: ['rules'] });

const limit = object('One limit.', {
  dimension: choice('What is counted separately.', ['user', 'ip', 'tool', 'principal', 'namespace']),
  requests: int32('Requests allowed per unit.', { minimum: 1 }),
  tools: strings('Tools the limit holds for; all when empty.'),
  unit: choice('Unit of time.', ['second', 'minute', 'hour', 'day']),
}, { required: ['dimension', 'requests', 'unit'] });

export const rateLimit: Schema = object('How often callers may use the route.', {
  limits: list('Limits, all of which hold.', limit, { minItems: 1 }),
}, { required: ['limits'] });

import { ToolAction } from '../../../src/model/items';
import {
  AnyOfMethod,
  ApiKeyMethod,
  AuthenticationMethod,
  AuthorizationRule,
  AuthzConfig,
  BasicMethod,
  ClientCertificateMethod,
  EffectivePolicy,
  JwtMethod,
  LevelPolicy,
  Principal,
  RateLimit,
  SingleMethod,
} from '../../../src/model/policy';
import { toolGlob } from '../../../src/model/tool-pattern';
import { effectivePolicy } from '../../../src/passes/policy/merge';

/** A public key set of one key, whose id is the given one. */
export function jwksOf(kid: string): string {
  return JSON.stringify({
    keys: [
      {
        kty: 'EC',
        crv: 'P-256',
        kid,
        x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
        y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
      },
    ],
  });
}

/** Tokens of https://auth.acme.dev in `Authorization`. */
export function jwtOf(options: Partial<JwtMethod> = {}): JwtMethod {
  return {
    kind: 'jwt',
    issuer: 'https://auth.acme.dev',
    audiences: ['mcp'],
    keys: { kind: 'inline', jwks: 'KEYS' },
    header: { name: 'authorization', prefix: 'Bearer ' },
    claims: { user: ['sub'], groups: ['groups'] },
    ...options,
  };
}

/** The same, as the check wants it. */
export function verifiableJwt(options: Partial<JwtMethod> = {}): JwtMethod {
  return jwtOf({ keys: { kind: 'inline', jwks: jwksOf('k1') }, ...options });
}

/** One key by its hash and one in a Secret. */
export function apiKeyOf(options: Partial<ApiKeyMethod> = {}): ApiKeyMethod {
  return {
    kind: 'apiKey',
    header: { name: 'x-api-key', prefix: '' },
    keys: [
      { secret: { kind: 'sha256', hex: 'ab'.repeat(32) }, user: 'bot', groups: ['bots'] },
      { secret: { kind: 'secret', ref: { secretName: 'keys', key: 'ci' } }, groups: [] },
    ],
    ...options,
  };
}

export const BASIC: BasicMethod = { kind: 'basic', htpasswd: { secretName: 'passwords', key: 'htpasswd' } };
export const CERTIFICATE: ClientCertificateMethod = {
  kind: 'clientCertificate',
  ca: { kind: 'secret', ref: { secretName: 'clients', key: 'ca.crt' } },
};

export function anyOf(...methods: readonly SingleMethod[]): AnyOfMethod {
  return { kind: 'anyOf', methods };
}

/** A rule for some principals, as `route.allow` makes it. */
export function allow(
  principals: readonly Principal[],
  tools: readonly string[],
  actions: readonly ToolAction[] = ['tools/call', 'tools/list'],
): AuthorizationRule {
  return {
    principals,
    permissions: [{ tools: tools.map(toolGlob), actions }],
    conditions: [],
    origin: { path: 'app/smart', property: 'allow' },
  };
}

export const user = (name: string): Principal => ({ kind: 'user', name });
export const group = (name: string): Principal => ({ kind: 'group', name });

export function limitOf(
  dimension: RateLimit['dimension'],
  requests: number,
  options: Partial<RateLimit> = {},
): RateLimit {
  return { dimension, requests, unit: 'hour', origin: { path: 'app/smart', property: 'rateLimits[0]' }, ...options };
}

export interface LevelOptions {
  readonly level?: LevelPolicy['level'];
  readonly authentication?: readonly AuthenticationMethod[];
  readonly rules?: readonly AuthorizationRule[];
  readonly rateLimits?: readonly RateLimit[];
  readonly authzConfig?: AuthzConfig;
}

/** A level of a policy, the route's where nothing is said. */
export function levelOf({
  level = 'route',
  authentication = [],
  rules = [],
  rateLimits = [],
  authzConfig,
}: LevelOptions): LevelPolicy {
  const path = `app/${level === 'gateway' ? 'gw' : 'smart'}`;
  return {
    level,
    path,
    authentication: authentication.map((method, i) => ({ method, origin: { path, property: `authentication[${i}]` } })),
    rules,
    rateLimits,
    authzConfig,
  };
}

/** The policy in force under some levels, the outermost first. */
export function policyOf(...levels: readonly LevelOptions[]): EffectivePolicy {
  return effectivePolicy(levels.map(levelOf)).policy;
}

import {
  ApiKey,
  ApiKeyMethod,
  AuthenticationMethod,
  AuthorizationRule,
  BasicMethod,
  JwtMethod,
  LevelPolicy,
  PolicyOrigin,
  RateLimit,
} from '../../../src/model/policy';
import { toolGlob } from '../../../src/model/tool-pattern';

export const ISSUER = 'https://auth.acme.dev';

export function origin(property: string, path = 'app/route'): PolicyOrigin {
  return { path, property };
}

export function jwt(overrides: Partial<JwtMethod> = {}): JwtMethod {
  return {
    kind: 'jwt',
    issuer: ISSUER,
    audiences: ['mcp'],
    keys: { kind: 'url', url: `${ISSUER}/jwks.json` },
    header: { name: 'authorization', prefix: 'Bearer ' },
    claims: { user: ['sub'], groups: ['groups'] },
    ...overrides,
  };
}

export function apiKeys(keys: readonly Partial<ApiKey>[], header = 'x-api-key'): ApiKeyMethod {
  return {
    kind: 'apiKey',
    header: { name: header, prefix: '' },
    keys: keys.map((key, i) => ({ secret: { kind: 'sha256', hex: String(i).padStart(64, '0') }, groups: [], ...key })),
  };
}

export const basic: BasicMethod = { kind: 'basic', htpasswd: { secretName: 'htpasswd', key: 'users' } };

export function rule(overrides: Partial<AuthorizationRule> = {}): AuthorizationRule {
  return {
    principals: [{ kind: 'anyAuthenticated' }],
    permissions: [{ tools: [toolGlob('*')], actions: ['tools/call', 'tools/list'] }],
    conditions: [],
    origin: origin('rules[0]'),
    ...overrides,
  };
}

/** A rule that grants calling and listing tools to principals written as `user:alice`. */
export function grant(
  principals: readonly string[],
  tools: readonly string[],
  overrides: Partial<AuthorizationRule> = {},
): AuthorizationRule {
  return rule({
    principals: principals.map(text => {
      const [kind, name, account] = text.split(':');
      return kind === 'serviceaccount'
        ? { kind: 'serviceAccount', namespace: name, name: account }
        : { kind: kind as 'user' | 'group', name };
    }),
    permissions: [{ tools: tools.map(toolGlob), actions: ['tools/call', 'tools/list'] }],
    ...overrides,
  });
}

export function rate(overrides: Partial<RateLimit> = {}): RateLimit {
  return { dimension: 'user', requests: 100, unit: 'hour', origin: origin('rateLimits[0]'), ...overrides };
}

export interface LevelOptions {
  readonly authentication?: readonly AuthenticationMethod[];
  readonly rules?: readonly AuthorizationRule[];
  readonly rateLimits?: readonly RateLimit[];
}

export function level(kind: LevelPolicy['level'], options: LevelOptions = {}): LevelPolicy {
  const path = `app/${kind}`;
  return {
    level: kind,
    path,
    authentication: (options.authentication ?? []).map((method, i) => ({
      method,
      origin: origin(`authentication[${i}]`, path),
    })),
    rules: options.rules ?? [],
    rateLimits: options.rateLimits ?? [],
  };
}

import * as fc from 'fast-check';

/*
 * Texts, numbers and JSON as users write them, and as nobody should: most are such that what they stand in is accepted, since
 * what is refused at once tells nothing of what comes after.
 */

/** Texts that have been trouble to somebody: to JavaScript, YAML, Kubernetes, regular expressions, CEL or a terminal. */
const TROUBLE = [
  '',
  ' ',
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  '0o17',
  '0B1',
  '1e+1_0',
  'null',
  '~',
  'y',
  'on',
  '-',
  '---',
  '...',
  '<<',
  '=',
  '*a',
  '&a',
  '!tag',
  'a: b',
  'a #b',
  '"',
  "'",
  '\\',
  '\n',
  'a\nb',
  'a\r\n b\n',
  '\t',
  '\u0000',
  '\u001b[2J',
  '\u2028',
  '\ud800',
  '\u202e',
  '${X}',
  '$(X)',
  '%2e%2e',
  '../..',
  '/',
  '//',
  '*',
  '**',
  '*.*',
  '(a+)+$',
  '[',
  '(?<',
  'a'.repeat(64),
  'a'.repeat(300),
  '*a'.repeat(40),
  '127.0.0.1',
  '::1',
  '0.0.0.0/0',
  '10.0.0.1/33',
  'localhost',
  'http://127.0.0.1:15000/',
  'https://a:b@c/',
  'https://example.com/?x=y#z',
  'ftp://example.com',
  'https://*.example.com/',
  '-1',
  '1.5',
  '1e9999',
  'P1D',
  '25:61',
  'Europe/Nowhere',
  '日本語',
  'É',
  '😀',
];

/** Texts that go where names in some property go. */
const FITTING: readonly (readonly [RegExp, readonly string[]])[] = [
  [
    /url|issuer|endpoint|registry|jwks|uri/i,
    ['https://auth.acme.dev', 'https://mcp.example.com/mcp', 'http://crm.finance.svc:8080'],
  ],
  [/image/i, ['ghcr.io/acme/ledger-mcp:1.4.0', 'acme/tools', 'acme/tools:latest']],
  [/package/i, ['kubernetes-mcp-server@0.0.50', 'mcp-server-git@2025.9.25']],
  [/cidr|address|range/i, ['10.0.0.0/8', '192.168.1.1/32', 'fd00::/8', '10.1.2.3']],
  [/host|domain/i, ['mcp.example.com', '*.example.com', 'postgres.finance.svc.cluster.local', 'crm.finance.svc']],
  [/header/i, ['x-team', 'authorization', 'x-api-key', 'Content-Type']],
  [/path|folder/i, ['/mcp', '/data', '/var/lib/x', '/a/b']],
  [/port$/i, ['8080']],
  [/namespace/i, ['finance', 'mcp-system', 'agents']],
  [/tool|pattern|glob|prefix/i, ['db_query', 'db_*', '*_query', '*', 'k8s_.*']],
  [/time|from|until|start|end/i, ['09:00', '17:30', '00:00', '24:00']],
  [/zone/i, ['Europe/Berlin', 'UTC', 'America/New_York']],
  [/claim/i, ['sub', 'groups', 'realm_access.roles', 'https://acme.dev/groups']],
  [/duration|interval|timeout|ttl/i, ['30s', '1m30s', '500ms']],
  [/size|memory|quantity/i, ['64Ki', '1Gi', '500m']],
  [/days?$/i, ['MON', 'monday']],
  [/version/i, ['1.30', '2025-06-18']],
  [/hash|sha/i, ['2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b']],
  [
    /polic/i,
    ['permit(principal, action, resource);', 'permit(principal == User::"alice", action, resource);', '['.repeat(60)],
  ],
];

const NAMES = ['ledger', 'crm', 'k8s', 'alice', 'finance-admins', 'a', 'x1', 'mcp'];

/** A text for a property. */
export function textFor(property: string): fc.Arbitrary<string> {
  const fitting = FITTING.find(([pattern]) => pattern.test(property))?.[1] ?? NAMES;
  return fc.oneof(
    { weight: 200, arbitrary: fc.constantFrom(...fitting) },
    { weight: 5, arbitrary: fc.constantFrom(...NAMES) },
    { weight: 3, arbitrary: fc.constantFrom(...TROUBLE) },
    { weight: 1, arbitrary: fc.fullUnicodeString({ maxLength: 12 }) },
  );
}

/** A number for a property. */
export function numberFor(property: string): fc.Arbitrary<number> {
  const fitting = /port/i.test(property) ? [8080, 443, 9000] : [1, 2, 3, 5, 10, 90, 100, 429, 503];
  return fc.oneof(
    { weight: 90, arbitrary: fc.constantFrom(...fitting) },
    {
      weight: 2,
      arbitrary: fc.constantFrom(0, -1, -0, 0.5, 65536, 1e6, 2 ** 31, 2 ** 53, 1e21, NaN, Infinity, -Infinity),
    },
    { weight: 1, arbitrary: fc.integer() },
  );
}

/** Names of fields that pods and schemas have, among others. */
const KEYS = [
  'spec',
  'metadata',
  'name',
  'containers',
  'labels',
  'env',
  'volumes',
  'value',
  'type',
  'items',
  'a',
  '__proto__',
  'constructor',
];

/** Any JSON. */
export const json: fc.Arbitrary<unknown> = fc.letrec(tie => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.oneof(textFor(''), numberFor('').filter(Number.isFinite), fc.boolean(), fc.constant(null)),
    fc.array(tie('value'), { maxLength: 2 }),
    // With `__proto__` as a key of its own, as JSON.parse makes it.
    fc.array(fc.tuple(fc.constantFrom(...KEYS), tie('value')), { maxLength: 3 }).map(entries => {
      const object = {};
      entries.forEach(([key, value]) =>
        Object.defineProperty(object, key, { value, enumerable: true, writable: true, configurable: true }),
      );
      return object;
    }),
  ),
})).value;

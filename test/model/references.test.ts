import { selects } from '../../src/model/references';
import { gatewayKey, routePath } from '../../src/model/route';
import { formatServerRef, serverKey } from '../../src/model/server';
import { formatDuration, formatLongDuration } from '../../src/values/quantities';

it('keys tell kinds and namespaces apart', () => {
  const refs = [
    { kind: 'MCPServer' as const, namespace: 'a', name: 'x' },
    { kind: 'MCPServer' as const, namespace: 'b', name: 'x' },
    { kind: 'ClusterMCPServer' as const, name: 'x' },
  ];
  expect(new Set(refs.map(serverKey)).size).toBe(3);
  expect(refs.map(formatServerRef)).toEqual(['MCPServer a/x', 'MCPServer b/x', 'ClusterMCPServer x']);
  expect(gatewayKey({ kind: 'MCPGateway', namespace: 'a', name: 'x' })).not.toBe(
    gatewayKey({ kind: 'ClusterMCPGateway', name: 'x' }),
  );
});

it('routes have a path of their own on the gateway', () => {
  expect(routePath({ namespace: 'finance', name: 'smart' })).toBe('/routes/finance/smart');
});

it.each([
  [90_000, '90s'],
  [1500, '1500ms'],
  [0, '0s'],
])('formats %p milliseconds as %p', (milliseconds, text) => {
  expect(formatDuration(milliseconds)).toBe(text);
});

it.each([
  [7_776_000_000, '2160h'],
  [5_400_000, '1h30m'],
  [3_661_001, '1h1m1s1ms'],
  [0, '0s'],
])('formats %p milliseconds as the long %p', (milliseconds, text) => {
  expect(formatLongDuration(milliseconds)).toBe(text);
});

const requirement = (operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist', ...values: string[]) => ({
  matchLabels: {},
  matchExpressions: [{ key: 'tier', operator, values }],
});

it.each([
  ['labels that are there', { matchLabels: { tier: 'gold' }, matchExpressions: [] }, true],
  ['a label of another value', { matchLabels: { tier: 'silver' }, matchExpressions: [] }, false],
  ['one of two labels missing', { matchLabels: { tier: 'gold', zone: 'a' }, matchExpressions: [] }, false],
  ['nothing asked', { matchLabels: {}, matchExpressions: [] }, true],
  ['In', requirement('In', 'silver', 'gold'), true],
  ['In of others', requirement('In', 'silver'), false],
  ['NotIn', requirement('NotIn', 'gold'), false],
  ['NotIn of others', requirement('NotIn', 'silver'), true],
  ['Exists', requirement('Exists'), true],
  ['DoesNotExist', requirement('DoesNotExist'), false],
  [
    'labels and expressions, one of which fails',
    { matchLabels: { tier: 'gold' }, matchExpressions: requirement('DoesNotExist').matchExpressions },
    false,
  ],
])('%s', (_, selector, selected) => {
  expect(selects(selector, { tier: 'gold' })).toBe(selected);
});

it.each([
  ['In', false],
  ['NotIn', true],
  ['Exists', false],
  ['DoesNotExist', true],
] as const)('a missing label meets %s as in Kubernetes', (operator, selected) => {
  expect(selects(requirement(operator, 'gold'), {})).toBe(selected);
});

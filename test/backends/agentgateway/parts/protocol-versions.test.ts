import { accessOf } from '../../../../src/backends/agentgateway/client-policies';
import { ConditionalResponse } from '../../../../src/backends/agentgateway/config/config';
import { evaluate } from '../../../../src/backends/agentgateway/dialect/evaluate';
import {
  negotiation,
  protocolVersions,
  versionHeader,
  versionRule,
} from '../../../../src/backends/agentgateway/parts/protocol-versions';
import { celObject, fromJson } from '../../../../src/cel/evaluate';
import { celString } from '../../../../src/cel/terms';
import { ProtocolVersions, TrafficPolicy } from '../../../../src/model/traffic-policy';
import { entryOf, gatewayOf, groupOf, serverOf } from '../../../support/literals';

const VERSIONS: ProtocolVersions = { minimum: '2025-06-18', preferred: '2025-06-18', negotiable: true, strict: false };

function admits(versions: ProtocolVersions, message: object, version?: string, method = 'POST'): boolean {
  const request = celObject({
    method,
    headers: fromJson(version === undefined ? {} : { 'mcp-protocol-version': version }),
    body: new TextEncoder().encode(method === 'POST' ? JSON.stringify(message) : ''),
  });
  const outcome = evaluate(versionRule(versions), { request });
  return outcome.kind === 'value' && outcome.value;
}

const traffic = (policy: Partial<TrafficPolicy>): TrafficPolicy => ({ path: 'mcp/gateway', demands: [], ...policy });

const open = (protocolVersion?: string) => ({
  method: 'initialize',
  params: protocolVersion === undefined ? {} : { protocolVersion },
});
const CALL = { method: 'tools/call' };

/** All of these were seen on agentgateway 1.4.1. */
test.each<[string, ProtocolVersions, boolean[]]>([
  ['from the oldest on', VERSIONS, [true, true, false, false, true, true]],
  ['up to the newest', { ...VERSIONS, maximum: '2025-06-18' }, [true, false, false, false, true, true]],
  ['listed ones', { ...VERSIONS, supported: ['2025-11-25'] }, [false, true, false, false, true, true]],
  ['old ones, which name none', { ...VERSIONS, minimum: '2025-03-26' }, [true, true, true, true, true, true]],
  ['without negotiation', { ...VERSIONS, negotiable: false }, [true, true, false, false, true, false]],
  ['strictly', { ...VERSIONS, strict: true, minimum: '2025-03-26' }, [true, true, true, false, true, true]],
])('versions %s', (_, versions, [older, newer, oldest, none, opening, openingOld]) => {
  expect(['2025-06-18', '2025-11-25', '2025-03-26', undefined].map(version => admits(versions, CALL, version))).toEqual(
    [older, newer, oldest, none],
  );
  expect([
    admits(versions, open('2025-11-25')) || versions.maximum !== undefined,
    admits(versions, open('2025-03-26')),
  ]).toEqual([opening, openingOld]);
});

test('streams and ends of sessions name their version too', () => {
  expect([
    admits(VERSIONS, {}, '2025-06-18', 'GET'),
    admits(VERSIONS, {}, undefined, 'GET'),
    admits(VERSIONS, {}, '2025-06-18', 'DELETE'),
  ]).toEqual([true, false, true]);
});

test('what is no version is none', () => {
  expect(['zzz', '2025-06-18x'].map(version => admits(VERSIONS, CALL, version))).toEqual([false, false]);
  expect(['zzz', undefined].map(version => admits({ ...VERSIONS, negotiable: false }, open(version)))).toEqual([
    false,
    false,
  ]);
});

test('servers are proposed what is accepted', () => {
  expect(negotiation({ ...VERSIONS, supported: ['2025-06-18'] })[0]).toBe(
    'has(m.method) && m.method == "initialize" && !(m.params.protocolVersion in ["2025-06-18"]) ? m["params"].merge({"protocolVersion": "2025-06-18"}).with(v, m.merge({"params": v})) : m',
  );
  expect(negotiation({ ...VERSIONS, negotiable: false })).toEqual([]);
  expect(versionHeader(traffic({ protocolVersion: VERSIONS }))).toEqual({ 'mcp-protocol-version': '2025-06-18' });
});

type Message = { readonly id?: number; readonly method: string; readonly params?: object };

/**
 * Whether the gateway itself answers a request with 400 and the versions that are spoken; undefined where the request goes on.
 * Conditions are asked in their order.
 */
function isTold(
  policy: Partial<TrafficPolicy>,
  message: Message,
  version: string | undefined,
  supported: readonly string[],
  requested = version,
): boolean | undefined {
  const entry = entryOf([groupOf('default', [serverOf('ledger')])], { traffic: traffic(policy) });
  const request = celObject({
    method: 'POST',
    headers: fromJson(version === undefined ? {} : { 'mcp-protocol-version': version }),
    body: new TextEncoder().encode(JSON.stringify(message)),
  });
  const holds = (expression: string): boolean => {
    const outcome = evaluate(expression, { request });
    return outcome.kind === 'value' && outcome.value;
  };
  const { policies } = accessOf(entry, gatewayOf());
  const { conditional } = policies.directResponse as { readonly conditional: readonly ConditionalResponse[] };
  const answer = conditional.find(({ condition }) => holds(condition));
  const error = { code: -32022, message: 'Unsupported protocol version', data: { supported, requested } };
  const expected = JSON.stringify({ jsonrpc: '2.0', id: message.id ?? null, error });
  return answer && answer.status === 400 && holds(`${answer.bodyExpression} == ${celString(expected)}`);
}

const DISCOVER = { id: 7, method: 'server/discover' };
const SESSIONS = ['2025-11-25', '2025-06-18', '2025-03-26', '2024-11-05'];

/** By -32022 and the list, clients of both eras find what they can speak; 403 would end them. */
describe('a client that speaks another version is told which are spoken', () => {
  it.each<[string, Partial<TrafficPolicy>, readonly string[]]>([
    ['without sampling', { sampling: { enabled: false } }, SESSIONS],
    ['without elicitation', { elicitation: { enabled: false } }, SESSIONS],
    ['with one version', { protocolVersion: { ...VERSIONS, supported: ['2025-11-25'] } }, ['2025-11-25']],
    [
      'with some and without questions',
      { protocolVersion: { ...VERSIONS, minimum: '2025-06-18' }, sampling: { enabled: false } },
      ['2025-11-25', '2025-06-18'],
    ],
  ])('%s', (_, policy, supported) => {
    expect(isTold(policy, DISCOVER, '2026-07-28', supported)).toBe(true);
    expect(isTold(policy, CALL, '2025-11-25', [])).toBeUndefined();
    expect(isTold(policy, open('2025-11-25'), undefined, [])).toBeUndefined();
  });

  it('with the version without sessions alone, without being strict', () => {
    const only = { protocolVersion: { ...VERSIONS, supported: ['2026-07-28'], preferred: '2026-07-28' } };
    const supported = ['2026-07-28'];
    expect(isTold(only, DISCOVER, '2026-07-28', [])).toBeUndefined();
    expect(isTold(only, open('2025-11-25'), undefined, supported, '2025-11-25')).toBe(true);
    expect(isTold(only, CALL, '2025-11-25', supported)).toBe(true);
    expect(isTold(only, CALL, undefined, supported, '')).toBe(true);
    expect(negotiation(only.protocolVersion)).toEqual([]);
  });
});

test('servers with sessions are proposed the newest accepted version that has them', () => {
  const preferred = { ...VERSIONS, preferred: '2026-07-28' };
  expect(negotiation(preferred)[0]).toContain('merge({"protocolVersion": "2025-11-25"})');
});

test('a version that answers questions, alone, is none where questions are not allowed', () => {
  const policy = traffic({ protocolVersion: { ...VERSIONS, minimum: '2026-07-28' }, elicitation: { enabled: false } });
  const plan = { gateway: gatewayOf({ traffic: policy }), entries: [] };
  expect(protocolVersions.check(plan)).toEqual([
    expect.objectContaining({ property: 'protocolVersion', value: ['2026-07-28'] }),
  ]);
});

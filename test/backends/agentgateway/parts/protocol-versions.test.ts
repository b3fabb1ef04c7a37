import { evaluate } from '../../../../src/backends/agentgateway/dialect/evaluate';
import { negotiation, versionHeader, versionRule } from '../../../../src/backends/agentgateway/parts/protocol-versions';
import { celObject, fromJson } from '../../../../src/cel/evaluate';
import { ProtocolVersions } from '../../../../src/model/traffic-policy';

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
  expect(versionHeader(VERSIONS)).toEqual({ 'mcp-protocol-version': '2025-06-18' });
});

import { bodyRule, piiRule, requestChanges, responseChanges } from '../../../../src/backends/agentgateway/parts/bodies';
import { BodyFilter, Filtering, PiiDetection } from '../../../../src/model/traffic-policy';

const filtering = (...bodyFilters: readonly BodyFilter[]): Filtering => ({ headerFilters: [], bodyFilters });
const regex = (action: BodyFilter['action'], pattern = 'x'): BodyFilter => ({ type: 'Regex', action, pattern });
const path = (action: BodyFilter['action'], pattern = '$.params.arguments.pin'): BodyFilter => ({
  type: 'JSONPath',
  action,
  pattern,
});
const size = (pattern: string): BodyFilter => ({ type: 'Size', action: 'Deny', pattern });
const pii = (action: PiiDetection['action']): PiiDetection => ({
  action,
  data: [
    { name: 'a', pattern: 'x' },
    { name: 'b', pattern: 'y' },
  ],
});

it('looks at messages as they mean, however they were written', () => {
  expect(bodyRule(regex('Deny', '\\d'))).toBe(
    'request.method != "POST" || !(toJson(json(request.body)).matches("[0-9]"))',
  );
  expect(bodyRule(path('Deny', '$.params'))).toBe('request.method != "POST" || !("params" in json(request.body))');
  expect([regex('Redact'), path('Remove'), size('1Ki')].map(bodyRule)).toEqual([undefined, undefined, undefined]);
});

it('looks for personal data in what a request is about, not in its id', () => {
  const params = 'toJson(default(json(request.body).params, {}))';
  expect(piiRule(pii('Block'))).toBe(`request.method != "POST" || !(${params}.matches("x") || ${params}.matches("y"))`);
  expect([pii('Log'), pii('Redact')].map(piiRule)).toEqual([undefined, undefined]);
});

describe('changes', () => {
  const policy = { path: 'app/gw', demands: [] };

  it('to requests are made in their arguments', () => {
    expect(
      requestChanges({
        ...policy,
        requestFiltering: filtering(path('Remove'), path('Redact'), regex('Deny'), size('1Ki')),
      }),
    ).toEqual([
      '"params" in m && "arguments" in m["params"] && "pin" in m["params"]["arguments"] ? m["params"].merge({"arguments": m["params"]["arguments"].filterKeys(k, k != "pin")}).with(v, m.merge({"params": v})) : m',
      '"params" in m && "arguments" in m["params"] && "pin" in m["params"]["arguments"] ? m["params"]["arguments"].merge({"pin": "[redacted]"}).with(v, m["params"].merge({"arguments": v})).with(v, m.merge({"params": v})) : m',
    ]);
    const [change, ...others] = requestChanges({
      ...policy,
      requestFiltering: filtering(regex('Remove')),
      compliance: { pii: pii('Redact') },
    });
    expect(others).toEqual([change.replace(/"arguments"/g, '"inputResponses"')]);
    expect(change).toMatch(
      /^"params" in m && "arguments" in m\["params"\] \? m\["params"\]\.merge\(\{"arguments": json\(toJson\(m\["params"\]\["arguments"\]\)\.with\(t, t\.regexReplace\("x", ""\)/,
    );
    expect(change.match(/\.with\(t, /g)).toHaveLength(6);
  });

  it('to answers are made in results, errors and notifications', () => {
    const changes = responseChanges({
      ...policy,
      responseFiltering: { ...filtering(regex('Deny')), removeInternalHeaders: true },
    });
    expect(changes.map(change => change.slice(0, change.indexOf('?')))).toEqual([
      '"result" in m ',
      '"error" in m ',
      '"params" in m ',
    ]);
    expect(changes[0]).toContain('json(toJson(m["result"]).with(t, t.matches("x") ? fail("refused") : t))');
  });

  it('are none where nothing is to change', () => {
    expect(
      requestChanges({ ...policy, requestFiltering: filtering(regex('Deny')), compliance: { pii: pii('Block') } }),
    ).toEqual([]);
    expect(
      responseChanges({
        ...policy,
        responseFiltering: { ...filtering(size('1Ki')), removeInternalHeaders: true },
        compliance: { pii: pii('Log') },
      }),
    ).toEqual([]);
  });
});

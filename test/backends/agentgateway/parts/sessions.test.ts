import { EnvReference, EnvTemplate, escapeDollars } from '../../../../src/backends/agentgateway/config/escape';
import {
  sessionRequest,
  sessionResponse,
  sessionRule,
  sessionTtl,
} from '../../../../src/backends/agentgateway/parts/sessions';
import { SessionIsolation } from '../../../../src/model/traffic-policy';
import { entryOf, groupOf, serverOf } from '../../../support/literals';
import { jwtOf, policyOf } from '../policy-fixtures';

const STRICT: SessionIsolation = {
  mode: 'strict',
  lifetime: 60_000,
  sharing: false,
  sharedData: [],
  resourceBoundaries: true,
  auditLevel: 'None',
};
const entry = entryOf([groupOf('default', [serverOf('ledger')])], { policy: policyOf({ authentication: [jwtOf()] }) });
const textOf = (template: unknown) => escapeDollars(template) as string;

it('signs what is asked for later: the id, its time, the route and the caller', () => {
  const rule = textOf(sessionRule(entry, STRICT).require);
  expect(rule).toMatch(
    /^!\("mcp-session-id" in request\.headers\) \|\| default\(\(has\(jwt\.sub\)\) \? .*, ""\) != "" && /,
  );
  expect(rule).toContain(
    'request.headers.join()["mcp-session-id"].split("~").with(p, size(p) == 3 && p[2] == sha256.encode(',
  );
  expect(rule).toContain('toJson([p[0], p[1], "/routes/finance/smart", default(');
  const [, set] = Object.entries(sessionResponse(entry, STRICT).set!)[0];
  expect(textOf(set)).toContain(
    'toJson([response.headers["mcp-session-id"], string(request.startTime), "/routes/finance/smart", default(',
  );
});

it('asks for no caller where that is not wanted', () => {
  const rule = textOf(sessionRule(entry, { ...STRICT, mode: 'relaxed' }).require);
  expect(rule).toContain('"/routes/finance/smart", ""]');
  expect(rule).not.toContain('!= ""');
});

it('has the key by reference', () => {
  const { require } = sessionRule(entry, STRICT);
  expect(require).toBeInstanceOf(EnvTemplate);
  expect((require as EnvTemplate).parts.filter(part => part instanceof EnvReference)).toEqual([
    new EnvReference('SESSION_KEY'),
    new EnvReference('SESSION_KEY'),
  ]);
});

it('takes off what it added before the request goes on', () => {
  expect(sessionRequest({ ...STRICT, lifetime: 1500 })).toEqual({
    metadata: {
      sessionOver:
        'timestamp(request.headers.join()["mcp-session-id"].split("~")[1]) + duration("1500ms") <= timestamp(string(request.startTime))',
    },
    set: { 'mcp-session-id': 'request.headers.join()["mcp-session-id"].split("~")[0]' },
  });
});

it('keeps no session in memory longer than it lasts', () => {
  expect([undefined, STRICT, { ...STRICT, lifetime: 3_600_000 }].map(sessionTtl)).toEqual([
    undefined,
    '60s',
    undefined,
  ]);
});

import { App, Chart } from 'cdk8s';
import { describeWithEnvoy } from './end-to-end/describe';
import { ISSUER } from './end-to-end/identities';
import { McpCaller, messagesIn } from './end-to-end/mcp-caller';
import { RunningApp } from './end-to-end/running-app';
import { StatelessCaller } from './end-to-end/stateless-caller';
import { StatelessServer } from './end-to-end/stateless-server';
import {
  AccessMatrix,
  AccessQuestion,
  Authentication,
  GatewayDataPlane,
  McpGateway,
  McpRoute,
  McpServer,
  McpServerSource,
  McpSessions,
  Principal,
  ToolAction,
} from '../../src';
import { objectsOf } from '../support/synth';

/* What a real Envoy lets callers ask of prompts, resources, completions and tasks is what AccessMatrix says. */

type Asked = Omit<AccessQuestion, 'route' | 'principal'>;

const CALL = [ToolAction.CALL];

const URIS = [
  'memo://secret',
  'memo://other',
  'file:///reports/sales',
  'file:///reports/../secret',
  'file:///reports/%2E%2e/secret',
  'file:///reports/..%2fsecret',
  'file:///reports/..\\secret',
  'file:///reports/"é',
  'FILE:///reports/sales',
  '',
];

/** Requests, and the question that each is. */
const REQUESTS: readonly [string, object, Asked][] = [
  ...['summary', 'report_sales', 'other', 'réport "x"\\', ''].flatMap((name): [string, object, Asked][] => [
    ['prompts/get', { name }, { prompt: name }],
    ['completion/complete', completionOf({ type: 'ref/prompt', name }), { prompt: name, completion: true }],
  ]),
  ...URIS.flatMap((uri): [string, object, Asked][] => [
    ['resources/read', { uri }, { resource: uri }],
    ['resources/subscribe', { uri }, { resource: uri }],
    ['resources/unsubscribe', { uri }, { resource: uri }],
    ['completion/complete', completionOf({ type: 'ref/resource', uri }), { resource: uri, completion: true }],
  ]),
  ['prompts/list', {}, { prompt: 'x', action: ToolAction.LIST }],
  ['resources/list', {}, { resource: 'memo://x', action: ToolAction.LIST }],
  ['resources/templates/list', {}, { resource: 'memo://x', action: ToolAction.LIST }],
  ...['tasks/get', 'tasks/update', 'tasks/result', 'tasks/cancel'].map((method): [string, object, Asked] => [
    method,
    { taskId: 'x' },
    { tool: 'query', undeclared: true, task: true },
  ]),
  ['tools/call', { name: 'query', arguments: {} }, { tool: 'query', undeclared: true }],
];

function completionOf(ref: object): object {
  return { ref, argument: { name: 'a', value: 'b' } };
}

/** What nobody is granted, whoever asks. */
const NOBODY: readonly [string, object][] = [
  ['tasks/list', {}],
  ['prompts/get', { uri: 'summary' }],
  ['prompts/get', { name: ['summary'] }],
  ['resources/read', { name: 'memo://secret' }],
  ['resources/read', { uri: { a: 'memo://secret' } }],
  ['resources/read', { uri: ['memo://secret'] }],
  ['completion/complete', completionOf({ name: 'summary' })],
  ['completion/complete', completionOf({ type: 'ref/prompt', uri: 'memo://secret' })],
  ['completion/complete', completionOf({ type: 'ref/resource', name: 'summary' })],
  ['completion/complete', { ref: [{ type: 'ref/prompt', name: 'summary' }] }],
];

/** What could be read in more than one way. */
const AMBIGUOUS: readonly string[] = [
  '{"jsonrpc":"2.0","id":1,"method":"resources/read","params":{"uri":"memo://secret","URI":"memo://other"}}',
  '{"jsonrpc":"2.0","id":1,"method":"resources/read","params":{"uri":"memo://secret","uri":"memo://other"}}',
  '{"jsonrpc":"2.0","id":1,"method":"completion/complete","params":{"ref":{"type":"ref/prompt","name":"summary","uri":"memo://other"}}}',
  '{"jsonrpc":"2.0","id":1,"method":"completion/complete","params":{"ref":{"type":"ref/prompt","Type":"ref/resource","name":"summary"}}}',
];

describeWithEnvoy('prompts, resources, completions and tasks', envoy => {
  const app = new App();
  const chart = new Chart(app, 'finance', { namespace: 'finance' });
  const route = new McpRoute(chart, 'books', {
    gateway: new McpGateway(chart, 'gateway', { dataPlane: GatewayDataPlane.envoy() }),
    backends: [{ server: new McpServer(chart, 'ledger', { source: McpServerSource.image('ghcr.io/acme/ledger:1') }) }],
    authentication: [Authentication.jwt({ issuer: ISSUER.issuer, audiences: ['mcp'], jwks: ISSUER.jwks })],
  });
  route.allow(Principal.user('tools'), { tools: ['*'] });
  route.allow(Principal.user('all'), {
    prompts: ['*'],
    resources: ['*'],
    tools: ['*'],
    completions: true,
    tasks: true,
  });
  route.allow(Principal.user('some'), {
    prompts: ['summary', 'report_*', 'réport "*'],
    resources: ['memo://secret', 'file:///reports/*'],
    actions: CALL,
  });
  route.allow(Principal.user('completes'), {
    prompts: ['report_*'],
    resources: ['file:///reports/*'],
    actions: CALL,
    completions: true,
  });
  const USERS = ['tools', 'all', 'some', 'completes'];
  const tokenOf = (sub: string) => ({ authorization: `Bearer ${ISSUER.token({ aud: 'mcp', sub })}` });

  let running: RunningApp;
  beforeAll(async () => {
    running = await envoy().start(objectsOf(app));
  });
  afterAll(() => running.stop());

  const callerOf = async (user: string): Promise<McpCaller> => {
    const caller = new McpCaller(`${running.gateway().url}/routes/finance/books`, { headers: tokenOf(user) });
    expect((await caller.open()).status).toBe(200);
    return caller;
  };

  test.each(USERS)('%s may ask for what AccessMatrix says', async user => {
    const access = AccessMatrix.of(app);
    const caller = await callerOf(user);
    const passed = { yes: 0, no: 0 };
    try {
      for (const [method, params, asked] of REQUESTS) {
        const { allowed } = access.decide({ route, principal: Principal.user(user), ...asked });
        const { status } = await caller.post(method, params);
        expect([method, params, status === 403 ? 'denied' : 'allowed']).toEqual([
          method,
          params,
          allowed ? 'allowed' : 'denied',
        ]);
        passed[allowed ? 'yes' : 'no']++;
      }
      const all = user === 'all';
      for (const [method, params] of NOBODY) {
        expect([method, params, (await caller.post(method, params)).status]).toEqual([method, params, 403]);
      }
      for (const body of AMBIGUOUS) {
        expect([body, (await caller.raw({ body })).status]).toEqual([body, 400]);
      }
      expect(passed.no > 0).toBe(!all);
      expect(passed.yes).toBeGreaterThan(0);
    } finally {
      caller.close();
    }
  });

  it('answers what servers answer', async () => {
    const caller = await callerOf('some');
    const read = messagesIn((await caller.post('resources/read', { uri: 'memo://secret' })).body);
    expect(read[0].result.contents[0].text).toBe('secret');
    expect(messagesIn((await caller.post('prompts/get', { name: 'summary' })).body)[0].result.messages).toHaveLength(1);
    caller.close();
  });
});

describeWithEnvoy('streams of changes of resources', envoy => {
  it('is for whom may read them: one of them, or any number where all are granted', async () => {
    const app = new App();
    const chart = new Chart(app, 'finance', { namespace: 'finance' });
    const server = await StatelessServer.start('ledger');
    const route = new McpRoute(chart, 'books', {
      gateway: new McpGateway(chart, 'gateway', { dataPlane: GatewayDataPlane.envoy() }),
      backends: [
        {
          server: new McpServer(chart, 'ledger', {
            source: McpServerSource.image('ghcr.io/acme/ledger:2'),
            sessions: McpSessions.STATELESS,
          }),
        },
      ],
      authentication: [Authentication.jwt({ issuer: ISSUER.issuer, audiences: ['mcp'], jwks: ISSUER.jwks })],
    });
    route.allow(Principal.user('all'), { resources: ['*'], actions: CALL });
    route.allow(Principal.user('some'), { resources: ['memo://secret', 'file:///reports/*'], actions: CALL });
    const running = await envoy().start(objectsOf(app), { elsewhere: { 'finance/ledger': server.address } });
    const listen = async (sub: string, resourceSubscriptions: unknown): Promise<number> => {
      const headers = { authorization: `Bearer ${ISSUER.token({ aud: 'mcp', sub })}` };
      const caller = new StatelessCaller(`${running.gateway().url}/routes/finance/books`, { headers });
      const stream = await caller.listen({ toolsListChanged: true, resourceSubscriptions });
      stream.close();
      caller.close();
      return stream.status;
    };
    try {
      expect(await listen('some', ['memo://secret'])).toBe(200);
      expect(await listen('some', ['file:///reports/sales'])).toBe(200);
      expect(await listen('some', ['file:///reports/../secret'])).toBe(403);
      expect(await listen('some', ['memo://other'])).toBe(403);
      expect(await listen('some', ['memo://secret', 'memo://other'])).toBe(403);
      expect(await listen('some', ['memo://secret', 'memo://secret'])).toBe(403);
      expect(await listen('all', ['memo://secret', 'memo://other'])).toBe(200);
      expect(await listen('all', [['memo://secret']])).toBe(403);
      expect(await listen('all', { a: 'memo://secret' })).toBe(403);
    } finally {
      await running.stop();
      await server.stop();
    }
  });
});

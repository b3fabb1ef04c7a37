import * as fc from 'fast-check';
import { parse } from 'yaml';
import { planArbitrary } from './plan-arbitrary';
import { agentgateway } from '../../../src/backends/agentgateway';
import { BUCKETS } from '../../../src/backends/agentgateway/buckets';
import { AgwConfig, AgwRoute, ConnectionPolicies } from '../../../src/backends/agentgateway/config/config';
import { escapeDollars } from '../../../src/backends/agentgateway/config/escape';
import { configOf } from '../../../src/backends/agentgateway/render';
import { resolvedConfig } from '../../support/agentgateway-config';
import { entryOf, gatewayOf, groupOf, planOf, serverOf } from '../../support/literals';

const ledger = serverOf('ledger');
const listeners = (config: AgwConfig) => config.binds.flatMap(bind => bind.listeners);

it('means its own variables, and the text of users as it is', () => {
  const text = agentgateway.configure(
    planOf(
      [groupOf('default', [ledger])],
      {},
      { accessLog: [{ name: 'cost', source: { kind: 'literal', value: '${COST}' } }] },
    ),
  ).files['config.yaml'];
  const { config, frontendPolicies } = parse(text);
  expect(config).toMatchObject({ adminAddr: 'off', session: { key: '${SESSION_KEY}' } });
  expect(frontendPolicies.accessLog.add).toEqual({ cost: '"$${COST}"' });
});

it('writes a gateway that serves nothing yet', () => {
  expect(parse(agentgateway.configure({ gateway: gatewayOf(), entries: [] }).files['config.yaml']).binds).toEqual([
    { port: 8080, listeners: [{ name: 'mcp', protocol: 'HTTP', routes: [] }] },
  ]);
});

it('writes each CA bundle to a file of its own, once', () => {
  const tls = { caBundle: 'PEM', insecureSkipVerify: false };
  const endpoints = [{ host: 'a', port: 443, path: '/mcp', tls }];
  const files = agentgateway.configure(
    planOf([groupOf('default', [serverOf('a', { endpoints }), serverOf('b', { endpoints })])]),
  ).files;
  expect(Object.keys(files)).toEqual(['config.yaml', 'ca-384fb9a44fabe158.pem']);
  expect(files['config.yaml']).toContain('root: /etc/agentgateway/ca-384fb9a44fabe158.pem');
});

it('looks at the path before it reads a body', () => {
  const when = { method: 'tools/call', headers: [] };
  const entry = entryOf([
    groupOf('match-0', [serverOf('a', { sessions: 'stateless' })], { when }),
    groupOf('default', [serverOf('b', { sessions: 'stateless' })], { unless: [when] }),
  ]);
  const config = configOf({
    gateway: gatewayOf(),
    entries: [entry, entryOf([groupOf('default', [ledger])], { id: 'finance/plain', path: '/routes/finance/plain' })],
  });
  expect(config.binds[0].listeners[0].policies!.transformations!.request!.set!['x-mcp-match']).toBe(
    'request.path == "/routes/finance/smart" ? (default(json(request.body).method, "") == "tools/call" ? "match-0" : "default") : "default"',
  );
});

describe('for any plan', () => {
  it('gives the same bytes each time', () => {
    fc.assert(
      fc.property(planArbitrary, plan => {
        expect(agentgateway.configure(plan).files).toEqual(
          agentgateway.configure(JSON.parse(JSON.stringify(plan))).files,
        );
      }),
      { numRuns: 30 },
    );
  });

  it('names listeners, routes and targets, each once', () => {
    fc.assert(
      fc.property(planArbitrary, plan => {
        const config = resolvedConfig(configOf(plan));
        const unique = (names: readonly string[]) => expect(new Set(names).size).toBe(names.length);
        unique(listeners(config).map(({ name }) => name));
        unique(config.binds.map(({ port }) => String(port)));
        for (const { routes } of listeners(config)) {
          unique(routes.map(({ name }) => name));
          unique(routes.map(({ matches }) => JSON.stringify(matches)));
          for (const { mcp } of routes.flatMap(({ backends }) => backends)) {
            unique(mcp?.targets.map(({ name }) => name) ?? []);
            mcp?.targets.forEach(({ name }) => expect(name).toMatch(/^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/));
          }
        }
      }),
    );
  });

  it('guards every inner route, and refers to all of them and no other', () => {
    fc.assert(
      fc.property(planArbitrary, plan => {
        const [outer, inner] = resolvedConfig(configOf(plan)).binds.map(bind => bind.listeners[0].routes);
        inner?.forEach(({ policies }) => {
          const [address, proof] = policies!.authorization!.rules;
          expect(address.require).toContain('source.rawAddress');
          expect(escapeDollars(proof.require)).toBe(
            'request.headers.join()["x-mcp-inner"] == sha256.encode("inner ${SESSION_KEY}")',
          );
          expect(policies!.requestHeaderModifier!.remove).toContain('x-mcp-inner');
        });
        const used = [...outer, ...(inner ?? [])].flatMap(({ backends, policies }) =>
          backends.flatMap(({ host, mcp }) => [
            ...(host === '127.0.0.1:15100' ? [policies!.urlRewrite!.path.full] : []),
            ...(mcp?.targets ?? []).filter(target => target.mcp?.host === '127.0.0.1').map(target => target.mcp!.path),
          ]),
        );
        expect(new Set(used)).toEqual(new Set(inner?.map(({ matches }) => matches[0].path.exact)));
      }),
    );
  });

  it('proves to inner routes, and to nothing else, that it is the gateway', () => {
    const proof = (policies?: ConnectionPolicies) =>
      escapeDollars(policies?.transformations?.request?.set?.['x-mcp-inner']);
    fc.assert(
      fc.property(planArbitrary, plan => {
        for (const { backends } of listeners(resolvedConfig(configOf(plan))).flatMap(({ routes }) => routes)) {
          const connections = backends.flatMap(({ host, mcp, policies }) => [
            ...(host === undefined ? [] : [{ inside: host === '127.0.0.1:15100', policies }]),
            ...(mcp?.targets ?? []).map(({ mcp: at, sse, openapi, policies: own }) => ({
              inside: (at ?? sse ?? openapi)?.port === 15100,
              policies: own,
            })),
          ]);
          connections.forEach(({ inside, policies }) =>
            expect(proof(policies)).toBe(inside ? 'sha256.encode("inner ${SESSION_KEY}")' : undefined),
          );
        }
      }),
    );
  });

  it('takes exact paths from clients, and no other', () => {
    fc.assert(
      fc.property(planArbitrary, plan => {
        for (const { matches } of resolvedConfig(configOf(plan)).binds[0].listeners[0].routes) {
          expect(matches).not.toEqual([]);
          matches.forEach(({ path }) => expect(Object.keys(path)).toEqual(['exact']));
        }
      }),
    );
  });

  it('never lets a request choose among servers that keep sessions', () => {
    fc.assert(
      fc.property(planArbitrary, plan => {
        for (const { backends } of listeners(resolvedConfig(configOf(plan))).flatMap(({ routes }) => routes)) {
          if (backends.length > 1) {
            backends.forEach(({ mcp }) => expect(mcp!.statefulMode).toBe('stateless'));
          }
        }
      }),
    );
  });

  it('has a route for every bucket of every path, and only one', () => {
    const takes = ({ matches }: AgwRoute, path: string, bucket: string) =>
      matches.some(
        match =>
          match.path.exact === path &&
          match.method === undefined &&
          (match.headers ?? []).every(
            ({ name, value }) => name !== 'x-mcp-bucket' || !('regex' in value) || new RegExp(value.regex).test(bucket),
          ),
      );
    fc.assert(
      fc.property(planArbitrary, fc.integer({ min: 0, max: BUCKETS - 1 }), (plan, number) => {
        const { routes } = resolvedConfig(configOf(plan)).binds[0].listeners[0];
        const bucket = number.toString(16).padStart(4, '0');
        for (const { path, groups } of plan.entries) {
          const variants = groups.filter(({ when }) => when?.method !== undefined).length + 1;
          expect(routes.filter(route => takes(route, path, bucket))).toHaveLength(variants);
        }
      }),
    );
  });

  it('sets the headers its routes match', () => {
    fc.assert(
      fc.property(planArbitrary, plan => {
        const [listener] = resolvedConfig(configOf(plan)).binds[0].listeners;
        const matched = new Set(
          listener.routes
            .flatMap(({ matches }) => matches)
            .flatMap(({ headers }) => headers ?? [])
            .map(({ name }) => name),
        );
        expect(new Set(Object.keys(listener.policies?.transformations?.request?.set ?? {}))).toEqual(matched);
      }),
    );
  });
});

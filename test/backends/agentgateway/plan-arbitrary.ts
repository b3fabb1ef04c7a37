import * as fc from 'fast-check';
import { policyArbitrary } from './policy-arbitrary';
import { trafficArbitrary } from './traffic-arbitrary';
import { AccessLogField, Gateway } from '../../../src/model/gateway';
import { BackendGroup, Entry, GatewayPlan } from '../../../src/model/plan';
import { HeaderMatch, HeaderModifier, MatchConditions } from '../../../src/model/route';
import { BackendCredential, Endpoint, Server } from '../../../src/model/server';
import { ToolPattern } from '../../../src/model/tool-pattern';
import { countersOf } from '../../../src/passes/policy/merge';

/*
 * Random plans, as the passes make them: groups never compete, names are labels, and an entry with a condition on
 * methods has stateless servers only.
 */

const label = fc.stringMatching(/^[a-z](?:[a-z0-9-]{0,8}[a-z0-9])?$/);
const headerName = fc.constantFrom('x-team', 'x-env', 'user-agent', 'x-tenant');
/** Any text, with what is special to YAML, CEL, regexes and the environment more often than chance has it. */
export const nastyText = fc.oneof(
  fc.string(),
  fc.fullUnicodeString(),
  fc
    .array(
      fc.constantFrom(
        '$',
        '${HOME}',
        '$$',
        '"',
        '\\',
        "'",
        '\n',
        '\r',
        '\t',
        '*',
        '.',
        '#',
        ': ',
        '- ',
        '{',
        '}',
        '&a',
        '*a',
        '!',
        '~',
        'null',
        'é',
        '😀',
        ' ',
      ),
    )
    .map(parts => parts.join('')),
);
const headerValue = fc.oneof(fc.stringMatching(/^[ -~]{0,12}$/), fc.constantFrom('${HOME}', '$x', '"quoted"', 'a\\b'));
const duration = fc.constantFrom('500ms', '30s', '1m30s', '1h');

const toolPattern: fc.Arbitrary<ToolPattern> = fc.oneof(
  fc.record({ kind: fc.constantFrom('exact' as const, 'prefix' as const), value: fc.oneof(label, nastyText) }),
  fc.record({ kind: fc.constant('glob' as const), value: fc.constantFrom('a*b', '*_query', 'db_*_x', '$*.') }),
  fc.record({ kind: fc.constant('regex' as const), value: fc.constantFrom('db_.*', 'a|ab', '[a-z]+$', '\\d{2}') }),
);
const toolPatterns = fc.array(toolPattern, { minLength: 1, maxLength: 3 });

const headerMatch: fc.Arbitrary<HeaderMatch> = fc.oneof(
  fc.record({ name: headerName, kind: fc.constantFrom('Exact' as const, 'Prefix' as const), value: headerValue }),
  fc.record({
    name: headerName,
    kind: fc.constant('Regex' as const),
    value: fc.constantFrom('a+', 'prod|staging', '.*'),
  }),
);

function conditions(methods: boolean): fc.Arbitrary<MatchConditions> {
  return fc.record({
    tools: fc.option(toolPatterns, { nil: undefined }),
    method: methods
      ? fc.option(fc.constantFrom('tools/call', 'prompts/get'), { nil: undefined })
      : fc.constant(undefined),
    headers: fc.array(headerMatch, { maxLength: 2 }),
  });
}

const endpoint: fc.Arbitrary<Endpoint> = fc.record({
  host: fc.oneof(
    label.map(name => `${name}.ns.svc`),
    fc.constantFrom('10.1.2.3', 'mcp.example.com'),
  ),
  port: fc.integer({ min: 1, max: 65535 }),
  path: fc.constantFrom('/mcp', '/', '/a/b-c'),
  tls: fc.option(
    fc.record({
      caBundle: fc.option(fc.constantFrom('-----BEGIN CERTIFICATE-----\nA\n-----END CERTIFICATE-----\n', 'other'), {
        nil: undefined,
      }),
      serverName: fc.option(fc.constant('sni.example.com'), { nil: undefined }),
      insecureSkipVerify: fc.boolean(),
    }),
    { nil: undefined },
  ),
});

const secret = { secretName: 'backend', key: 'a.key' };
/** One credential for each place. */
const credentials: fc.Arbitrary<readonly BackendCredential[]> = fc
  .tuple(
    fc.constantFrom<BackendCredential[]>(
      { kind: 'header', name: 'authorization', prefix: 'Bearer ', value: secret },
      { kind: 'basic', username: secret, password: secret },
      { kind: 'basic', username: '$a"\\b', password: secret },
      { kind: 'callerToken' },
    ),
    fc.constant<BackendCredential>({ kind: 'header', name: 'x-key', prefix: '', value: secret }),
    fc.constant<BackendCredential>({ kind: 'clientCertificate', certificate: secret, privateKey: secret }),
  )
  .chain(all => fc.subarray(all));

function server(
  sessions: fc.Arbitrary<Server['sessions']>,
  protocols: readonly Server['protocol'][],
): fc.Arbitrary<Server> {
  return fc
    .record({
      name: label,
      cluster: fc.boolean(),
      protocol: fc.constantFrom(...protocols),
      sessions,
      endpoints: fc.array(endpoint, { minLength: 1, maxLength: 4 }),
      toolsFilter: fc.option(toolPatterns, { nil: undefined }),
      workloadNamespace: fc.constantFrom(undefined, 'ns'),
      credentials: fc.option(credentials, { nil: undefined }),
    })
    .map(
      ({
        name,
        cluster,
        protocol,
        sessions: kept,
        endpoints,
        toolsFilter,
        workloadNamespace,
        credentials: proved,
      }): Server => ({
        kind: cluster ? 'ClusterMCPServer' : 'MCPServer',
        name,
        namespace: cluster ? undefined : 'ns',
        path: `app/${name}`,
        labels: {},
        transport: protocol,
        protocol,
        sessions: kept,
        endpoints: kept === 'stateful' ? endpoints : endpoints.slice(0, 1),
        toolsFilter,
        workloadNamespace,
        credentials: proved,
        imported: false,
      }),
    );
}

function servers(one: fc.Arbitrary<Server>): fc.Arbitrary<BackendGroup['servers']> {
  return fc
    .uniqueArray(one, { minLength: 1, maxLength: 3, selector: ({ kind, name }) => `${kind}/${name}` })
    .chain(list =>
      fc.tuple(...list.map(item => fc.integer({ min: 1, max: 1000 }).map(weight => ({ server: item, weight })))),
    );
}

function groups(methods: boolean, one: fc.Arbitrary<Server>): fc.Arbitrary<readonly BackendGroup[]> {
  return fc
    .tuple(fc.array(fc.tuple(conditions(methods), servers(one)), { maxLength: 3 }), servers(one))
    .map(([matches, rest]) => [
      ...matches.map(([when, list], index): BackendGroup => ({
        id: `match-${index}`,
        when,
        unless: matches.slice(0, index).map(([earlier]) => earlier),
        servers: list,
      })),
      { id: 'default', unless: matches.map(([when]) => when), servers: rest },
    ]);
}

const headers = fc.array(fc.record({ name: headerName, value: headerValue }), { maxLength: 3 });
const modifier: fc.Arbitrary<HeaderModifier> = fc.record({
  set: headers,
  add: headers,
  remove: fc.array(headerName, { maxLength: 2 }),
});

function entry(name: string): fc.Arbitrary<Entry> {
  return fc.record({ methods: fc.boolean(), retries: fc.boolean() }).chain(({ methods, retries }) => {
    const one = server(
      methods ? fc.constant('stateless') : fc.constantFrom('stateful', 'stateless'),
      retries ? ['streamable-http'] : ['streamable-http', 'sse'],
    );
    const parts = fc.record({
      origin: fc.constant(`app/${name}`),
      id: fc.constant(`ns/${name}`),
      path: fc.constant(`/routes/ns/${name}`),
      groups: groups(methods, one),
      requestHeaders: fc.option(modifier, { nil: undefined }),
      responseHeaders: fc.option(modifier, { nil: undefined }),
      timeouts: fc.option(
        fc.record({
          request: fc.option(duration, { nil: undefined }),
          backendRequest: fc.option(duration, { nil: undefined }),
        }),
        { nil: undefined },
      ),
      retry: retries
        ? fc.record({
            attempts: fc.integer({ min: 1, max: 5 }),
            backoff: fc.option(duration, { nil: undefined }),
            codes: fc.array(fc.integer({ min: 500, max: 599 }), { maxLength: 3 }),
          })
        : fc.constant(undefined),
      skipUnavailable: fc.boolean(),
      policy: fc.option(policyArbitrary(nastyText, toolPatterns), { nil: undefined }),
    });
    return parts.map(made => ({ ...made, counters: countersAt(made.id, made.policy) }));
  });
}

/** What counts the calls at an entry of the gateway below. */
export function countersAt(id: string, policy: Entry['policy']): Entry['counters'] {
  return policy === undefined ? [] : countersOf(policy, id, { workloadNamespace: 'mcp' });
}

const accessLogField: fc.Arbitrary<AccessLogField> = fc.record({
  name: fc.oneof(label, nastyText),
  source: fc.oneof(
    fc.constant({ kind: 'toolName' as const }),
    fc.constant({ kind: 'toolArguments' as const }),
    headerName.map(header => ({ kind: 'requestHeader' as const, header })),
    nastyText.map(value => ({ kind: 'literal' as const, value })),
  ),
});

const gateway: fc.Arbitrary<Gateway> = fc
  .record({
    port: fc.constantFrom(80, 8080, 8443),
    header: fc.option(headerName, { nil: undefined }),
    tls: fc.option(
      fc.constant({
        certificate: { secretName: 'gw-tls', key: 'tls.crt' },
        privateKey: { secretName: 'gw-tls', key: 'tls.key' },
      }),
      { nil: undefined },
    ),
    accessLog: fc.uniqueArray(accessLogField, { maxLength: 3, selector: ({ name }) => name }),
    logLevel: fc.constantFrom('error' as const, 'warn' as const, 'info' as const, 'debug' as const),
    logFormat: fc.constantFrom('json' as const, 'text' as const),
    tracing: fc.option(
      fc.record({
        endpoint: fc.constantFrom('http://otel-collector.observability.svc:4317', 'https://otlp.example.com/v1/traces'),
        protocol: fc.constantFrom('grpc' as const, 'http' as const),
        sampling: fc.constantFrom(0, 0.25, 1),
      }),
      { nil: undefined },
    ),
  })
  .map(({ header, ...rest }) => ({
    kind: 'MCPGateway' as const,
    name: 'gw',
    namespace: 'mcp',
    path: 'app/gw',
    workloadNamespace: 'mcp',
    plane: 'agentgateway',
    replicas: 2,
    exposed: false,
    affinity: { header },
    imported: false,
    ...rest,
  }));

/** A plan that agentgateway can do all of. */
export const planArbitrary: fc.Arbitrary<GatewayPlan> = fc
  .uniqueArray(label, { maxLength: 3 })
  .chain(names =>
    fc.record({
      gateway,
      traffic: fc.option(trafficArbitrary, { nil: undefined }),
      entries: fc.tuple(...names.sort().map(entry)),
    }),
  )
  .map(({ traffic, ...plan }) =>
    traffic === undefined
      ? plan
      : { gateway: { ...plan.gateway, traffic }, entries: plan.entries.map(one => ({ ...one, traffic })) },
  );

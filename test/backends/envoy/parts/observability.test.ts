import { accessLog } from '../../../../src/backends/envoy/listener';
import { mcp } from '../../../../src/backends/envoy/parts/mcp';
import { audit as auditPart, requestPath, tracing } from '../../../../src/backends/envoy/parts/observability';
import { Gateway } from '../../../../src/model/gateway';
import { serve } from '../../../support/lua/handle';
import { emitted, foundBy, planOfEntries } from '../plans';

const planOf = (options: Partial<Gateway>) => planOfEntries([], options);
const format = (options: Partial<Gateway>) => emitted(accessLog(planOf(options))).typed_config.log_format;

const ACCESS_LOG: Gateway['accessLog'] = [
  { name: 'tool', source: { kind: 'toolName' } },
  { name: 'args', source: { kind: 'toolArguments' } },
  { name: 'team', source: { kind: 'requestHeader', header: 'x-team' } },
  { name: 'share', source: { kind: 'literal', value: '100%' } },
];

it('logs what a gateway asks for beside who called what', () => {
  expect(format({ accessLog: ACCESS_LOG }).json_format).toMatchObject({
    user: '%DYNAMIC_METADATA(mcp.caller:user)%',
    'mcp.tool': '%DYNAMIC_METADATA(envoy.filters.http.mcp:params:name)%',
    tool: '%DYNAMIC_METADATA(envoy.filters.http.mcp:params:name)%',
    args: '%DYNAMIC_METADATA(envoy.filters.http.mcp:params:arguments)%',
    team: '%REQUEST_HEADER(x-team)%',
    share: '100%%',
  });
});

it('reads the arguments of calls where they are logged, and there alone', () => {
  const rules = (fields: Gateway['accessLog']) =>
    emitted(mcp.filters!(planOf({ accessLog: fields })))[0].typed_config.parser_config?.methods[0].extraction_rules;
  expect(rules(ACCESS_LOG)).toEqual([{ path: 'params.name' }, { path: 'params.arguments' }]);
  expect(rules(ACCESS_LOG.slice(0, 1))).toBeUndefined();
});

it('logs lines of text', () => {
  const { inline_string: line } = format({ logFormat: 'text', accessLog: ACCESS_LOG.slice(3) }).text_format_source;
  expect(line).toMatch(/^time=%START_TIME% .* share=100%%\n$/);
});

it('writes into lines of text what callers say in quotes, where nothing in it ends them', () => {
  const { inline_string: line } = format({ logFormat: 'text', accessLog: ACCESS_LOG }).text_format_source;
  const quoted = [...line.matchAll(/ ([\w.]+)="%CEL\(.*?\)%"/g)].map(([, name]) => name);
  expect(quoted).toEqual(['http.method', 'http.path', 'mcp.method', 'mcp.tool', 'user', 'tool', 'team']);
  // What is no text by itself is written as JSON, which has no end of a line in it.
  expect(line).toContain(' args=%DYNAMIC_METADATA(envoy.filters.http.mcp:params)% ');
  const pattern = /\.matches\(("(?:[^"\\]|\\.)*")\)/.exec(line)![1];
  const harmless = new RegExp(JSON.parse(pattern).replace(/\\x\{([0-9a-f]+)\}/g, '\\u{$1}'), 'u');
  expect(['', 'db_query', 'Zoë Ü. (ops)', '数据', '100%'].filter(value => !harmless.test(value))).toEqual([]);
  expect(
    ['a\nuser=admin', 'a\r', 'a" user="admin', 'a\\', '\u001b[2K', 'a\u2028b', '\u202eb'].filter(value =>
      harmless.test(value),
    ),
  ).toEqual([]);
});

it('logs neither sessions nor queries', () => {
  const text = JSON.stringify(format({}));
  expect(text).not.toMatch(/session/i);
  expect(text).not.toMatch(/REQUEST_HEADER\(:PATH\)|WQ:/);
});

it('logs and traces the path that a client asked for, which a filter keeps before it becomes that of the server', async () => {
  const [filter] = emitted(requestPath.filters!(planOf({})));
  const [{ metadata }] = await serve(filter.typed_config.default_source_code.inline_string, [
    { headers: { ':path': '/routes/a/b?code=x?y' } },
  ]);
  expect(metadata).toEqual({ 'mcp.request': { path: '/routes/a/b' } });
  expect(JSON.parse(/^%COALESCE\((.*)\)%$/.exec(format({}).json_format['http.path'])![1]).operators[0]).toEqual({
    command: 'DYNAMIC_METADATA',
    param: 'mcp.request:path',
  });
  const traced = emitted(
    tracing.listener!(planOf({ tracing: { endpoint: 'http://otel.obs.svc', protocol: 'grpc', sampling: 1 } })),
  ).manager.tracing;
  expect(traced.custom_tags.find(({ tag }: any) => tag === 'http.url').metadata.metadata_key).toEqual({
    key: 'mcp.request',
    path: [{ key: 'path' }],
  });
});

it('records calls where there is an audit, without what it cannot make a digest of', () => {
  const audit = { level: 'Request', format: 'JSON', metadata: false } as const;
  expect(
    Object.keys(format({ traffic: { path: 'app/gw', demands: [], audit } }).json_format).filter(name =>
      name.startsWith('audit'),
    ),
  ).toEqual(['audit.user', 'audit.method', 'audit.tool', 'audit.status']);
  expect(Object.keys(format({}).json_format).filter(name => name.startsWith('audit'))).toEqual([]);
  const found = (metadata: boolean) =>
    foundBy(auditPart, planOf({ traffic: { path: 'app/gw', demands: [], audit: { ...audit, metadata } } }));
  expect([found(false).length, found(true).length]).toEqual([0, 1]);
});

describe('traces', () => {
  const exporter = (endpoint: string, protocol: 'grpc' | 'http') => {
    const plan = planOf({ tracing: { endpoint, protocol, sampling: 0.25 } });
    const [{ load_assignment, transport_socket, typed_extension_protocol_options }] = emitted(
      tracing.resources!(plan).clusters,
    );
    const {
      provider: {
        typed_config: { grpc_service, http_service },
      },
      random_sampling,
    } = emitted(tracing.listener!(plan)).manager.tracing;
    return {
      grpc_service,
      http_service,
      random_sampling,
      address: load_assignment.endpoints[0].lb_endpoints[0].endpoint.address.socket_address,
      transport_socket,
      typed_extension_protocol_options,
    };
  };

  it('go to a collector by gRPC', () => {
    const { address, grpc_service, random_sampling, transport_socket, typed_extension_protocol_options } = exporter(
      'http://otel.obs.svc',
      'grpc',
    );
    expect([address, random_sampling, transport_socket]).toEqual([
      { address: 'otel.obs.svc', port_value: 4317 },
      { value: 25 },
      undefined,
    ]);
    expect(grpc_service.envoy_grpc).toEqual({ cluster_name: 'traces' });
    expect(Object.values<any>(typed_extension_protocol_options!)[0].explicit_http_config).toEqual({
      http2_protocol_options: {},
    });
  });

  it('go to a collector by HTTP, and by TLS', () => {
    expect(exporter('http://otel.obs.svc', 'http').http_service.http_uri.uri).toBe('http://otel.obs.svc/v1/traces');
    const { address, http_service, transport_socket } = exporter('https://otlp.example.com/api/v1/traces', 'http');
    expect([address, http_service.http_uri.uri]).toEqual([
      { address: 'otlp.example.com', port_value: 443 },
      'https://otlp.example.com/api/v1/traces',
    ]);
    expect(transport_socket.typed_config.sni).toBe('otlp.example.com');
  });

  it('are not made where nobody wants them', () => {
    expect([tracing.listener!(planOf({})), tracing.resources!(planOf({}))]).toEqual([{}, {}]);
  });
});

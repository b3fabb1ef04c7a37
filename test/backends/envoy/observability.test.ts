import { mcpFilter } from '../../../src/backends/envoy/mcp-filter';
import { accessLogs, tracing, tracingClusters } from '../../../src/backends/envoy/observability';
import { requestPathFilter } from '../../../src/backends/envoy/request-path';
import { Gateway } from '../../../src/model/gateway';
import { gatewayOf } from '../../support/literals';

const planOf = (options: Partial<Gateway>) => ({ gateway: gatewayOf(options), entries: [] });
const format = (options: Partial<Gateway>) => accessLogs(planOf(options))[0].typed_config.log_format;

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
  const rules = (accessLog: Gateway['accessLog']) =>
    mcpFilter(planOf({ accessLog })).typed_config.parser_config?.methods[0].extraction_rules;
  expect(rules(ACCESS_LOG)).toEqual([{ path: 'params.name' }, { path: 'params.arguments' }]);
  expect(rules(ACCESS_LOG.slice(0, 1))).toBeUndefined();
});

it('logs lines of text', () => {
  const { inline_string: line } = format({ logFormat: 'text', accessLog: ACCESS_LOG.slice(3) }).text_format_source;
  expect(line).toMatch(/^time=%START_TIME% .* share=100%%\n$/);
});

it('logs neither sessions nor queries', () => {
  const text = JSON.stringify(format({}));
  expect(text).not.toMatch(/session/i);
  expect(text).not.toMatch(/REQUEST_HEADER\(:PATH\)|WQ:/);
});

it('logs and traces the path that a client asked for, which a filter keeps before it becomes that of the server', () => {
  const {
    on_header_present: { metadata_namespace: namespace, key, regex_value_rewrite },
  } = requestPathFilter().typed_config.request_rules[0];
  expect(JSON.parse(/^%COALESCE\((.*)\)%$/.exec(format({}).json_format['http.path'])![1]).operators[0]).toEqual({
    command: 'DYNAMIC_METADATA',
    param: `${namespace}:${key}`,
  });
  expect(
    '/routes/a/b?code=x?y'.replace(new RegExp(regex_value_rewrite.pattern.regex), regex_value_rewrite.substitution),
  ).toBe('/routes/a/b');
  const traced = tracing(planOf({ tracing: { endpoint: 'http://otel.obs.svc', protocol: 'grpc', sampling: 1 } }))!;
  expect(traced.custom_tags.find(({ tag }: any) => tag === 'http.url').metadata.metadata_key).toEqual({
    key: namespace,
    path: [{ key }],
  });
});

it('records calls where there is an audit', () => {
  const audit = { level: 'Request', format: 'JSON', metadata: false } as const;
  expect(
    Object.keys(format({ traffic: { path: 'app/gw', audit } }).json_format).filter(name => name.startsWith('audit')),
  ).toEqual(['audit.user', 'audit.method', 'audit.tool', 'audit.status']);
  expect(Object.keys(format({}).json_format).filter(name => name.startsWith('audit'))).toEqual([]);
});

describe('traces', () => {
  const exporter = (endpoint: string, protocol: 'grpc' | 'http') => {
    const plan = planOf({ tracing: { endpoint, protocol, sampling: 0.25 } });
    const [{ load_assignment, transport_socket, typed_extension_protocol_options }] = tracingClusters(plan);
    const {
      provider: {
        typed_config: { grpc_service, http_service },
      },
      random_sampling,
    } = tracing(plan)!;
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
    expect([tracing(planOf({})), tracingClusters(planOf({}))]).toEqual([undefined, []]);
  });
});

import { accessLogFields, tracingPolicy } from '../../../../src/backends/agentgateway/parts/observability';

it('logs what is there, and nothing where it is missing', () => {
  expect(
    accessLogFields([
      { name: 'tool', source: { kind: 'toolName' } },
      { name: 'args', source: { kind: 'toolArguments' } },
      { name: 'team', source: { kind: 'requestHeader', header: 'x-team' } },
      { name: 'site', source: { kind: 'literal', value: 'eu "1"' } },
    ]),
  ).toEqual({
    tool: 'default(mcp.tool.name, "")',
    args: 'toJson(default(mcp.tool.arguments, {}))',
    team: 'default(request.headers.join()["x-team"], "")',
    site: '"eu \\"1\\""',
  });
});

it('sends traces to a host and port', () => {
  const policy = (endpoint: string, protocol: 'grpc' | 'http') => tracingPolicy({ endpoint, protocol, sampling: 0.5 });
  expect(policy('http://otel.obs.svc:4317', 'grpc')).toEqual({
    host: 'otel.obs.svc:4317',
    protocol: 'grpc',
    randomSampling: 0.5,
  });
  expect(policy('http://otel.obs.svc', 'http').host).toBe('otel.obs.svc:4318');
  expect(policy('http://otel.obs.svc:80', 'http').host).toBe('otel.obs.svc:80');
  expect(policy('https://otlp.example.com/api/v1/traces', 'http')).toEqual({
    host: 'otlp.example.com:443',
    protocol: 'http',
    path: '/api/v1/traces',
    randomSampling: 0.5,
    policies: { backendTLS: { hostname: 'otlp.example.com' } },
  });
});

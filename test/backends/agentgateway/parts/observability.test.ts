import { accessLogFields, tracingPolicy } from '../../../../src/backends/agentgateway/parts/observability';
import { configOf } from '../../../../src/backends/agentgateway/render';
import { gatewayOf } from '../../../support/literals';

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

it('writes into lines of text what callers say as JSON, in which nothing ends a line', () => {
  const add = (logFormat: 'json' | 'text') => {
    const gateway = gatewayOf({ logFormat, accessLog: [{ name: 'tool', source: { kind: 'toolName' } }] });
    return configOf({ gateway, entries: [] }).frontendPolicies!.accessLog!.add!;
  };
  const lines = add('text');
  expect(Object.keys(add('json'))).toEqual(['tool']);
  // agentgateway has these itself, and writes them as they are.
  expect(Object.keys(lines)).toEqual(
    expect.arrayContaining(['gen_ai.tool.name', 'gen_ai.prompt.name', 'mcp.resource.uri', 'jwt.sub', 'tool']),
  );
  expect(lines.tool).toBe('toJson(default(mcp.tool.name, ""))');
  expect(Object.values(lines).filter(expression => !expression.startsWith('toJson('))).toEqual([]);
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

import { FrontendTracing } from './config';
import { AccessLogField, Tracing } from '../../model/gateway';
import { celString } from '../../passes/cel';
import { headerValue } from '../../passes/policy/condition-cel';

/** Access-log fields as CEL. What a request does not have is logged empty: a field whose expression errs would be left out. */
export function accessLogFields(fields: readonly AccessLogField[]): Record<string, string> {
  return Object.fromEntries(fields.map(({ name, source }) => {
    switch (source.kind) {
      case 'toolName': return [name, 'default(mcp.tool.name, "")'];
      case 'toolArguments': return [name, 'toJson(default(mcp.tool.arguments, {}))'];
      case 'requestHeader': return [name, `default(${headerValue(source.header)}, "")`];
      case 'literal': return [name, celString(source.value)];
    }
  }));
}

/** Ports of OTLP, where the endpoint names none. */
const OTLP_PORTS = { grpc: '4317', http: '4318' };

/**
 * Traces, as a policy of the frontend: `config.tracing` is deprecated, translated into the same policy, and read at the
 * start of the process only.
 */
export function tracingPolicy(tracing: Tracing): FrontendTracing {
  const url = new URL(tracing.endpoint);
  const defaultPort = url.protocol === 'https:' ? '443' : OTLP_PORTS[tracing.protocol];
  return {
    host: `${url.hostname}:${url.port || explicitPort(tracing.endpoint) || defaultPort}`,
    protocol: tracing.protocol,
    ...(tracing.protocol === 'http' && url.pathname !== '/' ? { path: url.pathname } : {}),
    randomSampling: tracing.sampling,
    ...(url.protocol === 'https:' ? { policies: { backendTLS: { hostname: url.hostname } } } : {}),
  };
}

/** The port as written: URL drops one that is its scheme's default. */
function explicitPort(endpoint: string): string | undefined {
  return /^[a-z]+:\/\/[^/]*:(\d+)(?:\/|$)/.exec(endpoint)?.[1];
}

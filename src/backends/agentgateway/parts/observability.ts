import { Part } from './part';
import { celString } from '../../../cel/terms';
import { AccessLogField, otlpAddress, Tracing } from '../../../model/gateway';
import { FrontendTracing } from '../config/config';
import { headerValue } from '../dialect/condition';

/** What is logged and traced of each request. */
export const observability = {
  logFields: ({ gateway }) => ({
    ...(gateway.logFormat === 'text' ? SAID_BY_CALLERS : {}),
    ...accessLogFields(gateway.accessLog),
  }),
  frontend: ({ tracing }) => (tracing === undefined ? {} : { tracing: tracingPolicy(tracing) }),
} as const satisfies Part;

/**
 * Fields of agentgateway's own whose text is a caller's, in place of those that it has under the same names: JSON is escaped by it,
 * lines of text are not.
 */
const SAID_BY_CALLERS: Readonly<Record<string, string>> = {
  'jwt.sub': 'default(jwt.sub, "")',
  'mcp.method.name': 'default(mcp.methodName, "")',
  'mcp.resource.uri': 'default(mcp.resource.name, "")',
  'mcp.session.id': 'default(mcp.sessionId, "")',
  'gen_ai.tool.name': 'default(mcp.tool.name, "")',
  'gen_ai.prompt.name': 'default(mcp.prompt.name, "")',
};

/** An expression as it stands on a line of text: as JSON, in which nothing ends the line, or the value. */
export function onLineOfText(expression: string): string {
  return expression.startsWith('toJson(') ? expression : `toJson(${expression})`;
}

/** Access-log fields as CEL. What a request does not have is logged empty: a field whose expression errs would be left out. */
export function accessLogFields(fields: readonly AccessLogField[]): Record<string, string> {
  return Object.fromEntries(
    fields.map(({ name, source }) => {
      switch (source.kind) {
        case 'toolName':
          return [name, 'default(mcp.tool.name, "")'];
        case 'toolArguments':
          return [name, 'toJson(default(mcp.tool.arguments, {}))'];
        case 'requestHeader':
          return [name, `default(${headerValue(source.header)}, "")`];
        case 'literal':
          return [name, celString(source.value)];
      }
    }),
  );
}

/**
 * Traces, as a policy of the frontend: `config.tracing` is deprecated, translated into the same policy, and read at the
 * start of the process only.
 */
export function tracingPolicy(tracing: Tracing): FrontendTracing {
  const url = new URL(tracing.endpoint);
  const { host, port } = otlpAddress(tracing);
  return {
    host: `${host}:${port}`,
    protocol: tracing.protocol,
    ...(tracing.protocol === 'http' && url.pathname !== '/' ? { path: url.pathname } : {}),
    randomSampling: tracing.sampling,
    ...(url.protocol === 'https:' ? { policies: { backendTLS: { hostname: url.hostname } } } : {}),
  };
}

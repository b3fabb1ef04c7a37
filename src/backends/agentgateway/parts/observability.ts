import { responseText } from './bodies';
import { Part, unsupported } from './part';
import { SESSION_ID } from './sessions';
import { firstOf, sumOf } from '../../../cel/balance';
import { celList, celString } from '../../../cel/terms';
import { AccessLogField, otlpAddress, Tracing } from '../../../model/gateway';
import { Entry, GatewayPlan } from '../../../model/plan';
import { PiiDetection, TrafficPolicy } from '../../../model/traffic-policy';
import { FrontendTracing } from '../config/config';
import { headerValue } from '../dialect/condition';
import { userText } from '../dialect/identity';
import { CALLED_TOOL, celRegex, METHOD } from '../dialect/json-message';

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

/*
 * The audit record: fields of the access log, of which there is a line for each request, refused ones included. Every
 * expression yields something, since a field whose expression errs is left out; `coalesce` catches what `default` does not,
 * such as a body that is no JSON.
 */

/** Records of requests. */
export const audit = {
  features: {
    'policy.audit': {
      supported: true,
      reason:
        'fields `audit.user`, `audit.method`, `audit.tool` and `audit.outcome` on the line that the log of the pods has for each request, refused ones included; ' +
        'with metadata, the address, a digest of the session, and the program',
    },
    'policy.audit.answers': {
      supported: true,
      reason: 'the fields `audit.answer` and, with Full, `audit.arguments`, as filters left them',
    },
    'policy.audit.format.other': unsupported(
      'policy.audit.format.other',
      'agentgateway cannot write its log in this form',
      'use JSON, and let whoever collects the log of the pods translate it',
    ),
    'policy.audit.destination': unsupported(
      'policy.audit.destination',
      'agentgateway cannot write its log anywhere but to the standard output of its pods',
      'leave the destination out, and let whoever collects the log of the pods send it there',
    ),
    'policy.sessionIsolation.auditLevel': {
      supported: true,
      reason:
        'Basic: fields `audit.user` and `audit.session`, a digest that tells sessions apart; Full: as audit.level Full',
    },
  },
  logFields: auditFields,
  withheldFields: ({ traffic }) => withheldFields(traffic),
  recordsRequests: ({ traffic }) => isRecorded(traffic),
  notes: ({ traffic }) => auditNotes(traffic),
} as const satisfies Part;

/** What of each request is recorded. */
interface Scope {
  readonly calls: boolean;
  readonly answers: boolean;
  readonly arguments: boolean;
  readonly sessions: boolean;
  readonly metadata: boolean;
}

/** Characters of a session's digest: enough to tell sessions apart. */
const SESSION_DIGITS = 16;

/** Names under which the listener notes what a request asks for. Read there, since what is refused early is else never read. */
const ASKED_METHOD = 'auditMethod';
const ASKED_TOOL = 'auditTool';

/** Whether there is a record of anything, which needs a line for each request. */
function isRecorded(traffic: TrafficPolicy | undefined): boolean {
  return scopeOf(traffic) !== undefined || traffic?.compliance?.pii?.action === 'Log';
}

/** What the listener notes of each request. */
function auditNotes(traffic: TrafficPolicy | undefined): Record<string, string> {
  return scopeOf(traffic)?.calls === true
    ? { [ASKED_METHOD]: `coalesce(${METHOD}, "")`, [ASKED_TOOL]: `coalesce(${CALLED_TOOL}, "")` }
    : {};
}

/** The fields of the record. */
function auditFields(plan: GatewayPlan): Record<string, string> {
  const { traffic } = plan.gateway;
  const scope = scopeOf(traffic);
  const pii = traffic?.compliance?.pii;
  return {
    ...(scope === undefined
      ? {}
      : {
          'audit.user': `coalesce(${callerOf(plan.entries)}, "")`,
          ...(scope.calls
            ? {
                'audit.method': `default(metadata.${ASKED_METHOD}, "")`,
                'audit.tool': `default(metadata.${ASKED_TOOL}, "")`,
                'audit.outcome': OUTCOME,
              }
            : {}),
          ...(scope.sessions
            ? { 'audit.session': `coalesce(sha256.encode(${SESSION_ID}).substring(0, ${SESSION_DIGITS}), "")` }
            : {}),
          ...(scope.metadata ? { 'audit.program': `coalesce(${headerValue('user-agent')}, "")` } : {}),
          ...(scope.arguments ? { 'audit.arguments': 'coalesce(toJson(mcp.tool.arguments), "")' } : {}),
          ...(scope.answers
            ? {
                'audit.answer': `coalesce(${answer(traffic!, 'mcp.tool.error')}, ${answer(traffic!, 'mcp.tool.result')}, "")`,
              }
            : {}),
        }),
    ...(pii?.action === 'Log' ? { pii: personalData(pii) } : {}),
  };
}

/** Fields of agentgateway's own that the record replaces, or that must not be there: whoever has the id of a session may be able to use it. */
function withheldFields(traffic: TrafficPolicy | undefined): string[] {
  const scope = scopeOf(traffic);
  return scope === undefined ? [] : ['mcp.session.id', ...(scope.metadata || !scope.calls ? [] : ['src.addr'])];
}

function scopeOf(traffic: TrafficPolicy | undefined): Scope | undefined {
  const level = traffic?.audit?.level;
  const sessions = traffic?.sessionIsolation?.auditLevel ?? 'None';
  if (level === undefined && sessions === 'None') {
    return undefined;
  }
  const full = level === 'Full' || sessions === 'Full';
  const metadata = (traffic?.audit?.metadata ?? false) || sessions === 'Full';
  return {
    calls: level !== undefined || full,
    answers: full || level === 'Response',
    arguments: full,
    sessions: metadata || sessions !== 'None',
    metadata,
  };
}

const NOBODY = celString('');

/** Who called, by what the policy of the entry verified. */
function callerOf(entries: readonly Entry[]): string {
  const paths = new Map<string, string[]>();
  for (const { path, policy } of entries) {
    const text = policy === undefined ? NOBODY : userText(policy);
    paths.set(text, [...(paths.get(text) ?? []), path]);
  }
  return firstOf(
    [...paths]
      .filter(([text]) => text !== NOBODY)
      .map(([text, of]) => ({ when: `request.path in ${celList(of)}`, value: text })),
    NOBODY,
  );
}

const TOOL_FAILED = 'default(mcp.tool.error, null) != null || default(mcp.tool.result.isError, false)';

/** What became of a request. */
const OUTCOME =
  'coalesce(' +
  'response.code == 401 ? "unauthenticated" : response.code == 403 ? "denied" : response.code == 429 ? "limited" : ' +
  `response.code >= 500 ? "failed" : response.code >= 400 ? "refused" : ${TOOL_FAILED} ? "failed" : "succeeded", "failed")`;

/** What was answered, with what filters do to answers done to it. */
function answer(traffic: TrafficPolicy, value: string): string {
  const filter = responseText(traffic);
  return filter === undefined ? `toJson(${value})` : filter(`toJson(${value})`);
}

/** Names of the kinds of personal data that were found in a request or its answer. */
function personalData({ data }: PiiDetection): string {
  const text = 'coalesce(toJson(json(request.body).params), "") + " " + coalesce(toJson(mcp.tool.result), "")';
  const found = data.map(({ name, pattern }) => `(t.matches(${celRegex(pattern)}) ? [${celString(name)}] : [])`);
  return `(${text}).with(t, ${sumOf(found)}).join(",")`;
}

import { IConstruct } from 'constructs';
import { McpBackend, McpMatchOptions, McpRetryOptions, McpTimeouts } from './route-options';
import { InputCheck } from '../model/input';
import { wholeNumberProblem } from '../model/names';
import { checkSameApp } from '../synthesis/same-app';

/** Requests of MCP 2025-11-25 that a server answers, and so a rule can match. */
const METHODS = [
  'initialize',
  'ping',
  'tools/list',
  'tools/call',
  'prompts/list',
  'prompts/get',
  'resources/list',
  'resources/read',
  'resources/templates/list',
  'resources/subscribe',
  'resources/unsubscribe',
  'completion/complete',
  'logging/setLevel',
];
/** Requests that are about one tool. */
const TOOL_METHODS = ['tools/list', 'tools/call'];

export function checkWeight(input: InputCheck, property: string, weight: number | undefined): void {
  input.optional(
    property,
    weight,
    value => wholeNumberProblem(value, 0, 2147483647),
    'Give a whole number, 0 for no requests',
  );
}

export function checkBackends(
  input: InputCheck,
  route: IConstruct,
  property: string,
  backends: readonly McpBackend[] | undefined,
): void {
  backends?.forEach((backend, i) => {
    checkSameApp(input, `${property}[${i}].server`, route, backend.server);
    checkWeight(input, `${property}[${i}].weight`, backend.weight);
  });
}

export function checkMatch(input: InputCheck, route: IConstruct, property: string, match: McpMatchOptions): void {
  input.check(
    property,
    match,
    match.tools === undefined && match.method === undefined && (match.headers ?? []).length === 0
      ? 'has no condition, so it would match everything'
      : undefined,
    'Give tools, a method or headers; servers for everything belong to addBackend',
  );
  input.optional(
    `${property}.method`,
    match.method,
    value => (METHODS.includes(value) ? undefined : 'is not a request of MCP'),
    `Use one of ${METHODS.join(', ')}`,
  );
  input.check(
    `${property}.method`,
    match.method,
    match.tools !== undefined && match.method !== undefined && !TOOL_METHODS.includes(match.method)
      ? 'is not about tools, but `tools` are matched too'
      : undefined,
    'Drop the method or the tools',
  );
  checkBackends(input, route, `${property}.backends`, match.backends);
}

function positive(milliseconds: number): string | undefined {
  return milliseconds > 0 ? undefined : 'is not above 0';
}

export function checkTimeouts(input: InputCheck, timeouts: McpTimeouts | undefined): void {
  input.optional('timeouts.request', timeouts?.request?.toMilliseconds(), positive, 'Give a longer time, or none');
  input.optional(
    'timeouts.backendRequest',
    timeouts?.backendRequest?.toMilliseconds(),
    positive,
    'Give a longer time, or none',
  );
  const { request, backendRequest } = timeouts ?? {};
  input.check(
    'timeouts.backendRequest',
    backendRequest?.toMilliseconds(),
    request !== undefined && backendRequest !== undefined && backendRequest.toMilliseconds() > request.toMilliseconds()
      ? 'is longer than the whole request may take'
      : undefined,
    'Give at most timeouts.request',
  );
}

export function checkRetry(input: InputCheck, retry: McpRetryOptions | undefined): void {
  if (retry === undefined) {
    return;
  }
  input.check(
    'retry.attempts',
    retry.attempts,
    wholeNumberProblem(retry.attempts, 2, 10),
    'Count the first attempt too',
  );
  retry.codes?.forEach((code, i) =>
    input.check(`retry.codes[${i}]`, code, wholeNumberProblem(code, 400, 599), 'Give an HTTP error status'),
  );
  input.check(
    'retry.codes',
    retry.codes,
    retry.codes?.length === 0 ? 'is empty, so nothing would be repeated' : undefined,
    'Give status codes, or drop retry',
  );
}

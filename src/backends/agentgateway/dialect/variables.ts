import { celObject, celTimestamp, fromJson, Variables } from '../../../cel/evaluate';
import { completionRef, itemOf, ItemRequest } from '../../../model/items';
import { JwtMethod } from '../../../model/policy';
import { AccessRequest, Caller, Presented, PresentedRequest, Verified } from '../../../passes/access/caller';

/*
 * What agentgateway's expressions can read: the variables that it would have for a request.
 */

/**
 * Where an expression is evaluated.
 * - `request`: once for each HTTP request, with its body; `mcp` does not exist there.
 * - `item`: for each tool, prompt or resource that is listed or asked for, with its name or URI in `mcp.tool.name`, `mcp.prompt.name` or
 *   `mcp.resource.name`, and each task in `mcp.task`; with the whole request, its body included: `json(request.body).method` tells a
 *   list from a call (observed on agentgateway 1.4.1).
 */
export type Stage = 'request' | 'item';

type StageVariables = Readonly<Record<Stage, Variables>>;

let last: { readonly request: PresentedRequest; readonly variables: StageVariables } | undefined;

/** The variables at a stage. Those of the last request are kept: all that is asked of one request is asked in a row. */
export function variablesAt(stage: Stage, request: PresentedRequest): Variables {
  if (last?.request !== request) {
    last = { request, variables: variablesOf(request) };
  }
  return last.variables[stage];
}

function variablesOf({ headers, request, verified }: PresentedRequest): StageVariables {
  const { caller, certificate } = callerOf(verified);
  const shared = {
    ...caller,
    request: celObject({
      method: 'POST',
      headers: fromJson(headers),
      body: bodyOf(request),
      startTime: request.time === undefined ? undefined : celTimestamp(request.time),
    }),
    source: fromJson({ address: request.sourceIp, ...certificate }),
  };
  return {
    request: { ...shared, mcp: celObject({}) },
    item: { ...shared, mcp: fromJson(itemFacts(request)) },
  };
}

const BODIES_KEPT = 1000;
const bodies = new Map<string, Uint8Array>();

/** The body a client sends. Kept, so that the parsed one can be kept with it. */
function bodyOf(request: AccessRequest): Uint8Array {
  const { action } = request;
  const params = paramsOf(request);
  const text = JSON.stringify({ jsonrpc: '2.0', id: 1, method: action, params });
  let body = bodies.get(text);
  if (body === undefined) {
    body = new TextEncoder().encode(text);
    if (bodies.size >= BODIES_KEPT) {
      bodies.clear();
    }
    bodies.set(text, body);
  }
  return body;
}

/** What is asked about, as `mcp` has it. A task is told by its id, which says nothing of its tool. */
function itemFacts(request: ItemRequest): Readonly<Record<string, unknown>> {
  const { kind, name } = itemOf(request);
  return request.action === 'tasks/get' ? { task: { name: SOME_TASK } } : { [kind]: { name } };
}

const SOME_TASK = '(some task)';

function paramsOf(request: AccessRequest): Readonly<Record<string, unknown>> {
  const { kind, name } = itemOf(request);
  switch (request.action) {
    case 'tools/call':
      return { name, arguments: request.arguments ?? {} };
    case 'tasks/get':
      return { taskId: SOME_TASK };
    case 'prompts/get':
      return { name };
    case 'resources/read':
      return { uri: name };
    case 'completion/complete':
      return { ref: completionRef(kind, name) };
    default:
      return {};
  }
}

/** What authentication leaves behind for expressions to read. */
interface CallerVariables {
  readonly caller: Variables;
  /** Fields of `source`. */
  readonly certificate: Readonly<Record<string, unknown>>;
}

const callers = new WeakMap<Verified, CallerVariables>();

/** Kept with the caller, who is presented once for many requests. */
function callerOf(verified: Verified): CallerVariables {
  let found = callers.get(verified);
  if (found === undefined) {
    found = callerVariables(verified);
    callers.set(verified, found);
  }
  return found;
}

function callerVariables({ caller, presented }: Verified): CallerVariables {
  const jwt: Record<string, unknown> = {};
  const apiKey: Record<string, unknown> = {};
  const basicAuth: Record<string, unknown> = {};
  const certificate: Record<string, unknown> = {};
  for (const { method, says } of presented) {
    switch (method.kind) {
      case 'jwt':
        addToken(jwt, method, says, caller);
        break;
      case 'apiKey':
        Object.assign(apiKey, { key: '<redacted>', ...says });
        break;
      case 'basic':
        basicAuth.username = says.user;
        break;
      case 'clientCertificate':
        Object.assign(certificate, { certificate: '<redacted>', subjectCn: says.user });
        break;
    }
  }
  return {
    caller: { jwt: fromJson(jwt), apiKey: fromJson(apiKey), basicAuth: fromJson(basicAuth) },
    certificate,
  };
}

/** Adds a token to those before. With several, the first one's claims stay, as far as they are the same. */
function addToken(
  jwt: Record<string, unknown>,
  method: JwtMethod,
  token: Presented['says'],
  caller: Caller | undefined,
): void {
  for (const [name, value] of Object.entries(token)) {
    jwt[name] =
      name === 'aud' && caller?.claims?.aud === undefined
        ? [...((jwt.aud as string[] | undefined) ?? []), ...method.audiences]
        : (jwt[name] ?? value);
  }
}

import { evaluate, literal, luaFile } from './vm';
import { Json } from '../../../src/values/json';

/** A request, as much of it as programs look at. */
export interface LuaRequest {
  /** Those with several values have a list. */
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string;
  /** What the route says to the program. */
  readonly context?: Json;
  /** What filters before it wrote, by filter. */
  readonly metadata?: Readonly<Record<string, Json>>;
  /** Undefined means that the connection has no TLS. */
  readonly certificate?: { readonly presented: boolean; readonly validated: boolean; readonly commonName?: string };
  /** Files at that time, by path. */
  readonly files?: Readonly<Record<string, string>>;
  /** Where it comes from, with the port. */
  readonly address?: string;
  /** Seconds, since whenever. */
  readonly time?: number;
}

/** What a program did to a request. */
export interface Outcome {
  /** The answer, where it let nothing pass. */
  readonly response?: { readonly headers: Readonly<Record<string, string | readonly string[]>>; readonly body: string };
  readonly headers: Readonly<Record<string, readonly string[]>>;
  readonly metadata: Readonly<Record<string, Json>>;
  readonly log: readonly string[];
  /** Why it failed: Envoy would have passed the request on. */
  readonly failure?: string;
}

const HANDLE = luaFile('handle.lua');

/** Shows requests to a program, one after the other. */
export async function serve(program: string, requests: readonly LuaRequest[]): Promise<Outcome[]> {
  // The program comes first, so that it sees nothing of what it is shown to.
  const outcomes: Outcome[] = await evaluate(`do
${program}
end
${HANDLE}
local outcomes = {}
for i, request in ipairs(${literal(requests)}) do
  outcomes[i] = exchange(request)
end
return outcomes`);
  // An empty table may be meant for either.
  return outcomes.map(outcome => ({ ...outcome, log: Object.values(outcome.log) }));
}

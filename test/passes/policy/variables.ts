import { Facts } from './policy-arbitrary';
import { celObject, celTimestamp, fromJson } from '../../../src/passes/access/cel-functions';
import { Variables } from '../../../src/passes/access/cel-program';

/** The variables a data plane gives to an expression, from what it knows of a request. */
export function variablesOf(facts: Facts): Variables {
  const message = {
    jsonrpc: '2.0',
    id: 1,
    method: facts.action,
    params: facts.tool === undefined ? {} : { name: facts.tool },
  };
  return {
    request: celObject({
      method: 'POST',
      headers: fromJson(facts.headers),
      body: new TextEncoder().encode(JSON.stringify(message)),
      startTime: facts.time === undefined ? undefined : celTimestamp(facts.time),
    }),
    source: fromJson({ address: facts.address }),
    jwt: fromJson(facts.jwt),
    apiKey: fromJson(facts.apiKey),
    basicAuth: fromJson(facts.basicAuth),
    mcp: fromJson(facts.tool === undefined ? {} : { tool: { name: facts.tool } }),
  };
}

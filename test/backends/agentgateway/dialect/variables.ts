import { levelIdentity } from '../../../../src/backends/agentgateway/dialect/identity';
import { grantedByAny, ruleGrants } from '../../../../src/backends/agentgateway/dialect/rule';
import { celObject, celTimestamp, fromJson, Variables } from '../../../../src/cel/evaluate';
import { EffectivePolicy, LevelPolicy, ToolAction } from '../../../../src/model/policy';
import { Facts } from '../../../passes/policy/policy-arbitrary';

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

/** CEL that holds when a level grants an action on the tool whose name is the expression `tool`. */
export function levelExpression(policy: EffectivePolicy, level: LevelPolicy, action: ToolAction, tool: string): string {
  return level.rules.length === 0
    ? 'true'
    : grantedByAny(ruleGrants(level, action, tool, levelIdentity(policy, level)));
}

import { levelIdentity } from '../../../../src/backends/agentgateway/dialect/identity';
import { grantedByAny, ruleGrants, taskGrants } from '../../../../src/backends/agentgateway/dialect/rule';
import { celObject, celTimestamp, fromJson, Variables } from '../../../../src/cel/evaluate';
import { ITEM_KINDS, ItemAction, ItemKind } from '../../../../src/model/items';
import { EffectivePolicy, LevelPolicy } from '../../../../src/model/policy';
import { Facts } from '../../../passes/policy/policy-arbitrary';

/** The variables a data plane gives to an expression, from what it knows of a request. */
export function variablesOf(facts: Facts): Variables {
  const message = {
    jsonrpc: '2.0',
    id: 1,
    method: facts.action,
    params: facts.resource === undefined ? { name: facts.tool ?? facts.prompt } : { uri: facts.resource },
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
    mcp: fromJson(
      Object.fromEntries(
        ITEM_KINDS.filter(kind => facts[kind] !== undefined).map(kind => [kind, { name: facts[kind] }]),
      ),
    ),
  };
}

/** CEL that holds when a level grants an action on the item whose name is the expression `name`: a tool, unless it is of another kind. */
export function levelExpression(
  policy: EffectivePolicy,
  level: LevelPolicy,
  action: ItemAction,
  name: string,
  kind: ItemKind = 'tool',
): string {
  const identity = levelIdentity(policy, level);
  return level.rules.length === 0
    ? 'true'
    : grantedByAny(
        action === 'tasks/get' ? taskGrants(level, identity) : ruleGrants(level, action, { kind, name }, identity),
      );
}

import { parsed } from './support';
import { mentionedEntities } from '../../src/cedar';

it('are the entities of scopes and conditions, each once', () => {
  const { policies } = parsed([
    'permit(principal in Group::"a", action == Action::"call_tool", resource in Server::"finance/ledger") when { principal in [Group::"b", Group::"a"] || principal == User::"x" };',
    'forbid(principal is User in Group::"c", action, resource == Tool::"t") unless { context.headers has type && context.headers.type == "id" };',
  ]);
  expect(mentionedEntities(policies).map(({ type, id }) => `${type} ${id}`)).toEqual([
    'Group a',
    'Action call_tool',
    'Server finance/ledger',
    'Group b',
    'User x',
    'Group c',
    'Tool t',
  ]);
});

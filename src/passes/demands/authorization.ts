import { Demand } from './demand';
import { AuthorizationRule, LevelPolicy } from '../../model/policy';
import { formatToolPattern, selectsAll } from '../../model/tool-pattern';
import { describeRule } from '../policy/words';

/** What a level asks about who may do what. */
export function authorizationDemands({ authzConfig, rules }: LevelPolicy): Demand[] {
  return [
    ...(authzConfig === undefined
      ? []
      : [{ feature: 'authorization.cedar' as const, ...authzConfig.origin, value: 'Cedar policies' }]),
    ...rules.map((rule): Demand => ({ feature: 'authorization', ...rule.origin, value: describeRule(rule) })),
    ...rules.flatMap(listingDemand),
  ];
}

/** A rule that grants something of lists, and not all: lists are to leave the rest out. */
function listingDemand({ origin, permissions }: AuthorizationRule): Demand[] {
  const listed = permissions.filter(({ actions }) => actions.includes('tools/list')).flatMap(({ tools }) => tools);
  return listed.length === 0 || listed.some(selectsAll)
    ? []
    : [{ feature: 'authorization.listing', ...origin, value: listed.map(formatToolPattern) }];
}

import { askedAt } from './evaluate';
import { exposesOnly, requestMeets, servesItem } from './matches';
import { allOf, not, Predicate } from '../../../cel/predicates';
import { BackendGroup, Entry } from '../../../model/plan';
import { Server, exposedTools } from '../../../model/server';
import { Enforcement, Way } from '../../../passes/access/enforcement';

/** Whether a group asks for a JSON-RPC method, which only the listener can see. */
export function hasMethod(group: BackendGroup): boolean {
  return group.when?.method !== undefined;
}

/** Whether a request goes to a group that asks for a method, seen from the listener. */
export function groupGets({ when, unless }: BackendGroup): Predicate {
  return allOf([requestMeets(when!), ...unless.map(conditions => not(requestMeets(conditions)))]);
}

/** The same group after the listener has chosen: what it said of methods is settled then. */
export function afterListener(group: BackendGroup): BackendGroup {
  return hasMethod(group)
    ? { ...group, when: undefined, unless: [] }
    : { ...group, unless: group.unless.filter(({ method }) => method === undefined) };
}

/** Predicates over items, all of which hold for what a server shows in a group. */
export function showsItem({ when, unless }: BackendGroup, server: Server): Predicate[] {
  const serves = servesItem(when, unless);
  return [
    ...(serves === undefined ? [] : [serves]),
    ...(server.toolsFilter === undefined ? [] : [exposesOnly(server.toolsFilter)]),
  ];
}

/** The ways by which an entry serves tools; `guardOf` says what a server asks by itself. */
export function waysOf(entry: Entry, guardOf: (server: Server) => Enforcement | undefined): Way[] {
  const byMethod = entry.groups.filter(hasMethod);
  return entry.groups.flatMap(group =>
    group.servers.map(({ server }): Way => ({
      id: `${group.id}: ${server.name}`,
      require: [
        ...(hasMethod(group) ? [groupGets(group)] : byMethod.map(other => not(groupGets(other)))),
        ...showsItem(afterListener(group), server),
      ].map(expression => askedAt('item', { expression })),
      ...(server.rest === undefined ? {} : { tools: exposedTools(server) }),
      guard: guardOf(server),
    })),
  );
}

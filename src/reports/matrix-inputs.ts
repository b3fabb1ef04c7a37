import { patternsOf } from '../model/items';
import { Entry } from '../model/plan';
import { AuthorizationRule, Principal } from '../model/policy';
import { exposedTools } from '../model/server';
import { formatToolPattern } from '../model/tool-pattern';
import { callerOf } from '../passes/access/caller';
import { Enforcement } from '../passes/access/enforcement';
import { MatrixPrincipal } from '../passes/access/matrix';
import { namedInCedar } from '../passes/policy/cedar-policies';
import { formatPrincipal } from '../passes/policy/words';
import { compareText } from '../values/text';

function rulesOf(entry: Entry): AuthorizationRule[] {
  return (entry.policy?.levels ?? []).flatMap(level => level.rules);
}

/** Entities of a type that Cedar policies of an entry name, or those of the servers behind it. */
function namedEntities(entry: Entry, type: 'User' | 'Group' | 'Tool'): string[] {
  const ofServers = entry.groups.flatMap(group => group.servers).flatMap(({ server }) => server.policy ?? []);
  return [...(entry.policy?.levels ?? []), ...ofServers].flatMap(({ authzConfig }) =>
    authzConfig === undefined ? [] : namedInCedar(authzConfig, type),
  );
}

function principalsOf(entry: Entry): Principal[] {
  return [
    ...rulesOf(entry).flatMap(rule => rule.principals),
    ...namedEntities(entry, 'User').map((name): Principal => ({ kind: 'user', name })),
    ...namedEntities(entry, 'Group').map((name): Principal => ({ kind: 'group', name })),
  ];
}

/** Everyone that a rule or Cedar policy names, sorted, then any authenticated caller, then a caller without credentials. */
export function defaultPrincipals(entries: readonly Entry[]): MatrixPrincipal[] {
  const named = new Map(
    entries
      .flatMap(principalsOf)
      .filter(({ kind }) => kind !== 'anyAuthenticated')
      .map(principal => [formatPrincipal(principal), principal]),
  );
  return [
    ...[...named]
      .sort(([a], [b]) => compareText(a, b))
      .map(([name, principal]) => ({ name, caller: callerOf(principal) })),
    { name: 'any authenticated caller', caller: {} },
    { name: 'without credentials' },
  ];
}

/** Everyone that a rule or Cedar policy names, as principals are written. */
export function principalsNamed(entries: readonly Entry[]): string[] {
  return entries.flatMap(principalsOf).map(formatPrincipal);
}

/** Tools that there are behind an entry, filtered or not, and those that are named; undefined where a server does not declare its own. */
export function knownTools(entry: Entry): string[] | undefined {
  const catalogues = entry.groups.flatMap(group => group.servers).map(({ server }) => server.tools);
  return catalogues.includes(undefined)
    ? undefined
    : [...catalogues.flatMap(tools => tools!.map(({ name }) => name)), ...toolsOf(entry)];
}

/** Tools worth asking about: those declared, and those that rules and Cedar policies name. */
export function toolsOf(entry: Entry): string[] {
  const declared = entry.groups.flatMap(group => group.servers).flatMap(({ server }) => exposedTools(server) ?? []);
  const named = rulesOf(entry)
    .flatMap(rule => rule.permissions)
    .flatMap(({ tools = [] }) => tools)
    .filter(({ kind }) => kind === 'exact')
    .map(({ value }) => value);
  return [...new Set([...declared, ...named, ...namedEntities(entry, 'Tool')])].sort(compareText);
}

/**
 * Prompts and resources worth asking about: those that rules name. A glob is asked about as it stands: of what it selects it is one, and
 * rules that select all of that select it, too.
 */
export function namedItems(entry: Entry, kind: 'prompt' | 'resource'): string[] {
  const named = rulesOf(entry).flatMap(rule => rule.permissions.flatMap(permission => patternsOf(permission, kind)));
  return [...new Set(named.map(formatToolPattern))].sort(compareText);
}

const ENFORCEMENTS = new WeakMap<Entry, Enforcement>();

/** What is enforced at an entry, worked out once: a matrix asks thousands of times. */
export function entryOf(entry: Entry, compute: () => Enforcement): Enforcement {
  const known = ENFORCEMENTS.get(entry);
  if (known !== undefined) {
    return known;
  }
  const computed = compute();
  ENFORCEMENTS.set(entry, computed);
  return computed;
}

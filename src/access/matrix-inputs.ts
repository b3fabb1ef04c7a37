import { compareText } from '../model/diagnostic';
import { Entry } from '../model/plan';
import { AuthorizationRule } from '../model/policy';
import { callerOf } from '../passes/access/caller';
import { Enforcement } from '../passes/access/enforcement';
import { MatrixPrincipal } from '../passes/access/matrix';
import { formatPrincipal } from '../passes/policy/words';
import { exposedTools } from '../passes/tool-conflicts';

function rulesOf(entry: Entry): AuthorizationRule[] {
  return (entry.policy?.levels ?? []).flatMap(level => level.rules);
}

/** Everyone that a rule names, sorted, then any authenticated caller, then a caller without credentials. */
export function defaultPrincipals(entries: readonly Entry[]): MatrixPrincipal[] {
  const named = new Map(entries.flatMap(rulesOf).flatMap(rule => rule.principals).filter(({ kind }) => kind !== 'anyAuthenticated')
    .map(principal => [formatPrincipal(principal), principal]));
  return [
    ...[...named].sort(([a], [b]) => compareText(a, b)).map(([name, principal]) => ({ name, caller: callerOf(principal) })),
    { name: 'any authenticated caller', caller: {} },
    { name: 'without credentials' },
  ];
}

/** Tools worth asking about: those declared, and those that rules name. */
export function toolsOf(entry: Entry): string[] {
  const declared = entry.groups.flatMap(group => group.servers).flatMap(({ server }) => exposedTools(server) ?? []);
  const named = rulesOf(entry).flatMap(rule => rule.permissions).flatMap(({ tools }) => tools).filter(({ kind }) => kind === 'exact').map(({ value }) => value);
  return [...new Set([...declared, ...named])].sort(compareText);
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

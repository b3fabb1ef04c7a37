import { StagedRule } from './dialect/rule';
import { waysOf } from './dialect/ways';
import { fromParts, mergedParts } from './parts';
import { Entry } from '../../model/plan';
import { Enforcement } from '../../passes/access/enforcement';
import { Behind } from '../interface/data-plane';

/** First what a request may be at all, then who calls, then what the caller may do. */
const ORDER: readonly StagedRule['level'][] = ['filtering', 'authentication'];

/** The rules at an entry, in the order they are asked. */
export function rulesOf(entry: Entry): readonly StagedRule[] {
  const rules = fromParts(part => part.rules?.(entry));
  return [
    ...ORDER.flatMap(level => rules.filter(rule => rule.level === level)),
    ...rules.filter(({ level }) => !ORDER.includes(level)),
  ];
}

/** What is enforced at an entry. */
export function enforcement(entry: Entry, behind: Behind = () => undefined): Enforcement {
  return {
    entry: entry.id,
    clientHeaders: mergedParts(part => part.clientHeaders?.(entry)),
    authentication: entry.policy?.authentication ?? [],
    rules: rulesOf(entry),
    ways: waysOf(entry, behind),
  };
}

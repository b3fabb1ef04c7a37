import { Diagnostic } from './findings';
import { canonicalText } from '../values/json';

/*
 * A loop repeats its mistake at each of a thousand constructs. Who reads the errors wants to know that once, and where.
 */

/** Findings that are the same but for their constructs and that are printed one by one; of more than these the rest is counted. */
const PRINTED = 10;
/** Of more than those, how many are printed. */
const SHOWN = 3;

/** Findings for a person: what is the same at many constructs is said at the first of them, with how many there are. */
export function countedTogether(findings: readonly Diagnostic[]): Diagnostic[] {
  const groups = new Map<string, Diagnostic[]>();
  for (const finding of findings) {
    const { id, problem, property, remedy, value } = finding;
    const key = canonicalText([id, property, problem, remedy, String(JSON.stringify(value) ?? value)]);
    groups.set(key, [...(groups.get(key) ?? []), finding]);
  }
  const dropped = new Set([...groups.values()].filter(isMany).flatMap(group => group.slice(SHOWN)));
  const last = new Map([...groups.values()].filter(isMany).map(group => [group[SHOWN - 1], group]));
  return findings
    .filter(finding => !dropped.has(finding))
    .map(finding => {
      const group = last.get(finding);
      const more = (group?.length ?? 0) - SHOWN;
      return group === undefined
        ? finding
        : {
            ...finding,
            remedy: `${finding.remedy}. The same is wrong at ${more} more, the last of them ${group.at(-1)!.path}`,
          };
    });
}

function isMany(group: readonly Diagnostic[]): boolean {
  return group.length > PRINTED;
}

import { MessageChanges } from './config';
import { headerValue } from './dialect/condition';
import { matchesWhole } from './dialect/regex';
import { celString } from '../../cel/literals';
import { anyOf, not, Predicate } from '../../cel/predicates';
import { FilterAction, HeaderFilter, PLACEHOLDER } from '../../model/traffic-policy';

/*
 * Filters of headers: what is refused as rules on the request, the rest as changes to the message. A header whose value errs
 * is taken out, which is how it is removed, and why one that is not there stays away.
 */

/** Holds when a filter lets a request pass; undefined for one that refuses nothing. */
export function headerRule({ name, action, pattern }: HeaderFilter): Predicate | undefined {
  const absent = not(`${celString(name)} in request.headers`);
  switch (action) {
    case 'Allow':
      return anyOf([absent, matchesWhole(headerValue(name), pattern!)]);
    case 'Deny':
      return pattern === undefined ? absent : anyOf([absent, not(matchesWhole(headerValue(name), pattern))]);
    default:
      return undefined;
  }
}

const CHANGING: readonly FilterAction[] = ['Remove', 'Redact'];

/** Filters that change headers, as changes to requests or to answers. */
export function headerChangesOf(
  filters: readonly HeaderFilter[],
  message: 'request' | 'response',
): Pick<MessageChanges, 'remove' | 'set'> {
  const changing = filters.filter(({ action }) => CHANGING.includes(action));
  const removed = new Set(
    changing.filter(({ action, pattern }) => action === 'Remove' && pattern === undefined).map(({ name }) => name),
  );
  const names = [...new Set(changing.map(({ name }) => name))].filter(name => !removed.has(name));
  return {
    ...(names.length === 0
      ? {}
      : { set: Object.fromEntries(names.map(name => [name, filteredValue(name, changing, message)])) }),
    ...(removed.size === 0 ? {} : { remove: [...removed] }),
  };
}

function filteredValue(name: string, filters: readonly HeaderFilter[], message: 'request' | 'response'): string {
  const value = headerValue(name).replace(/^request/, message);
  return filters
    .filter(filter => filter.name === name)
    .reduceRight((otherwise, { action, pattern }) => {
      const put = action === 'Remove' ? 'fail("removed")' : celString(PLACEHOLDER);
      return `${pattern === undefined ? `size(${value}) >= 0` : matchesWhole(value, pattern)} ? ${put} : ${otherwise}`;
    }, value);
}

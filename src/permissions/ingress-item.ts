import { checkObject, checkText, checkTexts } from './document-fields';
import { checkPods, podsJson, podsOfItem } from './pods-item';
import { checkRange, rangeOf } from './ranges';
import { InputCheck } from '../model/input';
import { IngressSource } from '../model/permissions';
import { compact, Json } from '../values/json';

/*
 * Who may connect, as resources write it.
 */

const SOURCES = ['anywhere', 'cidr', 'pods'];

/** A source as resources write it. */
export function sourceJson(source: IngressSource): Json {
  switch (source.kind) {
    case 'pods':
      return { pods: podsJson(source) };
    case 'cidr':
      return compact({ cidr: source.cidr, except: [...source.except] });
    case 'anywhere':
      return { anywhere: true };
  }
}

/** Checks a source of a document. */
export function checkSourceItem(input: InputCheck, place: string, given: unknown): void {
  const item = checkObject(input, place, given, [...SOURCES, 'except']);
  const sources = SOURCES.filter(field => item[field] !== undefined);
  input.check(
    place,
    sources,
    sources.length === 1 ? undefined : 'names nobody, or several',
    `Write one of ${SOURCES.join(', ')}`,
  );
  input.check(
    `${place}.anywhere`,
    item.anywhere,
    item.anywhere === false ? 'says nothing' : undefined,
    'Write true, or remove it',
  );
  const except = checkTexts(input, `${place}.except`, item.except);
  if (checkText(input, `${place}.cidr`, item.cidr)) {
    const range = new InputCheck('');
    checkRange(range, item.cidr, except);
    range.diagnostics.forEach(({ property, value, problem, remedy }) =>
      input.check(`${place}.${property}`, value, problem, remedy),
    );
  } else {
    input.check(
      `${place}.except`,
      item.except,
      except.length === 0 ? undefined : 'is not about a range',
      'Remove it, or write cidr',
    );
  }
  checkPods(input, `${place}.pods`, item.pods);
}

/** A source that was checked, for a workload of a namespace. */
export function sourceOfItem(item: Json, namespace: string): IngressSource {
  if (item.cidr !== undefined) {
    return { kind: 'cidr', ...rangeOf(item.cidr, item.except) };
  }
  return item.pods === undefined ? { kind: 'anywhere' } : { kind: 'pods', ...podsOfItem(item.pods, namespace) };
}

import { HeaderModifierOptions } from './header-modifier-options';
import { InputCheck } from '../model/input';
import { headerNameProblem, headerValueProblem, protocolHeaderProblem } from '../model/names';
import { HeaderModifier } from '../model/route';

/** Checks header changes. */
export function checkHeaderModifier(
  input: InputCheck,
  property: string,
  options: HeaderModifierOptions | undefined,
): void {
  const names: string[] = [];
  const check = (where: string, name: string): void => {
    input.check(where, name, headerNameProblem(name), 'Name one header');
    input.check(where, name, protocolHeaderProblem(name), 'Leave it alone');
    input.check(
      where,
      name,
      names.includes(name.toLowerCase()) ? 'is named twice' : undefined,
      'Name each header once, in set, add or remove',
    );
    names.push(name.toLowerCase());
  };
  for (const verb of ['set', 'add'] as const) {
    for (const [name, value] of Object.entries(options?.[verb] ?? {})) {
      check(`${property}.${verb}[${name}]`, name);
      input.check(
        `${property}.${verb}[${name}]`,
        value,
        headerValueProblem(value),
        'Give a value without control characters',
      );
    }
  }
  options?.remove?.forEach((name, i) => check(`${property}.remove[${i}]`, name));
}

/** The changes as plain data, names in lower case and sorted: their order has no meaning. */
export function headerModifierModel(options: HeaderModifierOptions): HeaderModifier {
  const pairs = (headers: { [name: string]: string } | undefined) =>
    Object.entries(headers ?? {})
      .map(([name, value]) => ({ name: name.toLowerCase(), value }))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  return {
    set: pairs(options.set),
    add: pairs(options.add),
    remove: (options.remove ?? []).map(name => name.toLowerCase()).sort(),
  };
}

/** One set of changes made of two. */
export function mergeHeaderModifiers(a: HeaderModifierOptions, b: HeaderModifierOptions): HeaderModifierOptions {
  return {
    set: { ...a.set, ...b.set },
    add: { ...a.add, ...b.add },
    remove: [...(a.remove ?? []), ...(b.remove ?? [])],
  };
}

/*
 * `cdk8s import` writes the types of each kind anew, though kinds share most of their shapes: what is alike is kept once here,
 * and the other names stand for it.
 */

/** A declaration of generated code: a type with the function that converts it, or a class. */
interface Declaration {
  readonly name: string;
  /** What TypeScript makes of it: only interfaces have no value of their own. */
  readonly keyword: 'interface' | 'enum' | 'class';
  /** Its text, and that of its function. */
  readonly texts: readonly string[];
}

const DECLARED = /^export (interface|enum|class|function) (\w+)/m;
const CONVERTER = 'toJson_';

/** Generated code in which types that are alike but for their names are declared once. Names that are left over stand for them. */
export function shareTypes(code: string): string {
  const [head, ...texts] = code.split(/^(?=\/\*\*$)/m);
  const declarations = declarationsOf(texts);
  const same = representatives(declarations);
  const kept = declarations.filter(({ name }) => same.get(name) === name);
  const aliases = declarations.filter(({ name }) => same.get(name) !== name);
  return [
    head,
    ...kept.flatMap(({ texts: own }) => own.map(text => renamed(text, same))),
    ...(aliases.length === 0 ? [] : ['/* Shapes that stand in several places have the name of the first. */\n']),
    ...aliases.map(({ name, keyword }) => aliasOf(name, keyword, same.get(name)!)),
  ].join('');
}

function declarationsOf(texts: readonly string[]): readonly Declaration[] {
  const found = new Map<string, { keyword: Declaration['keyword']; texts: string[] }>();
  for (const text of texts) {
    const [, keyword, name] = DECLARED.exec(text)!;
    if (keyword === 'function') {
      found.get(name.slice(CONVERTER.length))!.texts.push(text);
    } else {
      found.set(name, { keyword: keyword as Declaration['keyword'], texts: [text] });
    }
  }
  return [...found].map(([name, declaration]) => ({ name, ...declaration }));
}

/** For each name that of the first declaration that is alike, found from the innermost types outwards. */
function representatives(declarations: readonly Declaration[]): ReadonlyMap<string, string> {
  let same = new Map(declarations.map(({ name }) => [name, name]));
  for (;;) {
    const first = new Map<string, string>();
    const next = new Map<string, string>();
    for (const declaration of declarations) {
      const shape = shapeOf(declaration, same);
      const representative = first.get(shape) ?? declaration.name;
      first.set(shape, representative);
      next.set(declaration.name, representative);
    }
    if ([...next].every(([name, representative]) => same.get(name) === representative)) {
      return next;
    }
    same = next;
  }
}

/** All of a declaration but its own name and description: what is said of a place stands at the property, too. */
function shapeOf({ name, texts }: Declaration, same: ReadonlyMap<string, string>): string {
  return texts
    .map(text => text.slice(text.indexOf('*/')))
    .map(text => text.replace(/^ +\* @schema .*\n/gm, ''))
    .map(text => renamed(text, new Map([...same, [name, '#']])))
    .join('');
}

function renamed(text: string, names: ReadonlyMap<string, string>): string {
  return text.replace(/\b(toJson_)?(\w+)\b/g, (word, converter: string | undefined, name: string) => {
    const other = names.get(name);
    return other === undefined ? word : `${converter ?? ''}${other}`;
  });
}

function aliasOf(name: string, keyword: Declaration['keyword'], other: string): string {
  const value = keyword === 'interface' ? '' : `export const ${name} = ${other};\n`;
  return `export type ${name} = ${other};\n${value}`;
}

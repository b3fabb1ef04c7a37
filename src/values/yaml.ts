import { isPlainObject } from './json';

/** The YAML library, loaded on first use: it takes longer to load than all of this package. */
export function yamlLibrary(): typeof import('yaml') {
  return require('yaml');
}

/*
 * Plain data as block YAML, without aliases and folded lines.
 *
 * The YAML library makes objects of every key and value before it writes a line. For the configuration of a large gateway,
 * which says the same of many routes, that took as long as all the rest of its synthesis. So the library writes each
 * distinct key and scalar once, which is where quoting matters; what is put around them here is indentation.
 */

/** Writes a list or an object of JSON; nodes of the YAML library may stand for scalars. */
export function blockYaml(value: object): string {
  return isBlock(value) ? `${write(value, '', { lines: linesOf(value), width: 0 })}\n` : libraryYaml(value);
}

/**
 * The same, with lists and objects that fit on a line of so many characters written there, as the JSON that YAML takes: of
 * what is deep, most of block YAML would be indentation.
 */
export function compactYaml(value: object, width = 240): string {
  return isBlock(value) ? `${write(value, '', { lines: linesOf(value), width })}\n` : libraryYaml(value);
}

interface Style {
  /** Keys and scalars as the library writes them. */
  readonly lines: ReadonlyMap<unknown, string>;
  /** Longest line of what is written as JSON. */
  readonly width: number;
}

/** Longest key that YAML takes in front of a colon on the same line. */
const MAX_KEY = 1024;

function write(value: unknown, indent: string, style: Style): string {
  const { lines } = style;
  if (!isBlock(value)) {
    // How text of several lines is written depends on where it stands.
    return lines.get(value) ?? libraryYaml({ k: value }, indent.length).slice('k: '.length, -1);
  }
  const inner = `${indent}  `;
  const parts = Array.isArray(value)
    ? value.map(item => `- ${inline(item, inner, style) ?? write(item, inner, style)}`)
    : Object.entries(value).map(([key, item]) => {
        const text = lines.get(key) ?? libraryYaml({ [key]: 0 }).slice(0, -': 0\n'.length);
        const name = text.length > MAX_KEY ? `? ${text}\n${indent}` : text;
        const short = inline(item, inner, style);
        return `${name}:${isBlock(item) && short === undefined ? `\n${inner}` : ' '}${short ?? write(item, inner, style)}`;
      });
  return parts.join(`\n${indent}`);
}

/** A list or object as JSON on one line; undefined where it does not fit. */
function inline(value: unknown, indent: string, { width }: Style): string | undefined {
  if (width === 0 || !isBlock(value)) {
    return undefined;
  }
  const text = JSON.stringify(value);
  return indent.length + text.length <= width ? text : undefined;
}

/** Whether a value stands on lines of its own: what is empty does not. */
function isBlock(value: unknown): value is object {
  return Array.isArray(value) ? value.length > 0 : isPlainObject(value) && Object.keys(value).length > 0;
}

/** Keys and scalars of a single line, as the library writes them wherever they stand. */
function linesOf(value: object): ReadonlyMap<unknown, string> {
  const found = new Set<unknown>();
  collect(value, found);
  const written = new Map([...found].map(scalar => [scalar, plainLine(scalar)]));
  const others = [...found].filter(scalar => written.get(scalar) === undefined);
  const lines = others.length === 0 ? [] : libraryYaml(others).split('\n');
  others.forEach((scalar, i) => written.set(scalar, lines[i].slice('- '.length)));
  return written as ReadonlyMap<unknown, string>;
}

/** Text in ASCII without anything that YAML has a meaning for: most of it, so that the library often need not be loaded. */
const PLAIN = /^[A-Za-z/$](?:[!-9;-~]|:(?=[!-~])| (?=[!-"$-~]))*$/;
/** Text in ASCII that is the same within quotes. */
const QUOTABLE = /^[ !#-[\]-~]*$/;

/** What the library writes of a scalar on one line; undefined for what only the library knows. */
function plainLine(scalar: unknown): string | undefined {
  if (typeof scalar !== 'string') {
    return typeof scalar === 'boolean' || Number.isSafeInteger(scalar) ? String(scalar) : undefined;
  }
  if (MAYBE_NOT_TEXT.test(scalar)) {
    return QUOTABLE.test(scalar) ? `"${scalar}"` : undefined;
  }
  return PLAIN.test(scalar) ? scalar : undefined;
}

function collect(value: unknown, found: Set<unknown>): void {
  if (Array.isArray(value)) {
    value.forEach(item => collect(item, found));
  } else if (isPlainObject(value)) {
    for (const [key, item] of Object.entries(value)) {
      collect(key, found);
      collect(item, found);
    }
  } else if (typeof value === 'string' ? !value.includes('\n') : typeof value !== 'object' || value === null) {
    found.add(value);
  }
}

/** Text that some reader of YAML takes for a number, a boolean or nothing; they do not agree on what (`0b1`, `0o7`, `on`). */
const MAYBE_NOT_TEXT = /^[-+.\d]|^e[-+]?\d|^(?:~|<<|=|null|y|n|yes|no|on|off|true|false)$/i;

/** Whether no reader of YAML takes a text for anything else. */
export function isSurelyText(text: string): boolean {
  return !MAYBE_NOT_TEXT.test(text);
}

/** What Go takes for a number, which leaves underscores out first. */
const NUMBER_OF_GO =
  /^[-+]?(?:[0-9]+|0[oO][0-7]+|0[bB][01]+|0[xX][0-9a-fA-F]+)$|^[-+]?[0-9]*\.?[0-9]+(?:[eE][-+]?[0-9]+)?$/;
/** What YAML 1.1 takes for a number, which cdk8s therefore quotes. */
const NUMBER_OF_YAML =
  /^[-+]?(?:0b[01_]+|0x[0-9a-fA-F_]+|[0-9][0-9_]*|(?:[0-9][0-9_]*)?(?:\.[0-9_]*)?[eE][-+]?[0-9]+|(?:[0-9][0-9_]*)?\.[0-9_]*)$/;

/** Whether kubectl takes a text for a number where cdk8s writes it, without quotes: `0o17`, `0X1F`, `-_7`. */
export function isMisread(text: string): boolean {
  return /^[-+0-9]/.test(text) && NUMBER_OF_GO.test(text.replace(/_/g, '')) && !NUMBER_OF_YAML.test(text);
}

/** Texts inside of a value that kubectl would not read as they are, with their places. */
export function misreadTexts(value: unknown, place = ''): { readonly place: string; readonly text: string }[] {
  if (typeof value === 'string') {
    return isMisread(value) ? [{ place, text: value }] : [];
  }
  if (!Array.isArray(value) && !isPlainObject(value)) {
    // A value of a variable, as cdk8s-plus has it.
    const { value: held } = (value ?? {}) as { readonly value?: unknown };
    return typeof held === 'string' ? misreadTexts(held, place) : [];
  }
  return Object.keys(value).flatMap(key => {
    const below = Array.isArray(value) ? `${place}[${key}]` : place === '' ? key : `${place}.${key}`;
    return [
      ...(isMisread(key) ? [{ place: below, text: key }] : []),
      ...misreadTexts((value as Readonly<Record<string, unknown>>)[key], below),
    ];
  });
}

/** Text of several lines that starts or ends with white space, beyond the end of its last line: as a block it would be written, and read back without it. */
const FRAGILE_BLOCK = /^\s[^]*\n|\n[^]*[^\S\n]$|\n\s*\n$|\r|^\s*\n/;

/** A document as cdk8s writes it, but that kubectl reads every text as it is. */
export function manifestYaml(value: unknown): string {
  const { Document, visit } = yamlLibrary();
  const document = new Document(value, { version: '1.1', keepUndefined: true });
  visit(document, {
    Scalar: (_, scalar) => {
      if (typeof scalar.value === 'string' && isMisread(scalar.value)) {
        scalar.type = 'QUOTE_DOUBLE';
      }
    },
  });
  return document.toString({ lineWidth: 0 });
}

/** Anything as the library writes it, with quotes around what a reader might not take for text. */
export function libraryYaml(value: unknown, indent = 2): string {
  const { Document, visit } = yamlLibrary();
  const document = new Document(value, { aliasDuplicateObjects: false });
  visit(document, {
    Scalar: (_, scalar) => {
      // A block is text whatever stands in it.
      const mistaken = scalar.type === 'BLOCK_LITERAL' ? FRAGILE_BLOCK : MAYBE_NOT_TEXT;
      if (typeof scalar.value === 'string' && (mistaken.test(scalar.value) || FRAGILE_BLOCK.test(scalar.value))) {
        scalar.type = 'QUOTE_DOUBLE';
      }
    },
  });
  return document.toString({ lineWidth: 0, indent });
}

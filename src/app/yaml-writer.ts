import { Yaml } from 'cdk8s';
import { isPlainObject, Json } from '../values/json';
import { isMisread, manifestYaml, misreadTexts } from '../values/yaml';

/** Texts that are the same with and without quotes, for readers of YAML 1.1 and 1.2 alike: they begin with a letter or a slash. */
const PLAIN = /^[A-Za-z/][A-Za-z0-9_./-]*(?:[: ][A-Za-z0-9_./-]+)*(?<!-)$/;
/** Words of YAML 1.1 that are no texts, and what its readers take for the exponent of a number. */
const NO_TEXT = /^(?:y|yes|true|on|n|no|false|off|null|e-?[0-9]+)$/i;
/** Control characters, and halves of characters: the library writes them as escapes. */
const ESCAPED = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u{D800}-\u{DFFF}]/u;
/** Begins of documents, which the library writes differently at the margin. */
const DOCUMENT_MARK = /^(?:---|\.\.\.)/;
/** Longer keys are written in another form. */
const MAX_SIMPLE_TEXT = 1000;

/** Thrown where a value has something that is not written here. */
class Unusual extends Error {}

/**
 * Writes documents as `Yaml.stringify` of cdk8s does, byte for byte but for quotes around texts that kubectl would take for
 * numbers (`0o17`), at a fraction of its cost: it needs no tree of nodes for
 * JSON as objects of Kubernetes are. A document with anything else in it is left to the library, and so is every text that may
 * need quotes, once.
 */
export class YamlWriter {
  private readonly texts = new Map<string, string>();

  /** One document. */
  document(document: Json): string {
    if (!isCollection(document) || isEmpty(document) || !isKnownLibrary()) {
      return byLibrary(document);
    }
    try {
      return `${this.collection(document, '', new Set())}\n`;
    } catch (error) {
      if (error instanceof Unusual) {
        return byLibrary(document);
      }
      throw error;
    }
  }

  /** What has items, the first of them at the margin that the caller has written already. */
  private collection(value: Json | readonly unknown[], margin: string, seen: Set<unknown>): string {
    const inner = `${margin}  `;
    if (Array.isArray(value)) {
      return value.map(item => `- ${this.value(item, inner, seen)}`).join(`\n${margin}`);
    }
    const entries = value as Json;
    let written = '';
    for (const key of Object.keys(entries)) {
      const item = entries[key];
      const below = isCollection(item) && !isEmpty(item) ? `\n${inner}` : ' ';
      const name = this.plainOrQuoted(key);
      written += `${written === '' ? '' : `\n${margin}`}${name}:${below}${this.value(item, inner, seen)}`;
    }
    return written;
  }

  private value(value: unknown, margin: string, seen: Set<unknown>): string {
    if (typeof value === 'string') {
      return value.includes('\n') ? lines(value, margin) : this.plainOrQuoted(value);
    }
    if (typeof value === 'boolean') {
      return value ? 'true' : 'false';
    }
    if (typeof value === 'number' && Number.isSafeInteger(value) && !Object.is(value, -0)) {
      return String(value);
    }
    // What stands in two places would be an alias.
    if (!isCollection(value) || seen.has(value)) {
      throw new Unusual();
    }
    seen.add(value);
    if (isEmpty(value)) {
      return Array.isArray(value) ? '[]' : '{}';
    }
    return this.collection(value, margin, seen);
  }

  /** A text of one line. */
  private plainOrQuoted(text: string): string {
    if (PLAIN.test(text) && !NO_TEXT.test(text)) {
      return text;
    }
    if (isMisread(text)) {
      return `"${text}"`;
    }
    const known = this.texts.get(text);
    if (known !== undefined) {
      return known;
    }
    const written = Yaml.stringify(text).slice(0, -1);
    if (DOCUMENT_MARK.test(text) || written.length > MAX_SIMPLE_TEXT || written.includes('\n')) {
      throw new Unusual();
    }
    this.texts.set(text, written);
    return written;
  }
}

/** As cdk8s writes it, but for texts that would not be read as they are. */
function byLibrary(document: Json): string {
  return misreadTexts(document).length === 0 ? Yaml.stringify(document) : manifestYaml(document);
}

/** A text of several lines, as a literal block. Where blanks at an end would count, it takes more than that. */
function lines(text: string, margin: string): string {
  const ended = text.endsWith('\n');
  const body = ended ? text.slice(0, -1) : text;
  if (body === '' || /^\s|\s$/.test(body) || ESCAPED.test(text)) {
    throw new Unusual();
  }
  return `|${ended ? '' : '-'}\n${margin}${body.replace(/\n+/g, `$&${margin}`)}`;
}

function isCollection(value: unknown): value is Json | readonly unknown[] {
  return Array.isArray(value) || isPlainObject(value);
}

function isEmpty(value: Json | readonly unknown[]): boolean {
  return Array.isArray(value) ? value.length === 0 : Object.keys(value).length === 0;
}

/** One of everything that is written here. */
const SAMPLE = {
  text: 'a.b/c-d:1 e',
  word: 'on',
  quoted: "it's: 'q' \"",
  number: 80,
  negative: -1,
  flag: true,
  none: {},
  empty: [],
  lines: 'a: b\n\n  c # d\n',
  open: 'a\nb',
  list: ['a', { b: { c: [1, [2, ['x\ny']]] }, d: 'e\nf\n' }, [], {}],
  '8080': 'key',
};
const SAMPLE_WRITTEN = `"8080": key
text: a.b/c-d:1 e
word: "on"
quoted: "it's: 'q' \\""
number: 80
negative: -1
flag: true
none: {}
empty: []
lines: |
  a: b

    c # d
open: |-
  a
  b
list:
  - a
  - b:
      c:
        - 1
        - - 2
          - - |-
              x
              y
    d: |
      e
      f
  - []
  - {}
`;
let known: boolean | undefined;

/** Whether the library still writes as it is written here: a later release of cdk8s may come with another. */
function isKnownLibrary(): boolean {
  known ??= Yaml.stringify(SAMPLE) === SAMPLE_WRITTEN;
  return known;
}

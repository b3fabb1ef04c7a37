import { isPlainObject } from './json';
import { isSurelyText } from './yaml';

/*
 * Plain data as YAML in as few bytes as readers of YAML take: what repeats stands once, behind an anchor, and by an alias
 * everywhere else; nothing is indented, and nothing is quoted that need not be. Lines end where a list or an object is long, so
 * that a difference of two files is still one of lines.
 */

/** Characters of a list or an object from which on each of its items has a line of its own. */
const LONG = 240;
/** Longest text that readers take for a key without being told. */
const MAX_KEY = 1000;
/** What is shorter costs less than to be named. */
const LEAST_NAMED = 4;
const NAME_CHARACTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';

/** A distinct value: whatever is the same is the same node. */
interface Node {
  /** Of a scalar, as it is written. */
  readonly text?: string;
  /** Of a list. */
  readonly items?: readonly Node[];
  /** Of an object, by its keys. */
  readonly fields?: readonly (readonly [Node, Node])[];
  /** Bytes that it takes at least. */
  readonly size: number;
  /** Where it stands in nodes that are different from each other. */
  uses: number;
}

/** Writes a list or an object of JSON. */
export function denseYaml(value: object): string {
  const nodes = new Nodes();
  const root = nodes.of(value);
  return `${new Writer(nodes.all).write(root)}\n`;
}

/**
 * The same, for readers that take a document for an attack in which they follow many aliases for each thing that is written; undefined
 * where it would be more than so many.
 */
export function denseYamlFollowing(value: object, most: number): string | undefined {
  const nodes = new Nodes();
  const root = nodes.of(value);
  const writer = new Writer(nodes.all);
  const text = `${writer.write(root)}\n`;
  return writer.followed(root) > most * writer.things ? undefined : text;
}

/** Finds what is the same. */
class Nodes {
  private readonly known = new Map<string, Node>();
  private readonly numbers = new Map<Node, number>();

  /** In the order in which they were found. */
  get all(): Iterable<Node> {
    return this.numbers.keys();
  }

  of(value: unknown): Node {
    if (Array.isArray(value)) {
      const items = value.map(item => this.of(item));
      return this.shared(`[${items.map(item => this.numbers.get(item)).join()}`, items, () => ({ items }));
    }
    if (isPlainObject(value)) {
      const fields = Object.entries(value)
        .filter(([, item]) => item !== undefined)
        .map(([key, item]) => [this.of(key), this.of(item)] as const);
      const parts = fields.flat();
      return this.shared(`{${parts.map(part => this.numbers.get(part)).join()}`, parts, () => ({ fields }));
    }
    const text = scalar(value);
    return this.shared(`=${text}`, [], () => ({ text }));
  }

  private shared(key: string, parts: readonly Node[], make: () => Pick<Node, 'text' | 'items' | 'fields'>): Node {
    const found = this.known.get(key);
    if (found !== undefined) {
      return found;
    }
    const made = make();
    const size =
      Buffer.byteLength(made.text ?? '{}') + parts.reduce((sum, part) => sum + Math.min(part.size, 3) + 1, 0);
    const node: Node = { ...made, size, uses: 0 };
    parts.forEach(part => part.uses++);
    this.known.set(key, node);
    this.numbers.set(node, this.numbers.size);
    return node;
  }
}

/** Writes nodes: the first time with their names, and by their names from then on. */
class Writer {
  /** Scalars, lists, objects and aliases that were written. */
  public things = 0;
  private readonly names = new Map<Node, string>();
  private readonly written = new Set<Node>();
  private readonly inside = new Map<Node, number>();

  constructor(nodes: Iterable<Node>) {
    const repeated = [...nodes].filter(({ uses, size }) => uses > 1 && size >= LEAST_NAMED);
    // Who is written most often has the shortest name.
    repeated.sort((a, b) => b.uses - a.uses);
    for (const node of repeated) {
      const name = nameOf(this.names.size);
      const alias = name.length + 1;
      if ((node.uses - 1) * (node.size - alias) > alias + 1) {
        this.names.set(node, name);
      }
    }
  }

  /** Aliases that a reader follows who reads a node with all that is in it, as if none of it had been read before. */
  followed(node: Node): number {
    const known = this.inside.get(node);
    if (known !== undefined) {
      return known;
    }
    const parts = node.items ?? node.fields?.flat() ?? [];
    const sum = parts.reduce((all, part) => all + this.followed(part) + (this.names.has(part) ? 1 : 0), 0);
    this.inside.set(node, sum);
    return sum;
  }

  write(node: Node): string {
    this.things++;
    const name = this.names.get(node);
    if (name === undefined) {
      return this.content(node);
    }
    if (this.written.has(node)) {
      return `*${name}`;
    }
    this.written.add(node);
    return `&${name} ${this.content(node)}`;
  }

  private content({ text, items, fields }: Node): string {
    return (
      text ??
      (items !== undefined
        ? `[${joined(items.map(item => this.write(item)))}]`
        : `{${joined(fields!.map(([key, value]) => `${this.key(key)}: ${this.write(value)}`))}}`)
    );
  }

  /** A colon may be part of a name. */
  private key(node: Node): string {
    const isAlias = this.names.has(node) && this.written.has(node);
    const text = this.write(node);
    return isAlias ? `${text} ` : text.length > MAX_KEY ? `? ${text} ` : text;
  }
}

function joined(parts: readonly string[]): string {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  return parts.join(length > LONG ? ',\n ' : ',');
}

/** Names in the order of their length. */
function nameOf(index: number): string {
  const base = NAME_CHARACTERS.length;
  let name = NAME_CHARACTERS[index % base];
  for (let rest = Math.floor(index / base); rest > 0; rest = Math.floor((rest - 1) / base)) {
    name = NAME_CHARACTERS[(rest - 1) % base] + name;
  }
  return name;
}

/** Text that is the same without quotes, wherever in a list or an object it stands. */
const UNQUOTED = /^[A-Za-z/][A-Za-z0-9_./@$-]*(?::[A-Za-z0-9_./@$-]+)*$/;

/** What YAML takes between quotes as an escape alone, and JSON as it is. */
// eslint-disable-next-line no-control-regex
const UNPRINTABLE = /[\x7f-\x9f\ufeff\ufffe\uffff]/g;
/** What stands between single quotes as it is. */
const PRINTABLE = /^[\x20-\x7e]*$/;

function scalar(value: unknown): string {
  if (typeof value === 'string' && UNQUOTED.test(value) && isSurelyText(value)) {
    return value;
  }
  const json = JSON.stringify(value);
  if (typeof value !== 'string') {
    return json;
  }
  const single = `'${value.replace(/'/g, () => "''")}'`;
  return PRINTABLE.test(value) && single.length < json.length
    ? single
    : json.replace(UNPRINTABLE, character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

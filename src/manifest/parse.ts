import type { Document, Node, Pair, ParsedNode, ScalarTag, Tags } from 'yaml';
import { DocumentCheck, LocatedFinding, SourceDocument } from './source-document';
import { errorKind, findingOf } from '../model/findings';
import { Path } from '../values/paths';
import { isMisread, yamlLibrary } from '../values/yaml';

const YAML_INVALID = errorKind('yaml-invalid', 'is not YAML as Kubernetes reads it ({message})', 'Correct the text');
const YAML_KEY_NOT_TEXT = errorKind('yaml-key-not-text', 'is a key that is not text', 'Quote it');
const YAML_KEY_TWICE = errorKind('yaml-key-twice', 'is there twice: only one of the two could count', 'Keep one');
const YAML_UNREADABLE = errorKind(
  'yaml-unreadable',
  'cannot be read ({reason})',
  'Correct the aliases ("*name") and their anchors ("&name")',
);
const DOCUMENT_NO_OBJECT = errorKind(
  'document-no-object',
  'is not a Kubernetes object',
  'Write apiVersion, kind, metadata and spec',
);
const LIST_FIELD_UNKNOWN = errorKind('list-field-unknown', 'is not a field of List', 'Put objects into items');
const LIST_ITEMS_MISSING = errorKind('list-items-missing', 'is not a list of objects', 'Put objects into items');
const LIST_ITEM_NO_OBJECT = errorKind(
  'list-item-no-object',
  'is not a Kubernetes object',
  'Write apiVersion, kind, metadata and spec',
);

/** What a text holds: its objects, and what is wrong with the text itself. */
export interface ParsedSource {
  readonly documents: readonly SourceDocument[];
  readonly findings: readonly LocatedFinding[];
}

/**
 * Tags of YAML 1.1 that Kubernetes' own reader does not know: there, `2025-06-18` and `1:30` are text, and binary values,
 * sets and ordered maps do not exist.
 */
const UNKNOWN_TO_KUBERNETES = ['timestamp', 'binary', 'omap', 'pairs', 'set'].map(name => `tag:yaml.org,2002:${name}`);

/** Aliases that one document may expand to: more is a mistake, or meant to exhaust the reader. */
const MAX_ALIASES = 100;

/** Numbers as Go reads them, of which YAML 1.1 knows nothing: `0o17`, `0X1F`, `1e+1_0`. */
const NUMBER_OF_GO: ScalarTag = {
  default: true,
  tag: 'tag:yaml.org,2002:int',
  test: { test: isMisread } as RegExp,
  resolve: text => (text.startsWith('-') ? -1 : 1) * Number(text.replace(/^[-+]|_/g, '')),
};

function kubernetesTags(tags: Tags): Tags {
  return [
    ...tags.filter(
      tag => typeof tag === 'string' || !(UNKNOWN_TO_KUBERNETES.includes(tag.tag) || tag.format === 'TIME'),
    ),
    NUMBER_OF_GO,
  ];
}

/**
 * Reads the documents of a text. It is read as kubectl reads it, which is YAML 1.1: `0644` is octal and `yes` is true.
 * Duplicate keys and keys that are not text are findings: the YAML library would keep the last one, and
 * Kubernetes has no others.
 */
export function parseSource(text: string, source: string): ParsedSource {
  const yaml = yamlLibrary();
  const lines = new yaml.LineCounter();
  const parsed = yaml.parseAllDocuments(text, {
    version: '1.1',
    customTags: kubernetesTags,
    uniqueKeys: false,
    prettyErrors: false,
    lineCounter: lines,
  });
  const documents: SourceDocument[] = [];
  const findings: LocatedFinding[] = [];
  // An empty text is no list of documents in the library's types.
  [...(parsed as Document.Parsed[])].forEach((document, i) => {
    const number = i + 1;
    const faults = firstOfEachLine(
      [...document.errors, ...document.warnings].map(({ message, pos }) => ({ message, ...lines.linePos(pos[0]) })),
    );
    for (const { message, line, col } of faults) {
      const diagnostic = findingOf(
        YAML_INVALID,
        `${source}:${line}:${col} (document ${number})`,
        'YAML',
        lineText(text, line),
        { message },
      );
      findings.push({ source, document: number, line, diagnostic });
    }
    if (faults.length > 0 || isEmpty(document, yaml.isScalar)) {
      return;
    }
    const root = new Places(document, yaml, offset => lines.linePos(offset).line);
    const whole: SourceDocument = { source, number, object: {}, lineOf: path => root.lineOf(path) };
    const check = new DocumentCheck(whole);
    checkKeys(check, document.contents as Node, yaml);
    const value = check.clean ? valueOf(check, document) : undefined;
    findings.push(...check.findings);
    if (value !== undefined) {
      documents.push({ ...whole, object: value });
    }
  });
  return { documents, findings };
}

/** An error in YAML often makes the parser stumble again on the same line. */
function firstOfEachLine<T extends { readonly line: number }>(faults: readonly T[]): T[] {
  return faults.filter((fault, i) => faults.findIndex(other => other.line === fault.line) === i);
}

function lineText(text: string, line: number): string {
  return (text.split(/\r?\n/)[line - 1] ?? '').trim();
}

/** Nothing but comments, as between two `---`. */
function isEmpty(document: Document.Parsed, isScalar: typeof import('yaml').isScalar): boolean {
  return document.contents === null || (isScalar(document.contents) && document.contents.value === null);
}

function checkKeys(check: DocumentCheck, root: Node, yaml: typeof import('yaml')): void {
  const visit = (node: unknown, path: Path): void => {
    if (yaml.isSeq(node)) {
      node.items.forEach((item, i) => visit(item, [...path, i]));
    }
    if (!yaml.isMap(node)) {
      return;
    }
    const seen = new Set<string>();
    for (const { key, value } of node.items as Pair[]) {
      const name = nameOf(key, yaml);
      if (name === undefined) {
        check.report(YAML_KEY_NOT_TEXT, path, String(key), true);
        continue;
      }
      if (seen.has(name)) {
        check.report(YAML_KEY_TWICE, [...path, name], name, true);
      }
      seen.add(name);
      visit(value, [...path, name]);
    }
  };
  visit(root, []);
}

/** A key, `<<` of merges included, if it is text. */
function nameOf(key: unknown, yaml: typeof import('yaml')): string | undefined {
  const value = yaml.isScalar(key) ? key.value : undefined;
  return typeof value === 'symbol' ? value.description : typeof value === 'string' ? value : undefined;
}

function valueOf(check: DocumentCheck, document: Document.Parsed): SourceDocument['object'] | undefined {
  let value: unknown;
  try {
    value = copy(document.toJS({ maxAliasCount: MAX_ALIASES }));
  } catch (error) {
    check.report(YAML_UNREADABLE, [], undefined, { reason: (error as Error).message });
    return undefined;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    check.report(DOCUMENT_NO_OBJECT, [], value, true);
    return undefined;
  }
  return value;
}

/** A copy that shares nothing: an alias would else be one object in two places. */
function copy(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(copy);
  }
  return typeof value === 'object' && value !== null
    ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, copy(item)]))
    : value;
}

/** Finds values of a document in its text. */
class Places {
  constructor(
    private readonly document: Document.Parsed,
    private readonly yaml: typeof import('yaml'),
    private readonly lineAt: (offset: number) => number,
  ) {}

  lineOf(path: Path): number {
    let node: unknown = this.document.contents;
    let offset = (this.document.contents as ParsedNode | null)?.range[0] ?? 0;
    for (const step of path) {
      const found = this.step(this.yaml.isAlias(node) ? node.resolve(this.document) : node, step);
      if (found === undefined) {
        break;
      }
      node = found.node;
      offset = found.offset ?? offset;
    }
    return this.lineAt(offset);
  }

  private step(node: unknown, step: string | number): { readonly node: unknown; readonly offset?: number } | undefined {
    if (this.yaml.isMap(node)) {
      // The last one: a key that is there twice is reported at its second place.
      const pair = (node.items as Pair[]).filter(({ key }) => this.yaml.isScalar(key) && key.value === step).at(-1);
      return pair === undefined ? undefined : { node: pair.value, offset: (pair.key as Node).range?.[0] };
    }
    if (this.yaml.isSeq(node)) {
      // Constructs report items of pod templates by name.
      const item =
        typeof step === 'number'
          ? node.items[step]
          : node.items.find(candidate => this.yaml.isMap(candidate) && candidate.get('name') === step);
      return item === undefined ? undefined : { node: item, offset: (item as Node).range?.[0] };
    }
    return undefined;
  }
}

/** Takes the objects out of `kind: List` documents, as `kubectl get -o yaml` writes them. */
export function expandLists(documents: readonly SourceDocument[]): ParsedSource {
  const findings: LocatedFinding[] = [];
  const objects = documents.flatMap(document => {
    const { apiVersion, kind, metadata, items, ...rest } = document.object;
    if (apiVersion !== 'v1' || kind !== 'List') {
      return [document];
    }
    const check = new DocumentCheck(document, 'List');
    Object.keys(rest).forEach(field => check.report(LIST_FIELD_UNKNOWN, [field], rest[field], true));
    if (!Array.isArray(items)) {
      check.report(LIST_ITEMS_MISSING, ['items'], items, true);
    }
    const expanded = (Array.isArray(items) ? items : []).flatMap((object, i): SourceDocument[] => {
      if (typeof object !== 'object' || object === null || Array.isArray(object)) {
        check.report(LIST_ITEM_NO_OBJECT, ['items', i], object, true);
        return [];
      }
      return [{ ...document, item: i + 1, object, lineOf: (path: Path) => document.lineOf(['items', i, ...path]) }];
    });
    findings.push(...check.findings);
    return expanded;
  });
  return { documents: objects, findings };
}

/** For messages about a whole document. */
export function titleOf(kind: string, name: string, namespace: string | undefined): string {
  return `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`;
}

/**
 * Compares two CRD schemas: everything in which the newer one takes less than the older one.
 * Plain functions over plain data; knows nothing of MCP.
 */

export interface Node {
  readonly [keyword: string]: any;
  readonly properties?: { readonly [name: string]: Node };
  readonly items?: Node;
  readonly additionalProperties?: Node;
}

/** One keyword at one place, by which the newer schema may refuse or lose what the older one takes. */
export interface Narrowing {
  /** Property path; `[]` is an item of a list, `{}` a value of a map. */
  readonly path: string;
  readonly keyword: string;
  readonly older: unknown;
  readonly newer: unknown;
}

type Check = (older: Node, newer: Node) => boolean;

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
const unset = (value: unknown): value is undefined => value === undefined;

/** A keyword that may go missing but not change. */
const looserOrSame =
  (keyword: string): Check =>
  (older, newer) =>
    unset(newer[keyword]) || same(older[keyword], newer[keyword]);

const notAbove =
  (keyword: string): Check =>
  (older, newer) =>
    unset(newer[keyword]) || newer[keyword] <= (older[keyword] ?? -Infinity);

const notBelow =
  (keyword: string): Check =>
  (older, newer) =>
    unset(newer[keyword]) || newer[keyword] >= (older[keyword] ?? Infinity);

const subset = (part: readonly unknown[], whole: readonly unknown[]): boolean =>
  part.every(item => whole.includes(item));

const CHECKS: { readonly [keyword: string]: Check } = {
  type: (older, newer) => same(older.type, newer.type),
  'x-kubernetes-int-or-string': (older, newer) =>
    same(older['x-kubernetes-int-or-string'], newer['x-kubernetes-int-or-string']),
  'x-kubernetes-preserve-unknown-fields': (older, newer) =>
    !older['x-kubernetes-preserve-unknown-fields'] || newer['x-kubernetes-preserve-unknown-fields'],
  nullable: (older, newer) => !older.nullable || newer.nullable,
  format: looserOrSame('format'),
  pattern: looserOrSame('pattern'),
  enum: (older, newer) => unset(newer.enum) || (!unset(older.enum) && subset(older.enum, newer.enum)),
  minimum: notAbove('minimum'),
  minLength: notAbove('minLength'),
  minItems: notAbove('minItems'),
  maximum: notBelow('maximum'),
  maxLength: notBelow('maxLength'),
  maxItems: notBelow('maxItems'),
  required: (older, newer) => subset(newer.required ?? [], older.required ?? []),
  // Sets and keyed lists refuse duplicates; atomic lists are like plain ones in what they take.
  'x-kubernetes-list-type': (older, newer) =>
    [undefined, 'atomic', older['x-kubernetes-list-type']].includes(newer['x-kubernetes-list-type']),
  'x-kubernetes-list-map-keys': looserOrSame('x-kubernetes-list-map-keys'),
  // Rules cannot be compared: any that is not already in the older schema has to be explained.
  'x-kubernetes-validations': looserOrSame('x-kubernetes-validations'),
};

/** Narrowings at this node and below. */
export function narrowings(older: Node, newer: Node | undefined, path = ''): Narrowing[] {
  if (newer === undefined) {
    return [{ path, keyword: 'property', older: older.type, newer: undefined }];
  }

  const here = Object.entries(CHECKS)
    .filter(([, check]) => !check(older, newer))
    .map(([keyword]): Narrowing => ({ path, keyword, older: older[keyword], newer: newer[keyword] }));
  const below = children(older).flatMap(([step, child, pick]) => narrowings(child, pick(newer), `${path}${step}`));
  return [...here, ...below];
}

function children(node: Node): [string, Node, (other: Node) => Node | undefined][] {
  return [
    ...Object.entries(node.properties ?? {}).map(([name, child]): [string, Node, (other: Node) => Node | undefined] => [
      `.${name}`,
      child,
      other => other.properties?.[name],
    ]),
    ...(node.items
      ? [['[]', node.items, (other: Node) => other.items] as [string, Node, (other: Node) => Node | undefined]]
      : []),
    ...(node.additionalProperties
      ? [
          ['{}', node.additionalProperties, (other: Node) => other.additionalProperties] as [
            string,
            Node,
            (other: Node) => Node | undefined,
          ],
        ]
      : []),
  ];
}

/** Steps from the root of a document to a value: names of fields and positions in lists. */
export type Path = readonly (string | number)[];

/** Fields of Kubernetes; what else a step may be (a label's key, the name of a container) stands in brackets. */
const FIELD = /^[A-Za-z_$][A-Za-z0-9_$]*$/;

/** A path as a user writes it: `spec.backendRefs[0].weight`, `metadata.labels[app.kubernetes.io/name]`. */
export function formatPath(path: Path): string {
  return path
    .map((step, i) => (typeof step === 'string' && FIELD.test(step) ? `${i === 0 ? '' : '.'}${step}` : `[${step}]`))
    .join('');
}

/** The reverse: the steps of a property as constructs report it. */
export function parsePath(text: string): Path {
  return [...text.matchAll(/\[([^\]]*)\]|[^.[\]]+/g)].map(([whole, bracketed]) => {
    const step = bracketed ?? whole;
    return bracketed !== undefined && /^[0-9]+$/.test(step) ? Number(step) : step;
  });
}

/** Whether a path leads to another or is the same. */
export function startsWith(path: Path, prefix: Path): boolean {
  return prefix.length <= path.length && prefix.every((step, i) => step === path[i]);
}

/*
 * The part of JSONPath (RFC 9535) that names one member of an object of objects: `$.params.arguments.password`,
 * `$['params']['arguments']`.
 */

const STEP = /^(?:\.([A-Za-z_][A-Za-z0-9_-]*)|\[\s*'((?:[^'\\]|\\['\\])*)'\s*\]|\[\s*"((?:[^"\\]|\\["\\])*)"\s*\])/;

/** Names of the members that a path goes through; undefined for the root itself and for anything that selects several values or elements of lists. */
export function memberPath(path: string): readonly string[] | undefined {
  const names: string[] = [];
  let rest = path.startsWith('$') ? path.slice(1) : '';
  while (rest !== '') {
    const step = STEP.exec(rest);
    if (step === null) {
      return undefined;
    }
    names.push(step[1] ?? (step[2] ?? step[3]).replace(/\\(.)/g, '$1'));
    rest = rest.slice(step[0].length);
  }
  return names.length === 0 ? undefined : names;
}

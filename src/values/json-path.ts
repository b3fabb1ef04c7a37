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

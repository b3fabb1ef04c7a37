type CelLibrary = typeof import('@bufbuild/cel');

let library: CelLibrary | undefined;

/** The evaluator of CEL, loaded on first use: only who asks for access needs it. */
export function celLibrary(): CelLibrary {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  library ??= require('@bufbuild/cel') as CelLibrary;
  return library;
}

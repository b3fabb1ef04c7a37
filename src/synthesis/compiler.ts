let loaded: typeof import('./compiler-modules') | undefined;

/** The compiler, loaded when the first gateway or synthesis asks for it: importing the package stays quick for everyone else. */
export function compiler(): typeof import('./compiler-modules') {
  // Asked for each object that is written, for which `require` is too slow even when it has loaded already.
  loaded ??= require('./compiler-modules') as typeof import('./compiler-modules');
  return loaded;
}

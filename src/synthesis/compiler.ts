/** The compiler, loaded when the first gateway or synthesis asks for it: importing the package stays quick for everyone else. */
export function compiler(): typeof import('./compiler-modules') {
  return require('./compiler-modules');
}

import type { AccessQuestion } from './lib';

interface AccessMatchers<R> {
  /**
   * Expects an AccessMatrix to admit a request.
   *
   * @param question route, principal and tool, as for `AccessMatrix.decide`, which throws where one of them is not there
   */
  toAllowTool(question: AccessQuestion): R;

  /**
   * Expects an AccessMatrix to deny a request.
   *
   * @param question route, principal and tool, as for `AccessMatrix.decide`, which throws where one of them is not there
   */
  toDenyTool(question: AccessQuestion): R;
}

declare global {
  namespace jest {
    interface Matchers<R, T = {}> extends AccessMatchers<R> {}
  }
}

declare module 'expect' {
  interface Matchers<R extends void | Promise<void>, T = unknown> extends AccessMatchers<R> {}
}

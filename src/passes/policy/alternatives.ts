import { AuthenticationMethod, SingleMethod } from '../../model/policy';

/** The ways to pass a method, any of which suffices. */
export function alternatives(method: AuthenticationMethod): readonly SingleMethod[] {
  return method.kind === 'anyOf' ? method.methods : [method];
}

import { Diagnostic } from '../../model/diagnostic';
import { GatewayPlan } from '../../model/plan';
import { alternatives, AuthenticationMethod, PolicyOrigin, SingleMethod } from '../../model/policy';
import { describeMethod } from '../../passes/policy/words';
import { refusal, Refused } from '../interface/standing';

/** A method that is verified, alone or as one choice of several, and who asked for it. */
export interface MethodUse {
  readonly method: SingleMethod;
  readonly origin: PolicyOrigin;
}

/** The methods by which callers of a plan's entries are verified. */
export function methodUses({ entries }: GatewayPlan): MethodUse[] {
  return entries.flatMap(({ policy }) =>
    (policy?.authentication ?? []).flatMap(({ method, origins }) => usesOf(method, origins[0])),
  );
}

/** The uses of a method as one asks for it. */
export function usesOf(method: AuthenticationMethod, origin: PolicyOrigin): MethodUse[] {
  return alternatives(method).map(single => ({ method: single, origin }));
}

/** A refusal of a method. */
export function refuseMethod(standing: Refused, { method, origin }: MethodUse): Diagnostic {
  return refusal(standing, origin.path, origin.property, describeMethod(method));
}

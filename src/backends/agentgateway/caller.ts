import { identityExpressions, IdentitySource } from './dialect/identity';
import { EffectivePolicy } from '../../model/policy';

/*
 * Who calls, as text: CEL that never errs, and is empty for a caller of whom no name was verified.
 */

/** The user. */
export function userText(policy: EffectivePolicy): string {
  return firstText(userSources(policy));
}

/** Whoever presents a credential: the subject of a token together with its issuer, else the user that the credential names. */
export function principalText(policy: EffectivePolicy): string {
  return firstText([
    ...identityExpressions(policy.authentication).subjects.map(({ present, value }) => ({
      present,
      value: `"token " + ${text('jwt.iss')} + " " + ${text(value)}`,
    })),
    ...userSources(policy).map(({ present, value }) => ({ present, value: `"user " + ${value}` })),
  ]);
}

function userSources({ authentication }: EffectivePolicy): IdentitySource[] {
  return identityExpressions(authentication).users.map(({ present, value }) => ({ present, value: text(value) }));
}

function firstText(sources: readonly IdentitySource[]): string {
  return `default(${sources.reduceRight((otherwise, { present, value }) => `(${present}) ? ${value} : ${otherwise}`, '""')}, "")`;
}

/** A value as text, empty where it is none. `default` alone catches what is missing, but null, a list and an object have no text and would err. */
function text(value: string): string {
  return `(type(${value}) in [string, int, uint, double, bool] ? string(${value}) : "")`;
}

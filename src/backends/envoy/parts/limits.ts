import { refused } from './part';
import { Diagnostic } from '../../../model/findings';
import { Gateway } from '../../../model/gateway';
import { GatewayPlan } from '../../../model/plan';
import { alternatives, AuthenticationMethod, PolicyOrigin, SecretKey, SingleMethod } from '../../../model/policy';
import { ToolPattern } from '../../../model/tool-pattern';
import { describeMethod } from '../../../passes/policy/words';
import { compileRegex } from '../../../values/regex';
import { refusal, Refused } from '../../interface/standing';
import { SECRETS_DIRECTORY } from '../config/names';
import { toolMatcher } from '../dialect/matchers';

/*
 * Envoy compiles a regex to a program of bytes, of which RE2 allows so many; one character of a class of Unicode takes some
 * hundreds, any other a few.
 */

const MAX_BYTES = 100_000;
const UNICODE_CLASS = /\\[pP]/;

/** Whether Envoy may refuse a regex for its size. */
export function isTooLarge(regex: string): boolean {
  return compileRegex(regex).programSize() * (UNICODE_CLASS.test(regex) ? 300 : 10) > MAX_BYTES;
}

/** The limit on regexes, which more than one part has. */
export const REGEX_SIZE = refused(
  'regex.size',
  'the regular expression is too large for Envoy, which would refuse its whole configuration',
  'repeat less of it, or use several shorter ones',
);

/** Patterns whose regexes are too large: globs are some, and those of prompts and URIs may have any length. */
export function largePatterns(patterns: readonly ToolPattern[]): string[] {
  return patterns.flatMap(pattern => {
    const matcher = toolMatcher(pattern);
    return 'safe_regex' in matcher && isTooLarge(matcher.safe_regex.regex) ? [pattern.value] : [];
  });
}

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

/** Path of a key of a Secret that is mounted. */
export function secretFile({ secretName, key }: SecretKey): string {
  return `${secretDirectory({ secretName })}/${key}`;
}

/** Folder of a Secret that is mounted. */
export function secretDirectory({ secretName }: Pick<SecretKey, 'secretName'>): string {
  return `${SECRETS_DIRECTORY}/${secretName}`;
}

/** The limit on Secrets, which more than one part has. */
export const SECRETS_NAMESPACE = refused(
  'secrets.namespace',
  'the pods of the gateway cannot read a Secret of another namespace than their own',
  'keep the Secret in the namespace of the gateway; give API keys as SHA-256 hashes',
);

/** The Secrets that the pods of a gateway cannot mount. */
export function foreignSecrets(keys: readonly SecretKey[], { workloadNamespace }: Gateway): string[] {
  return keys
    .filter(({ secretNamespace }) => secretNamespace !== undefined && secretNamespace !== workloadNamespace)
    .map(({ secretName, secretNamespace }) => `${secretNamespace}/${secretName}`);
}

import { EffectivePolicy, PolicyOrigin } from '../model/policy';
import { compiler } from '../synthesis/compiler';

function from(...origins: readonly PolicyOrigin[]): string {
  return `(${origins.map(({ path, property }) => `${path}: ${property}`).join('; ')})`;
}

/** A policy in words, one part a line, each with where it came from. */
export function describePolicy(policy: EffectivePolicy): string {
  const { describeCedar, describeMethod, describeRate, describeRule } = compiler();
  const levels = policy.levels.filter(level => level.rules.length > 0);
  const cedar = policy.levels.filter(level => level.authzConfig !== undefined);
  return [
    policy.authentication.length === 0 ? 'authentication: none, every caller is let in' : 'authentication, all of:',
    ...policy.authentication.map(({ method, origins }) => `  ${describeMethod(method)} ${from(...origins)}`),
    levels.length + cedar.length === 0
      ? 'authorization: none, every caller may use every tool'
      : 'authorization, a grant of each level:',
    ...levels.flatMap(level => [
      `  ${level.level}, any of:`,
      ...level.rules.map(rule => `    ${describeRule(rule)} ${from(rule.origin)}`),
    ]),
    ...cedar.flatMap(level => [
      `  ${level.level}, some permit of Cedar and no forbid:`,
      ...describeCedar(level.authzConfig!).map(({ words, origin }) => `    ${words} ${from(origin)}`),
    ]),
    policy.rateLimits.length === 0 ? 'rate limits: none' : 'rate limits:',
    ...policy.rateLimits.map(
      limit => `  ${describeRate(limit)}${limit.tools === undefined ? '' : ' of some tools'} ${from(limit.origin)}`,
    ),
  ].join('\n');
}

import { methodKey } from './canonical';
import { contradictions } from './contradictions';
import { lowestRates } from './rates';
import { Diagnostic } from '../../model/diagnostic';
import { AuthenticationMethod, EffectivePolicy, LevelPolicy, PolicyOrigin } from '../../model/policy';

/** A merged policy, and what in its levels contradicts. */
export interface MergedPolicy {
  readonly policy: EffectivePolicy;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Merges the policies of the levels above an entry, the outermost first (docs/design.md §5). Nothing is ever taken away: every
 * method must pass, every level must grant, the lowest rate holds. So a level can only tighten.
 */
export function effectivePolicy(levels: readonly LevelPolicy[]): MergedPolicy {
  const authentication = mergedMethods(levels);
  return {
    policy: { levels, authentication, rateLimits: lowestRates(levels.flatMap(({ rateLimits }) => rateLimits)) },
    diagnostics: contradictions(authentication),
  };
}

/** Methods whose names a level relies on: its own, and those of the levels around it. */
export function trustedMethods({ levels }: EffectivePolicy, level: LevelPolicy): AuthenticationMethod[] {
  return levels
    .slice(0, levels.indexOf(level) + 1)
    .flatMap(({ authentication }) => authentication.map(({ method }) => method));
}

function mergedMethods(levels: readonly LevelPolicy[]): EffectivePolicy['authentication'] {
  const merged = new Map<string, { readonly method: AuthenticationMethod; readonly origins: PolicyOrigin[] }>();
  for (const { method, origin } of levels.flatMap(({ authentication }) => authentication)) {
    const key = methodKey(method);
    const known = merged.get(key);
    if (known === undefined) {
      merged.set(key, { method, origins: [origin] });
    } else {
      known.origins.push(origin);
    }
  }
  return [...merged.values()];
}

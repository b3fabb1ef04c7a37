import { alternatives } from './alternatives';
import { headerOf } from './credential-header';
import { describeMethod } from './words';
import { Diagnostic } from '../../model/diagnostic';
import { errorKind, findingOf } from '../../model/finding-kind';
import { ApiKey, AuthenticationMethod, EffectivePolicy, PolicyOrigin, SingleMethod } from '../../model/policy';
import { canonicalText } from '../../values/json';

const AUTHENTICATION_CONTRADICTS = errorKind(
  'authentication-contradicts',
  'no request can pass this and also {other}, which {origin} asks for: both read the same header',
  'Read one of them from another header, accept either of them with Authentication.anyOf at one level, or remove one',
);

/** Pairs of methods that no request can pass together: everything would be denied. */
export function contradictions(authentication: EffectivePolicy['authentication']): Diagnostic[] {
  return authentication.flatMap((later, i) =>
    authentication
      .slice(0, i)
      .filter(earlier => exclude(earlier.method, later.method))
      .map(earlier => contradiction(earlier, later)),
  );
}

function contradiction(
  earlier: EffectivePolicy['authentication'][number],
  later: EffectivePolicy['authentication'][number],
): Diagnostic {
  const { path, property } = later.origins[0];
  return findingOf(AUTHENTICATION_CONTRADICTS, path, property, describeMethod(later.method), {
    other: describeMethod(earlier.method),
    origin: formatOrigin(earlier.origins[0]),
  });
}

function formatOrigin({ path, property }: PolicyOrigin): string {
  return `${path} (${property})`;
}

function exclude(a: AuthenticationMethod, b: AuthenticationMethod): boolean {
  return alternatives(a).every(one => alternatives(b).every(other => clash(one, other)));
}

/** Whether two methods want different credentials in one place. */
function clash(a: SingleMethod, b: SingleMethod): boolean {
  const [first, second] = [headerOf(a), headerOf(b)];
  if (first === undefined || second === undefined || first.name !== second.name) {
    return false;
  }
  if (a.kind === 'jwt' && b.kind === 'jwt') {
    // Audiences may differ: one token can be for several.
    return a.issuer !== b.issuer || first.prefix !== second.prefix || canonicalText(a.keys) !== canonicalText(b.keys);
  }
  if (a.kind === 'apiKey' && b.kind === 'apiKey') {
    const accepted = new Set(a.keys.map(keyText));
    return first.prefix !== second.prefix || !b.keys.some(key => accepted.has(keyText(key)));
  }
  return a.kind !== b.kind;
}

function keyText({ secret }: ApiKey): string {
  return canonicalText(secret);
}

import { NAMESPACE } from './decision-app';
import { CallerProgram, DecisionProgram, Method, RouteProgram } from './decision-program';
import { basicCredentials, BASIC_USERS, ISSUER, KeyHolder, KEYS, OTHER_ISSUER } from './identities';
import { SOME_USER } from '../../../src/passes/access/caller';

/*
 * The credentials of a caller, as headers: what AccessMatrix supposes that he presents, really signed and really his.
 */

type Headers = Readonly<Record<string, string>>;

interface Known {
  readonly user?: string;
  readonly groups?: readonly string[];
  readonly claims?: Readonly<Record<string, unknown>>;
}

/**
 * The headers by which a caller passes all methods of a gateway and a route; undefined where he cannot, and comes without
 * anything.
 */
export function present(
  caller: NonNullable<CallerProgram>,
  gateway: DecisionProgram['gateway'],
  route: RouteProgram,
): Headers | undefined {
  const methods = [...new Set([...gateway.methods, ...route.policy.methods])];
  const known = knownOf(caller);
  const presented = methods.map(method => presentBy(method, known, methods.length > 1));
  return presented.every(headers => headers !== undefined) ? Object.assign({}, ...presented) : undefined;
}

function knownOf({ principal, claims }: NonNullable<CallerProgram>): Known {
  switch (principal.kind) {
    case 'user':
      return { user: principal.name, claims };
    case 'group':
      return { groups: [principal.name], claims };
    case 'serviceAccount':
      return { user: `system:serviceaccount:${NAMESPACE}:${principal.name}`, claims };
    case 'anyone':
      return { claims };
  }
}

function presentBy(method: Method, known: Known, otherMethods: boolean): Headers | undefined {
  switch (method) {
    case 'jwt':
    case 'oidc':
      return { authorization: `Bearer ${ISSUER.token(claimsOf(known, ['sub'], ['groups'], 'mcp'))}` };
    case 'realmJwt':
      return { authorization: `Bearer ${ISSUER.token(claimsOf(known, ['realm', 'name'], ['realm', 'roles'], 'mcp'))}` };
    case 'otherJwt':
      return { 'x-partner-token': OTHER_ISSUER.token(claimsOf(known, ['sub'], ['groups'], ['partners', 'mcp'])) };
    case 'hashedKeys':
    case 'secretKeys':
      return ofKey(keyOf(known) ?? (otherMethods ? KEYS[KEYS.length - 1] : undefined));
    case 'basic':
      return BASIC_USERS.includes(known.user ?? SOME_USER)
        ? { authorization: basicCredentials(known.user ?? SOME_USER) }
        : undefined;
    case 'jwtOrKey':
    case 'jwtOrBasic':
      return presentBy('jwt', known, otherMethods);
    case 'keyOrJwt':
      return known.claims === undefined && keyOf(known) !== undefined
        ? presentBy('hashedKeys', known, otherMethods)
        : presentBy('jwt', known, otherMethods);
  }
}

function keyOf({ user, groups = [] }: Known): KeyHolder | undefined {
  return KEYS.find(
    key => (user === undefined || key.user === user) && groups.every(group => key.groups?.includes(group)),
  );
}

function ofKey(holder: KeyHolder | undefined): Headers | undefined {
  return holder && { 'x-api-key': holder.key };
}

function claimsOf(
  { user = SOME_USER, groups, claims }: Known,
  userPath: readonly string[],
  groupsPath: readonly string[],
  aud: unknown,
): Record<string, unknown> {
  const token: Record<string, unknown> = { aud, sub: user };
  setAt(token, userPath, user);
  if (groups !== undefined) {
    setAt(token, groupsPath, groups);
  }
  return { ...token, ...claims };
}

function setAt(target: Record<string, unknown>, [name, ...rest]: readonly string[], value: unknown): void {
  if (rest.length === 0) {
    target[name] = value;
    return;
  }
  const inner = (target[name] ?? {}) as Record<string, unknown>;
  target[name] = inner;
  setAt(inner, rest, value);
}

import { areMixedUp, issuerKey } from './credentials';
import { LIMITS } from './standings';
import { Diagnostic } from '../../../../model/findings';
import { Gateway } from '../../../../model/gateway';
import { Entry, GatewayPlan } from '../../../../model/plan';
import {
  alternatives,
  AuthenticationMethod,
  EffectivePolicy,
  isApiServer,
  JwtMethod,
  PolicyOrigin,
  SingleMethod,
} from '../../../../model/policy';
import { methodSecrets } from '../../../../passes/gateways/certificates';
import { headerOf } from '../../../../passes/policy/authentication';
import { contradictions } from '../../../../passes/policy/merge';
import { describeMethod } from '../../../../passes/policy/words';
import { canonicalText, distinct } from '../../../../values/json';
import { refusal } from '../../../interface/standing';

/** A method that is verified, alone or as one choice of several. */
interface Use {
  readonly method: SingleMethod;
  readonly whole: AuthenticationMethod;
  readonly origin: PolicyOrigin;
}

/** What agentgateway cannot verify of the credentials that a plan asks for. A gateway's policy is met at every entry, and reported once. */
export function checkAuthentication(plan: GatewayPlan): Diagnostic[] {
  const found = [
    ...checkCertificates(plan),
    ...plan.entries.flatMap(entry =>
      entry.policy === undefined ? [] : checkEntryPolicy(plan.gateway, entry, entry.policy),
    ),
  ];
  return distinct(found);
}

function checkEntryPolicy(gateway: Gateway, entry: Entry, policy: EffectivePolicy): Diagnostic[] {
  const uses = usesOf(policy);
  return [
    ...uses.flatMap(use => [...checkUse(use, entry), ...checkSecrets(use, gateway)]),
    // What no request could pass is reported with the merged policy, for all planes.
    ...(contradictions(policy.authentication).length > 0
      ? []
      : uses.flatMap((use, i) => firstOf(uses.slice(0, i).flatMap(earlier => checkPair(earlier, use))))),
  ];
}

function usesOf({ authentication }: EffectivePolicy): Use[] {
  return authentication.flatMap(({ method: whole, origins }) =>
    alternatives(whole).map(method => ({ method, whole, origin: origins[0] })),
  );
}

function refuse(limit: keyof typeof LIMITS, { path, property }: PolicyOrigin, value: unknown): Diagnostic {
  return refusal(LIMITS[limit], path, property, value);
}

function refuseUse(limit: keyof typeof LIMITS, { method, origin }: Use): Diagnostic {
  return refuse(limit, origin, describeMethod(method));
}

/** What is wrong with a method by itself. */
function checkUse(use: Use, entry: Entry): Diagnostic[] {
  const { method, whole, origin } = use;
  const isChoice = whole.kind === 'anyOf';
  if (method.kind === 'clientCertificate') {
    return isChoice ? [refuseUse('authentication.anyOf.clientCertificate', use)] : [];
  }
  if (method.kind !== 'jwt') {
    return [];
  }
  const fromApiServer = method.keys.kind === 'url' && isApiServer(method.keys.url);
  const problem = method.keys.kind === 'inline' ? jwksProblem(method.keys.jwks) : undefined;
  return [
    ...(problem === undefined
      ? []
      : [
          refusal(
            LIMITS['authentication.jwt.keys'],
            origin.path,
            origin.property,
            method.issuer,
            `agentgateway cannot verify tokens with these keys: ${problem}`,
          ),
        ]),
    ...(method.keys.kind === 'url' && method.keys.caBundle !== undefined
      ? [refuseUse('authentication.jwt.authority', use)]
      : []),
    ...(fromApiServer ? [refuse('authentication.jwt.keys.cluster', origin, describeMethod(method))] : []),
    ...(method.resource !== undefined && isChoice ? [refuseUse('authentication.anyOf.oidc', use)] : []),
    ...(method.resource !== undefined && entry.path.endsWith('client-registration')
      ? [refuse('authentication.oidc.path', { path: entry.origin, property: 'name' }, entry.path)]
      : []),
  ];
}

/** Secrets that the gateway's pods cannot mount. */
function checkSecrets({ method, origin }: Use, gateway: Gateway): Diagnostic[] {
  return methodSecrets(method, gateway)
    .filter(({ secretNamespace }) => secretNamespace !== undefined && secretNamespace !== gateway.workloadNamespace)
    .map(({ secretNamespace, secretName }) => refuse('secrets.namespace', origin, `${secretNamespace}/${secretName}`));
}

/** What does not go together on one route. */
function checkPair(earlier: Use, use: Use): Diagnostic[] {
  const [a, b] = [earlier.method, use.method];
  if (a.kind === 'jwt' && b.kind === 'jwt') {
    return checkTokens(earlier, use, a, b);
  }
  if (a.kind === 'apiKey' && b.kind === 'apiKey') {
    const isOneChoice = earlier.whole === use.whole && canonicalText(a.header) === canonicalText(b.header);
    return isOneChoice || canonicalText(a) === canonicalText(b)
      ? []
      : [refuseUse('authentication.apiKey.several', use)];
  }
  if (a.kind === 'basic' && b.kind === 'basic') {
    return canonicalText(a) === canonicalText(b) ? [] : [refuseUse('authentication.basic.several', use)];
  }
  return a.kind !== b.kind && getInEachOthersWay(earlier, use) ? [refuseUse('authentication.header', use)] : [];
}

function checkTokens(earlier: Use, use: Use, a: JwtMethod, b: JwtMethod): Diagnostic[] {
  if (canonicalText(a.header) !== canonicalText(b.header)) {
    return [refuseUse('authentication.jwt.header', use)];
  }
  if (issuerKey(a) === issuerKey(b)) {
    return [];
  }
  const isChoice = earlier.whole.kind === 'anyOf' && use.whole.kind === 'anyOf';
  if (!isChoice || a.issuer === b.issuer) {
    return [refuseUse('authentication.jwt.several', use)];
  }
  // A key is found by its id alone, among those of all issuers: of two with one id the second is never asked.
  const ids = a.keys.kind === 'inline' ? new Set(keyIds(a.keys.jwks)) : new Set<string>();
  return b.keys.kind === 'inline' && keyIds(b.keys.jwks).some(id => ids.has(id))
    ? [refuseUse('authentication.jwt.keyId', use)]
    : [];
}

/** Whether methods of two kinds read one header so that a right credential of one would be refused as a wrong one of the other. */
function getInEachOthersWay(a: Use, b: Use): boolean {
  const [first, second] = [headerOf(a.method), headerOf(b.method)];
  if (first === undefined || second === undefined || first.name !== second.name) {
    return false;
  }
  const isChoice = a.whole.kind === 'anyOf' && b.whole.kind === 'anyOf';
  const kinds = [a.method.kind, b.method.kind];
  // Passwords are verified before API keys, and a wrong one is always refused.
  return (
    !isChoice ||
    (kinds.includes('basic') &&
      kinds.includes('apiKey') &&
      areMixedUp(first, second) &&
      first.prefix !== '' &&
      second.prefix !== '')
  );
}

/** Client certificates are a matter of the connection, before it is known which route is asked for. */
function checkCertificates({ gateway, entries }: GatewayPlan): Diagnostic[] {
  const uses = entries.map(({ policy }) =>
    policy === undefined
      ? []
      : usesOf(policy).filter(({ method, whole }) => method.kind === 'clientCertificate' && whole.kind !== 'anyOf'),
  );
  const all = uses.flat();
  const authorities = new Set(all.map(({ method }) => canonicalText(method)));
  // What the gateway asks for is no less wrong while it serves nothing.
  const asked = [
    ...all,
    ...(gateway.policy?.authentication ?? []).flatMap(({ method, origin }) =>
      method.kind === 'clientCertificate' ? [{ method, whole: method, origin }] : [],
    ),
  ];
  return [
    ...(gateway.tls === undefined ? asked.map(use => refuseUse('authentication.clientCertificate.tls', use)) : []),
    ...(all.length > 0 && (authorities.size > 1 || uses.some(found => found.length === 0))
      ? all.map(use => refuseUse('authentication.clientCertificate.partial', use))
      : []),
    ...(gateway.tls === undefined ? [] : [gateway.tls.certificate, gateway.tls.privateKey])
      .filter(({ secretNamespace }) => secretNamespace !== undefined && secretNamespace !== gateway.workloadNamespace)
      .map(({ secretNamespace, secretName }) =>
        refuse('secrets.namespace', { path: gateway.path, property: 'tls' }, `${secretNamespace}/${secretName}`),
      ),
  ];
}

function firstOf<T>(items: readonly T[]): T[] {
  return items.slice(0, 1);
}

/** Curves of elliptic keys that agentgateway verifies with. */
const CURVES: Readonly<Record<string, readonly string[]>> = { EC: ['P-256', 'P-384'], OKP: ['Ed25519'] };

interface Jwk {
  readonly kty?: unknown;
  readonly kid?: unknown;
  readonly crv?: unknown;
  readonly d?: unknown;
}

/** What is wrong with an inline key set: agentgateway does not start, and serves no route, with one it cannot read. */
export function jwksProblem(text: string): string | undefined {
  const keys = readKeys(text);
  if (keys === undefined || keys.length === 0) {
    return 'it is no JSON Web Key Set (an object with a list `keys`)';
  }
  const ids = keys.map(({ kid }) => kid);
  return (
    keys.map(keyProblem).find(problem => problem !== undefined) ??
    (new Set(ids).size === ids.length ? undefined : 'two keys have the same `kid`')
  );
}

/** Ids of the keys in an inline key set. */
export function keyIds(text: string): string[] {
  return (readKeys(text) ?? []).map(({ kid }) => String(kid));
}

function readKeys(text: string): readonly Jwk[] | undefined {
  try {
    const { keys } = JSON.parse(text) as { readonly keys?: unknown };
    return Array.isArray(keys) && keys.every(key => typeof key === 'object' && key !== null) ? keys : undefined;
  } catch {
    return undefined;
  }
}

function keyProblem({ kty, kid, crv, d }: Jwk, index: number): string | undefined {
  if (typeof kid !== 'string' || kid === '') {
    return `key ${index} has no \`kid\`, by which the key of a token is found`;
  }
  if (d !== undefined) {
    return `key ${index} is a private key, which must not leave the issuer`;
  }
  return kty === 'RSA' || CURVES[String(kty)]?.includes(String(crv))
    ? undefined
    : `key ${index} is of a kind it does not verify with: use RSA, P-256, P-384 or Ed25519`;
}

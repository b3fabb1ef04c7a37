import { GatewayPlan, methodsOf } from '../../../../model/plan';
import {
  alternatives,
  AnyOfMethod,
  ApiKeyMethod,
  AuthenticationMethod,
  BasicMethod,
  CredentialHeader,
  JwtMethod,
  SecretKey,
  SingleMethod,
} from '../../../../model/policy';
import { canonicalText } from '../../../../values/json';
import { digest } from '../../../../values/text';
import { SecretEnv } from '../../../interface/data-plane';

/*
 * agentgateway verifies one credential of each kind on a route: one token, one key, one password. So methods are sorted by
 * kind, into those that must pass and those that are one choice of several.
 */

/** Methods of one kind. */
export interface Slot<M extends SingleMethod> {
  readonly required: readonly M[];
  readonly optional: readonly M[];
}

/** What is verified on a route. */
export interface Credentials {
  readonly jwt: Slot<JwtMethod>;
  readonly apiKey: Slot<ApiKeyMethod>;
  readonly basic: Slot<BasicMethod>;
  readonly choices: readonly AnyOfMethod[];
}

/** Sorts methods by kind. Client certificates are not among them: they are verified on the connection. */
export function credentialsOf(methods: readonly AuthenticationMethod[]): Credentials {
  return {
    jwt: slotOf(methods, (method): method is JwtMethod => method.kind === 'jwt'),
    apiKey: slotOf(methods, (method): method is ApiKeyMethod => method.kind === 'apiKey'),
    basic: slotOf(methods, (method): method is BasicMethod => method.kind === 'basic'),
    choices: methods.filter((method): method is AnyOfMethod => method.kind === 'anyOf'),
  };
}

function slotOf<M extends SingleMethod>(
  methods: readonly AuthenticationMethod[],
  isKind: (method: SingleMethod) => method is M,
): Slot<M> {
  return {
    required: methods.flatMap(method => (method.kind === 'anyOf' ? [] : [method])).filter(isKind),
    optional: methods.flatMap(method => (method.kind === 'anyOf' ? alternatives(method) : [])).filter(isKind),
  };
}

/** All methods of a slot. */
export function allIn<M extends SingleMethod>({ required, optional }: Slot<M>): readonly M[] {
  return [...required, ...optional];
}

/** An issuer and its keys, with all the audiences that some method accepts. */
export interface Issuer {
  readonly issuer: string;
  readonly keys: JwtMethod['keys'];
  readonly audiences: readonly string[];
}

/** The issuers of tokens, each once: of two with the same keys agentgateway would only ask the first. */
export function issuersOf(methods: readonly JwtMethod[]): Issuer[] {
  const issuers = new Map<string, Issuer>();
  for (const { issuer, keys, audiences } of methods) {
    const key = issuerKey({ issuer, keys });
    const known = issuers.get(key)?.audiences ?? [];
    issuers.set(key, { issuer, keys, audiences: [...new Set([...known, ...audiences])].sort() });
  }
  return [...issuers.values()];
}

/** Equal for methods whose tokens the same keys verify. */
export function issuerKey({ issuer, keys }: Pick<JwtMethod, 'issuer' | 'keys'>): string {
  return canonicalText({ issuer, keys });
}

/** Whether a credential of one method can look like one of the other: the prefixes of agentgateway do not depend on case. */
export function areMixedUp(a: CredentialHeader, b: CredentialHeader): boolean {
  const [first, second] = [a.prefix.toLowerCase(), b.prefix.toLowerCase()];
  return a.name === b.name && (first.startsWith(second) || second.startsWith(first));
}

/** Environment variable that holds an API key. A hash: names of Secrets have characters that those of variables have not. */
export function apiKeyVariable({ secretName, key }: SecretKey): string {
  return `API_KEY_${digest(`${secretName}/${key}`, 12).toUpperCase()}`;
}

/** The variables of a plan's keys. */
export function apiKeyVariables(plan: GatewayPlan): SecretEnv[] {
  return methodsOf(plan)
    .flatMap(method => (method.kind === 'apiKey' ? method.keys : []))
    .flatMap(({ secret }) => (secret.kind === 'secret' ? [secret.ref] : []))
    .map(ref => ({ variable: apiKeyVariable(ref), secretName: ref.secretName, secretKey: ref.key }));
}

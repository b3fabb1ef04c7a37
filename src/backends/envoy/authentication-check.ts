import { Limit, limitOf } from './capabilities';
import { isRewritten } from './header-names';
import { jwksProblem } from './jwks';
import { limit } from './refusal';
import { Diagnostic, errorAt } from '../../model/diagnostic';
import { Gateway } from '../../model/gateway';
import { GatewayPlan } from '../../model/plan';
import { AuthenticationMethod, PolicyOrigin, SecretKey, SingleMethod } from '../../model/policy';
import { methodSecrets } from '../../passes/method-secrets';
import { alternatives } from '../../passes/policy/alternatives';
import { headerOf } from '../../passes/policy/credential-header';
import { isApiServer } from '../../passes/policy/key-set';
import { describeMethod } from '../../passes/policy/words';
import { canonicalText } from '../../values/json';

/** A method that is verified, alone or as one choice of several. */
interface Use {
  readonly method: SingleMethod;
  readonly origin: PolicyOrigin;
}

/** What Envoy cannot verify of the credentials that a plan asks for. */
export function checkAuthentication(plan: GatewayPlan): Diagnostic[] {
  const uses = plan.entries.flatMap(({ policy }) =>
    (policy?.authentication ?? []).flatMap(({ method, origins }) => usesOf(method, origins[0])),
  );
  return [
    ...uses.flatMap(use => [...checkUse(use), ...checkSecrets(use, plan.gateway)]),
    ...checkCertificates(plan.gateway, uses),
  ];
}

function usesOf(method: AuthenticationMethod, origin: PolicyOrigin): Use[] {
  return alternatives(method).map(single => ({ method: single, origin }));
}

function refuse(name: Limit, { method, origin }: Use): Diagnostic {
  return limit(origin.path, name, origin.property, describeMethod(method));
}

/** What is wrong with a method by itself. */
function checkUse(use: Use): Diagnostic[] {
  const { method, origin } = use;
  const header = headerOf(method);
  const keys = method.kind === 'jwt' ? method.keys : undefined;
  const problem = keys?.kind === 'inline' ? jwksProblem(keys.jwks) : undefined;
  return [
    ...(header !== undefined && isRewritten(header.name) ? [refuse('authentication.header', use)] : []),
    ...(method.kind === 'jwt' && problem !== undefined
      ? [
          errorAt(
            origin.path,
            origin.property,
            method.issuer,
            `Envoy cannot verify tokens with these keys: ${problem}`,
            limitOf('authentication.jwt.keys').remedy,
          ),
        ]
      : []),
    ...(keys?.kind === 'url' && isApiServer(keys.url) ? [refuse('authentication.jwt.keys.cluster', use)] : []),
  ];
}

/** Secrets that the gateway's pods cannot mount. */
function checkSecrets({ method, origin }: Use, gateway: Gateway): Diagnostic[] {
  return foreignSecrets(methodSecrets(method, gateway), gateway).map(secret =>
    limit(origin.path, 'secrets.namespace', origin.property, secret),
  );
}

function foreignSecrets(keys: readonly SecretKey[], { workloadNamespace }: Gateway): string[] {
  return keys
    .filter(({ secretNamespace }) => secretNamespace !== undefined && secretNamespace !== workloadNamespace)
    .map(({ secretName, secretNamespace }) => `${secretNamespace}/${secretName}`);
}

/** Client certificates are verified as a connection opens, before it is known which route is asked for: so by one authority. */
function checkCertificates(gateway: Gateway, uses: readonly Use[]): Diagnostic[] {
  const { path, policy, tls } = gateway;
  // What the gateway asks for is no less wrong while it serves nothing.
  const asked = [
    ...uses,
    ...(policy?.authentication ?? []).flatMap(({ method, origin }) => usesOf(method, origin)),
  ].filter(({ method }) => method.kind === 'clientCertificate');
  const authorities = new Set(asked.map(({ method }) => canonicalText(method)));
  return [
    ...(tls === undefined ? asked.map(use => refuse('authentication.clientCertificate.tls', use)) : []),
    ...(authorities.size > 1 ? asked.map(use => refuse('authentication.clientCertificate.several', use)) : []),
    ...(tls === undefined
      ? []
      : foreignSecrets([tls.certificate, tls.privateKey], gateway).map(secret =>
          limit(path, 'secrets.namespace', 'tls', secret),
        )),
  ];
}

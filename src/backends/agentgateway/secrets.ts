import { GatewayPlan } from '../../model/plan';
import { SecretKey, SingleMethod } from '../../model/policy';
import { credentialSecrets, serversOf } from '../../passes/backend-credentials';
import { methodSecrets } from '../../passes/method-secrets';
import { alternatives } from '../../passes/policy/alternatives';
import { digest } from '../../values/digest';
import { PlaneSecrets, SecretEnv, SecretMount } from '../data-plane';
import { secretMounts } from '../secret-mounts';

/** Folder with a folder for each Secret. Beside that of the configuration: nothing can be mounted inside a read-only volume. */
export const SECRETS_DIRECTORY = '/etc/agentgateway-secrets';

/** Path of a key of a Secret that is mounted. */
export function secretFile({ secretName, key }: SecretKey): string {
  return `${SECRETS_DIRECTORY}/${secretName}/${key}`;
}

/** Environment variable that holds an API key. A hash: names of Secrets have characters that those of variables have not. */
export function apiKeyVariable({ secretName, key }: SecretKey): string {
  return `API_KEY_${digest(`${secretName}/${key}`, 12).toUpperCase()}`;
}

/** What the container needs from Secrets, in a stable order. */
export function secrets(plan: GatewayPlan): PlaneSecrets {
  return { environment: environment(plan), mounts: mounts(plan) };
}

function environment(plan: GatewayPlan): SecretEnv[] {
  const references = methodsOf(plan)
    .flatMap(method => (method.kind === 'apiKey' ? method.keys : []))
    .flatMap(({ secret }) => (secret.kind === 'secret' ? [secret.ref] : []));
  const variables = new Map(references.map(ref => [apiKeyVariable(ref), ref]));
  return [...variables]
    .sort(byKey)
    .map(([variable, { secretName, key }]) => ({ variable, secretName, secretKey: key }));
}

function mounts(plan: GatewayPlan): SecretMount[] {
  const { tls } = plan.gateway;
  return secretMounts(SECRETS_DIRECTORY, [
    ...(tls === undefined ? [] : [tls.certificate, tls.privateKey]),
    // API keys come as variables.
    ...methodsOf(plan).flatMap(method => (method.kind === 'apiKey' ? [] : methodSecrets(method, plan.gateway))),
    ...plan.entries
      .flatMap(serversOf)
      .flatMap(({ credentials = [] }) => credentials)
      .flatMap(credentialSecrets),
  ]);
}

function methodsOf(plan: GatewayPlan): SingleMethod[] {
  return plan.entries
    .flatMap(({ policy }) => policy?.authentication ?? [])
    .flatMap(({ method }) => alternatives(method));
}

function byKey([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}

import { SECRETS_DIRECTORY } from './names';
import { GatewayPlan } from '../../model/plan';
import { ClientCertificateMethod, SecretKey, SingleMethod } from '../../model/policy';
import { credentialSecrets, serversOf } from '../../passes/backend-credentials';
import { authorityKey } from '../../passes/certificates';
import { methodSecrets } from '../../passes/method-secrets';
import { alternatives } from '../../passes/policy/alternatives';
import { PlaneSecrets } from '../data-plane';
import { secretMounts } from '../secret-mounts';

/** Path of a key of a Secret that is mounted. */
export function secretFile({ secretName, key }: SecretKey): string {
  return `${secretDirectory({ secretName })}/${key}`;
}

/** Folder of a Secret that is mounted. */
export function secretDirectory({ secretName }: Pick<SecretKey, 'secretName'>): string {
  return `${SECRETS_DIRECTORY}/${secretName}`;
}

/** What the container needs from Secrets: files alone, which are read again when a Secret changes. */
export function secrets(plan: GatewayPlan): PlaneSecrets {
  const { tls } = plan.gateway;
  return {
    environment: [],
    mounts: secretMounts(SECRETS_DIRECTORY, [
      ...(tls === undefined ? [] : [tls.certificate, tls.privateKey]),
      ...methodsOf(plan).flatMap(method => methodSecrets(method, plan.gateway)),
      ...plan.entries
        .flatMap(serversOf)
        .flatMap(({ credentials = [] }) => credentials)
        .flatMap(credentialSecrets),
    ]),
  };
}

/** The authorities of client certificates; undefined when no entry asks for one. The check made sure that all ask for the same. */
export function clientAuthorities(plan: GatewayPlan): SecretKey | undefined {
  const method = methodsOf(plan).find(
    (candidate): candidate is ClientCertificateMethod => candidate.kind === 'clientCertificate',
  );
  return method && authorityKey(method.ca, plan.gateway);
}

function methodsOf({ entries }: GatewayPlan): SingleMethod[] {
  return entries.flatMap(({ policy }) => policy?.authentication ?? []).flatMap(({ method }) => alternatives(method));
}

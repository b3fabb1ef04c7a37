import { limitOf } from './capabilities';
import { Diagnostic, errorAt } from '../../model/diagnostic';
import { Gateway } from '../../model/gateway';
import { GatewayPlan } from '../../model/plan';
import { BackendCredential, serverKey } from '../../model/server';
import { credentialSecrets, serversOf } from '../../passes/backend-credentials';

/** Secrets of servers' credentials that the gateway's pods cannot mount: once for each server, though several entries serve it. */
export function checkCredentialSecrets({ gateway, entries }: GatewayPlan): Diagnostic[] {
  const servers = new Map(entries.flatMap(serversOf).map(server => [serverKey(server), server]));
  return [...servers.values()].flatMap(({ path, credentials = [] }) =>
    credentials.flatMap((credential, i) =>
      foreignSecrets(credential, gateway).map(secret => refusal(path, `credentials[${i}]`, secret, gateway)),
    ),
  );
}

/** Names of the Secrets in other namespaces than the gateway's, each once. */
function foreignSecrets(credential: BackendCredential, { workloadNamespace }: Gateway): string[] {
  const foreign = credentialSecrets(credential).filter(
    ({ secretNamespace }) => secretNamespace !== undefined && secretNamespace !== workloadNamespace,
  );
  return [...new Set(foreign.map(({ secretNamespace, secretName }) => `${secretNamespace}/${secretName}`))];
}

function refusal(path: string, property: string, secret: string, gateway: Gateway): Diagnostic {
  const { reason, remedy } = limitOf('credentials.namespace');
  return errorAt(
    path,
    property,
    secret,
    `${reason}: those of "${gateway.path}" run in "${gateway.workloadNamespace}"`,
    remedy,
  );
}

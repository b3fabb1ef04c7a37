import { SecretKey } from '../model/policy';
import { BackendCredential } from '../model/server';
import { compact, Json } from '../values/json';

/** Credentials as resources write them. A Secret in the namespace of the resource itself is named without it. */
export function credentialsSpec(
  credentials: readonly BackendCredential[] | undefined,
  ownNamespace: string | undefined,
): Json[] | undefined {
  return credentials?.map(credential => credentialSpec(credential, ref => secretSpec(ref, ownNamespace)));
}

function credentialSpec(credential: BackendCredential, secret: (ref: SecretKey) => Json): Json {
  switch (credential.kind) {
    case 'header':
      return credential.name === 'authorization' && credential.prefix === 'Bearer '
        ? { bearer: { secretRef: secret(credential.value) } }
        : {
            header: {
              name: credential.name,
              ...(credential.prefix === '' ? {} : { prefix: credential.prefix }),
              secretRef: secret(credential.value),
            },
          };
    case 'basic':
      return {
        basic: {
          ...(typeof credential.username === 'string'
            ? { username: credential.username }
            : { usernameRef: secret(credential.username) }),
          passwordRef: secret(credential.password),
        },
      };
    case 'clientCertificate':
      return {
        clientCertificate: {
          certificateRef: secret(credential.certificate),
          privateKeyRef: secret(credential.privateKey),
        },
      };
    case 'callerToken':
      return { callerToken: true };
  }
}

function secretSpec({ secretName, secretNamespace, key }: SecretKey, ownNamespace: string | undefined): Json {
  return compact({ name: secretName, key, namespace: secretNamespace === ownNamespace ? undefined : secretNamespace });
}

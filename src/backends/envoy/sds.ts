import { Any, SdsSecretConfig, Secret } from './api';
import { fromFile, typed } from './config';
import { CONFIG_DIRECTORY } from './names';

/*
 * Secrets that Envoy's connections use. The configuration says in which files of mounted Secrets they are, in a file of its own for
 * each: of a file with two, Envoy takes neither.
 */

/** A reference to a secret by its name. */
export function secretReference(name: string): SdsSecretConfig {
  return { name, sds_config: fromFile(CONFIG_DIRECTORY, secretResource(name)) };
}

/** File of the configuration that says where a secret is. */
export function secretResource(name: string): string {
  return `${name}.yaml`;
}

/** A secret as a resource. */
export function secretOf(secret: Secret): Any {
  return typed('envoy.extensions.transport_sockets.tls.v3.Secret', secret);
}

import { GatewayPlan } from '../../model/plan';
import { alternatives, SecretKey, SingleMethod } from '../../model/policy';

/** Folder with a folder for each Secret. Beside that of the configuration: nothing can be mounted inside a read-only volume. */
export const SECRETS_DIRECTORY = '/etc/agentgateway-secrets';

/** Path of a key of a Secret that is mounted. */
export function secretFile({ secretName, key }: SecretKey): string {
  return `${SECRETS_DIRECTORY}/${secretName}/${key}`;
}

/** The methods by which callers of a plan are authenticated, each choice by itself. */
export function methodsOf({ entries }: GatewayPlan): SingleMethod[] {
  return entries.flatMap(({ policy }) => policy?.authentication ?? []).flatMap(({ method }) => alternatives(method));
}

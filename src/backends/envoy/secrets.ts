import { SECRETS_DIRECTORY } from './names';
import { fromParts } from './parts';
import { EnvoyPlan } from './plan';
import { PlaneSecrets, secretMounts } from '../interface/data-plane';

/** What the container needs from Secrets: files alone, which are read again when a Secret changes. */
export function secrets(plan: EnvoyPlan): PlaneSecrets {
  return {
    environment: [],
    mounts: secretMounts(
      SECRETS_DIRECTORY,
      fromParts(part => part.secretKeys?.(plan)),
    ),
  };
}

import { fromParts } from './parts';
import { SECRETS_DIRECTORY } from './secret-files';
import { GatewayPlan } from '../../model/plan';
import { compareText } from '../../values/text';
import { PlaneSecrets, secretMounts } from '../interface/data-plane';

/** What the container needs from Secrets, in a stable order. */
export function secrets(plan: GatewayPlan): PlaneSecrets {
  const variables = new Map(fromParts(part => part.variables?.(plan)).map(variable => [variable.variable, variable]));
  return {
    environment: [...variables.values()].sort((a, b) => compareText(a.variable, b.variable)),
    mounts: secretMounts(
      SECRETS_DIRECTORY,
      fromParts(part => part.secretFiles?.(plan)),
    ),
  };
}

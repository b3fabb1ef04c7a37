import { container, SECRETS_DIRECTORY } from './config/container';
import { monitoring } from './monitoring';
import { enforcement, FEATURES, fromParts, PARTS } from './parts';
import { render } from './render';
import { Diagnostic } from '../../model/findings';
import { GatewayPlan } from '../../model/plan';
import { compareText } from '../../values/text';
import { AGENTGATEWAY, DataPlane, PlaneSecrets, secretMounts } from '../interface/data-plane';
import { detailsOf } from '../interface/standing';

/** The data plane that understands tools best: agentgateway 1.4.1, standalone. */
export const agentgateway: DataPlane = {
  name: AGENTGATEWAY,
  title: 'agentgateway 1.4.1',
  features: FEATURES,
  details: detailsOf(PARTS.map(({ limits = {} }) => limits)),
  check,
  configure: plan => ({ files: render(plan), findings: [] }),
  container,
  secrets,
  monitoring,
  enforcement,
};

/** What of a plan is beyond agentgateway's limits. */
function check(plan: GatewayPlan): readonly Diagnostic[] {
  return fromParts(part => part.check?.(plan));
}

/** What the container needs from Secrets, in a stable order. */
function secrets(plan: GatewayPlan): PlaneSecrets {
  const variables = new Map(fromParts(part => part.variables?.(plan)).map(variable => [variable.variable, variable]));
  return {
    environment: [...variables.values()].sort((a, b) => compareText(a.variable, b.variable)),
    mounts: secretMounts(
      SECRETS_DIRECTORY,
      fromParts(part => part.secretFiles?.(plan)),
    ),
  };
}

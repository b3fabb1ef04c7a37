import { AGENTGATEWAY, DataPlane } from '../data-plane';
import { CAPABILITIES } from './capabilities';
import { check } from './check';
import { container } from './container';
import { enforcement } from './enforcement';
import { render } from './render';
import { secrets } from './secrets';
import { standing } from './traffic-check';

/** The data plane that understands tools best: agentgateway 1.4.1, standalone. */
export const agentgateway: DataPlane = {
  name: AGENTGATEWAY,
  title: 'agentgateway 1.4.1',
  capabilities: CAPABILITIES,
  standing,
  check,
  render,
  container,
  secrets,
  enforcement,
};

export { SESSION_KEY_VARIABLE } from './container';
export * from './stdio';

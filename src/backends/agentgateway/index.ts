import { AGENTGATEWAY, DataPlane } from '../data-plane';
import { DETAILS, FEATURES } from './capabilities';
import { check } from './check';
import { container } from './container';
import { enforcement } from './enforcement';
import { render } from './render';
import { secrets } from './secrets';

/** The data plane that understands tools best: agentgateway 1.4.1, standalone. */
export const agentgateway: DataPlane = {
  name: AGENTGATEWAY,
  title: 'agentgateway 1.4.1',
  features: FEATURES,
  details: DETAILS,
  check,
  render,
  container,
  secrets,
  enforcement,
};

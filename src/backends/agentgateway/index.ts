import { check } from './check';
import { container } from './container';
import { enforcement } from './enforcement';
import { FEATURES, PARTS } from './parts';
import { render } from './render';
import { secrets } from './secrets';
import { AGENTGATEWAY, DataPlane } from '../interface/data-plane';
import { detailsOf } from '../interface/standing';

/** The data plane that understands tools best: agentgateway 1.4.1, standalone. */
export const agentgateway: DataPlane = {
  name: AGENTGATEWAY,
  title: 'agentgateway 1.4.1',
  features: FEATURES,
  details: detailsOf(PARTS.map(({ limits = {} }) => limits)),
  check,
  render,
  container,
  secrets,
  enforcement,
};

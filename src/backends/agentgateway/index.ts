import { AGENTGATEWAY, DataPlane } from '../data-plane';
import { check } from './check';
import { container } from './container';
import { enforcement } from './enforcement';
import { render } from './render';
import { secrets } from './secrets';
import { standing } from './traffic-check';

/** The data plane that understands tools best: agentgateway 1.4.1, standalone. */
export const agentgateway: DataPlane = { name: AGENTGATEWAY, supports: (feature) => standing(feature).supported, check, render, container, secrets, enforcement };

export { CAPABILITIES } from './capabilities';
export { SESSION_KEY_VARIABLE } from './container';
export * from './stdio';

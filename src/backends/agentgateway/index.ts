import { DataPlane } from '../data-plane';
import { check } from './check';
import { container } from './container';
import { render } from './render';

/** The data plane that understands tools best: agentgateway 1.4.1, standalone. */
export const agentgateway: DataPlane = { name: 'agentgateway', check, render, container };

export { CAPABILITIES } from './capabilities';
export { SESSION_KEY_VARIABLE } from './container';
export * from './stdio';

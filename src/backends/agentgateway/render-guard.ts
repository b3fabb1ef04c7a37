import { AgwConfig, formatConfig, McpTarget } from './config/config';
import { GUARD } from './guard';
import { configOf } from './render';
import { stdioTarget } from './stdio';
import { GatewayPlan } from '../../model/plan';
import { StdioProgram } from '../interface/server-proxy';

/*
 * What stands in front of a server has no Secret, so no key for session ids: they hold the server's own session id and
 * nothing else, as good a secret as without the guard.
 */

/** Configuration of the guard of a server that listens on HTTP. Its pod's other containers have no business at its admin port. */
export function renderGuard(plan: GatewayPlan): string {
  const {
    config: { logging },
    ...rest
  } = configOf(plan);
  return formatConfig({
    config: { adminAddr: 'off', statsAddr: 'off', readinessAddr: `[::]:${GUARD.readinessPort}`, logging },
    ...rest,
  });
}

/** Configuration of the adapter of a stdio program that is protected: the guard, with the program in the place of the server's address. */
export function renderStdioGuard(plan: GatewayPlan, program: StdioProgram): string {
  return formatConfig({ config: {}, binds: configOf(plan).binds.map(bind => withTarget(bind, stdioTarget(program))) });
}

function withTarget(bind: AgwConfig['binds'][number], target: McpTarget): AgwConfig['binds'][number] {
  return {
    ...bind,
    listeners: bind.listeners.map(listener => ({
      ...listener,
      routes: listener.routes.map(route => ({
        ...route,
        backends: route.backends.map(backend => ({ ...backend, mcp: { ...backend.mcp, targets: [target] } })),
      })),
    })),
  };
}

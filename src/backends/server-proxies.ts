import { GUARD, STDIO_ADAPTER } from './agentgateway/server-proxy';
import { Guard, StdioAdapter } from './interface/data-plane';

/*
 * What stands in front of programs in their own pods, whichever plane a gateway has: one plane runs beside a server, and inside its
 * container. Light, unlike planes.ts: every server that is defined asks for it.
 */

export const SERVER_ADAPTER: StdioAdapter = STDIO_ADAPTER;
export const SERVER_GUARD: Guard = GUARD;

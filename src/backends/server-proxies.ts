import { GUARD } from './agentgateway/guard';
import { STDIO_ADAPTER } from './agentgateway/stdio';
import { Guard, StdioAdapter } from './interface/server-proxy';

/*
 * What stands in front of programs in their own pods, whichever plane a gateway has: one plane runs beside a server, and inside its
 * container. Light, unlike planes.ts: every server that is defined asks for it.
 */

export const SERVER_ADAPTER: StdioAdapter = STDIO_ADAPTER;
export const SERVER_GUARD: Guard = GUARD;

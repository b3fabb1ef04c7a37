import { Part, unsupported } from './part';
import { Standing } from '../../interface/standing';

/** What is said of servers that ask their callers themselves. */
export const GUARD_LIMITS = {
  'server.oidcConfig': {
    supported: true,
    reason:
      "the token is verified in the server's own pod, by a sidecar in front of it or by the adapter of a stdio program, and the server never sees it",
  },
  'server.authzConfig': {
    supported: true,
    reason: "asked in the server's own pod, whatever gateway a call comes by",
  },
  'server.oidcConfig.path': unsupported(
    'server.oidcConfig.path',
    'agentgateway cannot protect a server there: it speaks HTTP+SSE at /sse and nowhere else, and streamable HTTP anywhere but there',
    'let a program that speaks HTTP+SSE answer at /sse, and any other at another path',
  ),
} as const satisfies Record<string, Standing>;

/** What stands in front of such servers, in their own pods. Whatever it asks is of other parts. */
export const guards = { limits: GUARD_LIMITS } as const satisfies Part;

import { Part } from './part';

/* What is told of serving several servers, or one of another kind: the entry that composes them is made so. */

/** Servers of an entry. */
export const servers = {
  features: {
    weights: {
      supported: true,
      reason: 'per request between stateless servers, per caller between servers that keep sessions',
    },
    skipUnavailable: {
      supported: true,
      reason: 'the tools of servers that do not answer are left out',
    },
    sse: {
      supported: true,
      reason: 'clients speak streamable HTTP whatever a server speaks',
    },
    virtualServers: {
      supported: true,
      reason: 'several servers at one path, by the names that their tools have',
    },
    resources: {
      supported: true,
      reason:
        'behind several servers or matches, the URIs of resources start with the name of the part that serves them',
    },
    notifications: {
      supported: true,
      reason:
        'on the replica of the gateway that opened the session: keep a client on its replica where it waits for them',
    },
  },
} as const satisfies Part;

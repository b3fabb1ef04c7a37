import { Capability } from '../capability';

/** Where the gateway's routes must not listen: what the pod itself opens. */
export const ADMIN_PORT = 15000;
export const METRICS_PORT = 15020;
export const READINESS_PORT = 15021;
export const RESERVED_PORTS: readonly number[] = [ADMIN_PORT, METRICS_PORT, READINESS_PORT];

const LIST = {
  'port.reserved': {
    supported: false,
    reason: 'the pod of the gateway uses this port itself',
    remedy: 'choose another port',
  },
  'affinity.header': {
    supported: false,
    reason: 'Envoy keeps every session on its server by the id of the session, whatever a header says',
    remedy: 'remove sessionAffinityHeader',
  },
} as const satisfies Record<string, Omit<Capability, 'feature'>>;

/** Names of the listed features. */
export type Feature = keyof typeof LIST;

/** All listed features, in order. */
export const CAPABILITIES: readonly Capability[] = Object.entries(LIST).map(([feature, entry]) => ({ feature, ...entry }));

/** What is said of one feature. */
export function capability(feature: Feature): Capability {
  return { feature, ...LIST[feature] };
}

/** Whether a name is that of a listed feature. */
export function isListed(feature: string): feature is Feature {
  return feature in LIST;
}

/** Where the gateway's routes must not listen: what agentgateway itself opens, and the inner listener of composed routes. */
export const ADMIN_PORT = 15000;
export const INNER_PORT = 15100;
export const METRICS_PORT = 15020;
export const READINESS_PORT = 15021;
export const RESERVED_PORTS: readonly number[] = [ADMIN_PORT, METRICS_PORT, READINESS_PORT, INNER_PORT];

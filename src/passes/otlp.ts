import { Tracing } from '../model/gateway';

/** Ports of OTLP, where the endpoint names none. */
const OTLP_PORTS = { grpc: 4317, http: 4318 };

/** Where an OTLP collector listens. */
export function otlpAddress({ endpoint, protocol }: Pick<Tracing, 'endpoint' | 'protocol'>): {
  readonly host: string;
  readonly port: number;
} {
  const url = new URL(endpoint);
  const defaultPort = url.protocol === 'https:' ? 443 : OTLP_PORTS[protocol];
  return { host: url.hostname, port: Number(url.port || explicitPort(endpoint) || defaultPort) };
}

/** The port as written: URL drops one that is its scheme's default. */
function explicitPort(endpoint: string): string | undefined {
  return /^[a-z]+:\/\/[^/]*:(\d+)(?:\/|$)/.exec(endpoint)?.[1];
}

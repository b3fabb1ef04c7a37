import { GatewaySpecValue } from '../api/mcp-gateway';
import { ExposedService } from '../backends/kubernetes/exposure';
import { objectLabels } from '../backends/kubernetes/labels';

/** The port of a gateway's Service. */
export interface ServicePort {
  readonly name: string;
  readonly number: number;
}

/** The port on which clients expect a gateway. */
export function standardPort(tls: boolean): number {
  return tls ? 443 : 80;
}

/** The port of the Service that a gateway asks for. */
export function servicePort({ service, tls }: Pick<GatewaySpecValue, 'service' | 'tls'>): ServicePort {
  const secure = tls !== undefined;
  return { name: secure ? 'https' : 'http', number: service?.ports?.[0]?.port ?? standardPort(secure) };
}

/** The Service as what stands in front of it sees it. */
export function exposedService(
  { name, namespace }: Pick<ExposedService, 'name' | 'namespace'>,
  spec: Pick<GatewaySpecValue, 'service' | 'tls'>,
  labels: Readonly<Record<string, string>> | undefined,
): ExposedService {
  return {
    name,
    namespace,
    port: servicePort(spec).number,
    labels: { ...labels, ...objectLabels('mcp-gateway', name) },
  };
}

/** URL of a gateway's Service (OEP-0005, "Request Flow"). */
export function gatewayUrl(name: string, namespace: string, port: number, tls: boolean): string {
  return `${tls ? 'https' : 'http'}://${name}.${namespace}${port === standardPort(tls) ? '' : `:${port}`}`;
}

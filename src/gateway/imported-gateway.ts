import { Construct } from 'constructs';
import { GatewaySpecValue } from '../api/mcp-gateway';
import { AGENTGATEWAY } from '../backends/interface/data-plane';
import { ExposedService } from '../backends/kubernetes/exposure';
import { objectLabels } from '../backends/kubernetes/labels';
import { errorKind, InputCheck } from '../model/findings';
import { Gateway } from '../model/gateway';
import { GatewayKind } from '../model/route';
import { isPort, PORT_INVALID } from '../model/validation';
import { IMcpGateway } from '../references';
import { resolveName } from '../synthesis/placement';
import { Synthesis } from '../synthesis/synthesis';

/** The port of a gateway's Service. */
export interface ServicePort {
  readonly name: string;
  readonly number: number;
  /** What it speaks. */
  readonly scheme: 'http' | 'https';
}

/** The port on which clients expect a gateway. */
function standardPort(tls: boolean): number {
  return tls ? 443 : 80;
}

/** The port of the Service that a gateway asks for. */
export function servicePort({ service, tls }: Pick<GatewaySpecValue, 'service' | 'tls'>): ServicePort {
  const scheme = tls === undefined ? 'http' : 'https';
  const [port] = service?.ports ?? [];
  return { name: port?.name ?? scheme, number: port?.port ?? standardPort(tls !== undefined), scheme };
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

const COMPILED_BY_EMPTY = errorKind(
  'gateway-compiled-by-empty',
  'is empty',
  'Say who compiles the routes, such as the repository of the platform, or drop it',
);

/** Where an imported gateway is. */
export interface ImportedGatewayPlace {
  readonly kind: GatewayKind;
  readonly name: string;
  /** Namespace of its Service. */
  readonly workloadNamespace: string;
  readonly port?: number;
  readonly tls?: boolean;
  readonly compiledBy?: string;
}

/** A gateway that exists outside this app: it gives routes a URL, its configuration is its owner's. */
export class ImportedGateway extends Construct implements IMcpGateway {
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
  readonly url: string;

  constructor(scope: Construct, id: string, place: ImportedGatewayPlace) {
    super(scope, id);
    const input = new InputCheck(this.node.path);
    this.name = resolveName(this, place.name, input);
    input.reportGiven(PORT_INVALID, 'port', place.port, value =>
      isPort(value) ? undefined : { port: 'the port of its Service' },
    );
    input.report(COMPILED_BY_EMPTY, 'compiledBy', place.compiledBy, place.compiledBy?.trim() === '');
    input.throwIfAny();
    const tls = place.tls ?? false;
    this.kind = place.kind;
    this.namespace = place.kind === 'MCPGateway' ? place.workloadNamespace : undefined;
    this.url = gatewayUrl(place.name, place.workloadNamespace, place.port ?? standardPort(tls), tls);
    const model: Gateway = {
      kind: place.kind,
      name: this.name,
      namespace: this.namespace,
      workloadNamespace: place.workloadNamespace,
      path: this.node.path,
      plane: AGENTGATEWAY,
      port: 8080,
      replicas: 1,
      exposed: false,
      affinity: {},
      accessLog: [],
      logLevel: 'info',
      logFormat: 'json',
      imported: true,
      unattended: place.compiledBy === undefined,
    };
    Synthesis.of(this).add(this, { gateway: () => model });
  }
}

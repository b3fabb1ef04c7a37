import { Construct } from 'constructs';
import { gatewayUrl, standardPort } from './gateway-address';
import { AGENTGATEWAY } from '../backends/interface/data-plane';
import { errorKind } from '../model/finding-kind';
import { Gateway } from '../model/gateway';
import { InputCheck } from '../model/input';
import { isPort, PORT_INVALID } from '../model/names';
import { GatewayKind } from '../model/route';
import { IMcpGateway } from '../references/i-mcp-gateway';
import { resolveName } from '../synthesis/placement';
import { Synthesis } from '../synthesis/synthesis';

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

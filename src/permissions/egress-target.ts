import { Chart } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { checkPodSelection, namespacesOf, PodSelectionOptions, selectorOf } from './pod-selection';
import { checkRange, rangeOf } from '../api/connections';
import { placeIn } from '../api/place';
import { because, errorKind, InputCheck } from '../model/findings';
import { hostProblem, normalizedHost } from '../model/hosts';
import { EgressRule, EgressTarget as EgressTargetModel, NetworkPort } from '../model/permissions';
import { PolicyOrigin } from '../model/policy';
import { ServerKind } from '../model/server';
import {
  dnsLabelProblem,
  emptyList,
  isNamespace,
  isPort,
  LIST_EMPTY,
  NAMESPACE_INVALID,
  PORT_INVALID,
} from '../model/validation';
import { IMcpServer } from '../references';

/** Checks ports. */
export function checkPorts(input: InputCheck, options: EgressPortOptions): void {
  for (const property of ['ports', 'udpPorts'] as const) {
    options[property]?.forEach((port, i) =>
      input.report(
        PORT_INVALID,
        `${property}[${i}]`,
        port,
        isPort(port) ? undefined : { port: 'the port that clients connect to' },
      ),
    );
  }
}

/** Checks ports of options, where none at all are all of them. */
function checkPortOptions(input: InputCheck, { ports, udpPorts }: EgressPortOptions): void {
  const meaning = ports === undefined || udpPorts === undefined ? 'for all' : 'for none';
  input.report(LIST_EMPTY, 'ports', ports, emptyList(ports, 'port', meaning));
  input.report(LIST_EMPTY, 'udpPorts', udpPorts, emptyList(udpPorts, 'port', meaning));
  checkPorts(input, { ports, udpPorts });
}

/** Ports as plain data; empty means all. */
export function portsOf({ ports = [], udpPorts = [] }: EgressPortOptions): NetworkPort[] {
  return [...tcp(ports), ...sorted(udpPorts).map((port): NetworkPort => ({ protocol: 'UDP', port }))];
}

/** TCP ports as plain data. */
export function tcp(ports: readonly number[]): NetworkPort[] {
  return sorted(ports).map((port): NetworkPort => ({ protocol: 'TCP', port }));
}

function sorted(ports: readonly number[]): number[] {
  return [...new Set(ports)].sort((a, b) => a - b);
}

/** Ports of a connection. */
export interface EgressPortOptions {
  /**
   * TCP ports.
   *
   * @default - all ports; none when `udpPorts` are given
   */
  readonly ports?: number[];

  /**
   * UDP ports.
   *
   * @default - all ports; none when `ports` are given
   */
  readonly udpPorts?: number[];
}

/** Options of {@link EgressTarget.cidr}. */
export interface EgressCidrOptions extends EgressPortOptions {
  /**
   * Parts of the range that stay closed.
   *
   * @default - none
   */
  readonly except?: string[];
}

/** Options of {@link EgressTarget.serviceName}. */
export interface EgressServiceOptions {
  /**
   * Namespace of the Service.
   *
   * @default - the namespace of the server that is given the permission
   */
  readonly namespace?: string;

  /**
   * TCP ports of the Service.
   *
   * @default - all of its ports
   */
  readonly ports?: number[];
}

/** Options of {@link EgressTarget.pods}. */
export interface EgressPodsOptions extends PodSelectionOptions, EgressPortOptions {}

const SERVICE_WITHOUT_NAMESPACE = errorKind(
  'service-without-namespace',
  'is in no namespace',
  'Set a namespace on the Service or on its Chart',
);
const SERVICE_NAME_INVALID = errorKind(
  'service-name-invalid',
  '{problem}',
  'Name the Service alone; its namespace is an option',
);

/** HTTPS. */
const HTTPS = 443;

/** A target for a workload of a namespace. */
type Resolve = (namespace: string) => EgressTargetModel;

/**
 * What a server may connect to. Everything else is denied, but for DNS.
 *
 * Policies in a cluster act on pods and addresses, not on names. Names become what the policies of the cluster can hold:
 *
 * - A name of a Service of this app (`postgres.finance.svc.cluster.local`, `postgres.finance.svc`, `postgres.finance`, or
 *   `postgres` in the server's own namespace) becomes the pods that the Service selects, and its port the port of the pods.
 * - A name of another Service becomes all pods of its namespace, on the given port, with a warning.
 * - A name outside the cluster needs an enforcement that knows names: {@link NetworkEnforcement.cilium}, or
 *   {@link NetworkEnforcement.istio}; or a proxy. Else it fails synthesis.
 * - An address becomes itself.
 *
 * @example
 *
 * import { EgressTarget } from 'cdk8s-mcp';
 *
 * EgressTarget.host('postgres.finance.svc.cluster.local', 5432);
 * EgressTarget.host('*.finance.svc.cluster.local', 8080, 8443);
 * EgressTarget.host('api.example.com');
 * EgressTarget.cidr('10.20.0.0/16', { ports: [5432], except: ['10.20.7.0/24'] });
 * EgressTarget.pods({ namespaces: ['cache'], labels: { app: 'redis' }, ports: [6379] });
 * EgressTarget.publicInternet();
 */
export class EgressTarget {
  /**
   * A host by name or address. `*.` at its start stands for any names below a domain; below the domain of the cluster it
   * is expanded over the Services of this app.
   *
   * A name of two parts is a Service (`postgres.finance`) where this app has anything in a namespace of that name; a dot
   * at its end (`web.dev.`) makes it a name outside the cluster.
   *
   * @param name the name, without a scheme, port or path
   * @param ports TCP ports as clients name them: those of the Service. 443 when there is none.
   * @throws when it is not a host, is the machine itself (`localhost`), or a port is not 1 to 65535
   */
  public static host(name: string, ...ports: number[]): EgressTarget {
    const input = new InputCheck('EgressTarget.host');
    const problem = hostProblem(name);
    if (problem !== undefined) {
      input.report(problem, 'name', name, true);
    }
    checkPorts(input, { ports });
    input.throwIfAny();
    return new EgressTarget(
      () => ({ kind: 'host', host: normalizedHost(name) }),
      tcp(ports.length === 0 ? [HTTPS] : ports),
    );
  }

  /**
   * A range of addresses outside the cluster. Addresses of pods change, and policies need not find pods by them: choose
   * pods by name or label.
   *
   * @param cidr the range; a single address as `10.20.0.7/32`
   * @param options ports, all unless given, and parts of the range that stay closed
   * @throws when the range is not a CIDR, `except` is not a part of it, or a port is not 1 to 65535
   */
  public static cidr(cidr: string, options: EgressCidrOptions = {}): EgressTarget {
    const input = new InputCheck('EgressTarget.cidr');
    checkRange({ cidr, except: options.except }, placeIn(input));
    checkPortOptions(input, options);
    input.throwIfAny();
    return new EgressTarget(() => ({ kind: 'cidr', ...rangeOf(cidr, options.except) }), portsOf(options));
  }

  /**
   * The pods behind a Service of this app.
   *
   * @param service the Service
   * @param ports TCP ports of the Service; all of its ports when there is none
   * @throws when the Service is in no namespace, or a port is not 1 to 65535
   */
  public static service(service: kplus.Service, ...ports: number[]): EgressTarget {
    const input = new InputCheck('EgressTarget.service');
    const namespace = service.metadata.namespace ?? Chart.of(service).namespace;
    input.report(SERVICE_WITHOUT_NAMESPACE, 'service', service.node.path, namespace === undefined);
    checkPorts(input, { ports });
    input.throwIfAny();
    return new EgressTarget(() => ({ kind: 'service', namespace: namespace!, name: service.name }), tcp(ports));
  }

  /**
   * The pods behind a Service by its name: of this app, or outside of it, where all pods of its namespace are meant.
   *
   * @param name name of the Service
   * @param options its namespace, and ports
   * @throws when a name is not one, or a port is not 1 to 65535
   */
  public static serviceName(name: string, options: EgressServiceOptions = {}): EgressTarget {
    const input = new InputCheck('EgressTarget.serviceName');
    input.report(SERVICE_NAME_INVALID, 'name', name, because(dnsLabelProblem(name)));
    input.reportGiven(NAMESPACE_INVALID, 'namespace', options.namespace, value => !isNamespace(value));
    checkPortOptions(input, { ports: options.ports });
    input.throwIfAny();
    return new EgressTarget(
      own => ({ kind: 'service', namespace: options.namespace ?? own, name }),
      tcp(options.ports ?? []),
    );
  }

  /**
   * Another MCP server, past any gateway. Of this app, it lets the connection in as well.
   *
   * @param server the server
   */
  public static server(server: IMcpServer): EgressTarget {
    return new EgressTarget(
      () => ({
        kind: 'server',
        server: { kind: server.kind as ServerKind, name: server.name, namespace: server.namespace },
      }),
      [],
    );
  }

  /**
   * Pods by namespace and labels.
   *
   * @param options which pods, and ports that they listen on, all unless given
   * @throws when a name, label or port is not one, or namespaces are chosen in several ways
   */
  public static pods(options: EgressPodsOptions): EgressTarget {
    const input = new InputCheck('EgressTarget.pods');
    checkPodSelection(input, options);
    checkPortOptions(input, options);
    input.throwIfAny();
    return new EgressTarget(
      own => ({
        kind: 'pods',
        namespaces: namespacesOf(options, own),
        pods: options.labels && selectorOf(options.labels),
      }),
      portsOf(options),
    );
  }

  /**
   * Every public address: all but private, link-local, loopback and other special ranges.
   *
   * @param ports TCP ports; 443 when there is none
   * @throws when a port is not 1 to 65535
   */
  public static publicInternet(...ports: number[]): EgressTarget {
    const input = new InputCheck('EgressTarget.publicInternet');
    checkPorts(input, { ports });
    input.throwIfAny();
    return new EgressTarget(() => ({ kind: 'public' }), tcp(ports.length === 0 ? [HTTPS] : ports));
  }

  /** Everything, inside the cluster and outside, on every port: the server is then not restricted at all. */
  public static anywhere(): EgressTarget {
    return new EgressTarget(() => ({ kind: 'anywhere' }), []);
  }

  private constructor(
    private readonly resolve: Resolve,
    private readonly ports: readonly NetworkPort[],
  ) {}

  /**
   * As plain data, for a workload of a namespace.
   *
   * @internal
   */
  public _rule(namespace: string, origin: PolicyOrigin): EgressRule {
    return { target: this.resolve(namespace), ports: this.ports, origin };
  }
}

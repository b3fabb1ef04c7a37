import { checkNamespaces, checkPodSelection, namespacesOf, PodSelectionOptions, selectorOf } from './pod-selection';
import { checkRange, ingressSourceModel, IngressSourceValue, rangeOf } from '../api/connections';
import { placeIn } from '../api/place';
import { InputCheck } from '../model/findings';
import { IngressRule, IngressSource as IngressSourceModel } from '../model/permissions';
import { PolicyOrigin } from '../model/policy';

/** Options of {@link IngressSource.cidr}. */
export interface IngressCidrOptions {
  /**
   * Parts of the range that stay outside.
   *
   * @default - none
   */
  readonly except?: string[];
}

/** Options of {@link McpServer.allowIngress}. */
export interface AllowIngressOptions {
  /**
   * Ports of the pods, such as one that is no part of MCP.
   *
   * @default - the one that answers MCP
   */
  readonly ports?: number[];
}

/**
 * Who may connect to a server or a gateway, besides those that the app connects itself: the gateways of a server's routes,
 * and the clients of a gateway. It is about the port on which they answer MCP, unless others are said.
 *
 * @example
 *
 * import { IngressSource } from 'cdk8s-mcp';
 *
 * IngressSource.pods({ namespaces: ['ingress-nginx'], labels: { 'app.kubernetes.io/name': 'ingress-nginx' } });
 * IngressSource.namespaces('agents', 'notebooks');
 * IngressSource.cidr('10.20.0.0/16');
 */
export class IngressSource {
  /**
   * Pods by namespace and labels.
   *
   * @param options which pods; of the namespace of the server or gateway, unless others are chosen
   * @throws when a name or label is not one, or namespaces are chosen in several ways
   */
  public static pods(options: PodSelectionOptions): IngressSource {
    const input = new InputCheck('IngressSource.pods');
    checkPodSelection(input, options);
    input.throwIfAny();
    return new IngressSource(own => ({
      kind: 'pods',
      namespaces: namespacesOf(options, own),
      pods: options.labels && selectorOf(options.labels),
    }));
  }

  /**
   * All pods of namespaces.
   *
   * @param names names of the namespaces
   * @throws when there is none, or one is not a namespace name
   */
  public static namespaces(...names: string[]): IngressSource {
    const input = new InputCheck('IngressSource.namespaces');
    checkNamespaces(input, 'names', names);
    input.throwIfAny();
    return new IngressSource(own => ({ kind: 'pods', namespaces: namespacesOf({ namespaces: names }, own) }));
  }

  /**
   * A range of addresses, such as that of a load balancer. Many load balancers and proxies show an address of their own
   * rather than that of the caller.
   *
   * @param cidr the range; a single address as `10.20.0.7/32`
   * @param options parts of the range that stay outside
   * @throws when the range is not a CIDR, or `except` is not a part of it
   */
  public static cidr(cidr: string, options: IngressCidrOptions = {}): IngressSource {
    const input = new InputCheck('IngressSource.cidr');
    checkRange({ cidr, except: options.except }, placeIn(input));
    input.throwIfAny();
    return new IngressSource(() => ({ kind: 'cidr', ...rangeOf(cidr, options.except) }));
  }

  /** Everyone who can reach it, inside the cluster and outside. */
  public static anywhere(): IngressSource {
    return new IngressSource(() => ({ kind: 'anywhere' }));
  }

  /**
   * A source of a document, already checked.
   *
   * @internal
   */
  public static _of(value: IngressSourceValue): IngressSource {
    return new IngressSource(namespace => ingressSourceModel(value, namespace));
  }

  private constructor(private readonly resolve: (namespace: string) => IngressSourceModel) {}

  /**
   * As plain data, for a workload of a namespace.
   *
   * @internal
   */
  public _rule(namespace: string, origin: PolicyOrigin): IngressRule {
    return { source: this.resolve(namespace), origin };
  }
}

import { NetworkEnforcement as NetworkEnforcementModel } from '../model/cluster';
import { errorKind, InputCheck } from '../model/findings';

const ACKNOWLEDGEMENT_EMPTY = errorKind('acknowledgement-empty', 'is empty', 'Say why pods may connect as they like');

/** Options of {@link NetworkEnforcement.none}. */
export interface NoNetworkEnforcementOptions {
  /** Why pods may connect as they like, or what restricts them instead. It stands in the warning that reminds of it. */
  readonly acknowledgement: string;
}

/**
 * What keeps the pods of a cluster from connections that nobody declared. Policies are emitted in its language.
 *
 * @example
 *
 * import { NetworkEnforcement } from 'cdk8s-mcp';
 *
 * NetworkEnforcement.networkPolicy();
 * NetworkEnforcement.cilium();
 * NetworkEnforcement.none({ acknowledgement: 'a cluster of one developer' });
 */
export class NetworkEnforcement {
  /**
   * NetworkPolicies (`networking.k8s.io/v1`), which most network plugins enforce: Calico, Cilium, Antrea and those of the
   * large clouds. Flannel alone does not, and the API server accepts what nothing enforces.
   */
  public static networkPolicy(): NetworkEnforcement {
    return new NetworkEnforcement('networkPolicy');
  }

  /**
   * CiliumNetworkPolicies (`cilium.io/v2`), which can tell hosts outside the cluster by their names, and know the API server.
   */
  public static cilium(): NetworkEnforcement {
    return new NetworkEnforcement('cilium');
  }

  /**
   * NetworkPolicies, and for servers with hosts outside the cluster an Istio sidecar that connects to those alone
   * (`ServiceEntry`, and `Sidecar` with `REGISTRY_ONLY`). It needs Istio in sidecar mode with its CNI plugin, and a program
   * that sets out to can go around a sidecar of its own pod, to public addresses on the same ports.
   */
  public static istio(): NetworkEnforcement {
    return new NetworkEnforcement('istio');
  }

  /**
   * Nothing is emitted and nothing enforced: every pod may connect to every other.
   *
   * @param options why that is right
   * @throws when the acknowledgement is empty
   */
  public static none(options: NoNetworkEnforcementOptions): NetworkEnforcement {
    const input = new InputCheck('NetworkEnforcement.none');
    const { acknowledgement } = options;
    input.report(ACKNOWLEDGEMENT_EMPTY, 'acknowledgement', acknowledgement, acknowledgement.trim() === '');
    input.throwIfAny();
    return new NetworkEnforcement('none', acknowledgement.trim());
  }

  private constructor(
    /** Name of the enforcement: `networkPolicy`, `cilium`, `istio` or `none`. */
    public readonly name: string,
    /** Why nothing is enforced, for `none`. */
    public readonly acknowledgement?: string,
  ) {}

  /** @internal */
  public get _model(): NetworkEnforcementModel {
    return this.name as NetworkEnforcementModel;
  }
}

import { ClusterProfile } from './cluster';
import { NamespaceChoice, NetworkPort } from './permissions';
import { PolicyOrigin } from './policy';
import { GatewayRef } from './route';
import { LabelSelector, ServerRef } from './server';

/** Pods of one workload, as NetworkPolicies select them. */
export interface PodSet {
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** Who is at the other end of a connection, after everything is resolved. */
export type NetworkPeer =
  | { readonly kind: 'podSet'; readonly pods: PodSet }
  | { readonly kind: 'pods'; readonly namespaces: NamespaceChoice; readonly pods?: LabelSelector }
  | { readonly kind: 'cidr'; readonly cidr: string; readonly except: readonly string[] }
  /** A name outside the cluster that the enforcement can tell from others. */
  | { readonly kind: 'fqdn'; readonly host: string }
  | { readonly kind: 'apiServer' }
  | { readonly kind: 'anywhere' };

/** One permitted connection of a workload. */
export interface NetworkRule {
  readonly peer: NetworkPeer;
  /** Ports on the pods of the side that listens. Empty means all. */
  readonly ports: readonly NetworkPort[];
  /** What asked for it. */
  readonly origin: PolicyOrigin;
  /** For reports: `gateway mcp-system/gateway`, `DNS`, `egress to postgres.finance`. */
  readonly words: string;
  /** Whether one side alone asked for it: pods of another namespace are then reached only where they let it in themselves. */
  readonly oneSided?: boolean;
}

/** Everything a workload may connect to and be connected from; the rest is denied. */
export interface WorkloadNetwork {
  /** Construct path of what the workload belongs to. */
  readonly path: string;
  /** Name of the policy object. */
  readonly name: string;
  /** Labels of the policy object. */
  readonly labels: Readonly<Record<string, string>>;
  readonly pods: PodSet;
  /** The cluster it runs in. */
  readonly profile: ClusterProfile;
  /** Undefined leaves incoming connections as they are: the workload is the user's own. */
  readonly ingress?: readonly NetworkRule[];
  readonly egress?: readonly NetworkRule[];
  /** Whether it reaches what is outside the cluster through its proxy. */
  readonly proxied: boolean;
}

/** Pods that a policy of the user's own denies every connection that no policy lets them make. */
export interface IsolatedPods {
  readonly namespace: string;
  readonly pods: LabelSelector;
}

/** A workload that was connected to a route, a gateway or a server. */
export interface McpClient {
  /** Construct path of the workload. */
  readonly path: string;
  /** Name for the objects that let it connect. */
  readonly name: string;
  readonly pods: PodSet;
  /** All labels of its pods, by which other policies may select them; undefined means those of `pods`. */
  readonly podLabels?: Readonly<Record<string, string>>;
  /**
   * Whether a policy of its own lets it connect, and stops its other connections. Undefined: only where another policy of
   * the app stops them already, since a first policy would cut off pods that were free.
   */
  readonly isolate?: boolean;
  /** The cluster it runs in; undefined means the default. */
  readonly profile?: ClusterProfile;
  readonly target:
    | { readonly kind: 'gateway'; readonly gateway: GatewayRef }
    | { readonly kind: 'route'; readonly path: string }
    | { readonly kind: 'server'; readonly server: ServerRef };
  readonly origin: PolicyOrigin;
}

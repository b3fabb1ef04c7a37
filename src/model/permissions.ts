import { Diagnostic } from './findings';
import { PolicyOrigin } from './policy';
import { LabelSelector, ServerRef } from './references';

/** Rights on the Kubernetes API. */
export interface KubernetesGrant {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
  /** Names of single objects; undefined means all. */
  readonly resourceNames?: readonly string[];
  /** Where: namespaces, or the whole cluster. Never empty. */
  readonly scope:
    { readonly kind: 'namespaces'; readonly namespaces: readonly string[] } | { readonly kind: 'cluster' };
  readonly origin: PolicyOrigin;
}

/** Rights of a role that somebody else keeps: which they are is not known here. */
export interface RoleGrant {
  readonly kind: 'Role' | 'ClusterRole';
  readonly name: string;
  readonly scope: KubernetesGrant['scope'];
  readonly origin: PolicyOrigin;
}

/** A port of a connection; undefined `port` means all of the protocol. */
export interface NetworkPort {
  readonly protocol: 'TCP' | 'UDP';
  readonly port?: number;
  readonly endPort?: number;
}

/** What a workload may connect to. */
export type EgressTarget =
  /** A DNS name, of the cluster or outside it; `*.` at its start stands for any labels. */
  | { readonly kind: 'host'; readonly host: string }
  | { readonly kind: 'cidr'; readonly cidr: string; readonly except: readonly string[] }
  | { readonly kind: 'service'; readonly namespace: string; readonly name: string }
  | { readonly kind: 'server'; readonly server: ServerRef }
  | { readonly kind: 'pods'; readonly namespaces: NamespaceChoice; readonly pods?: LabelSelector }
  /** Addresses outside the cluster: all but private, link-local and loopback ranges. */
  | { readonly kind: 'public' }
  | { readonly kind: 'anywhere' };

/** Namespaces by name or label. */
export type NamespaceChoice =
  | { readonly kind: 'names'; readonly names: readonly string[] }
  | { readonly kind: 'labels'; readonly selector: LabelSelector }
  | { readonly kind: 'all' };

/** Leave to connect. */
export interface EgressRule {
  readonly target: EgressTarget;
  /** Ports of the target: those that clients name. Empty means all. */
  readonly ports: readonly NetworkPort[];
  readonly origin: PolicyOrigin;
  /** Whether it follows from something else that was said, such as a registry: its addresses may be said by another rule. */
  readonly implied?: boolean;
}

/** Who else may connect to a workload, beyond what the app connects itself. */
export type IngressSource =
  | { readonly kind: 'pods'; readonly namespaces: NamespaceChoice; readonly pods?: LabelSelector }
  | { readonly kind: 'cidr'; readonly cidr: string; readonly except: readonly string[] }
  | { readonly kind: 'anywhere' };

/** Leave to be connected to. */
export interface IngressRule {
  readonly source: IngressSource;
  /** Ports of the pods; undefined means the one that answers MCP. */
  readonly ports?: readonly NetworkPort[];
  readonly origin: PolicyOrigin;
}

/** Profiles that have a name in the API. */
export type BuiltinProfile = 'none' | 'network-only' | 'full-access';

/** What a hosted server may do. */
export interface ServerPermissions {
  /** The builtin profile that the rest follows from, if there is one. */
  readonly profile?: BuiltinProfile;
  readonly kubernetes: readonly KubernetesGrant[];
  /** Existing roles whose rights it has. */
  readonly roles?: readonly RoleGrant[];
  readonly egress: readonly EgressRule[];
  readonly ingress: readonly IngressRule[];
  /** False for the builtin profile `none`: not even DNS. */
  readonly dns: boolean;
  /** Paths mounted for reading and for writing. */
  readonly fileSystem: { readonly read: readonly string[]; readonly write: readonly string[] };
  /** Why a profile cannot be read where it should stand; it then allows nothing. */
  readonly problems?: readonly Diagnostic[];
}

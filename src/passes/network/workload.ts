import { ClusterProfile } from '../../model/cluster';
import { Diagnostic } from '../../model/findings';
import { Gateway } from '../../model/gateway';
import { NetworkPeer, NetworkRule, PodSet, WorkloadNetwork } from '../../model/network';
import { NetworkPort } from '../../model/permissions';
import { GatewayPlan } from '../../model/plan';
import { Server } from '../../model/server';
import { canonicalText } from '../../values/json';
import { compareText } from '../../values/text';

/** Names and labels of pods, and of the policy that is about them. */
export interface PodIdentity {
  /** Name of the policy. */
  readonly name: string;
  /** Labels of the policy. */
  readonly labels: Readonly<Record<string, string>>;
  readonly pods: PodSet;
}

/** What counts a gateway's calls. */
export interface RateLimitPods {
  readonly service: PodIdentity & { readonly port: number; readonly metricsPort: number };
  /** Undefined for a store that someone else runs. */
  readonly store?: PodIdentity & { readonly port: number };
}

/** What back ends know of the pods that they make. */
export interface PodFacts {
  server(server: Server): PodIdentity;
  gateway(gateway: Gateway): PodIdentity & { readonly metricsPort: number };
  /** Undefined for a gateway without limits. */
  rateLimit(plan: GatewayPlan): RateLimitPods | undefined;
  /** What a policy for a client's pods is called and labelled. */
  client(client: { readonly name: string; readonly pods: PodSet }): PodIdentity;
}

/** One side of a connection: pods that a policy is about, and what is permitted to them so far. */
export class Workload {
  readonly ingress: NetworkRule[] = [];
  readonly egress: NetworkRule[] = [];
  proxied = false;

  constructor(
    /** Construct path of what the pods belong to. */
    readonly path: string,
    readonly identity: PodIdentity,
    readonly profile: ClusterProfile,
    /** The workload as a reader would name it: `gateway mcp-system/gateway`. */
    readonly words: string,
    /** Port that it answers MCP on; undefined for one that only calls. */
    readonly port?: number,
  ) {}

  get pods(): PodSet {
    return this.identity.pods;
  }

  /** The pods as the other side of a connection. */
  get peer(): NetworkPeer {
    return { kind: 'podSet', pods: this.pods };
  }

  /** The outcome, each rule once, in an order that does not depend on that of the calls. */
  network(
    sides: { readonly ingress: boolean; readonly egress: boolean } = { ingress: true, egress: true },
  ): WorkloadNetwork {
    return {
      path: this.path,
      ...this.identity,
      profile: this.profile,
      proxied: this.proxied,
      ...(sides.ingress ? { ingress: distinctRules(this.ingress) } : {}),
      ...(sides.egress ? { egress: distinctRules(this.egress) } : {}),
    };
  }
}

/** Key of pods in maps. */
export function podKey({ namespace, labels }: PodSet): string {
  return canonicalText({ namespace, labels });
}

/** One TCP port. */
export function tcpPort(port: number): NetworkPort {
  return { protocol: 'TCP', port };
}

/** Rules, each once, in an order that does not depend on theirs. */
export function distinctRules(rules: readonly NetworkRule[]): NetworkRule[] {
  const found = new Map<string, NetworkRule[]>();
  for (const rule of rules) {
    const key = canonicalText({ peer: rule.peer, ports: rule.ports });
    found.set(key, [...(found.get(key) ?? []), rule]);
  }
  return [...found].sort(([a], [b]) => compareText(a, b)).map(([, same]) => merged(same));
}

/** Equal rules as one, with the words of all: which origin is reported must not depend on their order either. */
function merged(rules: readonly NetworkRule[]): NetworkRule {
  const [first] = [...rules].sort((a, b) => compareText(textOf(a), textOf(b)));
  return { ...first, words: [...new Set(rules.map(({ words }) => words))].sort(compareText).join(', ') };
}

function textOf({ origin, words }: NetworkRule): string {
  return `${origin.path}\n${origin.property}\n${words}`;
}

/** What a target comes down to. */
export interface Reached {
  readonly rules: readonly NetworkRule[];
  readonly findings: readonly Diagnostic[];
  /** Hosts outside the cluster that no policy can name, so that all public addresses stand for them. */
  readonly publicHosts: readonly string[];
  /** Hosts that are reached through the proxy of the cluster. */
  readonly proxiedHosts: readonly string[];
  /** Whether any of it is reached through that proxy. */
  readonly proxied: boolean;
}

const NOTHING: Reached = { rules: [], findings: [], publicHosts: [], proxiedHosts: [], proxied: false };

/** A target of which some parts are known. */
export function reached(parts: Partial<Reached>): Reached {
  return { ...NOTHING, ...parts };
}

/** Several targets together. */
export function together(all: readonly Reached[]): Reached {
  return {
    rules: all.flatMap(({ rules }) => rules),
    findings: all.flatMap(({ findings }) => findings),
    publicHosts: all.flatMap(({ publicHosts }) => publicHosts),
    proxiedHosts: all.flatMap(({ proxiedHosts }) => proxiedHosts),
    proxied: all.some(({ proxied }) => proxied),
  };
}

import { Diagnostic } from '../../model/diagnostic';
import { NetworkRule } from '../../model/network';

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

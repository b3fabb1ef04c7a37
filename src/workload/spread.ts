import * as kplus from 'cdk8s-plus-28';
import { compact, Json } from '../values/json';

/** How strictly replicas keep apart. */
export enum AntiAffinity {
  /** On different nodes when there is room. */
  PREFERRED = 'preferred',

  /** On different nodes, or not scheduled at all. */
  REQUIRED = 'required',

  /** Wherever they fit. */
  NONE = 'none',
}

/** Where replicas run, seen from each other. */
export interface SpreadOptions {
  /**
   * How strictly replicas keep to different nodes.
   *
   * @default AntiAffinity.PREFERRED - of a server where it may have several replicas
   */
  readonly antiAffinity?: AntiAffinity;

  /**
   * Topologies that replicas are spread over as evenly as possible.
   *
   * @default [kplus.Topology.ZONE] - of a server where it may have several replicas
   */
  readonly spreadOver?: kplus.Topology[];
}

/** Keeps replicas apart, as a template to merge: losing a node or a zone should not lose all of them. */
export function spreadTemplate(
  selector: Readonly<Record<string, string>>,
  { antiAffinity = AntiAffinity.PREFERRED, spreadOver = [kplus.Topology.ZONE] }: SpreadOptions,
): Json {
  const labelSelector = { matchLabels: selector };
  const term = { labelSelector, topologyKey: kplus.Topology.HOSTNAME.key };
  const podAntiAffinity = {
    [AntiAffinity.PREFERRED]: {
      preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 100, podAffinityTerm: term }],
    },
    [AntiAffinity.REQUIRED]: { requiredDuringSchedulingIgnoredDuringExecution: [term] },
    [AntiAffinity.NONE]: undefined,
  }[antiAffinity];
  return {
    spec: compact({
      affinity: podAntiAffinity && { podAntiAffinity },
      topologySpreadConstraints: spreadOver.map(topology => ({
        maxSkew: 1,
        topologyKey: topology.key,
        whenUnsatisfiable: 'ScheduleAnyway',
        labelSelector,
      })),
    }),
  };
}

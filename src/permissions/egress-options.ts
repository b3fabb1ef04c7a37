import { PodSelectionOptions } from './pod-selection-options';

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

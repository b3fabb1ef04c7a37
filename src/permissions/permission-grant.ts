import { KubernetesPermission } from './kubernetes-permission';

/** What a server may connect to, as resources of the API write it. */
export interface NetworkPermission {
  /**
   * Hosts: DNS names, which may start with `*.`, or addresses, each with a port behind a colon or, without one, on all ports.
   *
   * @default - none
   */
  readonly allowHost?: string[];

  /**
   * Ranges of addresses, such as `10.20.0.0/16`.
   *
   * @default - none
   */
  readonly allowCidr?: string[];
}

/** What a profile allows. */
export interface PermissionGrant {
  /**
   * Rights on the Kubernetes API.
   *
   * @default - none
   */
  readonly kubernetes?: KubernetesPermission;

  /**
   * What the server may connect to.
   *
   * @default - nothing
   */
  readonly network?: NetworkPermission;
}

import { Size } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';

/** How much a tenant may have. Kubernetes refuses what goes beyond it (ResourceQuota). */
export interface TenantQuota {
  /**
   * MCPServer resources.
   *
   * @default - any number
   */
  readonly servers?: number;

  /**
   * MCPRoute resources.
   *
   * @default - any number
   */
  readonly routes?: number;

  /**
   * MCPGateway resources; 0 leaves gateways to the platform.
   *
   * @default - any number
   */
  readonly gateways?: number;

  /**
   * Pods.
   *
   * @default - any number
   */
  readonly pods?: number;

  /**
   * CPU that the containers may request together. Kubernetes then refuses pods that state no request.
   *
   * @default - any amount
   */
  readonly cpuRequests?: kplus.Cpu;

  /**
   * Memory that the containers may request together. Kubernetes then refuses pods that state no request.
   *
   * @default - any amount
   */
  readonly memoryRequests?: Size;
}

/** Namespaced kinds of the API. */
export enum McpKind {
  /** MCPServer. */
  SERVER = 'mcpservers',
  /** MCPRoute. */
  ROUTE = 'mcproutes',
  /** MCPGateway. */
  GATEWAY = 'mcpgateways',
}

import { Size } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { GatewayStatement } from './statement';
import { Json } from '../values/json';
import { memoryBytes } from '../values/quantities';

/** Name of the gateway's container. */
export const GATEWAY_CONTAINER = 'gateway';

/** What the gateway's container may use, unless it is told otherwise. */
const DEFAULT_RESOURCES: kplus.ContainerResources = {
  cpu: { request: kplus.Cpu.millis(100), limit: kplus.Cpu.units(2) },
  memory: { request: Size.mebibytes(128), limit: Size.mebibytes(512) },
};

/** What the gateway's container may use, but for what the user's template says of it. */
export function gatewayResources({ code }: GatewayStatement): kplus.ContainerResources {
  return code.resources ?? DEFAULT_RESOURCES;
}

/** Bytes that the gateway's container may use, by the user's template or else by its options; undefined where nothing limits it. */
export function memoryLimitOf(statement: GatewayStatement): number | undefined {
  const containers: readonly Json[] = statement.value.podTemplate?.spec?.containers ?? [];
  const limits = containers.find(({ name }) => name === GATEWAY_CONTAINER)?.resources?.limits;
  const limit = limits?.memory ?? gatewayResources(statement).memory?.limit?.asString();
  return limit === undefined ? undefined : memoryBytes(String(limit));
}

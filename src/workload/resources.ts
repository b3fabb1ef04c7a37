import { Size } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { storedQuantity } from '../backends/kubernetes/stored-form';
import { bytesOf } from '../synthesis/statement';
import { compact, Json } from '../values/json';

/** What a container asks for and may use at most. */
export interface ResourceAmounts {
  /** CPU in thousandths, request and limit. */
  readonly cpuMillis: readonly [number, number];
  /** Memory in mebibytes, request and limit. */
  readonly memoryMebibytes: readonly [number, number];
}

/** Resources of a container of which nobody said any, with or without a limit of CPU. */
export function containerResources(
  { cpuMillis, memoryMebibytes }: ResourceAmounts,
  cpuLimits: boolean,
): kplus.ContainerResources {
  const [cpu, cpuLimit] = cpuMillis;
  const [memory, memoryLimit] = memoryMebibytes;
  return {
    cpu: { request: kplus.Cpu.millis(cpu), limit: cpuLimits ? kplus.Cpu.millis(cpuLimit) : undefined },
    memory: { request: Size.mebibytes(memory), limit: Size.mebibytes(memoryLimit) },
  };
}

/** Resources as Kubernetes writes them. */
export function resourcesJson({ cpu, memory, ephemeralStorage }: kplus.ContainerResources): Json {
  const bound = (which: 'request' | 'limit') =>
    compact({
      cpu: cpu?.[which]?.amount,
      memory: quantity(memory?.[which]),
      'ephemeral-storage': quantity(ephemeralStorage?.[which]),
    });
  return compact({ requests: bound('request'), limits: bound('limit') });
}

function quantity(size: Size | undefined): unknown {
  return size && storedQuantity(`${bytesOf(size) / 2 ** 20}Mi`);
}

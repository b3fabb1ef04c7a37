import { Size } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';

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

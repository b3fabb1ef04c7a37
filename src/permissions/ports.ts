import { EgressPortOptions } from './egress-options';
import { InputCheck } from '../model/input';
import { isPort, PORT_INVALID } from '../model/names';
import { NetworkPort } from '../model/permissions';

/** Checks ports. */
export function checkPorts(input: InputCheck, options: EgressPortOptions): void {
  for (const property of ['ports', 'udpPorts'] as const) {
    options[property]?.forEach((port, i) =>
      input.report(
        PORT_INVALID,
        `${property}[${i}]`,
        port,
        isPort(port) ? undefined : { port: 'the port that clients connect to' },
      ),
    );
  }
}

/** Ports as plain data; empty means all. */
export function portsOf({ ports = [], udpPorts = [] }: EgressPortOptions): NetworkPort[] {
  return [...tcp(ports), ...sorted(udpPorts).map((port): NetworkPort => ({ protocol: 'UDP', port }))];
}

/** TCP ports as plain data. */
export function tcp(ports: readonly number[]): NetworkPort[] {
  return sorted(ports).map((port): NetworkPort => ({ protocol: 'TCP', port }));
}

function sorted(ports: readonly number[]): number[] {
  return [...new Set(ports)].sort((a, b) => a - b);
}

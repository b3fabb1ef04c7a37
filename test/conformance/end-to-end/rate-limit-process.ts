import { closeSync, mkdirSync, openSync, readFileSync } from 'fs';
import { connect } from 'net';
import { join } from 'path';
import { PodFiles, Secrets } from './pod-files';
import { Pod } from './pods';
import { connects, until } from './until';
import { ProcessGroup } from '../../../scripts/conformance/process-group';
import { Manifest } from '../../support/validate';

/** Starts the store of a rate-limit service with its emitted arguments. */
export async function startStore(binary: string, pod: Pod, folder: string): Promise<ProcessGroup> {
  const [container] = pod.workload.spec.template.spec.containers;
  const [, ...args] = container.command;
  const store = logged(folder, pod, (output, cwd) =>
    ProcessGroup.start(binary, [...args, '--bind', pod.address], { cwd, output }),
  );
  await until('the store answers', () => connects(pod.address, container.ports[0].containerPort), {
    while: () => store.running,
  });
  return store;
}

/** What a store answers to one command, as its protocol writes it (RESP). */
export function askStore({ address, workload }: Pod, command: readonly string[]): Promise<string> {
  const [container] = workload.spec.template.spec.containers;
  return new Promise((resolve, reject) => {
    const socket = connect(container.ports[0].containerPort, address);
    socket.on('error', reject);
    socket.once('data', answer => {
      socket.destroy();
      resolve(answer.toString());
    });
    socket.write(`*${command.length}\r\n${command.map(word => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`);
  });
}

/** Envoy's rate-limit service in its pod, with its emitted environment and files, at the pod's own address. */
export class RateLimitProcess {
  public static async start(
    binary: string,
    pod: Pod,
    objects: readonly Manifest[],
    secrets: Secrets,
    addressOf: (name: string) => string,
    folder: string,
  ): Promise<RateLimitProcess> {
    const service = new RateLimitProcess(
      new PodFiles(join(folder, pod.namespace, pod.name, 'root'), pod, 'rate-limit', secrets),
      pod,
    );
    service.reload(objects);
    await service.run(binary, addressOf, folder);
    return service;
  }

  private group?: ProcessGroup;

  private constructor(
    private readonly files: PodFiles,
    public readonly pod: Pod,
  ) {}

  /** Mounts what stands in its ConfigMap now. */
  public reload(objects: readonly Manifest[]): void {
    this.files.mount(objects, text => text);
  }

  public async stop(): Promise<void> {
    await this.group?.stop();
  }

  private async run(binary: string, addressOf: (name: string) => string, folder: string): Promise<void> {
    const { address } = this.pod;
    const emitted = this.files.environment();
    const [storeHost, storePort] = emitted.REDIS_URL.split(':');
    const group = logged(folder, this.pod, output =>
      ProcessGroup.start(binary, [], {
        output,
        env: {
          PATH: process.env.PATH,
          ...emitted,
          RUNTIME_ROOT: this.files.pathOf(emitted.RUNTIME_ROOT),
          REDIS_URL: `${addressOf(storeHost)}:${storePort}`,
          HOST: address,
          GRPC_HOST: address,
          DEBUG_HOST: address,
          PROMETHEUS_ADDR: `${address}${emitted.PROMETHEUS_ADDR}`,
        },
      }),
    );
    this.group = group;
    await until(
      'the rate-limit service is ready',
      async () => (await fetch(`http://${address}:${emitted.PORT}/healthcheck`)).ok,
      { while: () => group.running, details: () => readFileSync(logFile(folder, this.pod), 'utf8').slice(-4000) },
    );
  }
}

function logged(folder: string, pod: Pod, start: (output: number, cwd: string) => ProcessGroup): ProcessGroup {
  const cwd = join(folder, pod.namespace, pod.name);
  mkdirSync(cwd, { recursive: true });
  const output = openSync(logFile(folder, pod), 'w');
  const group = start(output, cwd);
  closeSync(output);
  return group;
}

function logFile(folder: string, pod: Pod): string {
  return join(folder, pod.namespace, pod.name, 'log');
}

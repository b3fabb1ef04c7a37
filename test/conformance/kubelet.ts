import { Socket } from 'net';
import { Manifest } from '../support/validate';

/** Probes as the kubelet makes them. */

/** Stands for the address of a pod. It is one of loopback, but a program that listens on `localhost` alone does not answer there, as in a pod. */
export const POD_ADDRESS = '127.0.0.2';

/** Whether a probe is answered as it should be, within its time. */
export async function answers({ httpGet, tcpSocket, timeoutSeconds = 1 }: Manifest): Promise<boolean> {
  const timeout = timeoutSeconds * 1000;
  if (tcpSocket !== undefined) {
    return connects(tcpSocket.port, timeout);
  }
  if (httpGet !== undefined) {
    const url = `${(httpGet.scheme ?? 'HTTP').toLowerCase()}://${POD_ADDRESS}:${httpGet.port}${httpGet.path ?? '/'}`;
    return fetch(url, { signal: AbortSignal.timeout(timeout), redirect: 'manual' }).then(
      ({ status }) => status >= 200 && status < 400,
      () => false,
    );
  }
  throw new Error('a probe of a kind that is not imitated');
}

/** Asks a startup probe until it is answered; false when the pod would be started anew. */
export async function starts(probe: Manifest, alive: () => boolean): Promise<boolean> {
  const { initialDelaySeconds = 0, periodSeconds = 10, failureThreshold = 3 } = probe;
  await seconds(initialDelaySeconds);
  for (let failures = 0; alive() && failures < failureThreshold; failures++) {
    if (await answers(probe)) {
      return true;
    }
    await seconds(periodSeconds);
  }
  return false;
}

function connects(port: number, timeout: number): Promise<boolean> {
  return new Promise(resolve => {
    const socket = new Socket();
    const end = (connected: boolean): void => {
      socket.destroy();
      resolve(connected);
    };
    socket.setTimeout(timeout, () => end(false));
    socket.once('error', () => end(false));
    socket.connect(port, POD_ADDRESS, () => end(true));
  });
}

function seconds(count: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, count * 1000));
}

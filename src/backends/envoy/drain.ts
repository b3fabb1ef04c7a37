import { OverloadManager } from './config/api';
import { extension } from './config/config';

/*
 * How a pod ends without a lost request. Envoy ends at once when it is told to, with everything that is in flight. So the pod
 * says before that it will go, by a file in a folder of its own; Envoy goes on answering, closes each connection with the answer
 * to its next request (HTTP/2: with GOAWAY), and is ended when the time is over.
 *
 * A file, and no request to Envoy's administration: nobody outside of the pod can write one, by whatever address he reaches it.
 */

/** How long a pod that must go still answers, and how long streams of events outlive a changed listener. */
export const DRAIN_SECONDS = 20;

/** The one folder that the container may write to. */
export const SCRATCH_DIRECTORY = '/run/envoy';
/** Says by the number 1 that the pod will go, and by 0 that it stays: of a file that is not there Envoy complains at each look. */
const ENDING_FILE = `${SCRATCH_DIRECTORY}/ending`;
/** Longer than Envoy takes to notice. */
const NOTICED_SECONDS = 2;

/** Writes the file whole, by moving it: that is what Envoy looks out for. */
const write = (number: 0 | 1): string => `echo ${number} > ${ENDING_FILE}.new && mv ${ENDING_FILE}.new ${ENDING_FILE}`;

/** What a pod runs when it starts. */
export const POST_START = ['sh', '-c', write(0)];

/** What a pod runs before it is told to end. The file does not stay, which Envoy does not look out for. */
export const PRE_STOP = [
  'sh',
  '-c',
  [write(1), `sleep ${NOTICED_SECONDS}`, `rm ${ENDING_FILE}`, `sleep ${DRAIN_SECONDS - NOTICED_SECONDS}`].join(' && '),
];

const MONITOR = 'envoy.resource_monitors.injected_resource';

/** What Envoy does when something runs out, and when the file is there: it counts as something of which 1 is all. */
export function withEnding(overload?: OverloadManager): OverloadManager {
  return {
    ...overload,
    resource_monitors: [
      ...(overload?.resource_monitors ?? []),
      extension(MONITOR, 'envoy.extensions.resource_monitors.injected_resource.v3.InjectedResourceConfig', {
        filename: ENDING_FILE,
      }),
    ],
    actions: [
      ...(overload?.actions ?? []),
      { name: 'envoy.overload_actions.disable_http_keepalive', triggers: [{ name: MONITOR, threshold: { value: 1 } }] },
    ],
  };
}

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
/** Says by the number 1 that the pod will go. */
const ENDING_FILE = `${SCRATCH_DIRECTORY}/ending`;
/** Longer than Envoy takes to notice. */
const NOTICED_SECONDS = 2;

/**
 * What a pod runs before it is told to end. The file is moved, which Envoy looks out for, and does not stay: a container that
 * is started anew finds the folder as it was.
 */
export const PRE_STOP = [
  'sh',
  '-c',
  [
    `echo 1 > ${ENDING_FILE}.new`,
    `mv ${ENDING_FILE}.new ${ENDING_FILE}`,
    `sleep ${NOTICED_SECONDS}`,
    `rm ${ENDING_FILE}`,
    `sleep ${DRAIN_SECONDS - NOTICED_SECONDS}`,
  ].join(' && '),
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

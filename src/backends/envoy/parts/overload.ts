import { enforced, part, refused } from './part';
import { Diagnostic, findingOf, warningKind } from '../../../model/findings';
import { Gateway } from '../../../model/gateway';
import { formatBytes } from '../../../values/quantities';
import { refusal } from '../../interface/standing';
import { OverloadAction, OverloadManager } from '../config/api';
import { extension, typed } from '../config/config';
import { EnvoyPlan } from '../config/plan';

/*
 * What callers can hold up of a gateway: its memory and its connections. All of it follows from the memory limit of the pods, by
 * which Kubernetes would end them.
 */

const MIB = 2 ** 20;

/** Below this Envoy with its filters hardly starts. */
const LEAST_MEMORY = 128 * MIB;
/** Share of the memory limit that is Envoy's heap: the rest is its program, the memory of Lua, and what was not noticed yet. */
const HEAP_SHARE = 0.7;
/** Share of the heap from which on requests are refused. */
const REFUSING = 0.9;
/** Share of the memory limit up to which requests are served. */
export const SERVING_SHARE = HEAP_SHARE * REFUSING;
/** Memory for each connection of clients: what one takes while it is idle, several times. */
const CONNECTION_BYTES = 128 * 1024;
/** Bodies of the largest size that the heap must have room for. Each is there twice while it is read: as it came, and as a message. */
const BODIES = 8;

const MEMORY_SMALL = refused(
  'memory.small',
  `Envoy needs at least ${formatBytes(LEAST_MEMORY)} of memory`,
  `give its pods a memory limit of ${formatBytes(LEAST_MEMORY)} or more`,
);
const MEMORY_BODIES = refused(
  'memory.bodies',
  'the memory limit of the pods has no room for bodies of this size: some callers could fill it',
  'lower the size, or give the pods a higher memory limit',
);
const MEMORY_UNLIMITED = warningKind(
  'envoy-memory-unlimited',
  'nothing limits the memory of its pods, so that Envoy cannot tell when to refuse callers: they can fill that of the node',
  'Give the gateway resources with a memory limit',
);

/** How much of the gateway callers can hold up. */
export const overload = part({
  limits: {
    overload: enforced(
      'from the memory limit of the pods: near it, the largest unfinished requests are reset, then new ones are 503, and at last no connection is accepted; ' +
        'as many connections as have 128 KiB of it each. Headers have 10 seconds, a whole request 30, an idle connection 2 minutes',
    ),
    'memory.small': MEMORY_SMALL,
    'memory.bodies': MEMORY_BODIES,
  },
  check: checkMemory,
  listener: () => ({
    manager: {
      // What clients may send unasked, of one request and of one connection; Envoy's own defaults are as large as the whole pod.
      http2_protocol_options: {
        max_concurrent_streams: 100,
        initial_stream_window_size: 256 * 1024,
        initial_connection_window_size: MIB,
      },
    },
  }),
});

function checkMemory({ gateway, bodyLimit }: EnvoyPlan): Diagnostic[] {
  const { memoryLimit, path } = gateway;
  if (memoryLimit === undefined) {
    return gateway.imported ? [] : [findingOf(MEMORY_UNLIMITED, path, 'resources.memory.limit', undefined)];
  }
  const size = formatBytes(memoryLimit);
  return memoryLimit < LEAST_MEMORY
    ? [refusal(MEMORY_SMALL, path, 'resources.memory.limit', size)]
    : 2 * BODIES * bodyLimit > heapOf(memoryLimit)
      ? [refusal(MEMORY_BODIES, path, 'requestFiltering.sizeLimit', `${formatBytes(bodyLimit)} of ${size}`)]
      : [];
}

function heapOf(memoryLimit: number): number {
  return Math.floor(memoryLimit * HEAP_SHARE);
}

/** What Envoy does as its memory and its connections run out; undefined where nothing limits them. */
export function overloadManager({ memoryLimit }: Gateway): OverloadManager | undefined {
  return memoryLimit === undefined
    ? undefined
    : {
        // Some callers fill the memory in less than the second that is the default.
        refresh_interval: '0.05s',
        // Requests that hold less than 64 KiB are not looked for.
        buffer_factory_config: { minimum_account_to_track_power_of_two: 16 },
        resource_monitors: [
          extension(HEAP, 'envoy.extensions.resource_monitors.fixed_heap.v3.FixedHeapConfig', {
            max_heap_size_bytes: heapOf(memoryLimit),
          }),
          extension(
            'envoy.resource_monitors.global_downstream_max_connections',
            'envoy.extensions.resource_monitors.downstream_connections.v3.DownstreamConnectionsConfig',
            { max_active_downstream_connections: Math.floor(memoryLimit / CONNECTION_BYTES) },
          ),
        ],
        loadshed_points: [{ ...scaled('', 0.8, 0.95), name: 'envoy.load_shed_points.http1_server_abort_dispatch' }],
        actions: [
          scaled('reset_high_memory_stream', 0.6, 0.9),
          {
            ...scaled('reduce_timeouts', 0.6, 0.9),
            typed_config: typed('envoy.config.overload.v3.ScaleTimersOverloadActionConfig', {
              timer_scale_factors: [{ timer: 'HTTP_DOWNSTREAM_CONNECTION_IDLE', min_timeout: '2s' }],
            }),
          },
          from('shrink_heap', 0.8),
          from('stop_accepting_requests', REFUSING),
          from('stop_accepting_connections', 0.95),
        ],
      };
}

const HEAP = 'envoy.resource_monitors.fixed_heap';

/** An action from a share of the heap on. */
function from(action: string, value: number): OverloadAction {
  return { name: `envoy.overload_actions.${action}`, triggers: [{ name: HEAP, threshold: { value } }] };
}

/** An action that begins at a share of the heap, and does all it can from another on. */
function scaled(action: string, scaling_threshold: number, saturation_threshold: number): OverloadAction {
  return {
    name: `envoy.overload_actions.${action}`,
    triggers: [{ name: HEAP, scaled: { scaling_threshold, saturation_threshold } }],
  };
}

import { SERVING_SHARE } from './parts/overload';
import { Diagnostic, findingOf, warningKind } from '../../model/findings';
import { Gateway } from '../../model/gateway';
import { formatBytes } from '../../values/quantities';
import { Memory } from '../interface/data-plane';

/*
 * The memory that Envoy needs to read its configuration. Each time a file changes it has all of them in memory several times over:
 * as text, as YAML and as messages, beside those that it serves by. Measured with Envoy 1.40: 856 MiB at most for 1,000 routes
 * with tokens, rules and limits (6.7 MB of JSON), 705 MiB for 5,000 without policies (7.7 MB), of which 258 and 652 stay.
 */

const MIB = 2 ** 20;

/** Bytes at most while it reads a byte of JSON. */
const PER_BYTE = 120;
/** Share of that which stays: with many servers the most. */
const STAYING = 0.6;
/** What a gateway of few routes has. */
const LEAST: Memory = { request: 128 * MIB, limit: 512 * MIB };
/** What that has room for beside callers. */
const INCLUDED = 128 * MIB;
/** Limits are whole multiples. */
const STEP = 64 * MIB;

const MEMORY_TO_READ = warningKind(
  'envoy-memory-configuration',
  'its pods have less memory than Envoy takes to read so many routes and to serve meanwhile: it refuses callers while it reads, or is ended',
  'Give resources with a memory limit of {needed} or more, or none, by which the limit follows the size',
);

/** The memory of pods that read so many bytes of JSON. While they read, they serve. */
export function memoryToRead(bytes: number): Memory {
  const reading = PER_BYTE * bytes;
  return reading <= INCLUDED
    ? LEAST
    : {
        request: inSteps(LEAST.request + STAYING * (reading - INCLUDED)),
        limit: inSteps(LEAST.limit + (reading - INCLUDED) / SERVING_SHARE),
      };
}

/** Whether a limit that the user gave is lower than what is needed. What a gateway of few routes needs is for its traffic to say. */
export function checkMemoryToRead({ path, memoryLimit, memoryUnsaid }: Gateway, { limit }: Memory): Diagnostic[] {
  const isLow = memoryUnsaid !== true && memoryLimit !== undefined && limit > LEAST.limit && memoryLimit < limit;
  return isLow
    ? [
        findingOf(MEMORY_TO_READ, path, 'resources.memory.limit', formatBytes(memoryLimit), {
          needed: formatBytes(limit),
        }),
      ]
    : [];
}

function inSteps(bytes: number): number {
  return STEP * Math.ceil(bytes / STEP);
}

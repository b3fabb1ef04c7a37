import { Part, unsupported } from './part';
import { Diagnostic } from '../../../model/findings';
import { Entry, serversOf } from '../../../model/plan';
import { refusal, Standing } from '../../interface/standing';

/* What is done about servers that fail, or take long. Repeating and waiting is what hops on the way to a server are for. */

const LIMITS = {
  'retry.sse': unsupported(
    'retry.sse',
    'agentgateway cannot retry requests to a server that speaks HTTP+SSE: its answers come on another connection',
    'remove retry, or serve the server by streamable HTTP',
  ),
} as const satisfies Record<string, Standing>;

/** Retries and timeouts. */
export const resilience = {
  features: {
    circuitBreaker: unsupported(
      'circuitBreaker',
      'agentgateway cannot leave out a server that fails: eviction removes nothing from MCP backends',
      'remove circuitBreaker; for hosted servers the readiness probe behind their Service is the failover',
    ),
    healthCheck: unsupported(
      'healthCheck',
      'agentgateway cannot check the health of servers',
      'remove healthCheck; for hosted servers the readiness probe behind their Service takes its place',
    ),
    timeouts: {
      supported: true,
      reason:
        'to the end of an answer, which is therefore passed on when it is complete (or 2 MiB long): progress notifications arrive with the result',
    },
    retry: {
      supported: true,
      reason:
        'by HTTP status, and on failed connections, of the server already chosen; bodies over 64 KiB are not repeated',
    },
  },
  limits: LIMITS,
  check: ({ entries }) => entries.flatMap(checkEntry),
} as const satisfies Part;

function checkEntry(entry: Entry): Diagnostic[] {
  return (entry.retry?.attempts ?? 1) > 1 && serversOf(entry).some(({ protocol }) => protocol === 'sse')
    ? [refusal(LIMITS['retry.sse'], entry.origin, 'retry', entry.retry)]
    : [];
}

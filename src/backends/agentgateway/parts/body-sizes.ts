import { HELD, responseChanges, responseText } from './body-filters';
import { Part, unsupported } from './part';
import { Diagnostic } from '../../../model/findings';
import { Gateway } from '../../../model/gateway';
import { Entry } from '../../../model/plan';
import { sizeLimit, TrafficPolicy } from '../../../model/traffic-policy';
import { refusal, Standing } from '../../interface/standing';
import { AgwRoute, BodyLimit } from '../config/config';
import { routeName } from '../config/names';

/** Longest body that agentgateway holds in memory: of a request unless it is told otherwise, of an answer in any case. */
const HELD_BY_DEFAULT = 2 * 1024 * 1024;

const LIMITS = {
  'responseFiltering.sizeLimit': unsupported(
    'responseFiltering.sizeLimit',
    'agentgateway cannot look into answers above 2 MiB',
    'give at most 2 MiB, or drop the filters of answers',
  ),
} as const satisfies Record<string, Standing>;

/** How long bodies may be. */
export const bodySizes = {
  features: {
    'policy.requestFiltering.sizeLimit': {
      supported: true,
      reason:
        'a longer body is 413, or 403 where an expression looks into bodies, however it is sent; above 2 MiB the gateway holds as much in memory for each request',
    },
    'policy.requestFiltering.bodyFilters.size': {
      supported: true,
      reason: 'as sizeLimit, of which the lowest holds',
    },
    'policy.requestFiltering.bodyFilters.size.change': unsupported(
      'policy.requestFiltering.bodyFilters.size.change',
      'agentgateway cannot take a body out of a request for its size',
      'refuse it with Deny',
    ),
    'policy.responseFiltering.sizeLimit': {
      supported: true,
      reason: `a longer answer is 502; ${HELD}`,
    },
    'policy.responseFiltering.bodyFilters.size': {
      supported: true,
      reason: 'as sizeLimit, of which the lowest holds',
    },
    'policy.responseFiltering.bodyFilters.size.change': unsupported(
      'policy.responseFiltering.bodyFilters.size.change',
      'agentgateway cannot take a body out of an answer for its size',
      'refuse it with Deny',
    ),
  },
  limits: LIMITS,
  check: ({ gateway }) => check(gateway),
  http: gateway => {
    const maxBufferSize = longestRequest(gateway);
    return maxBufferSize === undefined ? {} : { maxBufferSize };
  },
  policies: ({ traffic }) => {
    const buffer =
      traffic === undefined
        ? {}
        : {
            ...limited('request', traffic.requestFiltering && sizeLimit(traffic.requestFiltering)),
            ...limited('response', heldAnswer(traffic)),
          };
    return Object.keys(buffer).length === 0 ? {} : { buffer };
  },
  routes: refusedStream,
} as const satisfies Part;

/** Answers that are longer than what can be looked through. */
function check({ path, traffic }: Gateway): Diagnostic[] {
  const limit = traffic?.responseFiltering && sizeLimit(traffic.responseFiltering);
  return traffic === undefined || limit === undefined || limit <= HELD_BY_DEFAULT || responseText(traffic) === undefined
    ? []
    : [refusal(LIMITS['responseFiltering.sizeLimit'], path, 'responseFiltering.sizeLimit', limit)];
}

/** Longest body of a request, where it is longer than what agentgateway holds in memory for rules to look at. */
function longestRequest({ traffic }: Gateway): number | undefined {
  const limit = traffic?.requestFiltering && sizeLimit(traffic.requestFiltering);
  return limit !== undefined && limit > HELD_BY_DEFAULT ? limit : undefined;
}

/** How long an answer may be that has to be complete before it is passed on; undefined where answers are passed on as they come. */
function heldAnswer(traffic: TrafficPolicy): number | undefined {
  const limit = traffic.responseFiltering && sizeLimit(traffic.responseFiltering);
  return limit ?? (responseChanges(traffic).length === 0 ? undefined : HELD_BY_DEFAULT);
}

function limited(
  message: 'request' | 'response',
  maxBytes: number | undefined,
): Partial<Record<'request' | 'response', BodyLimit>> {
  return maxBytes === undefined ? {} : { [message]: { maxBytes, failureMode: 'failClosed' } };
}

/**
 * The stream of events that a client opens beside its requests never ends, and could never be looked through: where answers
 * are, clients are told that there is none (MCP, "Listening for Messages from the Server").
 */
function refusedStream(entry: Entry): AgwRoute[] {
  const { path, traffic } = entry;
  return traffic === undefined || heldAnswer(traffic) === undefined
    ? []
    : [
        {
          name: `${routeName(entry)}/stream`,
          matches: [{ path: { exact: path }, method: 'GET' }],
          policies: { directResponse: { status: 405, headers: { allow: '"POST, DELETE"' } } },
          backends: [],
        },
      ];
}

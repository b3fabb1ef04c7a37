import { Part, unsupported } from './part';
import { UNNAMED_VERSION, VERSION_HEADER } from './protocol-versions';
import { Predicate } from '../../../cel/predicates';
import { celString } from '../../../cel/terms';
import { headerValue } from '../dialect/condition';
import { filteringRules } from '../dialect/rule';

const NO_QUESTIONS =
  'requests of MCP 2026-07-28 and later, whose answers may hold questions of servers, are refused; of earlier ones agentgateway passes no requests of servers on';

/** What servers ask clients: sampling, elicitation. */
export const questions = {
  features: {
    serverRequests: unsupported(
      'serverRequests',
      'agentgateway cannot pass requests of a server (sampling, elicitation, roots) to clients of versions of MCP before 2026-07-28',
      'let the tool return what it needs to know',
    ),
    'policy.elicitation.disabled': {
      supported: true,
      reason: NO_QUESTIONS,
    },
    'policy.elicitation.enabled': unsupported(
      'policy.elicitation.enabled',
      'agentgateway cannot pass questions of servers on to clients of versions before 2026-07-28, and counts and times none',
      'say nothing of elicitation, or switch it off',
    ),
    'policy.sampling.disabled': {
      supported: true,
      reason: NO_QUESTIONS,
    },
    'policy.sampling.enabled': unsupported(
      'policy.sampling.enabled',
      'agentgateway cannot pass requests of servers on to clients of versions before 2026-07-28, and bounds neither their number nor their size',
      'say nothing of sampling, or switch it off',
    ),
  },
  rules: ({ traffic }) =>
    filteringRules(traffic, ({ elicitation, sampling }) => {
      const unasked = [
        ...(sampling?.enabled === false ? ['sampling'] : []),
        ...(elicitation?.enabled === false ? ['elicitation'] : []),
      ];
      // Both ask for the same.
      return unasked.slice(0, 1).map(property => ({ property, expression: ASKS_NOTHING }));
    }),
} as const satisfies Part;

/** The first version in which answers may ask the client something: the gateway does not look for that. */
const FIRST_WITH_QUESTIONS = '2026-07-28';

/** Servers cannot ask clients anything: of earlier versions agentgateway passes no requests of servers on, nor says that clients would take them. */
const ASKS_NOTHING: Predicate = `default(${headerValue(VERSION_HEADER)}, ${celString(UNNAMED_VERSION)}) < ${celString(FIRST_WITH_QUESTIONS)}`;

import { RateLimitDescriptor, RemoteRateLimit } from './config';
import { CALLED_TOOL, IS_CALL } from './json-rpc';
import { Gateway } from '../../model/gateway';
import { Entry } from '../../model/plan';
import { EffectivePolicy } from '../../model/policy';
import { allOf, celString } from '../../passes/cel';
import { identityExpressions, IdentitySource } from '../../passes/policy/identity-cel';
import { toolIn } from '../../passes/tool-cel';
import { Counter, COUNTER_KEY, countersOf } from '../kubernetes/rate-limit-counters';
import { rateLimitDomain, rateLimitHost } from '../kubernetes/rate-limit-names';

/*
 * Rate limits, counted by Envoy's rate-limit service. Never by agentgateway itself: it would count every HTTP request, lists
 * and openings of sessions too, and each replica on its own.
 */

/** The limits on an entry; undefined where there are none. */
export function rateLimitPolicy(gateway: Gateway, entry: Entry): RemoteRateLimit | undefined {
  const counters = countersOf(gateway, entry);
  return counters.length === 0 ? undefined : {
    domain: rateLimitDomain(gateway),
    host: rateLimitHost(gateway),
    failureMode: 'failClosed',
    descriptors: counters.map((counter) => descriptor(counter, entry.policy!)),
  };
}

/**
 * What the service is asked of one counter. agentgateway leaves out a descriptor that errs and says so to nobody: that is
 * how other requests than calls go uncounted, and why the rest must never err. A value that is not there is counted as
 * empty, all callers without it together.
 */
function descriptor(counter: Counter, policy: EffectivePolicy): RateLimitDescriptor {
  const counted = allOf([IS_CALL, ...(counter.tools === undefined ? [] : [toolIn(CALLED_TOOL, counter.tools)])]);
  const value = counterValue(counter, policy);
  return {
    entries: [
      { key: COUNTER_KEY, value: `(${counted}) ? ${celString(counter.id)} : fail("not counted")` },
      ...(value === undefined ? [] : [{ key: counter.dimension, value }]),
    ],
  };
}

/** Longest name of a tool that is counted for itself (MCP, "Tool Names"): no caller can fill the store with long ones. */
const MAX_TOOL_NAME = 128;

function counterValue({ dimension, namespace }: Counter, policy: EffectivePolicy): string | undefined {
  switch (dimension) {
    case 'user': return firstText(userSources(policy));
    case 'principal': return firstText(principalSources(policy));
    case 'ip': return 'string(source.address)';
    case 'tool': return `default(size(${CALLED_TOOL}) <= ${MAX_TOOL_NAME} ? ${CALLED_TOOL} : "", "")`;
    case 'namespace': return celString(namespace);
    case 'global': return undefined;
  }
}

function userSources({ authentication }: EffectivePolicy): IdentitySource[] {
  return identityExpressions(authentication).users.map(({ present, value }) => ({ present, value: text(value) }));
}

/** Whoever presents a credential: the subject of a token together with its issuer, else the user that the credential names. */
function principalSources(policy: EffectivePolicy): IdentitySource[] {
  return [
    ...identityExpressions(policy.authentication).subjects.map(({ present, value }) => ({ present, value: `"token " + ${text('jwt.iss')} + " " + ${text(value)}` })),
    ...userSources(policy).map(({ present, value }) => ({ present, value: `"user " + ${value}` })),
  ];
}

function firstText(sources: readonly IdentitySource[]): string {
  return `default(${sources.reduceRight((otherwise, { present, value }) => `(${present}) ? ${value} : ${otherwise}`, '""')}, "")`;
}

/** A value as text, empty where it is none. `default` alone catches what is missing, but null, a list and an object have no text and would err. */
function text(value: string): string {
  return `(type(${value}) in [string, int, uint, double, bool] ? string(${value}) : "")`;
}

import { largePatterns, REGEX_SIZE } from './limits';
import { enforced, part, refused } from './part';
import { celList } from '../../../cel/terms';
import { Diagnostic } from '../../../model/findings';
import { BackendGroup } from '../../../model/plan';
import { Counter } from '../../../model/policy';
import { cedarServerName } from '../../../model/server';
import { countedTools } from '../../../passes/policy/merge';
import { describeRate } from '../../../passes/policy/words';
import { refusal } from '../../interface/standing';
import { COUNTER_KEY, rateLimitDomain, rateLimitHost } from '../../kubernetes/rate-limit-service';
import { Any, Cluster, RateLimitAction, XdsCidrRange } from '../config/api';
import { extension, hostCluster, HTTP2 } from '../config/config';
import { MCP_METADATA, MetadataPath } from '../config/names';
import { EnvoyEntry, EnvoyPlan } from '../config/plan';
import { CALLER_PRINCIPAL, CALLER_USER } from '../dialect/identity';
import { exactly, methodMatcher, toolNameMatcher } from '../dialect/matchers';
import { allRules, ANY, inMetadata, Policies, RBAC, rbacPerRoute } from '../dialect/rbac';

/*
 * Rate limits, counted by Envoy's rate-limit service: the same service and counters as for the other planes.
 *
 * What a limit counts is selected by a policy of RBAC that is never enforced: it leaves its name, which is that of the
 * counter, in metadata where it matches, and the action that reads the name there asks for nothing where it is missing.
 */

const CLUSTER = 'rate-limit';
/** Where filters of RBAC leave the names of policies, whatever they are named themselves. */
const RBAC_METADATA = 'envoy.filters.http.rbac';

/** How long the service may take to answer; a call is refused then. */
const TIMEOUT = '2s';

const SERVER = refused(
  'rateLimits.server',
  'Envoy cannot tell which server a call goes to before it is counted: servers share requests by weight',
  'give each match one server, or limit by tool with RateLimit.perTool',
);

/** How often tools may be called. */
export const rateLimits = part({
  features: {
    rateLimits: enforced(
      'by a rate-limit service that all replicas ask: calls alone are counted, in fixed windows; what it cannot count fails, and what has no limit goes on. Tools that no server declares count as one, where all declare theirs. A call that its server answers with a question (2026-07-28) counts again when the client comes back',
    ),
    'policy.rateLimit': enforced(
      'by a rate-limit service that all replicas ask: calls alone are counted, in fixed windows',
    ),
    'policy.rateLimit.burst': refused(
      'policy.rateLimit.burst',
      'Envoy cannot bound how many calls come at once: the service that counts them does so in fixed windows',
      'leave burst out, or state the rate for a shorter unit',
    ),
  },
  limits: { 'rateLimits.server': SERVER, 'regex.size': REGEX_SIZE },
  check: ({ entries }) => entries.flatMap(checkEntry),
  filters: plan =>
    isLimited(plan)
      ? [
          ...Array.from({ length: Math.max(...plan.entries.map(({ counters }) => counters.length)) }, (_, i) =>
            extension(selectionName(i), RBAC, {}),
          ),
          extension('envoy.filters.http.ratelimit', 'envoy.extensions.filters.http.ratelimit.v3.RateLimit', {
            domain: rateLimitDomain(plan.gateway),
            failure_mode_deny: true,
            timeout: TIMEOUT,
            enable_retry_after_header: true,
            rate_limit_service: {
              transport_api_version: 'V3',
              grpc_service: { envoy_grpc: { cluster_name: CLUSTER } },
            },
          }),
        ]
      : [],
  entry: ({ counters }) => ({
    filters: Object.fromEntries(counters.map((counter, i) => [selectionName(i), selection(counter, i)])),
  }),
  // What the service is asked of a call: a descriptor of each counter.
  route: ({ entry, group }) => {
    const limits = entry.counters.map((counter, i) => ({
      actions: [selected(i), ...valueActions(counter, entry, group)],
    }));
    return limits.length === 0 ? {} : { action: { rate_limits: limits } };
  },
  resources: plan => (isLimited(plan) ? { clusters: [service(plan)] } : {}),
});

function isLimited({ entries }: EnvoyPlan): boolean {
  return entries.some(({ counters }) => counters.length > 0);
}

function checkEntry({ groups, path, policy }: EnvoyEntry): Diagnostic[] {
  // A call tells which server it goes to where each group has one.
  const isShared = groups.some(({ servers }) => servers.length > 1);
  const limits = (policy?.levels ?? []).flatMap(level => level.rateLimits);
  return limits.flatMap(rate => [
    ...(isShared && rate.dimension === 'server'
      ? [refusal(SERVER, rate.origin.path, rate.origin.property, `${describeRate(rate)}, at ${path}`)]
      : []),
    ...largePatterns(rate.tools ?? []).map(regex => refusal(REGEX_SIZE, rate.origin.path, rate.origin.property, regex)),
  ]);
}

function selectionName(index: number): string {
  return `mcp.limit.${index}`;
}

/** What selects the calls that a counter counts. */
function selection({ id, tools }: Counter, index: number): Any {
  const counted = [
    inMetadata(methodMatcher([exactly('tools/call')])),
    ...(tools === undefined ? [] : [inMetadata(toolNameMatcher(tools))]),
  ];
  const policies: Policies = { [id]: { permissions: [allRules(counted)], principals: [ANY] } };
  return rbacPerRoute({
    shadow_rules: { action: 'ALLOW', policies },
    shadow_rules_stat_prefix: selectionPrefix(index),
  });
}

function selectionPrefix(index: number): string {
  return `limit-${index}.`;
}

function selected(index: number): RateLimitAction {
  return fromMetadata(COUNTER_KEY, {
    namespace: RBAC_METADATA,
    path: [`${selectionPrefix(index)}shadow_effective_policy_id`],
  });
}

/** What stands for callers of whom no name was verified: they are counted together. An empty text would not be counted. */
const NONE = '(none)';

/** Longest name of a tool that is counted for itself (MCP, "Tool Names"): no caller can fill the store with long ones. */
const MAX_TOOL_NAME = 128;

function valueActions(counter: Counter, entry: EnvoyEntry, group: BackendGroup): RateLimitAction[] {
  const { dimension, namespace } = counter;
  switch (dimension) {
    case 'user':
      return [fromMetadata(dimension, CALLER_USER, NONE)];
    case 'principal':
      return [fromMetadata(dimension, CALLER_PRINCIPAL, NONE)];
    case 'ip':
      return [address(dimension)];
    case 'tool':
      return [toolName(dimension, countedTools(counter, entry))];
    case 'namespace':
      return [constant(dimension, namespace)];
    case 'server':
      return [constant(dimension, cedarServerName(group.servers[0].server))];
    case 'global':
      return [];
  }
}

function constant(key: string, value: string): RateLimitAction {
  return { generic_key: { descriptor_key: key, descriptor_value: value } };
}

/** A text in metadata. Where it is missing and nothing stands for it, the whole descriptor is left out. */
function fromMetadata(key: string, { namespace, path }: MetadataPath, otherwise?: string): RateLimitAction {
  return {
    metadata: {
      descriptor_key: key,
      source: 'DYNAMIC',
      metadata_key: { key: namespace, path: path.map(name => ({ key: name })) },
      ...(otherwise === undefined ? {} : { default_value: otherwise }),
    },
  };
}

const EVERY_ADDRESS: readonly XdsCidrRange[] = [
  { address_prefix: '0.0.0.0', prefix_len: 0 },
  { address_prefix: '::', prefix_len: 0 },
];

/** The address of the caller. The action for it alone has a key of its own, so it is said of all addresses. */
function address(key: string): RateLimitAction {
  return {
    remote_address_match: {
      descriptor_key: key,
      descriptor_value: '%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%',
      address_matcher: { ranges: EVERY_ADDRESS },
    },
  };
}

/** The name of the tool, in CEL that never errs: what errs is not counted. Names that nobody declared count as one, where all are. */
function toolName(key: string, known: readonly string[] | undefined): RateLimitAction {
  const asked = `metadata.filter_metadata["${MCP_METADATA}"]`;
  const name = `${asked}.params.name`;
  const counted = known === undefined ? `size(${name}) <= ${MAX_TOOL_NAME}` : `${name} in ${celList(known)}`;
  const text = `has(${asked}.params) && has(${name}) && type(${name}) == string && ${counted} ? ${name} : "${NONE}"`;
  return {
    extension: extension(
      'envoy.rate_limit_descriptors.expr',
      'envoy.extensions.rate_limit_descriptors.expr.v3.Descriptor',
      { descriptor_key: key, text },
    ),
  };
}

/** Where the service is. */
function service({ gateway }: EnvoyPlan): Cluster {
  const [host, port] = rateLimitHost(gateway).split(':');
  return hostCluster(
    CLUSTER,
    { host, port: Number(port) },
    { connect_timeout: TIMEOUT, typed_extension_protocol_options: HTTP2 },
  );
}

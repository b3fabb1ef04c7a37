import { extension, socketAddress, typed } from './config';
import { CALLER_PRINCIPAL, CALLER_USER, MetadataPath } from './identity';
import { exactly, methodMatcher, toolNameMatcher } from './matchers';
import { MCP_METADATA } from './names';
import { allRules, ANY, inMetadata, Policies } from './rbac';
import { limit } from './refusal';
import { Diagnostic } from '../../model/diagnostic';
import { BackendGroup, Entry, GatewayPlan } from '../../model/plan';
import { cedarServerName } from '../../passes/policy/cedar-servers';
import { describeRate } from '../../passes/policy/words';
import { Json } from '../../values/json';
import { Counter, COUNTER_KEY, countersOf } from '../kubernetes/rate-limit-counters';
import { rateLimitDomain, rateLimitHost } from '../kubernetes/rate-limit-names';

/*
 * Rate limits, counted by Envoy's rate-limit service: the same service and counters as for the other planes.
 *
 * What a limit counts is selected by a policy of RBAC that is never enforced: it leaves its name, which is that of the
 * counter, in metadata where it matches, and the action that reads the name there asks for nothing where it is missing.
 */

const CLUSTER = 'rate-limit';
const RBAC = 'envoy.extensions.filters.http.rbac.v3.RBAC';
/** Where filters of RBAC leave the names of policies, whatever they are named themselves. */
const RBAC_METADATA = 'envoy.filters.http.rbac';

/** How long the service may take to answer; a call is refused then. */
const TIMEOUT = '2s';

/** The filters, where some entry has limits. */
export function rateLimitFilters(plan: GatewayPlan): Json[] {
  const counters = plan.entries.map(entry => countersOf(plan.gateway, entry));
  if (counters.every(found => found.length === 0)) {
    return [];
  }
  return [
    ...Array.from({ length: Math.max(...counters.map(({ length }) => length)) }, (_, i) =>
      extension(selectionName(i), RBAC),
    ),
    extension('envoy.filters.http.ratelimit', 'envoy.extensions.filters.http.ratelimit.v3.RateLimit', {
      domain: rateLimitDomain(plan.gateway),
      failure_mode_deny: true,
      timeout: TIMEOUT,
      enable_retry_after_header: true,
      rate_limit_service: { transport_api_version: 'V3', grpc_service: { envoy_grpc: { cluster_name: CLUSTER } } },
    }),
  ];
}

function selectionName(index: number): string {
  return `mcp.limit.${index}`;
}

/** What selects the calls that are counted at an entry. */
export function rateLimitPerRoute({ gateway }: GatewayPlan, entry: Entry): Json {
  return Object.fromEntries(
    countersOf(gateway, entry).map(({ id, tools }, i) => {
      const counted = [
        inMetadata(methodMatcher([exactly('tools/call')])),
        ...(tools === undefined ? [] : [inMetadata(toolNameMatcher(tools))]),
      ];
      const policies: Policies = { [id]: { permissions: [allRules(counted)], principals: [ANY] } };
      return [
        selectionName(i),
        typed(`${RBAC}PerRoute`, {
          rbac: { shadow_rules: { action: 'ALLOW', policies }, shadow_rules_stat_prefix: selectionPrefix(i) },
        }),
      ];
    }),
  );
}

function selectionPrefix(index: number): string {
  return `limit-${index}.`;
}

/** What the service is asked of a call that goes to a group: a descriptor of each counter. */
export function rateLimitActions({ gateway }: GatewayPlan, entry: Entry, group: BackendGroup): Json[] {
  return countersOf(gateway, entry).map((counter, i) => ({ actions: [selected(i), ...valueActions(counter, group)] }));
}

function selected(index: number): Json {
  return fromMetadata(COUNTER_KEY, {
    namespace: RBAC_METADATA,
    path: [`${selectionPrefix(index)}shadow_effective_policy_id`],
  });
}

/** What stands for callers of whom no name was verified: they are counted together. An empty text would not be counted. */
const NONE = '(none)';

/** Longest name of a tool that is counted for itself (MCP, "Tool Names"): no caller can fill the store with long ones. */
const MAX_TOOL_NAME = 128;

function valueActions({ dimension, namespace }: Counter, group: BackendGroup): Json[] {
  switch (dimension) {
    case 'user':
      return [fromMetadata(dimension, CALLER_USER, NONE)];
    case 'principal':
      return [fromMetadata(dimension, CALLER_PRINCIPAL, NONE)];
    case 'ip':
      return [address(dimension)];
    case 'tool':
      return [toolName(dimension)];
    case 'namespace':
      return [constant(dimension, namespace)];
    case 'server':
      return [constant(dimension, cedarServerName(group.servers[0].server))];
    case 'global':
      return [];
  }
}

function constant(key: string, value: string): Json {
  return { generic_key: { descriptor_key: key, descriptor_value: value } };
}

/** A text in metadata. Where it is missing and nothing stands for it, the whole descriptor is left out. */
function fromMetadata(key: string, { namespace, path }: MetadataPath, otherwise?: string): Json {
  return {
    metadata: {
      descriptor_key: key,
      source: 'DYNAMIC',
      metadata_key: { key: namespace, path: path.map(name => ({ key: name })) },
      ...(otherwise === undefined ? {} : { default_value: otherwise }),
    },
  };
}

const EVERY_ADDRESS: readonly Json[] = [
  { address_prefix: '0.0.0.0', prefix_len: 0 },
  { address_prefix: '::', prefix_len: 0 },
];

/** The address of the connection. The action for it alone has a key of its own, so it is said of all addresses. */
function address(key: string): Json {
  return {
    remote_address_match: {
      descriptor_key: key,
      descriptor_value: '%DOWNSTREAM_DIRECT_REMOTE_ADDRESS_WITHOUT_PORT%',
      address_matcher: { ranges: EVERY_ADDRESS },
    },
  };
}

/** The name of the tool, in CEL that never errs: what errs is not counted. */
function toolName(key: string): Json {
  const asked = `metadata.filter_metadata["${MCP_METADATA}"]`;
  const name = `${asked}.params.name`;
  const text = `has(${asked}.params) && has(${name}) && type(${name}) == string && size(${name}) <= ${MAX_TOOL_NAME} ? ${name} : "${NONE}"`;
  return {
    extension: extension(
      'envoy.rate_limit_descriptors.expr',
      'envoy.extensions.rate_limit_descriptors.expr.v3.Descriptor',
      { descriptor_key: key, text },
    ),
  };
}

/** Where the service is. */
export function rateLimitClusters({ gateway, entries }: GatewayPlan): Json[] {
  if (entries.every(entry => countersOf(gateway, entry).length === 0)) {
    return [];
  }
  const [host, port] = rateLimitHost(gateway).split(':');
  return [
    {
      name: CLUSTER,
      type: 'STRICT_DNS',
      connect_timeout: TIMEOUT,
      typed_extension_protocol_options: {
        'envoy.extensions.upstreams.http.v3.HttpProtocolOptions': typed(
          'envoy.extensions.upstreams.http.v3.HttpProtocolOptions',
          { explicit_http_config: { http2_protocol_options: {} } },
        ),
      },
      load_assignment: {
        cluster_name: CLUSTER,
        endpoints: [{ lb_endpoints: [{ endpoint: { address: socketAddress(host, Number(port)) } }] }],
      },
    },
  ];
}

/** Limits for each server where a call does not tell which server it goes to: it does where each group has one. */
export function checkRateLimits({ entries }: GatewayPlan): Diagnostic[] {
  return entries
    .filter(({ groups }) => groups.some(({ servers }) => servers.length > 1))
    .flatMap(({ path, policy }) =>
      (policy?.levels ?? [])
        .flatMap(({ rateLimits }) => rateLimits)
        .filter(({ dimension }) => dimension === 'server')
        .map(rate =>
          limit(rate.origin.path, 'rateLimits.server', rate.origin.property, `${describeRate(rate)}, at ${path}`),
        ),
    );
}

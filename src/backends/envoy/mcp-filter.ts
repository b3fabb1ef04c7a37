import { extension } from './config';
import { MCP_METADATA } from './names';
import { logsArguments } from './observability';
import { bodyLimit } from './traffic';
import { GatewayPlan } from '../../model/plan';
import { Json } from '../../values/json';

/**
 * Reads what a request asks for, and refuses what is no MCP: a batch, a body that is too long or no JSON, and one that names
 * something twice, which servers and policies may read differently. Routes are selected again by what was read.
 */
export function mcpFilter(plan: GatewayPlan): Json {
  return extension(MCP_METADATA, 'envoy.extensions.filters.http.mcp.v3.Mcp', {
    traffic_mode: 'REJECT_NO_MCP',
    clear_route_cache: true,
    max_request_body_size: bodyLimit(plan),
    reject_duplicate_keys: true,
    // Stated for calls, the rules of others are the filter's own.
    ...(logsArguments(plan.gateway)
      ? {
          parser_config: {
            methods: [
              { method: 'tools/call', extraction_rules: [{ path: 'params.name' }, { path: 'params.arguments' }] },
            ],
          },
        }
      : {}),
  });
}

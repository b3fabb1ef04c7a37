import { App } from 'cdk8s';
import { oneRoute } from '../one-route';
import { McpInferenceService, RateLimit, RateLimitUnit, ToolMatch } from 'cdk8s-mcp';

export default (app: App) => {
  const { chart, gateway, server } = oneRoute(app, { gateway: {} });
  new McpInferenceService(chart, 'analytics-llm', {
    model: { name: 'llama-3-70b' },
    runtime: { name: 'vllm' },
    servers: [{ server, weight: 3 }],
    matches: [{ tools: ToolMatch.prefix('db_') }],
    gateway,
    rateLimits: [RateLimit.perIp(10, RateLimitUnit.MINUTE)],
  });
};

import { App, Duration, Size } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { TOKEN, oneRoute } from '../one-route';
import {
  AuditLevel,
  Condition,
  FilterAction,
  PiiAction,
  PiiType,
  Principal,
  RateLimit,
  RateLimitUnit,
  Reconciliation,
} from 'cdk8s-mcp';

/** What an operator would be told. */
export default (app: App) => {
  Reconciliation.CONTROLLER.applyTo(app);
  const { route } = oneRoute(app, {
    gateway: {
      authentication: [TOKEN],
      rateLimits: [RateLimit.overall(1000, RateLimitUnit.MINUTE)],
      audit: { level: AuditLevel.REQUEST },
      requestFiltering: {
        sizeLimit: Size.kibibytes(64),
        headerFilters: [{ name: 'x-debug', action: FilterAction.REMOVE }],
      },
      compliance: { piiDetection: { action: PiiAction.BLOCK, patterns: [{ type: PiiType.SSN }] } },
      protocolVersion: { minVersion: '2025-06-18' },
      circuitBreaker: { consecutiveFailures: 3, ejection: Duration.seconds(30) },
    },
    server: { env: { MODE: kplus.EnvValue.fromValue('read-only') }, tools: ['db_query'] },
  });
  route.allow(Principal.user('alice'), { tools: ['db_query'], when: [Condition.sourceIp('10.0.0.0/8')] });
};

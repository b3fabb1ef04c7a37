import { ofDistribution } from './distribution';
import { goBuild } from './go-build';
import { Tool } from './tool';

/** What counts requests for gateways, and what stores the counts. */

const RATE_LIMIT = '1.4.1-0.20260122083618-3fb702589d36';

export const RATE_LIMIT_SERVICE: Tool = {
  name: 'ratelimit',
  version: RATE_LIMIT,
  variable: 'RATELIMIT_BINARY',
  build: file =>
    goBuild(
      {
        package: 'github.com/envoyproxy/ratelimit/src/service_cmd',
        module: 'github.com/envoyproxy/ratelimit',
        version: RATE_LIMIT,
      },
      file,
    ),
};

export const REDIS = ofDistribution({ name: 'redis-server', versionArgs: ['--version'], variable: 'REDIS_SERVER' });

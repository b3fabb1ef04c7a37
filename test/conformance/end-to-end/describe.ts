import { RunningApp, Surroundings } from './running-app';
import { ServerPool } from './server-pool';
import { Manifest } from '../../support/validate';

const { ENVOY_BINARY, RATELIMIT_BINARY, REDIS_SERVER } = process.env;

const STOP_TIMEOUT_MS = 30_000;

/** Runs apps for tests. */
export interface EnvoyTests {
  start(objects: readonly Manifest[], surroundings?: Surroundings): Promise<RunningApp>;
}

/** Tests that run apps whose calls are limited; skipped, and said to be, where there is nothing that counts. */
export function describeWithRateLimits(title: string, tests: (envoy: () => EnvoyTests) => void): void {
  if (RATELIMIT_BINARY === undefined || REDIS_SERVER === undefined) {
    process.stderr.write(`SKIPPED: ${title}: set RATELIMIT_BINARY and REDIS_SERVER, or run \`npm run conformance\`\n`);
    describe.skip(title, () => tests(() => undefined as never));
    return;
  }
  describeWithEnvoy(title, tests);
}

/** Tests that run apps with a real Envoy, started from ENVOY_BINARY; skipped, and said to be, where there is none. */
export function describeWithEnvoy(title: string, tests: (envoy: () => EnvoyTests) => void): void {
  const binary = ENVOY_BINARY;
  if (binary === undefined) {
    process.stderr.write(`SKIPPED: ${title}: set ENVOY_BINARY, or run \`npm run conformance\`\n`);
    describe.skip(title, () => tests(() => undefined as never));
    return;
  }
  describe(title, () => {
    const pool = new ServerPool();
    const running = new Set<RunningApp>();
    const start = async (objects: readonly Manifest[], surroundings?: Surroundings): Promise<RunningApp> => {
      const app = await RunningApp.start(
        objects,
        pool,
        { envoy: binary, rateLimit: RATELIMIT_BINARY, redis: REDIS_SERVER },
        surroundings,
      );
      running.add(app);
      return app;
    };
    // Also what a test that failed has left.
    afterAll(async () => {
      await Promise.all([...running].map(app => app.stop()));
      await pool.stop();
    }, STOP_TIMEOUT_MS);
    tests(() => ({ start }));
  });
}

import { App, Chart } from 'cdk8s';
import { describeWithEnvoy } from './end-to-end/describe';
import { GatewayDataPlane, McpGateway, McpRoute, McpServer, McpServerSource, McpSessions } from '../../src';
import { objectsOf } from '../support/synth';
import { Manifest } from '../support/validate';

/* How often a real Envoy asks the DNS for names, whether or not anybody calls. The name server of the tests says that all may change every second. */

const ROUTES = 100;
const SECONDS = 30;
const TIMEOUT_MS = 300_000;
/** Nobody listens there, nor has to. */
const ELSEWHERE = '127.9.9.9';

function objectsWith(sessions: McpSessions, replicas: number): Manifest[] {
  const app = new App();
  const chart = new Chart(app, 'finance', { namespace: 'finance' });
  const gateway = new McpGateway(chart, 'gateway', { dataPlane: GatewayDataPlane.envoy() });
  for (let i = 0; i < ROUTES; i++) {
    const source = McpServerSource.image('ghcr.io/acme/tools:1.0.0');
    const server = new McpServer(chart, `server-${i}`, { source, sessions, replicas });
    new McpRoute(chart, `route-${i}`, { gateway, backends: [{ server }] });
  }
  return objectsOf(app);
}

const elsewhere = Object.fromEntries(Array.from({ length: ROUTES }, (_, i) => [`finance/server-${i}`, ELSEWHERE]));

describeWithEnvoy('names of servers', envoy => {
  it.each([
    ['stateless servers, whose Services have addresses that stay', McpSessions.STATELESS, 4],
    ['servers of two replicas each, which come and go', McpSessions.STATEFUL, 20],
  ])(
    'are asked for a few times a second at most: %s',
    async (_, sessions, perSecond) => {
      const running = await envoy().start(objectsWith(sessions, 2), { elsewhere });
      const before = running.askedNames.length;
      const started = Date.now();
      await new Promise(resolve => setTimeout(resolve, 1000 * SECONDS));
      const asked = running.askedNames.slice(before);
      const seconds = (Date.now() - started) / 1000;
      console.log(`${ROUTES} routes: ${(asked.length / seconds).toFixed(1)} names a second`);
      expect(asked.length).toBeGreaterThan(0);
      // Each may be about to be asked for as the time begins.
      expect(asked.length).toBeLessThanOrEqual(perSecond * seconds + ROUTES);
      // As they are, with nothing tried behind or in front.
      expect(asked.filter(name => !/^server-\d+(?:-replicas)?\.finance\.svc\.cluster\.local$/.test(name))).toEqual([]);
      await running.stop();
    },
    TIMEOUT_MS,
  );
});

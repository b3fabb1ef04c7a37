import { describeWithRateLimits } from './end-to-end/describe';
import { ISSUER } from './end-to-end/identities';
import { DAILY_CALLS, largeApp } from './end-to-end/large-app';
import { McpCaller } from './end-to-end/mcp-caller';
import { RunningApp } from './end-to-end/running-app';
import { memoryBytes } from '../../src/values/quantities';
import { Manifest } from '../support/validate';

/*
 * Gateways of many routes on a real Envoy, which starts, reloads and answers with the memory that its pods have. CI has few
 * of them; CAPACITY_ROUTES says how many there are with policies and without (`npm run nightly -- --part capacity`).
 */

const [POLICED, PLAIN] = (process.env.CAPACITY_ROUTES ?? '120,300').split(',').map(Number);
const TIMEOUT_MS = 900_000;

/** What is made of a gateway that Envoy has to read at once while it serves: the configuration, and what its pods may use. */
function gatewayIn(objects: readonly Manifest[]): { readonly maps: readonly Manifest[]; readonly limit: number } {
  const deployment = objects.find(({ kind, metadata }) => kind === 'Deployment' && metadata.name === 'gateway')!;
  const [container] = deployment.spec.template.spec.containers;
  return {
    maps: objects.filter(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name.startsWith('gateway-gateway-')),
    limit: memoryBytes(container.resources.limits.memory)!,
  };
}

function callerOf(running: RunningApp, route: number, claims?: object): McpCaller {
  const caller = new McpCaller(`${running.gateway().url}/routes/finance/route-${route}`, {
    headers: claims && { authorization: `Bearer ${ISSUER.token({ aud: 'mcp', ...claims })}` },
  });
  caller.session = '';
  return caller;
}

async function statusOf(caller: McpCaller, tool: string): Promise<number> {
  const { status } = await caller.call(tool);
  caller.close();
  return status;
}

describeWithRateLimits('many routes', envoy => {
  it(
    `${POLICED} routes with tokens, rules and limits start, reload and answer`,
    async () => {
      const objects = largeApp({ routes: POLICED, policies: true });
      const running = await envoy().start(objects);
      const { maps, limit } = gatewayIn(objects);
      const bytes = maps.flatMap(({ data }) => Object.values<string>(data)).reduce((sum, text) => sum + text.length, 0);

      const answers = async (route: number): Promise<void> => {
        const member = { sub: `member-${route}`, groups: [`team-${route}`] };
        expect(await statusOf(callerOf(running, route, member), 'db_query')).toBe(200);
        expect(await statusOf(callerOf(running, route, member), 'db_drop')).toBe(403);
        expect(await statusOf(callerOf(running, route, { ...member, groups: [`team-${route + 1}`] }), 'db_query')).toBe(
          403,
        );
        expect(await statusOf(callerOf(running, route), 'db_query')).toBe(401);
      };
      for (const route of [0, Math.floor(POLICED / 2), POLICED - 1]) {
        await answers(route);
      }
      const often = callerOf(running, 7, { sub: 'owner-7' });
      const statuses: number[] = [];
      for (let i = 0; i <= DAILY_CALLS; i++) {
        statuses.push((await often.call('db_drop')).status);
      }
      expect(statuses).toEqual([...Array.from({ length: DAILY_CALLS }, () => 200), 429]);

      // One route more, which answers, as those before do.
      const before = running.gateway().processorTime();
      await running.apply(largeApp({ routes: POLICED + 1, policies: true }));
      const reload = running.gateway().processorTime() - before;
      await answers(POLICED);
      await answers(1);
      often.close();
      const peak = running.gateway().peakMemory();
      console.log(
        `${POLICED} routes with policies: ${bytes} bytes in ${maps.length} ConfigMaps; a reload took ${reload} ms of the processor, ` +
          `${Math.round(peak / 2 ** 20)} of ${limit / 2 ** 20} MiB`,
      );
      expect(peak).toBeLessThan(limit);
      await running.stop();
    },
    TIMEOUT_MS,
  );

  it(
    `${PLAIN} routes without policies start, reload and answer`,
    async () => {
      const objects = largeApp({ routes: PLAIN, policies: false });
      const running = await envoy().start(objects);
      const { maps, limit } = gatewayIn(objects);
      expect(await statusOf(callerOf(running, PLAIN - 1), 'db_query')).toBe(200);
      expect(await statusOf(callerOf(running, PLAIN), 'db_query')).toBe(404);
      await running.apply(largeApp({ routes: PLAIN + 1, policies: false }));
      expect(await statusOf(callerOf(running, PLAIN), 'db_query')).toBe(200);
      const peak = running.gateway().peakMemory();
      console.log(
        `${PLAIN} routes without policies: ${maps.length} ConfigMaps, ${Math.round(peak / 2 ** 20)} of ${limit / 2 ** 20} MiB`,
      );
      expect(peak).toBeLessThan(limit);
      await running.stop();
    },
    TIMEOUT_MS,
  );
});

import { describeWithEnvoy } from './end-to-end/describe';
import { McpCaller } from './end-to-end/mcp-caller';
import { oneRoute } from './end-to-end/one-route';
import { until } from './end-to-end/until';
import { McpSessions } from '../../src';

/* A pod of a gateway that goes, while callers keep their connections to it, on a real Envoy. */

const CALLERS = 6;
const PATH = '/routes/finance/books';

/** Calls without a pause, of which some take long; once the gateway has closed its connection, as new ones are, by another replica. */
async function callOnAndOn(
  urls: readonly string[],
  done: () => boolean,
): Promise<{ statuses: number[]; moved: boolean }> {
  const statuses: number[] = [];
  let caller = new McpCaller(`${urls[0]}${PATH}`);
  let moved = false;
  while (!done()) {
    const slow = statuses.length % 10 === 9;
    const { status, headers } = await caller.post('tools/call', {
      name: 'query',
      arguments: slow ? { delayMs: 700 } : {},
    });
    statuses.push(status);
    if (headers.connection === 'close' && !moved) {
      moved = true;
      caller.close();
      caller = new McpCaller(`${urls[1]}${PATH}`);
    }
  }
  caller.close();
  return { statuses, moved };
}

describeWithEnvoy('a pod that ends', envoy => {
  it('loses no call of whoever is connected to it', async () => {
    const running = await envoy().start(
      oneRoute({ gateway: { replicas: 2 }, servers: { ledger: { sessions: McpSessions.STATELESS } } }),
    );
    const [ending, staying] = [running.gateway(undefined, 0), running.gateway(undefined, 1)];
    let done = false;
    const callers = Array.from({ length: CALLERS }, () => callOnAndOn([ending.url, staying.url], () => done));
    const closed = (): Promise<number> => ending.stat('http.mcp.downstream_cx_overload_disable_keepalive');
    await until('callers call', async () => (await running.server('ledger').executed()).length > 10 * CALLERS);
    expect(await closed()).toBe(0);
    // What says later that the pod goes is there from its start: Envoy would write of it into the log all the time.
    expect(ending.output()).not.toContain('Failed to update resource');

    await ending.preStop(5);
    await ending.stop();
    const before = (await running.server('ledger').executed()).length;
    await until(
      'they call by the other',
      async () => (await running.server('ledger').executed()).length > before + 100,
    );
    done = true;
    const results = await Promise.all(callers);

    expect(results.map(({ moved }) => moved)).toEqual(Array(CALLERS).fill(true));
    expect([...new Set(results.flatMap(({ statuses }) => statuses))]).toEqual([200]);
    await running.stop();
  }, 60_000);

  it('is asked to by nobody else, and begins anew as it began', async () => {
    const running = await envoy().start(oneRoute({ servers: { ledger: { sessions: McpSessions.STATELESS } } }));
    const gateway = running.gateway();
    const keepsConnections = async (): Promise<boolean> => {
      const caller = new McpCaller(`${gateway.url}${PATH}`);
      const { headers } = await caller.post('tools/call', { name: 'query', arguments: {} });
      caller.close();
      return headers.connection !== 'close';
    };
    for (const path of ['/drain_listeners?graceful', '/healthcheck/fail', '/quitquitquit']) {
      for (const port of [15000, 15020, 15021]) {
        await fetch(`http://${gateway.pod.address}:${port}${path}`, { method: 'POST' }).catch(() => undefined);
      }
    }
    expect(await keepsConnections()).toBe(true);
    await gateway.preStop(3);
    expect(await keepsConnections()).toBe(false);
    await gateway.restart();
    expect(await keepsConnections()).toBe(true);
    await running.stop();
  }, 60_000);
});

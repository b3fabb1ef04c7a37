import { spawnSync } from 'child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, watch } from 'fs';
import { tmpdir } from 'os';
import { basename, dirname, join } from 'path';
import { parse } from 'yaml';
import { envoy } from '../../../src/backends/envoy';
import { gatewayOf } from '../../support/literals';

const container = (options = {}) => envoy.container(gatewayOf(options));
const bootstrapOf = () =>
  parse(envoy.configure({ gateway: gatewayOf({ plane: 'envoy' }), entries: [] }).files['envoy.yaml']);
/** What looks out for the file by which a pod says that it will go. */
const monitor = () =>
  bootstrapOf().overload_manager.resource_monitors.find(({ name }: any) => name.endsWith('injected_resource'));

it('reads a folder, and is ready and measured beside its traffic', () => {
  const { args, configDirectory, ports, liveness, metrics, readiness, sessionKeyVariable } = container({
    port: 80,
    tls: { certificate: {}, privateKey: {} },
  });
  expect(args.slice(0, 2)).toEqual(['-c', `${configDirectory}/envoy.yaml`]);
  expect(ports).toEqual([
    { name: 'https', port: 80 },
    { name: 'metrics', port: 15020 },
    { name: 'readiness', port: 15021 },
  ]);
  expect([readiness, liveness, metrics]).toEqual([
    { path: '/ready', port: 15021 },
    { path: '/live', port: 15021 },
    { path: '/stats/prometheus', port: 15020 },
  ]);
  expect(sessionKeyVariable).toBeUndefined();
});

it.each([
  ['error', 'error'],
  ['warn', 'warning'],
  ['info', 'info'],
  ['debug', 'debug'],
])('logs at level %s', (logLevel, level) => {
  const { args } = container({ logLevel });
  expect(args[args.indexOf('-l') + 1]).toBe(level);
});

it('says from its start that it stays, by the file that says later that it goes', () => {
  const { filename } = monitor().typed_config;
  const folder = mkdtempSync(join(tmpdir(), 'scratch-'));
  const [shell, option, command] = container().postStart!;
  const { status } = spawnSync(shell, [option, command.replaceAll(dirname(filename), folder)]);
  expect([status, readFileSync(join(folder, basename(filename)), 'utf8')]).toEqual([0, '0\n']);
  rmSync(folder, { recursive: true });
});

it('drains before it ends, and is given more time than that takes', async () => {
  const { args, preStop, scratchDirectory, terminationGraceSeconds } = container();
  const [shell, option, command] = preStop!;
  const seconds = [...command.matchAll(/sleep (\d+)/g)].reduce((sum, [, length]) => sum + Number(length), 0);
  expect(seconds).toBe(Number(args[args.indexOf('--drain-time-s') + 1]));
  expect(terminationGraceSeconds).toBeGreaterThan(seconds);

  // The command as it is, but for the folder and the time.
  const { filename } = monitor().typed_config;
  const folder = mkdtempSync(join(tmpdir(), 'scratch-'));
  const file = join(folder, basename(filename));
  expect(dirname(filename)).toBe(scratchDirectory);
  const events: string[] = [];
  const watcher = watch(folder, (event, name) => events.push(`${event} ${name}`));
  const ended = spawnSync(shell, [
    option,
    command
      .split(scratchDirectory!)
      .join(folder)
      .replace(/sleep \d+ && rm/, `cat ${file} && rm`)
      .replace(/sleep \d+/, 'true'),
  ]);
  expect([ended.status, String(ended.stdout)]).toEqual([0, '1\n']);
  await new Promise(resolve => setTimeout(resolve, 50));
  watcher.close();
  // Moved there and taken away, never written in place: that would go unnoticed.
  expect(events.filter(event => event.endsWith(` ${basename(filename)}`))).toEqual([
    `rename ${basename(filename)}`,
    `rename ${basename(filename)}`,
  ]);
  expect(readdirSync(folder)).toEqual([]);
  rmSync(folder, { recursive: true });
});

it('closes connections, and nothing else, when it is told that its pod ends', () => {
  const { name } = monitor();
  const triggered = bootstrapOf().overload_manager.actions.filter(({ triggers }: any) => triggers[0].name === name);
  expect(triggered).toEqual([
    {
      name: 'envoy.overload_actions.disable_http_keepalive',
      triggers: [{ name, threshold: { value: 1 } }],
    },
  ]);
});

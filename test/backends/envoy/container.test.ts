import { spawn } from 'child_process';
import { createServer } from 'net';
import { envoy } from '../../../src/backends/envoy';
import { gatewayOf } from '../../support/literals';

const container = (options = {}) => envoy.container(gatewayOf(options));

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

it('drains before it ends, and is given more time than that takes', async () => {
  const { args, preStop, terminationGraceSeconds } = container();
  const drain = Number(args[args.indexOf('--drain-time-s') + 1]);
  const [, , command] = preStop!;
  const seconds = Number(/sleep (\d+)$/.exec(command)![1]);
  expect(seconds).toBeGreaterThan(drain);
  expect(terminationGraceSeconds).toBeGreaterThan(seconds);

  // The command as it is, but for the port and the time.
  const asked = await new Promise<string>((resolve, reject) => {
    const server = createServer(socket =>
      socket.once('data', data => {
        socket.end('HTTP/1.1 200 OK\r\n\r\n');
        server.close();
        resolve(String(data));
      }),
    ).listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      spawn('bash', ['-c', command.replace(/15000/, String(port)).replace(/sleep \d+/, 'true')]).once('error', reject);
    });
  });
  expect(asked.split('\r\n')[0]).toBe('POST /drain_listeners?graceful&skip_exit HTTP/1.1');
});

import { parse } from 'yaml';
import { STDIO_ADAPTER } from '../../../src/backends/agentgateway/server-proxy';

it('starts the program behind streamable HTTP', () => {
  const { port, listeners } = parse(
    STDIO_ADAPTER.render({ command: 'npx', args: ['-y', 'kubernetes-mcp-server@0.0.50', '--token=$TOKEN'] }),
  ).binds[0];
  expect(port).toBe(8080);
  expect(listeners[0].routes[0].matches).toEqual([{ path: { exact: '/mcp' } }]);
  // A dollar stands for itself only when it is doubled.
  expect(listeners[0].routes[0].backends[0].mcp.targets[0].stdio).toEqual({
    cmd: 'npx',
    args: ['-y', 'kubernetes-mcp-server@0.0.50', '--token=$$TOKEN'],
  });
});

it('has values of variables in arguments, whatever stands in them', () => {
  const text = STDIO_ADAPTER.render({
    command: 'pg',
    args: ['$(DATABASE_URL)', '--url=$(DATABASE_URL)&$x', '$$(DATABASE_URL)', '$(OTHER)'],
    isVariable: name => name === 'DATABASE_URL',
  });
  const value = `postgres://a:b@db/x?c: "d' #e`;
  const expanded = text.replace(/\$\$|\$\{(\w+)\}/g, (_, name?: string) => (name === undefined ? '$' : value));
  expect(parse(expanded).binds[0].listeners[0].routes[0].backends[0].mcp.targets[0].stdio.args).toEqual([
    value,
    `--url=${value}&$x`,
    '$(DATABASE_URL)',
    '$(OTHER)',
  ]);
});

it('answers where it is told to', () => {
  const { port, listeners } = parse(STDIO_ADAPTER.render({ command: 'serve', port: 9000, path: '/tools' })).binds[0];
  expect(port).toBe(9000);
  expect(listeners[0].routes[0].matches).toEqual([{ path: { exact: '/tools' } }]);
});

it('is copied from its image to where it runs', () => {
  expect(STDIO_ADAPTER.copyCommand).toEqual(['/app/agentgateway', '--copy-self', '/mcp-adapter/agentgateway']);
  expect(STDIO_ADAPTER.command).toEqual(['/mcp-adapter/agentgateway', '-f', '/etc/mcp-adapter/config.yaml']);
});

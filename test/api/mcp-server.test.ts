import { placeOf } from '../../src/api/codec';
import { mcpServer, serverJson } from '../../src/api/mcp-server';
import { formatPath, parsePath } from '../../src/values/paths';

const fieldOf = (property: string, json: object): string =>
  formatPath(placeOf(mcpServer.spec, parsePath(property), json));

test.each<[string, object, string]>([
  ['replicas', { hosted: {} }, 'hosted.replicas'],
  [
    'source.template.spec.containers[mcp-server].image',
    { hosted: {} },
    'hosted.podSpec.spec.containers[mcp-server].image',
  ],
  ['source.port', { hosted: {} }, 'port'],
  ['source.credentials[1]', { hosted: {} }, 'hosted.credentials[1]'],
  [
    'source.credentials[0].value.secretName',
    { remote: { credentials: [{ bearer: { secretRef: { name: 'a', key: 'b' } } }] } },
    'remote.credentials[0].bearer.secretRef.name',
  ],
  ['source.url', { remote: {} }, 'remote.url'],
  ['source.schema', { remote: {} }, 'remote.openAPI'],
  ['tools[2]', {}, 'tools[2].name'],
  ['toolsFilter[0]', {}, 'toolsFilter[0]'],
  ['allowedNamespaces.names[0]', {}, 'allowedNamespaces.names[0]'],
])('%s is a field of the resource', (property, json, expected) => {
  expect(fieldOf(property, json)).toBe(expected);
});

test('a resource says nothing that an operator does not know', () => {
  const value = {
    transport: 'sse',
    port: 9000,
    sessions: 'stateful',
    remote: { url: 'https://a.example', credentials: [] },
  } as const;
  expect(serverJson(value, true)).toEqual({
    transport: 'sse',
    port: 9000,
    sessions: 'stateful',
    remote: { url: 'https://a.example', credentials: [] },
  });
  expect(serverJson(value, false)).toEqual({ transport: 'sse', remote: { url: 'https://a.example' } });
});

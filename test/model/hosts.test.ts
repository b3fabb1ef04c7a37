import { hostProblem, normalizedHost } from '../../src/model/hosts';

it.each([
  'api.example.com',
  '*.example.com',
  'postgres',
  'web.dev.',
  'my_db.acme.dev',
  '10.20.0.7',
  '2001:db8::7',
  '[2001:db8::7]',
  'API.Example.COM',
  '1.example.com',
])('%s is a host', host => {
  expect(hostProblem(host)).toBeUndefined();
});

it.each<[string, string]>([
  ['', 'is not a host name'],
  ['-a.example.com', 'is not a host name'],
  ['a..b', 'is not a host name'],
  ['api.*.com', 'is not a host name'],
  ['10.0.0.300', 'is not a host name'],
  ['1.2.3', 'is not a host name'],
  [`${'a'.repeat(64)}.com`, 'is not a host name'],
  ['*', 'is every host'],
  ['https://api.example.com', 'is a URL'],
  ['api.example.com/v1', 'has a path'],
  ['10.0.0.0/8', 'is a CIDR'],
  ['api.example.com:443', 'has a port in it'],
  ['localhost', 'is the pod itself'],
  ['db.localhost', 'is the pod itself'],
  ['127.1.2.3', 'is the pod itself'],
  ['0.0.0.0', 'is the pod itself'],
  ['[::1]', 'is the pod itself'],
])('%j is none, or none that can be reached', (host, problem) => {
  expect(hostProblem(host)!.problem).toContain(problem);
});

it('are compared in lower case, and without brackets', () => {
  expect([normalizedHost('API.Example.com'), normalizedHost('[2001:DB8::7]')]).toEqual([
    'api.example.com',
    '2001:db8::7',
  ]);
});

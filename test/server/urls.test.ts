import { Authentication, McpServerSource, OidcConfig } from '../../src';
import { urlFault } from '../../src/model/hosts';
import { messageOf } from '../support/synth';

const document = {
  openapi: '3.0.0',
  info: { title: 'crm', version: '1' },
  paths: { '/a': { get: { operationId: 'a', responses: { 200: { description: 'ok' } } } } },
};
const issuer = { issuer: 'https://auth.acme.dev', audiences: ['mcp'] };

/** Everything that takes a URL and connects to where it leads. */
const TAKERS: readonly [string, (url: string) => unknown][] = [
  ['a remote server', url => McpServerSource.remote(url)],
  ['a REST service', url => McpServerSource.openApi({ schema: document, url })],
  ['keys', url => Authentication.jwt({ ...issuer, jwksUri: url })],
  ['keys of a protected resource', url => Authentication.oidc({ ...issuer, jwksUri: url })],
  ['keys of a server', url => OidcConfig.inline({ ...issuer, jwksUri: url })],
  ['a registry', url => McpServerSource.npx('@acme/x@1.0.0', { registry: url })],
];

const FAULTS = [
  ['https://{tenant}.example.com/mcp', 'has a variable in it ({tenant})'],
  ['https://mcp.example.com/{tenant}/mcp', 'has a variable in it ({tenant})'],
  ['https://mcp.example.com/%7Btenant%7D/mcp', 'has a variable in it (%7Btenant%7D)'],
  ['https://${TENANT}.example.com/mcp', 'has a variable in it (${TENANT})'],
  ['https://$(TENANT).example.com/mcp', 'has a variable in it ($(TENANT))'],
  ['https://$TENANT.example.com/mcp', 'has a variable in it ($TENANT)'],
  ['https://<tenant>.example.com/mcp', 'has a variable in it (<tenant>)'],
  ['https://a*b.example.com/mcp', 'leads to a*b.example.com'],
  ['https://-a.example.com/mcp', 'leads to -a.example.com'],
  ['https://a..example.com/mcp', 'leads to a..example.com'],
] as const;

describe.each(TAKERS)('the URL of %s', (_, take) => {
  it.each(FAULTS)('is refused as %s', (url, problem) => {
    expect(messageOf(() => take(url))).toContain(problem);
  });

  it('is taken where it leads to a name or an address', () => {
    for (const host of [
      'mcp.example.com',
      '[2001:db8::1]:8443',
      '192.0.2.7',
      'xn--bcher-kva.example',
      'münchen.example',
    ]) {
      expect(() => take(`https://${host}/mcp`)).not.toThrow();
    }
  });
});

it.each([
  'https://a.example/odata/$metadata',
  'https://a.example/mcp?filter=%7B%22a%22%3A1%7D',
  'https://a.example/(a)',
])('sees no variable in %s', url => {
  expect(urlFault(url)).toBeUndefined();
});

it('says it of the name of a certificate, too', () => {
  const remote = (serverName: string) => McpServerSource.remote('https://10.20.0.7/mcp', { tls: { serverName } });
  expect(messageOf(() => remote('https://mcp.acme.dev'))).toContain(
    'tls.serverName: got "https://mcp.acme.dev": is not a host name',
  );
  expect(() => remote('mcp.acme.dev')).not.toThrow();
});

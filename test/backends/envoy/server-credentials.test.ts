import {
  backendHeaders,
  credentialFilters,
  credentialsPerRoute,
  keptBack,
} from '../../../src/backends/envoy/server-credentials';
import { Entry } from '../../../src/model/plan';
import { BackendCredential, Server } from '../../../src/model/server';
import { entryOf, groupOf, planOf, serverOf } from '../../support/literals';
import { apiKeyOf, policyOf, verifiableJwt } from '../agentgateway/policy-fixtures';

const ref = (secretName: string, key: string) => ({ secretName, key });
const BEARER: BackendCredential = {
  kind: 'header',
  name: 'authorization',
  prefix: 'Bearer ',
  value: ref('crm', 'token'),
};
const KEY: BackendCredential = { kind: 'header', name: 'x-api-key', prefix: '', value: ref('crm', 'key') };
const BASIC: BackendCredential = { kind: 'basic', username: ref('crm', 'username'), password: ref('crm', 'password') };
const CALLER: BackendCredential = { kind: 'callerToken' };

const remote = (options: Partial<Server> = {}) =>
  serverOf('crm', {
    workloadNamespace: undefined,
    endpoints: [{ host: 'crm.example.com', port: 443, path: '/mcp', tls: { insecureSkipVerify: false } }],
    ...options,
  });
const inserted = (...credentials: BackendCredential[]) =>
  credentialsPerRoute(groupOf('default', [remote({ credentials })]))['mcp.credentials']?.filter_context.credentials;
const removed = (server: Server, entry: Partial<Entry> = {}) =>
  keptBack(entryOf([groupOf('default', [server])], entry), server);
const TOKENS = { policy: policyOf({ level: 'gateway', authentication: [verifiableJwt()] }) };
const KEYS = { policy: policyOf({ authentication: [apiKeyOf({ header: { name: 'x-acme-key', prefix: '' } })] }) };

describe('credentials of servers', () => {
  it('are read from files, and nothing of them is in the configuration', () => {
    expect(inserted(BEARER, KEY)).toEqual([
      { header: 'authorization', prefix: 'Bearer ', file: '/etc/envoy-secrets/crm/token' },
      { header: 'x-api-key', prefix: '', file: '/etc/envoy-secrets/crm/key' },
    ]);
    expect(inserted(BASIC)).toEqual([
      {
        header: 'authorization',
        usernameFile: '/etc/envoy-secrets/crm/username',
        file: '/etc/envoy-secrets/crm/password',
      },
    ]);
    expect(inserted({ ...BASIC, username: 'a"b' })).toEqual([
      { header: 'authorization', username: 'a"b', file: '/etc/envoy-secrets/crm/password' },
    ]);
  });

  it('need a filter only where there are some', () => {
    expect(credentialFilters(planOf([groupOf('default', [remote()])]))).toEqual([]);
    expect(credentialFilters(planOf([groupOf('default', [remote({ credentials: [CALLER] })])]))).toEqual([]);
    expect(
      credentialFilters(planOf([groupOf('default', [remote({ credentials: [KEY] })])])).map(({ name }) => name),
    ).toEqual(['mcp.credentials']);
    expect(inserted()).toBeUndefined();
  });
});

describe('credentials of callers', () => {
  it('never reach a remote server', () => {
    expect(removed(remote())).toEqual(['authorization', 'cookie', 'proxy-authorization']);
    expect(removed(remote(), KEYS)).toEqual(['authorization', 'cookie', 'proxy-authorization', 'x-acme-key']);
    expect(backendHeaders(entryOf([]), groupOf('default', [remote()]))).toEqual({
      request_headers_to_remove: ['authorization', 'cookie', 'proxy-authorization'],
    });
  });

  it('make room for those of the gateway', () => {
    expect(removed(remote({ credentials: [BEARER] }))).toEqual(['cookie', 'proxy-authorization']);
    expect(removed(serverOf('ledger', { credentials: [KEY] }))).toEqual([
      'authorization',
      'cookie',
      'proxy-authorization',
    ]);
  });

  it('reach a server of the cluster, but for what the gateway verifies', () => {
    expect(removed(serverOf('ledger'))).toEqual([]);
    expect(backendHeaders(entryOf([]), groupOf('default', [serverOf('ledger')]))).toEqual({});
    expect(removed(serverOf('ledger'), TOKENS)).toEqual(['authorization']);
    expect(removed(serverOf('ledger'), KEYS)).toEqual(['x-acme-key']);
  });

  it('reach a server that asks for the token', () => {
    expect(removed(remote({ credentials: [CALLER] }), TOKENS)).toEqual(['cookie', 'proxy-authorization']);
    expect(removed(serverOf('ledger', { credentials: [CALLER] }), TOKENS)).toEqual(['cookie', 'proxy-authorization']);
  });

  it('do not reach a server beside one that asks for the token', () => {
    const ledger = serverOf('ledger');
    const header = {
      policy: policyOf({ authentication: [verifiableJwt({ header: { name: 'x-token', prefix: '' } })] }),
    };
    expect(
      keptBack(
        entryOf(
          [groupOf('match-0', [serverOf('asking', { credentials: [CALLER] })]), groupOf('default', [ledger])],
          header,
        ),
        ledger,
      ),
    ).toEqual(['authorization', 'x-token']);
  });
});

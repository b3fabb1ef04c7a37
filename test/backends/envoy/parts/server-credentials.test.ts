import { serverCredentials } from '../../../../src/backends/envoy/parts/server-credentials';
import { Entry } from '../../../../src/model/plan';
import { BackendCredential, Server } from '../../../../src/model/server';
import { groupOf, serverOf } from '../../../support/literals';
import { apiKeyOf, policyOf, verifiableJwt } from '../../agentgateway/policy-fixtures';
import { envoyPlanOf, routeOf } from '../plans';

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
  routeOf(serverCredentials, envoyPlanOf([groupOf('default', [remote({ credentials })])])).filters?.['mcp.credentials']
    .filter_context.credentials;
const removed = (server: Server, entry: Partial<Entry> = {}) =>
  routeOf(serverCredentials, envoyPlanOf([groupOf('default', [server])], entry)).headers?.request_headers_to_remove;
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
    expect(serverCredentials.filters!(envoyPlanOf([groupOf('default', [remote()])]))).toEqual([]);
    expect(serverCredentials.filters!(envoyPlanOf([groupOf('default', [remote({ credentials: [CALLER] })])]))).toEqual(
      [],
    );
    expect(
      serverCredentials.filters!(envoyPlanOf([groupOf('default', [remote({ credentials: [KEY] })])])).map(
        ({ name }) => name,
      ),
    ).toEqual(['mcp.credentials']);
    expect(inserted()).toBeUndefined();
  });
});

describe('credentials of callers', () => {
  it('never reach a remote server', () => {
    expect(removed(remote())).toEqual(['authorization', 'cookie', 'proxy-authorization']);
    expect(removed(remote(), KEYS)).toEqual(['authorization', 'cookie', 'proxy-authorization', 'x-acme-key']);
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
    expect(removed(serverOf('ledger'))).toBeUndefined();
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
      routeOf(
        serverCredentials,
        envoyPlanOf(
          [groupOf('default', [ledger]), groupOf('match-0', [serverOf('asking', { credentials: [CALLER] })])],
          header,
        ),
      ).headers?.request_headers_to_remove,
    ).toEqual(['authorization', 'x-token']);
  });
});

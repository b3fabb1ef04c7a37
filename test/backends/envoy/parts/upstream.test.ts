import { groupClusters } from '../../../../src/backends/envoy/clusters';
import { EnvoyPlan } from '../../../../src/backends/envoy/config/plan';
import { tunnels, upstreamTls } from '../../../../src/backends/envoy/parts/upstream';
import { BackendCredential, Server, UpstreamTls } from '../../../../src/model/server';
import { entryOf, groupOf, serverOf } from '../../../support/literals';
import { emitted, planOfEntries } from '../plans';

const remote = (
  name: string,
  tls: Partial<UpstreamTls> | undefined = {},
  options: Partial<Server> = {},
  host = `${name}.example.com`,
) =>
  serverOf(name, {
    workloadNamespace: undefined,
    endpoints: [{ host, port: 443, path: '/mcp', tls: tls && { insecureSkipVerify: false, ...tls } }],
    ...options,
  });
const socketsOf = (...servers: Server[]) =>
  emitted(upstreamTls.cluster!(groupOf('default', servers), planOfEntries([])));
const contexts = (...servers: Server[]) =>
  (socketsOf(...servers).transport_socket_matches ?? []).map(
    ({ transport_socket }: any) => transport_socket.typed_config,
  );
const MTLS: BackendCredential = {
  kind: 'clientCertificate',
  certificate: { secretName: 'crm-tls', key: 'tls.crt' },
  privateKey: { secretName: 'crm-tls', key: 'tls.key' },
};

it('asks for the server by its name, and verifies that name by the roots of the system', () => {
  expect(contexts(remote('crm'))).toEqual([
    {
      '@type': 'type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext',
      sni: 'crm.example.com',
      common_tls_context: {
        alpn_protocols: ['http/1.1'],
        validation_context: {
          trusted_ca: { filename: '/etc/ssl/certs/ca-certificates.crt' },
          match_typed_subject_alt_names: [{ san_type: 'DNS', matcher: { exact: 'crm.example.com' } }],
        },
      },
    },
  ]);
});

it('takes the authority and the name that were given', () => {
  const [
    {
      sni,
      common_tls_context: { validation_context },
    },
  ] = contexts(remote('crm', { caBundle: 'PEM', serverName: 'crm.internal' }));
  expect(sni).toBe('crm.internal');
  expect(validation_context).toEqual({
    trusted_ca: { inline_string: 'PEM' },
    match_typed_subject_alt_names: [{ san_type: 'DNS', matcher: { exact: 'crm.internal' } }],
  });
});

it('verifies addresses as such', () => {
  const [context] = contexts(remote('crm', {}, {}, '192.0.2.1'));
  expect(context.sni).toBeUndefined();
  expect(context.common_tls_context.validation_context.match_typed_subject_alt_names[0]).toEqual({
    san_type: 'IP_ADDRESS',
    matcher: { exact: '192.0.2.1' },
  });
});

it('verifies nothing where that was asked for', () => {
  expect(
    contexts(remote('crm', { insecureSkipVerify: true }))[0].common_tls_context.validation_context,
  ).toBeUndefined();
});

it('connects to each server of a group in its own way', () => {
  const servers = [remote('crm'), remote('erp', { caBundle: 'PEM' }), serverOf('ledger')];
  const { transport_socket_matches: matches } = socketsOf(...servers);
  const labels = servers.map(
    server =>
      emitted(upstreamTls.endpoint!(server.endpoints[0], server)).metadata?.filter_metadata[
        'envoy.transport_socket_match'
      ],
  );
  expect(labels).toEqual([matches[0].match, matches[1].match, undefined]);
  expect(matches.map(({ transport_socket }: any) => transport_socket.typed_config.sni)).toEqual([
    'crm.example.com',
    'erp.example.com',
  ]);
  expect(socketsOf(serverOf('ledger'))).toEqual({});
});

it('shows the certificate of a Secret, which is read again when it changes', () => {
  const crm = remote('crm', {}, { credentials: [MTLS] });
  const certificates = upstreamTls.resources!(
    planOfEntries([entryOf([groupOf('default', [crm])]), entryOf([groupOf('default', [crm])])]),
  ).secrets!;
  expect(certificates).toEqual([
    {
      name: expect.stringMatching(/^server-certificate-[0-9a-f]{12}$/),
      tls_certificate: {
        certificate_chain: { filename: '/etc/envoy-secrets/crm-tls/tls.crt' },
        private_key: { filename: '/etc/envoy-secrets/crm-tls/tls.key' },
        watched_directory: { path: '/etc/envoy-secrets/crm-tls' },
      },
    },
  ]);
  expect(contexts(crm)[0].common_tls_context.tls_certificate_sds_secret_configs).toMatchObject([
    {
      name: certificates[0].name,
      sds_config: {
        path_config_source: {
          path: `/etc/envoy-config/${certificates[0].name}.yaml`,
          watched_directory: { path: '/etc/envoy-config' },
        },
      },
    },
  ]);
});

const proxied = (name: string, proxy?: string) =>
  serverOf(name, {
    workloadNamespace: undefined,
    endpoints: [{ host: `${name}.example.com`, port: 443, path: '/mcp', tls: { insecureSkipVerify: false }, proxy }],
  });
const plan = (...groups: ReturnType<typeof groupOf>[]) => planOfEntries(groups.map(group => entryOf([group])));
const tunnelListeners = (one: EnvoyPlan) => emitted(tunnels.resources!(one).listeners);
const proxyClusters = (one: EnvoyPlan) => emitted(tunnels.resources!(one).clusters);

it('asks the proxy for each server once', () => {
  const [both, one] = [
    groupOf('default', [proxied('crm', 'proxy.infra.svc:3128'), proxied('erp', 'proxy.infra.svc:3128')]),
    groupOf('default', [proxied('crm', 'proxy.infra.svc:3128')]),
  ];
  expect(
    tunnelListeners(plan(both, one)).map(
      ({
        name,
        filter_chains: [
          {
            filters: [{ typed_config }],
          },
        ],
      }: any) => [name, typed_config.cluster, typed_config.tunneling_config, typed_config.idle_timeout],
    ),
  ).toEqual([
    [
      'tunnel/proxy.infra.svc:3128/crm.example.com:443',
      'proxy/proxy.infra.svc:3128',
      { hostname: 'crm.example.com:443' },
      '0s',
    ],
    [
      'tunnel/proxy.infra.svc:3128/erp.example.com:443',
      'proxy/proxy.infra.svc:3128',
      { hostname: 'erp.example.com:443' },
      '0s',
    ],
  ]);
  const address = { socket_address: { address: 'proxy.infra.svc', port_value: 3128 } };
  expect(proxyClusters(plan(both, one))).toMatchObject([
    {
      name: 'proxy/proxy.infra.svc:3128',
      load_assignment: { endpoints: [{ lb_endpoints: [{ endpoint: { address } }] }] },
    },
  ]);
});

it('connects to the server through the tunnel, and speaks TLS with itself', () => {
  const group = groupOf('default', [proxied('crm', 'proxy:80')]);
  const [{ type, load_assignment, transport_socket_matches }] = emitted(
    groupClusters(plan(group), plan(group).entries[0], group),
  );
  expect(type).toBe('STATIC');
  expect(load_assignment.endpoints[0].lb_endpoints[0].endpoint).toEqual({
    hostname: 'crm.example.com',
    address: {
      envoy_internal_address: {
        server_listener_name: 'tunnel/proxy:80/crm.example.com:443',
        endpoint_id: 'crm.example.com:443',
      },
    },
  });
  expect(transport_socket_matches[0].transport_socket.typed_config.sni).toBe('crm.example.com');
  expect(
    proxyClusters(plan(group))[0].load_assignment.endpoints[0].lb_endpoints[0].endpoint.address.socket_address
      .port_value,
  ).toBe(80);
});

it('digs none where there is no proxy', () => {
  const direct = plan(groupOf('default', [proxied('crm')]));
  expect([tunnelListeners(direct), proxyClusters(direct)]).toEqual([[], []]);
});

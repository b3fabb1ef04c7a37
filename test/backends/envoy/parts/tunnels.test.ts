import { groupClusters } from '../../../../src/backends/envoy/clusters';
import { EnvoyPlan } from '../../../../src/backends/envoy/config/plan';
import { tunnels } from '../../../../src/backends/envoy/parts/tunnels';
import { entryOf, groupOf, serverOf } from '../../../support/literals';
import { emitted, planOfEntries } from '../plans';

const remote = (name: string, proxy?: string) =>
  serverOf(name, {
    workloadNamespace: undefined,
    endpoints: [{ host: `${name}.example.com`, port: 443, path: '/mcp', tls: { insecureSkipVerify: false }, proxy }],
  });
const plan = (...groups: ReturnType<typeof groupOf>[]) => planOfEntries(groups.map(group => entryOf([group])));
const tunnelListeners = (one: EnvoyPlan) => emitted(tunnels.resources!(one).listeners);
const proxyClusters = (one: EnvoyPlan) => emitted(tunnels.resources!(one).clusters);

it('asks the proxy for each server once', () => {
  const [both, one] = [
    groupOf('default', [remote('crm', 'proxy.infra.svc:3128'), remote('erp', 'proxy.infra.svc:3128')]),
    groupOf('default', [remote('crm', 'proxy.infra.svc:3128')]),
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
  const group = groupOf('default', [remote('crm', 'proxy:80')]);
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
  const direct = plan(groupOf('default', [remote('crm')]));
  expect([tunnelListeners(direct), proxyClusters(direct)]).toEqual([[], []]);
});

import { parse, stringify } from 'yaml';
import { planOf, groupOf, serverOf } from './literals';
import { validateObject } from './validate';
import { envoyFindings } from './validate-envoy';
import { envoy } from '../../src/backends/envoy';

const FILES = envoy.configure(planOf([groupOf('default', [serverOf('ledger')])], {}, { plane: 'envoy' })).files;

it('finds nothing wrong with what is emitted', () => {
  expect(envoyFindings(FILES)).toEqual([]);
});

/** The files with something changed in one of them. */
function changed(file: string, change: (value: any) => void): Record<string, string> {
  const value = parse(FILES[file]);
  change(value);
  return { ...FILES, [file]: stringify(value) };
}

const manager = (listeners: any) => listeners.resources[0].filter_chains[0].filters[0].typed_config;
const filter = (listeners: any, name: string) =>
  manager(listeners).http_filters.find((candidate: any) => candidate.name === name).typed_config;
const route = (routes: any) => routes.resources[0].virtual_hosts[0].routes[0];
const MANAGER = 'filter_chains[0].filters[0].typed_config';

it.each<[string, string, (value: any) => void, string]>([
  [
    'an unknown field at the top of a file',
    'envoy.yaml',
    bootstrap => (bootstrap.nodes = {}),
    'envoy.yaml: cannot decode message envoy.config.bootstrap.v3.Bootstrap from JSON: key "nodes" is unknown',
  ],
  [
    'an unknown field, deep in an extension',
    'listeners.yaml',
    listeners => (filter(listeners, 'envoy.filters.http.mcp').trafic_mode = 'PASS_THROUGH'),
    'cannot decode message envoy.extensions.filters.http.mcp.v3.Mcp from JSON: key "trafic_mode" is unknown',
  ],
  [
    'an unknown value of an enumeration',
    'clusters.yaml',
    clusters => (clusters.resources[0].cluster_type.typed_config.dns_lookup_family = 'V4'),
    'cannot decode enum envoy.extensions.clusters.common.dns.v3.DnsLookupFamily from JSON: "V4"',
  ],
  [
    'a value of another type',
    'clusters.yaml',
    clusters => (clusters.resources[0].ignore_health_on_host_removal = 'yes'),
    'cannot decode field envoy.config.cluster.v3.Cluster.ignore_health_on_host_removal from JSON: expected boolean',
  ],
  [
    'no duration',
    'clusters.yaml',
    clusters => (clusters.resources[0].connect_timeout = '2 seconds'),
    'cannot decode message google.protobuf.Duration from JSON: "2 seconds"',
  ],
  [
    'a message of no known type',
    'listeners.yaml',
    listeners => (manager(listeners)['@type'] = 'type.googleapis.com/envoy.HttpConnectionManager'),
    'envoy.HttpConnectionManager is not in the type registry',
  ],
  [
    'two of a choice',
    'routes.yaml',
    routes => (route(routes).redirect = {}),
    'cannot decode oneof envoy.config.route.v3.Route.action from JSON: oneof set multiple times by',
  ],
  [
    'none of a choice',
    'routes.yaml',
    routes => delete route(routes).match.path,
    'routes.yaml: resources[0].virtual_hosts[0].routes[0].match: must have one of prefix, path,',
  ],
  [
    'an empty text where one is needed',
    'routes.yaml',
    routes => (route(routes).match.headers = [{ name: '' }]),
    'routes.yaml: resources[0].virtual_hosts[0].routes[0].match.headers[0].name: "" breaks minLen "1"',
  ],
  [
    'a name that no header has',
    'routes.yaml',
    routes => (route(routes).request_headers_to_remove = ['x\na']),
    'request_headers_to_remove[0]: "x\\na" breaks wellKnownRegex "HTTP_HEADER_NAME"',
  ],
  [
    'a message that is missing',
    'routes.yaml',
    routes => delete route(routes).match,
    'routes.yaml: resources[0].virtual_hosts[0].routes[0].match: is required',
  ],
  [
    'a number out of range',
    'clusters.yaml',
    clusters =>
      (clusters.resources[0].load_assignment.endpoints[0].lb_endpoints[0].endpoint.address.socket_address.port_value = 70000),
    'port_value: 70000 breaks lte 65535',
  ],
  [
    'a duration out of range',
    'clusters.yaml',
    clusters => (clusters.resources[0].connect_timeout = '0s'),
    'clusters.yaml: resources[0].connect_timeout: 0 breaks gt "0s"',
  ],
  [
    'an empty list',
    'routes.yaml',
    routes => (routes.resources[0].virtual_hosts[0].domains = []),
    'routes.yaml: resources[0].virtual_hosts[0].domains: [] breaks minItems "1"',
  ],
  [
    'a field that is deprecated',
    'clusters.yaml',
    clusters => (clusters.resources[0].http_protocol_options = {}),
    'clusters.yaml: resources[0].http_protocol_options: is deprecated',
  ],
  [
    'a null',
    'listeners.yaml',
    listeners => (manager(listeners).tracing = null),
    `listeners.yaml: resources[0].${MANAGER}.tracing: is null`,
  ],
])('finds %s', (_, file, change, problem) => {
  const [found, ...others] = envoyFindings(changed(file, change));
  expect(found).toContain(problem);
  expect(others).toEqual([]);
});

it('looks into the ConfigMap of a gateway', () => {
  const data = changed('clusters.yaml', clusters => (clusters.resources[0].typ = 'STATIC'));
  const metadata = { name: 'a', namespace: 'n' };
  expect(validateObject({ apiVersion: 'v1', kind: 'ConfigMap', metadata, data: FILES })).toEqual([]);
  expect(validateObject({ apiVersion: 'v1', kind: 'ConfigMap', metadata, data })).toEqual([
    'v1 ConfigMap n/a: clusters.yaml: resources[0]: cannot decode message envoy.config.cluster.v3.Cluster from JSON: key "typ" is unknown',
  ]);
});

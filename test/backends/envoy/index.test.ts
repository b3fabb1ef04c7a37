import { parse } from 'yaml';
import { envoy } from '../../../src/backends/envoy';
import { ASKED_FEATURES } from '../../golden/features';
import * as golden from '../../golden/folders';
import { groupOf, planOf, serverOf } from '../../support/literals';

const resourcesOf = (files: Readonly<Record<string, string>>, file: string) =>
  parse(files[file]).resources as { name: string; '@type': string }[];

it('writes what is read at the start, and what is read anew when it changes', () => {
  const files = envoy.configure(planOf([groupOf('default', [serverOf('ledger')])], {}, { plane: 'envoy' })).files;
  expect(Object.keys(files)).toEqual(['envoy.yaml', 'clusters.yaml', 'listeners.yaml', 'routes.yaml']);
  expect(resourcesOf(files, 'clusters.yaml').map(({ name }) => name)).toEqual(['finance.smart/default']);
  expect(resourcesOf(files, 'listeners.yaml').map(({ name }) => name)).toEqual(['mcp']);
  expect(resourcesOf(files, 'routes.yaml').map(resource => resource['@type'])).toEqual([
    'type.googleapis.com/envoy.config.route.v3.RouteConfiguration',
  ]);
  expect(parse(files['envoy.yaml']).dynamic_resources.lds_config.path_config_source).toEqual({
    path: '/etc/envoy-config/listeners.yaml',
    watched_directory: { path: '/etc/envoy-config' },
  });
});

describe('what a pod serves beside its traffic', () => {
  const {
    admin,
    static_resources: { clusters, listeners },
  } = parse(envoy.configure(planOf([], {}, { plane: 'envoy' })).files['envoy.yaml']);
  const managers = listeners.map(({ filter_chains: [{ filters }] }: any) => filters[0].typed_config);
  const routes = managers.flatMap(({ route_config: { virtual_hosts } }: any) => virtual_hosts[0].routes);

  it('is administrated by a socket of the pod alone', () => {
    const socket = { pipe: { path: '@envoy-admin' } };
    expect(admin.address).toEqual(socket);
    expect(clusters.find(({ name }: any) => name === 'admin').load_assignment.endpoints).toEqual([
      { lb_endpoints: [{ endpoint: { address: socket } }] },
    ]);
  });

  it('is asked for two paths of that', () => {
    const paths = routes.map(({ match, route }: any) => [
      match.path,
      route.cluster,
      route.prefix_rewrite,
      match.headers[0].string_match.exact,
    ]);
    expect(paths).toEqual([
      ['/live', 'admin', '/ready', 'GET'],
      ['/stats/prometheus', 'admin', '/stats/prometheus', 'GET'],
    ]);
  });

  it('is for whoever calls it by an address: the gateway calls servers by the names of their hosts', () => {
    const readiness = managers[0].http_filters[0].typed_config.headers;
    const regexes = [...routes.map(({ match }: any) => match.headers[1]), readiness[1]].map(
      ({ name, string_match }: any) => {
        expect(name).toBe(':authority');
        return string_match.safe_regex.regex;
      },
    );
    expect(regexes).toHaveLength(3);
    const answered = (host: string): boolean[] => regexes.map(regex => new RegExp(`^(?:${regex})$`).test(host));
    for (const host of ['10.1.2.3:15020', '10.1.2.3', '[fd00::1]:15021', 'localhost:15020', '[::ffff:10.1.2.3]']) {
      expect([host, answered(host)]).toEqual([host, [true, true, true]]);
    }
    for (const host of [
      'self.example.com:15020',
      'gateway.mcp-system.svc',
      '',
      'a10.1.2.3',
      'localhost.example.com',
      '10.1.2.3.nip.io',
    ]) {
      expect([host, answered(host)]).toEqual([host, [false, false, false]]);
    }
  });
});

it.each(ASKED_FEATURES.filter(feature => envoy.features[feature].supported))(
  'has each cluster that something names: %s',
  feature => {
    const files = envoy.configure(golden.planOf(feature, envoy.name)).files;
    const clusters = resourcesOf(files, 'clusters.yaml').map(({ name }) => name);
    const named = [
      ...`${files['routes.yaml']}${files['listeners.yaml']}`.matchAll(/"?\bcluster(?:_name)?"?: ?"?([^",}\n]*)/g),
    ].map(([, name]) => name);
    expect(named.length).toBeGreaterThan(0);
    expect(named.filter(name => !clusters.includes(name))).toEqual([]);
    expect(new Set(clusters).size).toBe(clusters.length);
  },
);

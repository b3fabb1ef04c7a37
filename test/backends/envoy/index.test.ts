import { parse } from 'yaml';
import { envoy } from '../../../src/backends/envoy';
import { ASKED_FEATURES } from '../../golden/features';
import * as golden from '../../golden/folders';
import { groupOf, planOf, serverOf } from '../../support/literals';

const resourcesOf = (files: Readonly<Record<string, string>>, file: string) =>
  parse(files[file]).resources as { name: string; '@type': string }[];

it('writes what is read at the start, and what is read anew when it changes', () => {
  const files = envoy.render(planOf([groupOf('default', [serverOf('ledger')])], {}, { plane: 'envoy' }));
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

it('administrates on loopback alone', () => {
  const {
    admin,
    static_resources: { listeners },
  } = parse(envoy.render(planOf([], {}, { plane: 'envoy' }))['envoy.yaml']);
  expect(admin.address.socket_address.address).toBe('127.0.0.1');
  const routes = listeners.flatMap(
    ({
      filter_chains: [
        {
          filters: [{ typed_config: manager }],
        },
      ],
    }: any) => manager.route_config.virtual_hosts[0].routes,
  );
  const paths = routes.map(({ match, route }: any) => [match.path, route.cluster, match.headers[0].string_match.exact]);
  expect(paths).toEqual([
    ['/live', 'admin', 'GET'],
    ['/stats/prometheus', 'admin', 'GET'],
  ]);
});

it.each(ASKED_FEATURES.filter(feature => envoy.features[feature].supported))(
  'has each cluster that something names: %s',
  feature => {
    const files = envoy.render(golden.planOf(feature, envoy.name));
    const clusters = resourcesOf(files, 'clusters.yaml').map(({ name }) => name);
    const named = [
      ...`${files['routes.yaml']}${files['listeners.yaml']}`.matchAll(/"?\bcluster(?:_name)?"?: ?"?([^",}\n]*)/g),
    ].map(([, name]) => name);
    expect(named.length).toBeGreaterThan(0);
    expect(named.filter(name => !clusters.includes(name))).toEqual([]);
    expect(new Set(clusters).size).toBe(clusters.length);
  },
);

import { App, Chart } from 'cdk8s';
import { parse } from 'yaml';
import {
  ClusterProfile,
  McpDiagnostics,
  McpPackageOptions,
  McpServer,
  McpServerSource,
  NetworkEnforcement,
  PermissionProfile,
} from '../../src';
import { NetworkPolicies, podOfWorkload, stranger } from '../support/network-policy';
import { containerOf, find, messageOf, objectsOf } from '../support/synth';

const RUNNERS: readonly [string, (options: McpPackageOptions) => McpServerSource, string][] = [
  ['npx', options => McpServerSource.npx('@acme/time-mcp@1.2.3', options), 'NPM_CONFIG_REGISTRY'],
  ['uvx', options => McpServerSource.uvx('time-mcp==1.2.3', options), 'UV_DEFAULT_INDEX'],
];

function emitted(
  source: McpServerSource,
  network = NetworkEnforcement.networkPolicy(),
  permissionProfile?: PermissionProfile,
) {
  const app = new App();
  new ClusterProfile({ network }).applyTo(app);
  new McpServer(new Chart(app, 'finance', { namespace: 'finance' }), 'time', { source, permissionProfile });
  const objects = objectsOf(app);
  const deployment = find(objects, 'Deployment');
  const cluster = new NetworkPolicies(objects);
  const container = containerOf(deployment);
  const [{ stdio }] = parse(find(objects, 'ConfigMap').data['config.yaml']).binds[0].listeners[0].routes[0].backends[0]
    .mcp.targets;
  return {
    objects,
    reaches: (party: Parameters<NetworkPolicies['mayConnect']>[1], port: number) =>
      cluster.mayConnect(podOfWorkload(deployment), party, port),
    env: Object.fromEntries(container.env.map(({ name, value }: any) => [name, value])),
    image: container.image,
    command: [stdio.cmd, ...stdio.args],
    mounts: container.volumeMounts.map(({ mountPath }: any) => mountPath),
    warnings: McpDiagnostics.of(app).warnings.map(({ text }) => text),
  };
}

describe.each(RUNNERS)('%s', (_, sourceOf, variable) => {
  it('downloads from the public internet, with a warning that says what else there is', () => {
    const { reaches, warnings, env } = emitted(sourceOf({}));
    expect([reaches('203.0.113.7', 443), reaches('203.0.113.7', 80), reaches('10.0.0.1', 443)]).toEqual([
      true,
      false,
      false,
    ]);
    expect(warnings).toEqual([
      '[finance/time] source: got nothing: downloads its package from the public registry, so that the server may connect to every public address on port 443. ' +
        'Name a registry or mirror of your own (registry), or install the package in an image (image, preinstalled: true).',
    ]);
    expect(env).not.toHaveProperty(variable);
  });

  it('downloads from a registry of the cluster, and connects to nothing else', () => {
    const registry = 'http://packages.infra.svc:4873/';
    const { reaches, warnings, env } = emitted(sourceOf({ registry }));
    expect(env).toMatchObject({ [variable]: registry });
    expect([reaches(stranger('infra'), 4873), reaches('203.0.113.7', 443)]).toEqual([true, false]);
    expect(warnings).toEqual([
      expect.stringContaining(
        '[finance/time] source.registry: got "packages.infra.svc": Service infra/packages is not one of this app',
      ),
    ]);
  });

  it('downloads from an address', () => {
    const { reaches, warnings } = emitted(sourceOf({ registry: 'https://10.0.0.7/npm/' }));
    expect([reaches('10.0.0.7', 443), reaches('10.0.0.8', 443)]).toEqual([true, false]);
    expect(warnings).toEqual([]);
  });

  it('downloads from a host outside where the cluster knows names, and else fails', () => {
    const source = () => sourceOf({ registry: 'https://packages.acme.dev/simple/' });
    const { objects } = emitted(source(), NetworkEnforcement.cilium());
    expect(find(objects, 'CiliumNetworkPolicy').spec.egress).toContainEqual({
      toFQDNs: [{ matchName: 'packages.acme.dev' }],
      toPorts: [{ ports: [{ port: '443', protocol: 'TCP' }] }],
    });
    expect(messageOf(() => emitted(source()))).toContain(
      '[finance/time] source.registry: got "packages.acme.dev": is a name outside the cluster',
    );
  });

  it('starts what is in the image, and connects to nothing', () => {
    const { reaches, warnings, command, image, env, mounts } = emitted(
      sourceOf({ preinstalled: true, image: 'acme/time:1.2.3', args: ['--utc'] }),
    );
    expect([reaches('203.0.113.7', 443), warnings, command, image, env]).toEqual([
      false,
      [],
      ['time-mcp', '--utc'],
      'acme/time:1.2.3',
      { HOME: '/tmp' },
    ]);
    expect(mounts).toContain('/tmp');
    expect(emitted(sourceOf({ preinstalled: true, image: 'acme/time:1.2.3', program: 'clock' })).command).toEqual([
      'clock',
    ]);
  });

  it('has nothing to say where nothing is restricted', () => {
    const none = emitted(sourceOf({}), NetworkEnforcement.none({ acknowledgement: 'a test' }));
    expect(none.warnings).toEqual([expect.stringContaining('[App] profile.network')]);
    expect(emitted(sourceOf({}), undefined, PermissionProfile.networkOnly()).warnings).toEqual([]);
  });

  it('cannot download without any connection', () => {
    expect(messageOf(() => emitted(sourceOf({}), undefined, PermissionProfile.none()))).toContain(
      'the permission profile none allows no connection. Install the package in an image of your own',
    );
    expect(
      emitted(sourceOf({ preinstalled: true, image: 'acme/time:1' }), undefined, PermissionProfile.none()).reaches(
        '203.0.113.7',
        443,
      ),
    ).toBe(false);
  });

  it.each<[string, McpPackageOptions, string]>([
    [
      'a registry that is no URL',
      { registry: 'packages.acme.dev' },
      'registry: got "packages.acme.dev": is not an http or https URL',
    ],
    [
      'a registry with credentials',
      { registry: 'https://bot:hunter2@packages.acme.dev/' },
      'registry: got "(not shown)": contains credentials',
    ],
    [
      'a registry for nothing',
      { registry: 'https://packages.acme.dev/', preinstalled: true, image: 'x:1' },
      'is given for a package that is not downloaded',
    ],
    [
      'a package in the stock image',
      { preinstalled: true },
      'image: got nothing: is missing, and the stock image does not have the package',
    ],
  ])('refuses %s', (__, options, message) => {
    expect(messageOf(() => sourceOf(options))).toContain(message);
  });
});

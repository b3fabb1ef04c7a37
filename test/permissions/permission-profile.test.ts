import * as kplus from 'cdk8s-plus-28';
import {
  EgressTarget,
  McpDiagnostics,
  McpServer,
  McpServerProps,
  McpServerSource,
  PermissionProfile,
  Reconciliation,
} from '../../src';
import { Server } from '../../src/model/server';
import { Synthesis } from '../../src/synthesis/synthesis';
import { find, messageOf, namesOf, newChart, podOf, synth } from '../support/synth';
import { Manifest, validateObjects } from '../support/validate';

const source = McpServerSource.image('ghcr.io/acme/ledger-mcp:1.4.0');
const PODS: kplus.IApiResource = kplus.ApiResource.PODS;

function profiled(
  permissionProfile: PermissionProfile,
  rest: Partial<McpServerProps> = {},
  chart = newChart(),
): { objects: Manifest[]; permissions: NonNullable<Server['permissions']>; server: McpServer } {
  const server = new McpServer(chart, 'ledger', { source, permissionProfile, ...rest });
  const objects = synth(chart);
  expect(validateObjects(objects)).toEqual([]);
  return { objects, server, permissions: Synthesis.of(chart).compile().topology.servers[0].permissions! };
}

const tokenOf = (objects: readonly Manifest[]): boolean =>
  podOf(find(objects, 'Deployment')).automountServiceAccountToken;
const profileOf = (objects: readonly Manifest[]): unknown => find(objects, 'MCPServer').spec.permissionProfile;
const targetsOf = ({ egress }: NonNullable<Server['permissions']>): string[] =>
  egress.map(({ target, ports }) => `${JSON.stringify(target)} ${ports.map(({ port }) => port).join()}`);

describe('builtin', () => {
  it.each<[string, PermissionProfile, { readonly dns: boolean; readonly egress: number; readonly token: boolean }]>([
    ['none', PermissionProfile.none(), { dns: false, egress: 0, token: false }],
    ['network-only', PermissionProfile.networkOnly(), { dns: true, egress: 1, token: false }],
    ['full-access', PermissionProfile.fullAccess(), { dns: true, egress: 1, token: true }],
  ])('%s', (name, profile, { dns, egress, token }) => {
    const { objects, permissions } = profiled(profile);
    expect(permissions).toMatchObject({ profile: name, dns, kubernetes: [] });
    expect(permissions.egress.map(({ target }) => target)).toEqual(new Array(egress).fill({ kind: 'anywhere' }));
    expect(tokenOf(objects)).toBe(token);
    expect(profileOf(objects)).toEqual({ builtin: name });
    expect(namesOf(objects).filter(object => /Role/.test(object))).toEqual([]);
  });

  it('warns of full access alone', () => {
    const warnings = (profile: PermissionProfile): string[] => {
      const chart = newChart();
      new McpServer(chart, 'ledger', { source, permissionProfile: profile });
      return McpDiagnostics.of(chart)
        .warnings.filter(({ property }) => property === 'permissionProfile')
        .map(({ problem }) => problem);
    };
    expect([warnings(PermissionProfile.none()), warnings(PermissionProfile.networkOnly())]).toEqual([[], []]);
    expect(warnings(PermissionProfile.fullAccess())).toEqual([
      'lets the server connect to anything, and gives it a token of the Kubernetes API',
    ]);
  });

  it('gives full access no rights but those that are granted, and says both', () => {
    const { objects, permissions } = profiled(PermissionProfile.fullAccess(), {
      kubernetes: [{ resources: [PODS], verbs: ['get'] }],
    });
    expect(find(objects, 'Role').rules).toEqual([{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }]);
    expect(permissions.egress).toHaveLength(1);
    expect(profileOf(objects)).toEqual({
      builtin: 'full-access',
      inline: { allow: [{ kubeResources: { apiGroups: [''], resources: ['pods'], verbs: ['get'] } }] },
    });
  });

  it.each([
    ['network-only', PermissionProfile.networkOnly()],
    ['full-access', PermissionProfile.fullAccess()],
  ])('needs no further connection beside %s', (builtin, profile) => {
    const chart = newChart();
    const server = new McpServer(chart, 'ledger', { source, permissionProfile: profile });
    server.allowEgress(EgressTarget.host('api.example.com'));
    expect(profileOf(synth(chart))).toEqual({ builtin });
  });

  it('lets nothing connect beside none', () => {
    const server = new McpServer(newChart(), 'ledger', { source, permissionProfile: PermissionProfile.none() });
    expect(messageOf(() => server.allowEgress(EgressTarget.host('api.example.com')))).toContain(
      'egress[0]: got "(given)": is allowed beside the permission profile none, which allows nothing',
    );
  });

  it.each([
    ['none', PermissionProfile.none()],
    ['network-only', PermissionProfile.networkOnly()],
  ])('refuses a template that mounts a token in spite of %s', (name, permissionProfile) => {
    const chart = newChart();
    new McpServer(chart, 'ledger', {
      source,
      permissionProfile,
      podTemplate: { spec: { automountServiceAccountToken: true } },
    });
    expect(messageOf(() => synth(chart))).toContain(
      `podTemplate.spec.automountServiceAccountToken: got true: mounts a token of the Kubernetes API, which the permission profile ${name} does not allow`,
    );
  });
});

describe('inline', () => {
  const profile = PermissionProfile.inline({
    allow: [
      {
        kubernetes: { resources: [PODS, kplus.ApiResource.DEPLOYMENTS], verbs: ['get'] },
        network: { allowHost: ['postgres.finance.svc.cluster.local:5432', '10.1.2.3', '[::1:2]:80'] },
      },
      { network: { allowCidr: ['10.20.1.0/16'] } },
    ],
  });

  it('grants what is listed', () => {
    const { objects, permissions } = profiled(profile);
    expect(find(objects, 'Role').rules).toHaveLength(2);
    expect(targetsOf(permissions)).toEqual([
      '{"kind":"host","host":"postgres.finance.svc.cluster.local"} 5432',
      '{"kind":"host","host":"10.1.2.3"} ',
      '{"kind":"host","host":"::1:2"} 80',
      '{"kind":"cidr","cidr":"10.20.0.0/16","except":[]} ',
    ]);
    expect(permissions.egress.map(({ origin }) => origin.property)).toEqual([
      ...[0, 1, 2].map(i => `permissionProfile.allow[0].network.allowHost[${i}]`),
      'permissionProfile.allow[1].network.allowCidr[0]',
    ]);
    expect(permissions.kubernetes[0].origin).toEqual({
      path: 'finance/ledger',
      property: 'permissionProfile.allow[0].kubernetes',
    });
  });

  it('stands in the resource as it was written, with what is allowed later', () => {
    const chart = newChart();
    const server = new McpServer(chart, 'ledger', { source, permissionProfile: profile });
    server.allowKubernetes({ resources: [kplus.ApiResource.SERVICES], verbs: ['list'] });
    expect(profileOf(synth(chart))).toEqual({
      inline: {
        allow: [
          {
            kubeResources: { apiGroups: [''], resources: ['pods'], verbs: ['get'] },
            network: { allowHost: ['postgres.finance.svc.cluster.local:5432', '10.1.2.3', '[::1:2]:80'] },
          },
          { kubeResources: { apiGroups: ['apps'], resources: ['deployments'], verbs: ['get'] } },
          { network: { allowCIDR: ['10.20.1.0/16'] } },
          { kubeResources: { apiGroups: [''], resources: ['services'], verbs: ['list'] } },
        ],
      },
    });
  });

  it('may be one value for many servers, each in its own namespace', () => {
    const chart = newChart();
    const shared = PermissionProfile.inline({ allow: [{ kubernetes: { resources: [PODS], verbs: ['get'] } }] });
    ['a', 'b'].forEach(namespace => new McpServer(chart, namespace, { namespace, source, permissionProfile: shared }));
    expect(
      synth(chart)
        .filter(({ kind }) => kind === 'RoleBinding')
        .map(({ metadata, subjects }) => `${metadata.namespace} ${subjects[0].namespace}/${subjects[0].name}`),
    ).toEqual(['a a/a', 'b b/b']);
  });

  it.each<[string, Parameters<typeof PermissionProfile.inline>[0]['allow'], string]>([
    ['an empty grant', [{}], 'allow[0]: got {}: grants nothing'],
    ['an empty network', [{ network: {} }], 'allow[0].network: got {}: grants nothing'],
    [
      'a URL',
      [{ network: { allowHost: ['https://a.example.com'] } }],
      'allow[0].network.allowHost[0]: got "https://a.example.com": is a URL',
    ],
    [
      'a port that is none',
      [{ network: { allowHost: ['a.example.com:99999'] } }],
      'allow[0].network.allowHost[0]: got 99999: is not a port',
    ],
    [
      'a CIDR that is none',
      [{ network: { allowCidr: ['10.0.0.0'] } }],
      'allow[0].network.allowCidr[0]: got "10.0.0.0": is not a CIDR',
    ],
    [
      'a verb that is none',
      [{ kubernetes: { resources: [PODS], verbs: ['gte'] } }],
      'allow[0].kubernetes.verbs[0]: got "gte": is not a verb of Kubernetes',
    ],
  ])('refuses %s', (_, allow, expected) => {
    expect(messageOf(() => PermissionProfile.inline({ allow }))).toContain(`[PermissionProfile.inline] ${expected}`);
  });

  it('refuses in controller mode what upstream has no field for', () => {
    const chart = newChart();
    Reconciliation.CONTROLLER.applyTo(chart);
    const wide = PermissionProfile.inline({
      allow: [{ kubernetes: { resources: [PODS], verbs: ['get'], clusterWide: true } }],
    });
    expect(messageOf(() => new McpServer(chart, 'ledger', { source, permissionProfile: wide }))).toContain(
      '[finance/ledger] permissionProfile.allow[0].kubernetes.clusterWide: got true: has no field',
    );
  });
});

describe('in a ConfigMap', () => {
  const allow = [
    { kubeResources: { apiGroups: [''], resources: ['pods'], verbs: ['get'] } },
    { network: { allowHost: ['api.finance.svc:443'] } },
  ];
  function configured(data: Record<string, string>, options = {}, chart = newChart()) {
    const config = new kplus.ConfigMap(chart, 'config', { metadata: { name: 'permissions' }, data });
    return {
      chart,
      config,
      server: new McpServer(chart, 'ledger', {
        source,
        permissionProfile: PermissionProfile.fromConfigMap(config, options),
      }),
    };
  }

  it.each([
    ['JSON', JSON.stringify({ allow })],
    [
      'YAML',
      'allow:\n- kubeResources: {apiGroups: [""], resources: [pods], verbs: [get]}\n- network:\n    allowHost: [api.finance.svc:443]\n',
    ],
  ])('is read as %s', (_, text) => {
    const { chart } = configured({ 'permissions.json': text });
    const objects = synth(chart);
    expect(find(objects, 'Role').rules).toEqual([{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }]);
    expect(profileOf(objects)).toEqual({ configMap: { name: 'permissions', key: 'permissions.json' } });
    expect(tokenOf(objects)).toBe(true);
  });

  it('is read when the app is synthesized, each time anew', () => {
    const { chart, config } = configured({}, { key: 'allowed' });
    expect(messageOf(() => synth(chart))).toContain(
      '[finance/ledger] permissionProfile.configMap[allowed]: got nothing: the ConfigMap permissions has no key allowed, and no data at all',
    );
    config.addData('allowed', JSON.stringify({ allow: [] }));
    expect(namesOf(synth(chart))).not.toContain('Role ledger');
    (config as unknown as { _data: Record<string, string> })._data.allowed = JSON.stringify({ allow });
    expect(namesOf(synth(chart))).toContain('Role ledger');
  });

  it('may be added to', () => {
    const { chart, server } = configured({ 'permissions.json': JSON.stringify({ allow }) });
    server.allowKubernetes({ resources: [PODS], verbs: ['list'] });
    const objects = synth(chart);
    expect(find(objects, 'Role').rules).toEqual([{ apiGroups: [''], resources: ['pods'], verbs: ['get', 'list'] }]);
    expect(profileOf(objects)).toEqual({
      configMap: { name: 'permissions', key: 'permissions.json' },
      inline: { allow: [{ kubeResources: { apiGroups: [''], resources: ['pods'], verbs: ['list'] } }] },
    });
  });

  it.each<[string, string, string]>([
    ['no YAML', '{', ': got "{": is neither JSON nor YAML'],
    ['no object', '[]', ': got []: is not an object'],
    ['no list', '{}', '.allow: got nothing: is missing'],
    [
      'a field that is none',
      JSON.stringify({ allow: [{ kubernetes: {} }] }),
      '.allow[0].kubernetes: got {}: is not a field here. Remove it; the fields are kubeResources, network',
    ],
    [
      'a verb that is none',
      JSON.stringify({ allow: [{ kubeResources: { apiGroups: [''], resources: ['pods'], verbs: ['gte'] } }] }),
      '.allow[0].kubeResources.verbs[0]: got "gte": is not a verb',
    ],
    [
      'no groups',
      JSON.stringify({ allow: [{ kubeResources: { apiGroups: [], resources: ['pods'], verbs: ['get'] } }] }),
      '.allow[0].kubeResources.apiGroups: got []: is empty',
    ],
    [
      'the core group by a name',
      JSON.stringify({ allow: [{ kubeResources: { apiGroups: ['core'], resources: ['pods'], verbs: ['get'] } }] }),
      '.allow[0].kubeResources.apiGroups[0]: got "core": is not an API group',
    ],
    [
      'a number for text',
      JSON.stringify({ allow: [{ network: { allowHost: [1] } }] }),
      '.allow[0].network.allowHost[0]: got 1: is not text',
    ],
    [
      'a target that is none',
      JSON.stringify({ allow: [{ network: { egress: [{ ports: [{ port: 1 }] }] } }] }),
      '.allow[0].network.egress[0]: got []: names no target, or several',
    ],
  ])('is an error with %s', (_, text, expected) => {
    const { chart } = configured({ 'permissions.json': text });
    expect(messageOf(() => synth(chart))).toContain(
      `[finance/ledger] permissionProfile.configMap[permissions.json]${expected}`,
    );
  });

  it('has to be of this app, and of the namespace of the server', () => {
    const chart = newChart();
    expect(
      messageOf(() => PermissionProfile.fromConfigMap(kplus.ConfigMap.fromConfigMapName(chart, 'a', 'permissions'))),
    ).toContain('is only referred to, so what it allows is not known');
    const config = new kplus.ConfigMap(chart, 'b', { metadata: { name: 'permissions', namespace: 'ops' } });
    expect(
      messageOf(
        () => new McpServer(chart, 'ledger', { source, permissionProfile: PermissionProfile.fromConfigMap(config) }),
      ),
    ).toContain('permissionProfile: got "ops/permissions": is a ConfigMap of another namespace');
  });
});

describe('in controller mode', () => {
  const controlled = () => {
    const chart = newChart();
    Reconciliation.CONTROLLER.applyTo(chart);
    return chart;
  };

  it("is the operator's", () => {
    const chart = controlled();
    const config = new kplus.ConfigMap(chart, 'config', {
      metadata: { name: 'permissions' },
      data: { 'permissions.json': '{"allow": []}' },
    });
    new McpServer(chart, 'a', { source, permissionProfile: PermissionProfile.networkOnly() });
    new McpServer(chart, 'b', { source, permissionProfile: PermissionProfile.fromConfigMap(config) });
    const objects = synth(chart);
    expect(namesOf(objects)).toEqual(['ConfigMap permissions', 'MCPServer a', 'MCPServer b']);
    expect(objects.filter(({ kind }) => kind === 'MCPServer').map(({ spec }) => spec.permissionProfile)).toEqual([
      { builtin: 'network-only' },
      { configMap: { name: 'permissions', key: 'permissions.json' } },
    ]);
  });

  it('cannot be added to where a resource holds only one of the two', () => {
    const chart = controlled();
    const config = new kplus.ConfigMap(chart, 'config', { data: { 'permissions.json': '{"allow": []}' } });
    const rights = { resources: [PODS], verbs: ['get'] };
    const full = new McpServer(chart, 'a', { source, permissionProfile: PermissionProfile.fullAccess() });
    const kept = new McpServer(chart, 'b', { source, permissionProfile: PermissionProfile.fromConfigMap(config) });
    expect(messageOf(() => full.allowKubernetes(rights))).toContain(
      'is allowed beside the permission profile full-access, and a resource of an operator can hold only one of the two',
    );
    expect(messageOf(() => kept.allowEgress(EgressTarget.host('a.example.com')))).toContain(
      'is allowed beside the permission profile of a ConfigMap',
    );
  });

  it('holds connections that upstream has fields for, and no others', () => {
    const chart = controlled();
    const server = new McpServer(chart, 'ledger', { source });
    server.allowEgress(EgressTarget.host('b.example.com', 443, 80));
    server.allowEgress(EgressTarget.cidr('10.0.0.0/8'));
    expect(profileOf(synth(chart))).toEqual({
      inline: {
        allow: [
          { network: { allowCIDR: ['10.0.0.0/8'] } },
          { network: { allowHost: ['b.example.com:80', 'b.example.com:443'] } },
        ],
      },
    });
    expect(messageOf(() => server.allowEgress(EgressTarget.publicInternet()))).toContain(
      'egress[2]: got "public": has no field in the MCPServer resource',
    );
  });
});

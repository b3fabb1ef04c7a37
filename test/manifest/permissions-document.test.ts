import { Testing } from 'cdk8s';
import { controllerChart, documentOf, documents, faults, only, POD, readInto, serverOf, synthesize } from './support';
import { OtherKinds } from '../../src';

const PASS = { otherKinds: OtherKinds.PASS_THROUGH };
const AT_SERVER = '[f.yaml:4 (document 1, MCPServer finance/ledger)]';
const profiled = (profile: unknown): string => serverOf('ledger', `permissionProfile: ${JSON.stringify(profile)}`);
const allowing = (...allow: object[]): string => profiled({ inline: { allow } });
const kube = (rest: object): object => ({
  kubeResources: { apiGroups: [''], resources: ['pods'], verbs: ['get'], ...rest },
});

test('rights in namespaces, by name, and in the whole cluster', () => {
  const objects = synthesize(
    allowing(
      kube({ namespaces: ['ops'] }),
      kube({ resources: ['nodes'], clusterWide: true }),
      kube({ resources: ['secrets'], resourceNames: ['db'], namespaces: [] }),
    ),
  );
  expect(
    objects
      .filter(({ kind }) => /Role$/.test(kind))
      .map(
        ({ kind, metadata, rules }) =>
          `${kind} ${metadata.namespace ?? ''}/${metadata.name} ${rules[0].resources} ${rules[0].resourceNames ?? ''}`,
      ),
  ).toEqual(['Role finance/ledger secrets db', 'Role ops/finance.ledger pods ', 'ClusterRole /finance.ledger nodes ']);
  expect(only(objects, 'Deployment').spec.template.spec.automountServiceAccountToken).toBe(true);
});

test('every resource in every group of one grant', () => {
  expect(
    only(
      synthesize(
        allowing(kube({ apiGroups: ['', 'apps'], resources: ['pods', 'deployments'], verbs: ['get', 'list'] })),
      ),
      'Role',
    ).rules,
  ).toEqual([
    { apiGroups: [''], resources: ['deployments', 'pods'], verbs: ['get', 'list'] },
    { apiGroups: ['apps'], resources: ['deployments', 'pods'], verbs: ['get', 'list'] },
  ]);
});

test.each(['none', 'network-only', 'full-access'])('the profile %s', builtin => {
  const objects = synthesize(profiled({ builtin }));
  expect(only(objects, 'MCPServer').spec.permissionProfile).toEqual({ builtin });
  expect(only(objects, 'Deployment').spec.template.spec.automountServiceAccountToken).toBe(builtin === 'full-access');
});

test('a profile in a ConfigMap of the manifest', () => {
  const config = `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: permissions, namespace: finance}\ndata: {p: '{"allow": [${JSON.stringify(kube({}))}]}'}\n`;
  const objects = synthesize(documents(profiled({ configMap: { name: 'permissions', key: 'p' } }), config), PASS);
  expect(only(objects, 'Role').rules).toEqual([{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }]);
  expect(only(objects, 'MCPServer').spec.permissionProfile).toEqual({ configMap: { name: 'permissions', key: 'p' } });
  const shared = documentOf(
    'ClusterMCPServer',
    'search',
    `{transport: sse, hosted: {${POD}}, workloadNamespace: finance, permissionProfile: {configMap: {name: permissions, key: q, optional: true}}}`,
  );
  expect(synthesize(documents(shared, config), PASS).map(({ kind }) => kind)).not.toContain('Role');
});

test('folders', () => {
  const objects = synthesize(serverOf('ledger', 'fileSystem: {write: [/tmp]}'));
  expect(only(objects, 'Deployment').spec.template.spec.containers[0].volumeMounts).toMatchObject([
    { mountPath: '/tmp' },
  ]);
  expect(only(objects, 'MCPServer').spec.fileSystem).toEqual({ write: ['/tmp'] });
});

describe('in controller mode', () => {
  test("are the operator's", () => {
    const chart = controllerChart();
    const profile = {
      inline: { allow: [kube({ namespaces: ['ops'] }), { network: { allowHost: ['a.example.com'] } }] },
    };
    readInto(
      chart,
      documents(profiled(profile), serverOf('b', 'permissionProfile: {configMap: {name: elsewhere, key: a}}')),
    );
    expect(Testing.synth(chart).map(({ spec }) => spec.permissionProfile)).toEqual([
      profile,
      { configMap: { name: 'elsewhere', key: 'a' } },
    ]);
  });

  test.each<[string, string, string]>([
    [
      'rights in the whole cluster',
      allowing(kube({ clusterWide: true })),
      'spec.permissionProfile.inline.allow[0].kubeResources.clusterWide: got true: is a field of this library',
    ],
    [
      'rights by name',
      allowing(kube({ resourceNames: ['a'] })),
      'spec.permissionProfile.inline.allow[0].kubeResources.resourceNames: got ["a"]: is a field of this library',
    ],
    [
      'further targets',
      allowing({ network: { egress: [{ anywhere: true }] } }),
      'spec.permissionProfile.inline.allow[0].network.egress: got [{"anywhere":true}]: is a field of this library',
    ],
    [
      'two profiles',
      profiled({ builtin: 'full-access', inline: { allow: [kube({})] } }),
      'spec.permissionProfile: got {"builtin":"full-access"',
    ],
    [
      'folders',
      serverOf('ledger', 'fileSystem: {write: [/tmp]}'),
      'spec.fileSystem: got {"write":["/tmp"]}: is a field of this library',
    ],
  ])('%s are not', (_, text, expected) => {
    expect(faults(text, {}, controllerChart())).toEqual([expect.stringContaining(`${AT_SERVER} ${expected}`)]);
  });
});

describe('errors name the place', () => {
  test.each<[string, string, string[]]>([
    [
      'of a verb',
      allowing(kube({ verbs: ['get', 'gte'] })),
      ['spec.permissionProfile.inline.allow[0].kubeResources.verbs[1]: got "gte": is not a verb of Kubernetes'],
    ],
    [
      'of a resource of the cluster',
      allowing({ network: { allowHost: ['a.finance.svc'] } }, kube({ resources: ['nodes'] })),
      ['spec.permissionProfile.inline.allow[1].kubeResources.resources[0]: got "nodes": belongs to no namespace'],
    ],
    [
      'of a group',
      allowing(kube({ apiGroups: ['apps/v1'] })),
      ['spec.permissionProfile.inline.allow[0].kubeResources.apiGroups[0]: got "apps/v1": is not an API group'],
    ],
    [
      'of a namespace',
      allowing(kube({ namespaces: ['Ops'] })),
      ['spec.permissionProfile.inline.allow[0].kubeResources.namespaces[0]: got "Ops": is not a namespace name'],
    ],
    [
      'of a host',
      allowing({ network: { allowHost: ['https://a'] } }),
      ['spec.permissionProfile.inline.allow[0].network.allowHost[0]: got "https://a": is a URL'],
    ],
    [
      'of a range',
      allowing({ network: { allowCIDR: ['10.0.0.0/40'] } }),
      ['spec.permissionProfile.inline.allow[0].network.allowCIDR[0]: got "10.0.0.0/40": is not a CIDR'],
    ],
    [
      'of a target',
      allowing({ network: { egress: [{ host: 'a', cidr: '10.0.0.0/8' }] } }),
      ['spec.permissionProfile.inline.allow[0].network.egress[0]: got ["cidr","host"]: names no target, or several'],
    ],
    [
      'of a range of ports',
      allowing({ network: { egress: [{ host: 'a.finance.svc', ports: [{ port: 9, endPort: 8 }] }] } }),
      ['spec.permissionProfile.inline.allow[0].network.egress[0].ports[0].endPort: got 8: is below port'],
    ],
    [
      'of a selector',
      allowing({ network: { egress: [{ pods: { allNamespaces: true, namespaces: ['a'] } }] } }),
      [
        'spec.permissionProfile.inline.allow[0].network.egress[0].pods: got {"allNamespaces":true,"namespaces":["a"]}: chooses namespaces in several ways',
      ],
    ],
    [
      'of a server',
      allowing({ network: { egress: [{ server: { kind: 'ClusterMCPServer', name: 'a', namespace: 'b' } }] } }),
      [
        'spec.permissionProfile.inline.allow[0].network.egress[0].server.namespace: got "b": is given, but a ClusterMCPServer',
      ],
    ],
    ['of a grant that is none', allowing({}), ['spec.permissionProfile.inline.allow[0]: got {}: grants nothing']],
    [
      'of a field',
      allowing({ kubResources: {} }),
      ['spec.permissionProfile.inline.allow[0].kubResources: got {}: is not a field here. Write kubeResources'],
    ],
    [
      'of a profile that is none',
      profiled({ builtin: 'cluster-admin' }),
      [
        'spec.permissionProfile.builtin: got "cluster-admin": is not a profile. Write one of none, network-only, full-access',
      ],
    ],
    [
      'of two profiles',
      profiled({ builtin: 'none', configMap: { name: 'a', key: 'b' } }),
      ['spec.permissionProfile: got ["builtin","configMap"]: are set together, and exclude each other'],
    ],
    [
      'of rights beside none',
      profiled({ builtin: 'none', inline: { allow: [kube({})] } }),
      ['spec.permissionProfile.inline: got {"allow":[{"kubeResources"'],
    ],
    [
      'of a ConfigMap that is not there',
      profiled({ configMap: { name: 'a', key: 'b' } }),
      [
        'spec.permissionProfile.configMap.name: got "a": there is no ConfigMap finance/a in the manifest, and no other ConfigMap',
      ],
    ],
    [
      'of a folder',
      serverOf('ledger', 'fileSystem: {write: [/proc]}'),
      ['spec.fileSystem.write[0]: got "/proc": is a view of the kernel'],
    ],
  ])('%s', (_, text, expected) => {
    expect(faults(text)).toEqual(expected.map(line => expect.stringContaining(`${AT_SERVER} ${line}`)));
  });

  test('of a ConfigMap, with what is wrong in it', () => {
    const config =
      'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: permissions, namespace: finance}\ndata: {p: "allow: 1"}\n';
    expect(faults(documents(profiled({ configMap: { name: 'permissions', key: 'p' } }), config), PASS)).toEqual([
      `${AT_SERVER} spec.permissionProfile.configMap: got 1: [p].allow: is not a list. Write a list.`,
    ]);
  });

  test('of a remote server, for which nothing runs', () => {
    expect(
      faults(
        documentOf(
          'MCPServer',
          'ledger',
          '{remote: {url: "https://a.example.com"}, permissionProfile: {builtin: none}}',
        ),
      ),
    ).toEqual([
      expect.stringContaining('spec.permissionProfile: got {"builtin":"none"}: is given for a remote server'),
    ]);
  });
});

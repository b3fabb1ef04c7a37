import { ApiObject, JsonPatch, Size } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import {
  AllowedNamespaces,
  ClusterMcpServer,
  McpDiagnostics,
  McpGateway,
  McpServer,
  McpServerProps,
  McpServerSource,
  McpSessions,
  Reconciliation,
} from '../../src';
import { containerOf, find, messageOf, namesOf, newChart, podOf, synth } from '../support/synth';
import { Manifest, validateObjects } from '../support/validate';

const source = McpServerSource.image('ghcr.io/acme/notes-mcp:1.4.0');
const { READ_WRITE_MANY, READ_WRITE_ONCE } = kplus.PersistentVolumeAccessMode;

/** A server that writes to a claim: one that the app makes with an access mode, or one that it only has the name of. */
function writing(mode: kplus.PersistentVolumeAccessMode | undefined, props: Partial<McpServerProps> = {}) {
  const chart = newChart();
  const claim =
    mode === undefined
      ? kplus.PersistentVolumeClaim.fromClaimName(chart, 'claim', 'notes')
      : new kplus.PersistentVolumeClaim(chart, 'claim', {
          metadata: { name: 'notes' },
          accessModes: [mode],
          storage: Size.gibibytes(1),
        });
  const server = new McpServer(chart, 'notes', { source, ...props });
  server.allowWrite('/data', { volume: kplus.Volume.fromPersistentVolumeClaim(chart, 'volume', claim) });
  return { chart, server };
}

const workload = (objects: readonly Manifest[]) =>
  objects.find(({ kind }) => kind === 'Deployment' || kind === 'StatefulSet')!;

const warningsOf = (server: McpServer) => McpDiagnostics.of(server).warnings.map(({ id }) => id);

describe('a claim that one pod writes to', () => {
  it('is let go by the old pod before the new one comes, and belongs to the program', () => {
    const { chart, server } = writing(READ_WRITE_ONCE, { user: 1000 });
    const objects = synth(chart);
    expect(validateObjects(objects)).toEqual([]);
    expect(workload(objects).spec.strategy).toEqual({ type: 'Recreate' });
    expect(podOf(workload(objects)).securityContext).toMatchObject({
      fsGroup: 1000,
      fsGroupChangePolicy: 'OnRootMismatch',
    });
    expect(warningsOf(server)).toEqual([]);
  });

  it('may be for one node where only its name is known', () => {
    const { chart, server } = writing(undefined);
    expect(workload(synth(chart)).spec.strategy).toEqual({ type: 'Recreate' });
    expect(warningsOf(server)).toEqual([]);
  });

  it('is shared while pods follow each other where many nodes may mount it', () => {
    const { chart } = writing(READ_WRITE_MANY);
    const { spec } = workload(synth(chart));
    expect(spec.strategy.type).toBe('RollingUpdate');
    // Of nobody is said whom the image runs as: any group will do, the program is in it.
    expect(spec.template.spec.securityContext.fsGroup).toBe(65532);
  });

  it('leaves alone a strategy that lets the old pod go first', () => {
    const { chart, server } = writing(READ_WRITE_ONCE);
    // Objects of cdk8s-plus have numbers that could be percentages as objects.
    const rollingUpdate = { maxSurge: { value: 0 }, maxUnavailable: { value: 1 } };
    ApiObject.of(server.deployment!).addJsonPatch(JsonPatch.replace('/spec/strategy/rollingUpdate', rollingUpdate));
    expect(workload(synth(chart)).spec.strategy).toEqual({
      type: 'RollingUpdate',
      rollingUpdate: { maxSurge: 0, maxUnavailable: 1 },
    });
  });

  it('belongs to whom the template of the user says', () => {
    const { chart } = writing(READ_WRITE_ONCE, { podTemplate: { spec: { securityContext: { fsGroup: 5 } } } });
    expect(podOf(workload(synth(chart))).securityContext.fsGroup).toBe(5);
  });
});

it('changes nothing for pods without a claim, nor for one that is only read', () => {
  const chart = newChart();
  const server = new McpServer(chart, 'notes', { source, fileSystem: { write: ['/tmp'] } });
  const claim = kplus.PersistentVolumeClaim.fromClaimName(chart, 'claim', 'notes');
  const volume = kplus.Volume.fromPersistentVolumeClaim(chart, 'volume', claim, { readOnly: true });
  server.allowRead('/data', volume);
  const { spec } = workload(synth(chart));
  expect(spec.strategy.type).toBe('RollingUpdate');
  expect(spec.template.spec.securityContext?.fsGroup).toBeUndefined();
});

describe('a claim that several pods write to', () => {
  const several: readonly [string, Partial<McpServerProps>][] = [
    ['replicas that keep sessions', { replicas: 3 }],
    ['replicas without sessions', { replicas: 3, sessions: McpSessions.STATELESS }],
    ['autoscaling', { autoscaling: { maxReplicas: 3 }, sessions: McpSessions.STATELESS }],
  ];

  it.each(several)('is refused where it is for one node: %s', (_, props) => {
    const { chart } = writing(READ_WRITE_ONCE, props);
    expect(messageOf(() => synth(chart))).toMatch(
      /finance\/notes\] volumes: got "notes": .*one node at a time.*volumeClaimTemplates/,
    );
  });

  it.each(several)('is taken where many nodes may mount it: %s', (_, props) => {
    const { chart, server } = writing(READ_WRITE_MANY, props);
    expect(validateObjects(synth(chart))).toEqual([]);
    expect(warningsOf(server)).toEqual([]);
  });

  it.each(several)('is warned of where only its name is known: %s', (_, props) => {
    const { chart, server } = writing(undefined, props);
    expect(validateObjects(synth(chart))).toEqual([]);
    expect(warningsOf(server)).toEqual(['claim-unknown']);
  });

  it('is seen in a template of the user, of servers and gateways', () => {
    const chart = newChart();
    new kplus.PersistentVolumeClaim(chart, 'claim', {
      metadata: { name: 'logs' },
      accessModes: [READ_WRITE_ONCE],
      storage: Size.gibibytes(1),
    });
    const volumes = [{ name: 'logs', persistentVolumeClaim: { claimName: 'logs' } }];
    new McpServer(chart, 'notes', { source, replicas: 2, podTemplate: { spec: { volumes } } });
    new McpGateway(chart, 'gateway', { replicas: 2, podTemplate: { spec: { volumes } } });
    const message = messageOf(() => synth(chart));
    expect(message).toContain('[finance/notes] volumes: got "logs"');
    expect(message).toContain('[finance/gateway] volumes: got "logs"');
  });
});

describe('a claim for each replica', () => {
  const volumeClaimTemplates = [{ path: '/data', storage: Size.gibibytes(10), storageClass: 'fast' }];

  it.each([
    ['one that keeps sessions', {}],
    ['several that keep sessions', { replicas: 3 }],
    ['one without sessions', { sessions: McpSessions.STATELESS }],
  ])('comes with the replicas of a StatefulSet: %s', (_, props) => {
    const chart = newChart();
    const server = new McpServer(chart, 'notes', { source, user: 1000, volumeClaimTemplates, ...props });
    const objects = synth(chart);
    expect(validateObjects(objects)).toEqual([]);
    expect(namesOf(objects).filter(name => /Deployment|StatefulSet|Service /.test(name))).toEqual([
      'Service notes',
      'Service notes-replicas',
      'StatefulSet notes',
    ]);
    const statefulSet = find(objects, 'StatefulSet');
    expect(statefulSet.spec.volumeClaimTemplates).toEqual([
      {
        apiVersion: 'v1',
        kind: 'PersistentVolumeClaim',
        metadata: { name: 'data' },
        spec: {
          accessModes: ['ReadWriteOnce'],
          resources: { requests: { storage: '10Gi' } },
          storageClassName: 'fast',
          volumeMode: 'Filesystem',
        },
      },
    ]);
    expect(containerOf(statefulSet).volumeMounts).toContainEqual({ mountPath: '/data', name: 'data' });
    expect(podOf(statefulSet).securityContext.fsGroup).toBe(1000);
    expect(warningsOf(server)).toEqual([]);
  });

  it('is called by the same address as before', () => {
    const plain = new McpServer(newChart(), 'notes', { source });
    expect(new McpServer(newChart(), 'notes', { source, volumeClaimTemplates }).url).toBe(plain.url);
  });

  it('is scaled with the replicas', () => {
    const chart = newChart();
    new McpServer(chart, 'notes', {
      source,
      volumeClaimTemplates,
      sessions: McpSessions.STATELESS,
      autoscaling: { maxReplicas: 4 },
    });
    const objects = synth(chart);
    expect(validateObjects(objects)).toEqual([]);
    expect(find(objects, 'HorizontalPodAutoscaler').spec.scaleTargetRef).toMatchObject({
      kind: 'StatefulSet',
      name: 'notes',
    });
    expect(find(objects, 'StatefulSet').spec.replicas).toBeUndefined();
  });

  it('is a folder that the server may write, and has no volume in the resource, which has no field for claims', () => {
    const chart = newChart();
    new McpServer(chart, 'notes', { source, volumeClaimTemplates, fileSystem: { write: ['/tmp'] } });
    const { spec } = find(synth(chart), 'MCPServer');
    expect(spec.fileSystem).toEqual({ write: ['/data', '/tmp'] });
    const [container] = spec.hosted.podSpec.spec.containers;
    expect(container.volumeMounts.map(({ mountPath }: Manifest) => mountPath)).toEqual(['/tmp']);
  });

  it('works for shared servers', () => {
    const chart = newChart();
    const workloadNamespace = 'tools';
    new ClusterMcpServer(chart, 'notes', {
      source,
      workloadNamespace,
      allowedNamespaces: AllowedNamespaces.all(),
      volumeClaimTemplates,
    });
    expect(find(synth(chart), 'StatefulSet').spec.volumeClaimTemplates).toHaveLength(1);
  });

  it.each<[string, Partial<McpServerProps>, RegExp]>([
    ['a path that is none', { volumeClaimTemplates: [{ path: 'data', storage: Size.gibibytes(1) }] }, /\[0\]\.path/],
    [
      'two of one name',
      {
        volumeClaimTemplates: [
          { path: '/a', storage: Size.gibibytes(1) },
          { path: '/b', storage: Size.gibibytes(1) },
        ],
      },
      /volumeClaimTemplates\[1\]\.name: got "data": is the name of an earlier one/,
    ],
    [
      'two in one folder',
      {
        volumeClaimTemplates: [
          { path: '/a', storage: Size.gibibytes(1) },
          { path: '/a', name: 'b', storage: Size.gibibytes(1) },
        ],
      },
      /volumeClaimTemplates\[1\]\.path: got "\/a": is mounted already/,
    ],
    [
      'a name that is none',
      { volumeClaimTemplates: [{ path: '/a', name: 'A_1', storage: Size.gibibytes(1) }] },
      /name: got "A_1": is not a name of a volume/,
    ],
    ['no room', { volumeClaimTemplates: [{ path: '/a', storage: Size.gibibytes(0) }] }, /storage: got "0.*no room/],
    [
      'a folder that is empty besides',
      { volumeClaimTemplates, fileSystem: { write: ['/data'] } },
      /fileSystem\.write\[0\]: got "\/data": is mounted already/,
    ],
    [
      'a remote server',
      { volumeClaimTemplates, source: McpServerSource.remote('https://mcp.example.com/mcp') },
      /volumeClaimTemplates: .*remote server/,
    ],
    [
      'a name that is too long for the revisions of a StatefulSet',
      { volumeClaimTemplates, name: 'n'.repeat(60) },
      /name/,
    ],
  ])('is refused with %s', (_, props, message) => {
    expect(messageOf(() => new McpServer(newChart(), 'notes', { source, ...props }))).toMatch(message);
  });

  it('is refused where an operator makes the pods', () => {
    const chart = newChart();
    Reconciliation.CONTROLLER.applyTo(chart);
    expect(messageOf(() => new McpServer(chart, 'notes', { source, volumeClaimTemplates }))).toMatch(
      /volumeClaimTemplates: .*Reconciliation\.RENDERED/,
    );
  });
});

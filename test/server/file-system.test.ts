import { Size } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { McpServer, McpServerProps, McpServerSource, Reconciliation } from '../../src';
import { Synthesis } from '../../src/synthesis/synthesis';
import { containerOf, find, messageOf, newChart, podOf, synth } from '../support/synth';
import { Manifest, validateObjects } from '../support/validate';

const source = McpServerSource.image('ghcr.io/acme/ledger-mcp:1.4.0');

function server(rest: Partial<McpServerProps> = {}, chart = newChart()) {
  return { chart, server: new McpServer(chart, 'ledger', { source, ...rest }) };
}

function workloadOf(chart: ReturnType<typeof newChart>): {
  container: Manifest;
  volumes: Manifest[];
  resource: Manifest;
} {
  const objects = synth(chart);
  expect(validateObjects(objects)).toEqual([]);
  const deployment = find(objects, 'Deployment');
  return {
    container: containerOf(deployment),
    volumes: podOf(deployment).volumes ?? [],
    resource: find(objects, 'MCPServer'),
  };
}

/** Paths with what is mounted there. */
function mountsOf({ container, volumes }: { container: Manifest; volumes: Manifest[] }): string[] {
  return (container.volumeMounts ?? []).map(({ mountPath, name, readOnly }: Manifest) => {
    const { name: _, ...volume } = volumes.find(candidate => candidate.name === name)!;
    return `${mountPath} ${JSON.stringify(volume)}${readOnly ? ' ro' : ''}`;
  });
}

const claimOf = (chart: ReturnType<typeof newChart>, name: string): kplus.Volume =>
  kplus.Volume.fromPersistentVolumeClaim(
    chart,
    name,
    kplus.PersistentVolumeClaim.fromClaimName(chart, `${name}-claim`, name),
    { name },
  );

it('mounts an empty volume for each folder that may be written, and keeps the root read-only', () => {
  const { chart, server: ledger } = server({ fileSystem: { write: ['/var/lib/ledger'] } });
  ledger.allowWrite('/tmp', { sizeLimit: Size.gibibytes(1) });
  const found = workloadOf(chart);
  expect(found.container.securityContext.readOnlyRootFilesystem).toBe(true);
  expect(mountsOf(found)).toEqual([
    '/tmp {"emptyDir":{"sizeLimit":"1Gi"}}',
    '/var/lib/ledger {"emptyDir":{"sizeLimit":"256Mi"}}',
  ]);
  expect(found.resource.spec.fileSystem).toEqual({ write: ['/tmp', '/var/lib/ledger'] });
  expect(Synthesis.of(chart).compile().topology.servers[0].permissions!.fileSystem).toEqual({
    read: [],
    write: ['/tmp', '/var/lib/ledger'],
  });
});

it('makes the same of calls in any order, and of one that is made twice', () => {
  const written = (folders: readonly string[]) => {
    const { chart, server: ledger } = server();
    folders.forEach(folder => ledger.allowWrite(folder));
    return mountsOf(workloadOf(chart));
  };
  expect(written(['/b', '/a', '/c', '/a'])).toEqual(written(['/c', '/a', '/b']));
});

it("writes to a volume of the user's, and reads from one", () => {
  const { chart, server: ledger } = server();
  ledger.allowWrite('/data', { volume: claimOf(chart, 'books') });
  ledger.allowRead('/etc/ledger', claimOf(chart, 'rules'));
  const found = workloadOf(chart);
  expect(mountsOf(found)).toEqual(
    [
      '/data {"persistentVolumeClaim":{"claimName":"books"}}',
      '/etc/ledger {"persistentVolumeClaim":{"claimName":"rules"}} ro',
    ].map(line => line.replace('"}}', '","readOnly":false}}').replace(',"readOnly":false', '')),
  );
  expect(found.resource.spec.fileSystem).toEqual({ read: ['/etc/ledger'], write: ['/data'] });
});

it('takes a volume that is mounted read-only for one that is read', () => {
  const chart = newChart();
  server(
    {
      fileSystem: { read: ['/rules'] },
      volumeMounts: [{ path: '/rules', volume: claimOf(chart, 'rules'), readOnly: true }],
    },
    chart,
  );
  expect(workloadOf(chart).resource.spec.fileSystem).toEqual({ read: ['/rules'] });
});

it('takes the volume of a pod template for the one to write to', () => {
  const { chart } = server({
    fileSystem: { write: ['/data', '/tmp'] },
    podTemplate: {
      spec: {
        containers: [{ name: 'mcp-server', volumeMounts: [{ mountPath: '/data', name: 'own' }] }],
        volumes: [{ name: 'own', emptyDir: { medium: 'Memory' } }],
      },
    },
  });
  expect(mountsOf(workloadOf(chart))).toEqual([
    '/tmp {"emptyDir":{"sizeLimit":"256Mi"}}',
    '/data {"emptyDir":{"medium":"Memory"}}',
  ]);
});

it('is in the pod template alone in controller mode', () => {
  const chart = newChart();
  Reconciliation.CONTROLLER.applyTo(chart);
  new McpServer(chart, 'ledger', { source, fileSystem: { write: ['/data'] } });
  const { spec } = find(synth(chart), 'MCPServer');
  expect(spec).not.toHaveProperty('fileSystem');
  expect(spec.hosted.podSpec.spec.containers[0].volumeMounts).toMatchObject([{ mountPath: '/data' }]);
});

describe('refuses', () => {
  it.each<[string, string, string]>([
    ['the root', '/', 'holds what the image needs to run'],
    ['the programs of the image', '/usr/bin', 'holds what the image needs to run'],
    ['a path that is not absolute', 'data', 'is not a path of a folder'],
    ['a path with dots', '/data/../etc', 'is not a path of a folder'],
    ['a path that ends with a slash', '/data/', 'is not a path of a folder'],
    ['a path with a colon', '/da:ta', 'is not a path of a folder'],
    ['processes', '/proc/1', 'is a view of the kernel'],
    ['devices', '/dev', 'is a view of the kernel'],
    ['the token', '/var/run/secrets/kubernetes.io/serviceaccount', 'is where Kubernetes mounts the token'],
  ])('%s', (_, folder, problem) => {
    expect(messageOf(() => server({ fileSystem: { write: [folder] } }))).toContain(
      `[finance/ledger] fileSystem.write[0]: got "${folder}": ${problem}`,
    );
    expect(messageOf(() => server().server.allowWrite(folder))).toContain(
      `[finance/ledger] path: got "${folder}": ${problem}`,
    );
  });

  it('shared memory not', () => {
    expect(() => server().server.allowWrite('/dev/shm')).not.toThrow();
  });

  it.each<[string, McpServerProps['fileSystem'] & object, string]>([
    ['a folder twice', { write: ['/a', '/a'] }, 'fileSystem.write[1]: got "/a": is mounted already'],
    [
      'a folder in another',
      { write: ['/a', '/a/b'] },
      'fileSystem.write[1]: got "/a/b": is inside /a, where a volume is mounted already',
    ],
    [
      'a folder around another',
      { write: ['/a/b', '/a'] },
      'fileSystem.write[1]: got "/a": is around /a/b, which is mounted by itself',
    ],
    [
      'a folder that is read and written',
      { read: ['/a'], write: ['/a'] },
      'fileSystem.read[0]: got "/a": is written too',
    ],
  ])('%s', (_, fileSystem, expected) => {
    expect(messageOf(() => server({ fileSystem }))).toContain(expected);
  });

  it('a folder where something is mounted', () => {
    const chart = newChart();
    const volumeMounts = [{ path: '/data', volume: claimOf(chart, 'books') }];
    expect(messageOf(() => server({ fileSystem: { write: ['/data'] }, volumeMounts }, chart))).toContain(
      'fileSystem.write[0]: got "/data": is mounted already. Drop it if the volume there is the one to write to',
    );
    expect(messageOf(() => server({ volumeMounts }).server.allowWrite('/data/a'))).toContain(
      'path: got "/data/a": is inside /data',
    );
    expect(messageOf(() => server({ volumeMounts }).server.allowRead('/data', claimOf(newChart(), 'books')))).toContain(
      'path: got "/data": is mounted already',
    );
    expect(
      messageOf(() => server({ source: McpServerSource.npx('a@1.0.0'), fileSystem: { write: ['/tmp'] } })),
    ).toContain('fileSystem.write[0]: got "/tmp": is mounted already');
    expect(
      messageOf(() => server({ source: McpServerSource.npx('a@1.0.0') }).server.allowWrite('/mcp-adapter')),
    ).toContain('path: got "/mcp-adapter": is mounted already');
  });

  it('to read a volume around another, in which there may be no place for it', () => {
    const chart = newChart();
    const volumeMounts = [{ path: '/data/books', volume: claimOf(chart, 'books') }];
    expect(messageOf(() => server({ volumeMounts }, chart).server.allowRead('/data', claimOf(chart, 'all')))).toContain(
      'path: got "/data": is around /data/books, which is mounted by itself',
    );
  });

  it('to write where a template mounts for reading', () => {
    const containers = [{ name: 'mcp-server', volumeMounts: [{ mountPath: '/data', name: 'x', readOnly: true }] }];
    const { chart } = server({
      fileSystem: { write: ['/data'] },
      podTemplate: { spec: { containers, volumes: [{ name: 'x', emptyDir: {} }] } },
    });
    expect(messageOf(() => synth(chart))).toContain(
      'fileSystem.write: got "/data": is mounted read-only by the pod template',
    );
  });

  it('to read where there is no volume, or one that is written', () => {
    const chart = newChart();
    server(
      {
        fileSystem: { read: ['/usr/share/rules', '/books'] },
        volumeMounts: [{ path: '/books', volume: claimOf(chart, 'books') }],
      },
      chart,
    );
    const message = messageOf(() => synth(chart));
    expect(message).toContain(
      'fileSystem.read: got "/usr/share/rules": has no volume, and the files of the image are readable anyway',
    );
    expect(message).toContain('fileSystem.read: got "/books": is on a volume that is mounted for writing');
  });

  it('two sizes of one folder, and the size of a volume that is given', () => {
    const { chart, server: ledger } = server({ fileSystem: { write: ['/data'] } });
    expect(messageOf(() => ledger.allowWrite('/data', { sizeLimit: Size.mebibytes(1) }))).toContain(
      'path: got "/data": is mounted already',
    );
    expect(
      messageOf(() => ledger.allowWrite('/x', { sizeLimit: Size.mebibytes(1), volume: claimOf(chart, 'x') })),
    ).toContain('sizeLimit: got "1Mi": is a limit of empty volumes');
  });

  it('folders of a server that runs elsewhere', () => {
    const remote = McpServerSource.remote('https://mcp.crm.example.com/mcp');
    expect(messageOf(() => server({ source: remote }).server.allowWrite('/data'))).toContain(
      'fileSystem.write: got "(given)": is given for a remote server',
    );
    expect(messageOf(() => server({ source: remote, fileSystem: {} }))).toContain(
      'fileSystem: got {}: is given for a remote server',
    );
  });
});

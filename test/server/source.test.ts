import * as kplus from 'cdk8s-plus-28';
import { parse } from 'yaml';
import { McpPackageOptions, McpServer, McpServerProps, McpServerSource, McpSessions, McpTransport } from '../../src';
import { containerOf, find, messageOf, newChart, podOf, synth } from '../support/synth';
import { Manifest, validateObjects } from '../support/validate';

/** The workload of a server with a source, and its resource. */
function host(
  source: McpServerSource,
  rest: Partial<McpServerProps> = {},
): { workload: Manifest; container: Manifest; spec: Manifest; objects: Manifest[]; url: string } {
  const chart = newChart();
  const server = new McpServer(chart, 'ledger', { source, ...rest });
  const objects = synth(chart);
  expect(validateObjects(objects)).toEqual([]);
  const workload = find(objects, 'Deployment');
  return {
    workload,
    container: containerOf(workload),
    spec: find(objects, 'MCPServer').spec,
    objects,
    url: server.url,
  };
}

/** The command line that the adapter of a stdio server starts. */
function startedBy(objects: readonly Manifest[]): string[] {
  const [text] = Object.values<string>(find(objects, 'ConfigMap', 'ledger-stdio-adapter').data);
  const { cmd, args } = parse(text).binds[0].listeners[0].routes[0].backends[0].mcp.targets[0].stdio;
  return [cmd, ...(args ?? [])];
}

describe('an image', () => {
  it('listens on 8080 at /mcp by default', () => {
    const { container, spec, objects, url } = host(McpServerSource.image('ghcr.io/acme/ledger-mcp:1.4.0'));
    expect(container).toMatchObject({
      name: 'mcp-server',
      image: 'ghcr.io/acme/ledger-mcp:1.4.0',
      ports: [{ containerPort: 8080, name: 'http' }],
    });
    expect([container.command, container.args]).toEqual([undefined, undefined]);
    expect(spec).toMatchObject({ transport: 'streamable-http', port: 8080, path: '/mcp', sessions: 'stateful' });
    expect(find(objects, 'Service').spec.ports).toEqual([{ name: 'http', port: 8080, targetPort: 8080 }]);
    expect(url).toBe('http://ledger.finance.svc:8080/mcp');
  });

  it('may listen elsewhere; the Service still answers on 8080', () => {
    const { container, spec, objects, url } = host(
      McpServerSource.image('acme/ledger:1', { port: 3000, path: '/api', command: ['serve'], args: ['-v'] }),
    );
    expect(container).toMatchObject({
      command: ['serve'],
      args: ['-v'],
      ports: [{ containerPort: 3000, name: 'http' }],
      readinessProbe: { tcpSocket: { port: 3000 } },
    });
    expect(spec).toMatchObject({ port: 3000, path: '/api' });
    expect(find(objects, 'Service').spec.ports).toEqual([{ name: 'http', port: 8080, targetPort: 3000 }]);
    expect(url).toBe('http://ledger.finance.svc:8080/api');
  });

  it('answers at /sse when it speaks SSE', () => {
    const { spec, url } = host(McpServerSource.image('acme/ledger:1', { transport: McpTransport.SSE }));
    expect(spec).toMatchObject({ transport: 'sse', path: '/sse' });
    expect(url).toBe('http://ledger.finance.svc:8080/sse');
  });

  it.each([
    ['acme/ledger:1.4.0', 'IfNotPresent'],
    ['acme/ledger@sha256:0123456789abcdef', 'IfNotPresent'],
    ['registry:5000/acme/ledger', 'Always'],
    ['acme/ledger:latest', 'Always'],
    ['acme/ledger', 'Always'],
  ])('%s is pulled %s', (image, policy) => {
    expect(host(McpServerSource.image(image)).container.imagePullPolicy).toBe(policy);
  });
});

describe('a stdio program', () => {
  const { container, workload, objects, spec } = host(
    McpServerSource.command('acme/tools:2', ['/usr/bin/tools', '--stdio'], { writablePaths: ['/data'] }),
  );

  it('runs behind an adapter that an init container brings', () => {
    const [init] = podOf(workload).initContainers;
    expect(init.volumeMounts).toHaveLength(1);
    expect(container.volumeMounts).toContainEqual({
      mountPath: init.volumeMounts[0].mountPath,
      name: init.volumeMounts[0].name,
      readOnly: true,
    });
    expect(container.command.join(' ')).toContain(init.volumeMounts[0].mountPath);
    expect(container.image).toBe('acme/tools:2');
  });

  it('is started as the adapter is configured to', () => {
    expect(startedBy(objects)).toEqual(['/usr/bin/tools', '--stdio']);
    expect(podOf(workload).volumes).toContainEqual(
      expect.objectContaining({ configMap: { name: 'ledger-stdio-adapter' } }),
    );
  });

  it('reads variables in its arguments, as any container does', () => {
    const argumentsWith = (
      props: Partial<McpServerProps>,
      change: (server: McpServer) => void = () => {},
    ): string[] => {
      const chart = newChart();
      const args = ['$(DATABASE_URL)', '--dsn=$(DATABASE_URL)', '$$(DATABASE_URL)', '$(date)'];
      const source = McpServerSource.npx('@modelcontextprotocol/server-postgres@0.6.2', { args });
      change(new McpServer(chart, 'ledger', { source, ...props }));
      return startedBy(synth(chart)).slice(3);
    };
    const literal = ['$$(DATABASE_URL)', '--dsn=$$(DATABASE_URL)', '$$(DATABASE_URL)', '$$(date)'];
    const value = ['${DATABASE_URL}', '--dsn=${DATABASE_URL}', '$$(DATABASE_URL)', '$$(date)'];
    const env = { DATABASE_URL: kplus.EnvValue.fromValue('postgres://db') };
    const envFrom = [kplus.Env.fromSecret(kplus.Secret.fromSecretName(newChart(), 'db', 'db'))];
    expect(argumentsWith({})).toEqual(literal);
    expect(argumentsWith({ env })).toEqual(value);
    expect(argumentsWith({ envFrom })).toEqual(value);
    expect(argumentsWith({}, server => server.container!.env.addVariable('DATABASE_URL', env.DATABASE_URL))).toEqual(
      value,
    );
    const template = { name: 'mcp-server', env: [{ name: 'DATABASE_URL', value: 'postgres://db' }] };
    expect(argumentsWith({ podTemplate: { spec: { containers: [template] } } })).toEqual(value);
  });

  it('answers streamable HTTP, and the resource says so', () => {
    expect(spec).toMatchObject({ transport: 'streamable-http', port: 8080, path: '/mcp', sessions: 'stateful' });
    expect(container.ports).toMatchObject([{ containerPort: 8080, name: 'http' }]);
    expect(container.readinessProbe.httpGet.path).toBe('/healthz/ready');
  });

  it('may write to the folders that it names, and to nothing else', () => {
    expect(container.securityContext.readOnlyRootFilesystem).toBe(true);
    expect(container.volumeMounts).toContainEqual({ mountPath: '/data', name: 'scratch-0' });
    expect(podOf(workload).volumes).toContainEqual({ name: 'scratch-0', emptyDir: { sizeLimit: '256Mi' } });
  });
});

describe('a package', () => {
  it.each<[string, McpServerSource, string[]]>([
    [
      'npx',
      McpServerSource.npx('kubernetes-mcp-server@0.0.50', { args: ['--read-only'] }),
      ['npx', '--yes', 'kubernetes-mcp-server@0.0.50', '--read-only'],
    ],
    ['npx, of a scope', McpServerSource.npx('@acme/tools@1.2.3-rc.1'), ['npx', '--yes', '@acme/tools@1.2.3-rc.1']],
    [
      'npx, another program',
      McpServerSource.npx('acme-tools@1.2.3', { program: 'serve', args: ['-v'] }),
      ['npx', '--yes', '--package=acme-tools@1.2.3', 'serve', '-v'],
    ],
    ['uvx', McpServerSource.uvx('mcp-server-git@2025.9.25'), ['uvx', 'mcp-server-git@2025.9.25']],
    [
      'uvx, with extras',
      McpServerSource.uvx('markitdown-mcp[all, pdf]==0.1.0'),
      ['uvx', '--from', 'markitdown-mcp[all,pdf]==0.1.0', 'markitdown-mcp'],
    ],
    [
      'uvx, with extras of another program',
      McpServerSource.uvx('fastmcp[cli]@2.0.0', { program: 'fast', args: ['run'] }),
      ['uvx', '--from', 'fastmcp[cli]==2.0.0', 'fast', 'run'],
    ],
    ['uvx, with an epoch', McpServerSource.uvx('tools==1!2.0'), ['uvx', '--from', 'tools==1!2.0', 'tools']],
    ['npx, of a build', McpServerSource.npx('tools@1.2.3+build.5'), ['npx', '--yes', 'tools@1.2.3+build.5']],
    [
      'uvx, as pip writes it',
      McpServerSource.uvx('mcp-server-git==2025.9.25', { args: ['-v'] }),
      ['uvx', 'mcp-server-git@2025.9.25', '-v'],
    ],
    [
      'uvx, another program',
      McpServerSource.uvx('acme-tools@1.0', { program: 'serve' }),
      ['uvx', '--from', 'acme-tools==1.0', 'serve'],
    ],
  ])('is run by %s', (_, source, command) => {
    expect(startedBy(host(source).objects)).toEqual(command);
  });

  it.each<[string, McpServerSource]>([
    ['npx', McpServerSource.npx('a@1.0.0')],
    ['uvx', McpServerSource.uvx('a@1.0.0')],
  ])('of %s has its caches on emptyDirs, for a user other than root', (_, source) => {
    const { container, workload } = host(source);
    const env = Object.fromEntries(container.env.map((variable: Manifest) => [variable.name, variable.value]));
    const folders = container.volumeMounts
      .filter((mount: Manifest) =>
        podOf(workload).volumes.some(
          (volume: Manifest) => volume.name === mount.name && volume.emptyDir !== undefined && !mount.readOnly,
        ),
      )
      .map((mount: Manifest) => mount.mountPath);
    const caches = Object.entries(env)
      .filter(([name]) => /CACHE|TOOL_DIR|HOME/.test(name))
      .map(([, folder]) => folder as string);
    expect(caches.length).toBeGreaterThan(1);
    expect(
      caches.filter(
        folder => !folders.some((mounted: string) => folder === mounted || folder.startsWith(`${mounted}/`)),
      ),
    ).toEqual([]);
    expect(container.securityContext).toMatchObject({
      readOnlyRootFilesystem: true,
      runAsNonRoot: true,
      runAsUser: 1000,
    });
    expect(container.resources).toMatchObject({ requests: { memory: '256Mi' }, limits: { memory: '1Gi' } });
  });

  it.each<[string, McpServerSource, object]>([
    [
      'npx',
      McpServerSource.npx('a@1.0.0', { transport: McpTransport.STREAMABLE_HTTP, args: ['http'] }),
      { command: ['npx', '--yes', 'a@1.0.0', 'http'], port: 8080, transport: 'streamable-http', path: '/mcp' },
    ],
    [
      'npx, SSE elsewhere',
      McpServerSource.npx('a@1.0.0', { transport: McpTransport.SSE, port: 3001 }),
      { command: ['npx', '--yes', 'a@1.0.0'], port: 3001, transport: 'sse', path: '/sse' },
    ],
    [
      'uvx',
      McpServerSource.uvx('a@1.0.0', { transport: McpTransport.STREAMABLE_HTTP, path: '/' }),
      { command: ['uvx', 'a@1.0.0'], port: 8080, transport: 'streamable-http', path: '/' },
    ],
    [
      'its image',
      McpServerSource.npx('a@1.0.0', {
        transport: McpTransport.STREAMABLE_HTTP,
        image: 'acme/a:1',
        preinstalled: true,
        args: ['http'],
      }),
      { command: ['a', 'http'], port: 8080, transport: 'streamable-http', path: '/mcp' },
    ],
  ])('that listens by itself is run by %s without the adapter', (_, source, { command, port, ...spoken }: Manifest) => {
    const { container, workload, spec, objects } = host(source);
    expect(container).toMatchObject({
      command,
      ports: [{ containerPort: port, name: 'http' }],
      startupProbe: { tcpSocket: { port } },
      readinessProbe: { tcpSocket: { port } },
      livenessProbe: { tcpSocket: { port } },
    });
    expect(spec).toMatchObject({ port, ...spoken });
    expect(container.securityContext).toMatchObject({
      readOnlyRootFilesystem: true,
      runAsNonRoot: true,
      runAsUser: 1000,
    });
    expect(podOf(workload).initContainers).toBeUndefined();
    expect(objects.filter(({ kind }) => kind === 'ConfigMap')).toEqual([]);
  });

  it('that listens by itself may have several replicas', () => {
    expect(
      host(McpServerSource.npx('a@1.0.0', { transport: McpTransport.STREAMABLE_HTTP }), {
        replicas: 2,
        sessions: McpSessions.STATELESS,
      }).workload.spec.replicas,
    ).toBe(2);
  });

  it.each<[string, McpPackageOptions]>([
    ['port', { port: 3001 }],
    ['path', { path: '/api', transport: McpTransport.STDIO }],
  ])('has no %s over standard input and output', (property, options) => {
    expect(messageOf(() => McpServerSource.npx('a@1.0.0', options))).toContain(
      `${property}: got ${JSON.stringify(Object.values(options)[0])}: is given for a program that speaks over standard input and output. Drop it, or name the transport`,
    );
    expect(messageOf(() => McpServerSource.uvx('a@1.0.0', options))).toContain(property);
  });

  it('that listens by itself has a port and a path that are some', () => {
    expect(
      messageOf(() => McpServerSource.npx('a@1.0.0', { transport: McpTransport.SSE, port: 0, path: 'sse' })),
    ).toMatch(/port: got 0[^]*path: got "sse"/);
  });

  it.each(['kubernetes-mcp-server', 'a@latest', 'a@^1.0.0', 'a@1', 'a@1.x', '@a/b', 'github:a/b#v1.0.0', 'a @1.0.0'])(
    'npx refuses %p, which is not pinned',
    spec => {
      expect(messageOf(() => McpServerSource.npx(spec))).toContain(
        `packageSpec: got ${JSON.stringify(spec)}: is not an npm package with an exact version. Write name@1.2.3`,
      );
    },
  );

  it.each(['mcp-server-git', 'a@latest', 'a>=1.0', 'a==1.*', 'a@', '-a@1.0'])(
    'uvx refuses %p, which is not pinned',
    spec => {
      expect(messageOf(() => McpServerSource.uvx(spec))).toContain('is not a Python package with an exact version');
    },
  );
});

describe('a remote server', () => {
  const pem = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';

  it('has nothing in the cluster but its resource', () => {
    const chart = newChart();
    const server = new McpServer(chart, 'crm', {
      source: McpServerSource.remote('https://mcp.crm.example.com/mcp?a=b', {
        tls: { caBundle: pem, serverName: 'crm' },
      }),
    });
    const objects = synth(chart);
    expect(validateObjects(objects)).toEqual([]);
    expect(objects.map(({ kind, spec }) => [kind, spec])).toEqual([
      [
        'MCPServer',
        {
          remote: { tls: { caBundle: pem, serverName: 'crm' }, url: 'https://mcp.crm.example.com/mcp?a=b' },
          sessions: 'stateful',
          transport: 'streamable-http',
        },
      ],
    ]);
    expect(server.url).toBe('https://mcp.crm.example.com/mcp?a=b');
    expect([server.container, server.deployment, server.statefulSet, server.service, server.serviceAccount]).toEqual(
      new Array(5).fill(undefined),
    );
  });

  it('may speak in the clear where that is said', () => {
    const chart = newChart();
    new McpServer(chart, 'crm', {
      source: McpServerSource.remote('http://mcp.intranet/mcp', { insecure: true, transport: McpTransport.SSE }),
    });
    expect(find(synth(chart), 'MCPServer').spec).toMatchObject({
      transport: 'sse',
      remote: { url: 'http://mcp.intranet/mcp' },
    });
  });
});

describe('a pod template', () => {
  const container = { name: 'mcp-server', image: 'acme/ledger:1' };

  it('is filled up, and keeps what it says', () => {
    const source = McpServerSource.podTemplate({
      metadata: { labels: { a: 'b' } },
      spec: {
        priorityClassName: 'high',
        containers: [
          { ...container, ports: [{ containerPort: 9000 }], securityContext: { readOnlyRootFilesystem: false } },
          { name: 'proxy', image: 'acme/proxy:1' },
        ],
      },
    });
    const { workload, container: merged, spec, objects } = host(source);
    expect(workload.spec.template.metadata.labels).toMatchObject({ a: 'b', 'app.kubernetes.io/name': 'ledger' });
    expect(podOf(workload)).toMatchObject({ priorityClassName: 'high', serviceAccountName: 'ledger' });
    expect(podOf(workload).containers.map(({ name }: Manifest) => name)).toEqual(['mcp-server', 'proxy']);
    expect(merged.securityContext).toMatchObject({ readOnlyRootFilesystem: false, allowPrivilegeEscalation: false });
    expect(merged.startupProbe.tcpSocket.port).toBe(9000);
    expect(spec.port).toBe(9000);
    expect(find(objects, 'Service').spec.ports[0].targetPort).toBe(9000);
  });

  it('of a stdio program runs its command behind the adapter', () => {
    const { container: merged, objects } = host(
      McpServerSource.podTemplate(
        { spec: { containers: [{ ...container, command: ['tools'], args: ['--stdio'] }] } },
        { transport: McpTransport.STDIO },
      ),
    );
    expect(merged.command).not.toContain('tools');
    expect(merged.args).toBeUndefined();
    expect(startedBy(objects)).toEqual(['tools', '--stdio']);
  });

  it('of a stdio program may have given the name of the port to another', () => {
    const { container: merged } = host(
      McpServerSource.podTemplate(
        {
          spec: { containers: [{ ...container, command: ['tools'], ports: [{ name: 'http', containerPort: 9000 }] }] },
        },
        { transport: McpTransport.STDIO },
      ),
    );
    expect(merged.ports.map(({ name, containerPort }: Manifest) => [name, containerPort])).toEqual([
      ['mcp', 8080],
      ['http', 9000],
    ]);
  });

  it('is left as it is by the library', () => {
    const template = Object.freeze({
      spec: Object.freeze({ containers: Object.freeze([Object.freeze({ ...container, command: ['tools'] })]) }),
    });
    host(McpServerSource.podTemplate(template, { transport: McpTransport.STDIO }));
    expect(template.spec.containers[0]).toEqual({ ...container, command: ['tools'] });
  });
});

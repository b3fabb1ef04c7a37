import { readFileSync } from 'fs';
import { join } from 'path';
import { App } from 'cdk8s';
import { describeWithApiServer } from './api-server';
import { Cluster, documentsOf, documentsOfApp, ownCrds, rewritten } from './cluster';
import { exampleNames, loadExample } from '../../scripts/demo/examples';
import { Manifest, describe as describeObject } from '../support/validate';

/**
 * A cluster changes from upstream's CRDs to ours and back, with resources in it: none is lost, broken or refused. And
 * those of upstream's CRDs that no API server takes.
 */

const UPSTREAM = join(__dirname, '..', '..', '..', 'shared', 'upstream', 'ome');
const upstreamCrd = (file: string): Manifest => documentsOf(readFileSync(join(UPSTREAM, file), 'utf8'))[0].object;

const UPSTREAM_CRDS = ['pr526/mcpservers.yaml', 'pr526/mcproutes.yaml'];

const resource = (kind: string, name: string, spec: object): Manifest => ({
  apiVersion: 'ome.io/v1alpha1',
  kind,
  metadata: { name, namespace: 'default' },
  spec,
});

/** Resources in upstream's words. Pods have no labels: upstream's CRDs do not keep them. */
const RESOURCES: readonly Manifest[] = [
  resource('MCPServer', 'hosted', {
    transport: 'streamable-http',
    hosted: {
      replicas: 2,
      podSpec: {
        spec: {
          containers: [
            {
              name: 'mcp-server',
              image: 'a:1',
              ports: [{ containerPort: 8080 }],
              resources: { limits: { memory: '1Gi', cpu: 1 } },
            },
          ],
        },
      },
    },
    permissionProfile: {
      inline: {
        allow: [
          { network: { allowHost: ['db.default.svc'] } },
          { kubeResources: { apiGroups: [''], resources: ['pods'], verbs: ['get'] } },
        ],
      },
    },
  }),
  resource('MCPServer', 'remote', {
    transport: 'sse',
    remote: { url: 'https://mcp.example.com' },
    permissionProfile: { builtin: 'none' },
  }),
  resource('MCPRoute', 'route', {
    backendRefs: [
      { serverRef: { name: 'hosted' }, weight: 90 },
      { serverRef: { name: 'remote' }, weight: 0 },
    ],
    matches: [{ toolMatch: { prefixMatch: 'db_' }, backendRefs: [{ serverRef: { name: 'hosted' } }] }],
    rateLimit: { limits: [{ dimension: 'user', requests: 10, unit: 'hour' }] },
  }),
];

describeWithApiServer('a real API server', server => {
  let cluster: Cluster;
  const before = new Map<string, Manifest>();

  const ok = async (answer: Promise<{ readonly status: number; readonly body: Manifest }>): Promise<Manifest> => {
    const { status, body } = await answer;
    expect(status < 300 ? '' : body.message).toBe('');
    return body;
  };
  const stored = (object: Manifest): Promise<Manifest> => ok(server().client.read(object));
  const install = (crds: readonly Manifest[]): Promise<void> => cluster.install(crds);

  beforeAll(async () => {
    cluster = new Cluster(server().client);
    await install(UPSTREAM_CRDS.map(upstreamCrd));
  });

  describe.each(RESOURCES.map((object): [string, Manifest] => [`${object.kind} ${object.metadata.name}`, object]))(
    '%s',
    (_, object) => {
      test("lives under upstream's CRDs", async () => {
        before.set(describeObject(object), await ok(server().client.create(object)));
      });
    },
  );

  describe('then, under ours,', () => {
    beforeAll(() => install(ownCrds()));

    test.each(RESOURCES.map((object): [string, Manifest] => [`${object.kind} ${object.metadata.name}`, object]))(
      '%s is what it was, and can be written',
      async (_, object) => {
        expect(rewritten(before.get(describeObject(object))!.spec, (await stored(object)).spec)).toEqual([]);
        await ok(server().client.apply({ ...object, metadata: { ...object.metadata, labels: { written: 'yes' } } }));
        expect(rewritten(object.spec, (await stored(object)).spec)).toEqual([]);
      },
    );

    test('a resource may say more', async () => {
      await ok(
        server().client.apply({
          ...RESOURCES[0],
          spec: { ...RESOURCES[0].spec, sessions: 'stateless', tools: [{ name: 'db_query' }] },
        }),
      );
    });
  });

  describe("then, under upstream's again,", () => {
    beforeAll(() => install(UPSTREAM_CRDS.map(upstreamCrd)));

    test.each(RESOURCES.map((object): [string, Manifest] => [`${object.kind} ${object.metadata.name}`, object]))(
      '%s is what it was, and can be written',
      async (_, object) => {
        expect(rewritten(before.get(describeObject(object))!.spec, (await stored(object)).spec)).toEqual([]);
        await ok(server().client.apply({ ...object, metadata: { ...object.metadata, labels: { written: 'again' } } }));
      },
    );
  });

  describe('what our examples emit', () => {
    // Examples share names: each gets namespaces of its own.
    const documents = exampleNames().flatMap(name => {
      const app = new App();
      loadExample(name).build(app);
      return documentsOfApp(app)
        .map(({ object }) => object)
        .filter(({ kind }) => ['MCPServer', 'MCPRoute'].includes(kind))
        .map((object): Manifest => ({
          ...object,
          metadata: { ...object.metadata, namespace: `${name}-${object.metadata.namespace}` },
        }))
        .map(object => ({ object, text: JSON.stringify(object) }));
    });
    let ours: ReadonlyMap<string, Manifest>;
    let theirs: ReadonlyMap<string, Manifest>;
    let oursAgain: ReadonlyMap<string, Manifest>;

    beforeAll(async () => {
      await install(ownCrds());
      await cluster.prepare(documents);
      expect(await cluster.apply(documents, new Map(), {})).toEqual([]);
      ours = await cluster.read(documents);
      await install(UPSTREAM_CRDS.map(upstreamCrd));
      theirs = await cluster.read(documents);
      await install(ownCrds());
      oursAgain = await cluster.read(documents);
    });

    test.each(documents.map(({ object }) => describeObject(object)))("survives upstream's CRDs: %s", key => {
      // What upstream does not know is not shown, and what it knows is.
      expect(theirs.get(key)!.spec).toBeDefined();
      expect(rewritten(theirs.get(key)!.spec, ours.get(key)!.spec)).toEqual([]);
      expect(oursAgain.get(key)).toEqual(ours.get(key));
    });
  });

  test.each(['sep2025/mcpgateways.yaml', 'sep2025/clustermcpgateways.yaml', 'sep2025/clustermcpservers.yaml'])(
    "refuses upstream's %s, as the design says",
    async file => {
      const { status } = await server().client.create(upstreamCrd(file));
      expect(status).toBe(422);
    },
  );
});

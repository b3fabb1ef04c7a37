import { App, Chart } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { describeWithApiServer } from './api-server';
import { Cluster, Document, INFERENCE_SERVICE_CRD, documentsOf, ecosystemCrds, ownCrds } from './cluster';
import { previousExamples } from './previous-commit';
import { loadExample, singleClusterExamples } from '../../scripts/demo/examples';
import {
  AllowedNamespaces,
  ClusterMcpServer,
  McpGateway,
  McpGatewayOptions,
  McpRoute,
  McpServer,
  McpServerOptions,
  McpServerSource,
  McpSessions,
  McpTransport,
} from '../../src';
import { describe as describeObject } from '../support/validate';

/**
 * One version of an app applied over another: nothing that cannot be changed is changed, and what the new version no
 * longer has can be found by its labels and goes with `kubectl apply --prune`.
 */

/** The label of everything that the library emits. */
const OURS = ['app.kubernetes.io/managed-by', 'cdk8s-mcp'] as const;

/** What cannot be shown is a failure there. */
const CI = process.env.CI === 'true';

const PREVIOUS = previousExamples();

function yamlOf(build: (app: App) => void): string {
  const app = new App();
  build(app);
  return app.synthYaml();
}

const IMAGE = McpServerSource.image('ghcr.io/acme/ledger-mcp:1.4.0');

/** An app with a server and a route, the gateway of which can be something else than the default. */
const app = (server: McpServerOptions, gateway: McpGatewayOptions = {}): string =>
  yamlOf(root => {
    new McpGateway(new Chart(root, 'platform', { namespace: 'mcp-system' }), 'gateway', gateway);
    const chart = new Chart(root, 'finance', { namespace: 'finance' });
    new McpRoute(chart, 'route', { backends: [{ server: new McpServer(chart, 'ledger', server) }] });
  });

/** Two servers of which a route uses the first, and one for the whole cluster. */
const three = (servers: readonly string[]): string =>
  yamlOf(root => {
    const platform = new Chart(root, 'platform', { namespace: 'mcp-system' });
    new McpGateway(platform, 'gateway');
    const chart = new Chart(root, 'finance', { namespace: 'finance' });
    const hosted = servers
      .filter(name => name !== 'shared')
      .map(
        name =>
          new McpServer(chart, name, {
            source: name === 'time' ? McpServerSource.uvx('mcp-server-time@2026.10.19') : IMAGE,
            disruptionBudget: {},
          }),
      );
    if (servers.includes('shared')) {
      new ClusterMcpServer(platform, 'shared', {
        source: IMAGE,
        sessions: McpSessions.STATELESS,
        autoscaling: { maxReplicas: 3 },
        allowedNamespaces: AllowedNamespaces.all(),
      });
    }
    for (const server of hosted) {
      new McpRoute(chart, `${server.node.id}-route`, { backends: [{ server }] });
    }
  });

/** Changes that users make, each also undone. */
const CHANGES: readonly (readonly [string, string, string])[] = [
  ['another image', app({ source: IMAGE }), app({ source: McpServerSource.image('ghcr.io/acme/ledger-mcp:1.5.0') })],
  [
    'another port',
    app({ source: IMAGE }),
    app({ source: McpServerSource.image('ghcr.io/acme/ledger-mcp:1.4.0', { port: 3000, path: '/' }) }),
  ],
  [
    'another transport',
    app({ source: IMAGE }),
    app({ source: McpServerSource.image('ghcr.io/acme/ledger-mcp:1.4.0', { transport: McpTransport.SSE }) }),
  ],
  [
    'a program behind the adapter',
    app({ source: IMAGE }),
    app({ source: McpServerSource.npx('kubernetes-mcp-server@0.0.50') }),
  ],
  [
    'a remote server',
    app({ source: IMAGE }),
    app({ source: McpServerSource.remote('https://mcp.crm.example.com/mcp') }),
  ],
  ['several replicas with sessions', app({ source: IMAGE }), app({ source: IMAGE, replicas: 3 })],
  [
    'several replicas without sessions',
    app({ source: IMAGE }),
    app({ source: IMAGE, replicas: 3, sessions: McpSessions.STATELESS }),
  ],
  [
    'autoscaling',
    app({ source: IMAGE, sessions: McpSessions.STATELESS }),
    app({ source: IMAGE, sessions: McpSessions.STATELESS, autoscaling: { maxReplicas: 5 } }),
  ],
  ['labels of pods', app({ source: IMAGE }), app({ source: IMAGE, podLabels: { 'acme.dev/tier': 'tools' } })],
  ['a catalogue of tools', app({ source: IMAGE }), app({ source: IMAGE, tools: ['a', 'b'], toolsFilter: ['a'] })],
  ['replicas of the gateway', app({ source: IMAGE }), app({ source: IMAGE }, { replicas: 2 })],
  ['autoscaling of the gateway', app({ source: IMAGE }), app({ source: IMAGE }, { autoscaling: { maxReplicas: 5 } })],
  [
    'a load balancer',
    app({ source: IMAGE }),
    app({ source: IMAGE }, { service: { type: kplus.ServiceType.LOAD_BALANCER, port: 8080 } }),
  ],
  ['one server fewer', three(['ledger', 'time', 'shared']), three(['ledger', 'shared'])],
  ['no server for the cluster', three(['ledger', 'shared']), three(['ledger'])],
];

/** Those that leave objects over. */
const PRUNED = ['a remote server', 'several replicas with sessions', 'one server fewer'];

describeWithApiServer('a real API server', server => {
  let cluster: Cluster;
  beforeAll(async () => {
    cluster = new Cluster(server().client);
    await cluster.install([...ownCrds(), ...ecosystemCrds(), INFERENCE_SERVICE_CRD]);
  });

  const keys = (documents: readonly Document[]): string[] =>
    documents.map(({ object }) => describeObject(object)).sort();
  /** Of these objects, those that are there. */
  const present = async (documents: readonly Document[]): Promise<string[]> =>
    [...(await cluster.read(documents))]
      .filter(([, { kind }]) => kind !== 'Status')
      .map(([key]) => key)
      .sort();

  /** Applies one version and then the other, and expects that what is left over can be told from the rest by its label. */
  const upgrade = async (from: string, to: string): Promise<void> => {
    const [older, newer] = [documentsOf(from), documentsOf(to)];
    try {
      await cluster.prepare([...older, ...newer]);
      expect(await cluster.apply(older, new Map(), {})).toEqual([]);
      expect(await cluster.apply(newer, new Map(), {})).toEqual([]);
      const orphans = older.filter(({ object }) => !keys(newer).includes(describeObject(object)));
      expect(orphans.filter(({ object }) => object.metadata.labels?.[OURS[0]] !== OURS[1])).toEqual([]);
    } finally {
      await cluster.clear([...older, ...newer]);
    }
  };

  /** The same by kubectl alone, which removes what is left over. */
  const upgradeByKubectl = async (from: string, to: string): Promise<void> => {
    const [older, newer] = [documentsOf(from), documentsOf(to)];
    const both = [...older, ...newer];
    try {
      await cluster.prepare(both);
      server().succeed(['apply', '--validate=strict', '-f', '-'], from);
      server().succeed(['apply', '--validate=strict', '-f', '-'], to);
      server().succeed(['apply', '--prune', '-l', OURS.join('='), ...allowlist(both), '-f', '-'], to);
      expect(await present(both)).toEqual(keys(newer));
    } finally {
      await cluster.clear(both);
    }
  };

  if ('missing' in PREVIOUS) {
    if (CI) {
      test('knows the previous commit', () => {
        throw new Error(PREVIOUS.missing);
      });
    } else {
      test.skip(`from the previous commit: SKIPPED, ${PREVIOUS.missing}`, () => undefined);
      console.warn(`SKIPPED: upgrades from the previous commit: ${PREVIOUS.missing}`);
    }
  } else {
    const { commit, examples } = PREVIOUS;
    test.each(singleClusterExamples().filter(name => name in examples))(
      `takes example %s over that of commit ${commit}`,
      async name => {
        await upgrade(examples[name], yamlOf(loadExample(name).build));
      },
    );

    test(`takes the north star over that of commit ${commit} by kubectl`, async () => {
      await upgradeByKubectl(examples['north-star'], yamlOf(loadExample('north-star').build));
    });
  }

  test.each(CHANGES)('takes %s, and back', async (_, from, to) => {
    await upgrade(from, to);
    await upgrade(to, from);
  });

  test.each(CHANGES.filter(([name]) => PRUNED.includes(name)))(
    'takes %s by kubectl, which leaves nothing of before',
    async (_, from, to) => {
      await upgradeByKubectl(from, to);
    },
  );

  test('takes objects into an ApplySet, and out of it', async () => {
    const [older, newer] = [three(['ledger', 'time']), three(['ledger'])].map(yaml =>
      documentsOf(yaml).filter(({ object }) => object.metadata.namespace === 'finance'),
    );
    await cluster.prepare(older);
    for (const documents of [older, newer]) {
      server().succeed(
        ['apply', '-n', 'finance', '--applyset', 'configmaps/tools', '--prune', '-f', '-'],
        documents.map(({ text }) => text).join('---\n'),
        { KUBECTL_APPLYSET: 'true' },
      );
      expect(await present(older)).toEqual(keys(documents));
    }
    await cluster.clear(older);
  });
});

/** The kinds that may be pruned: by default kubectl knows only some of its own. */
function allowlist(documents: readonly Document[]): string[] {
  const kinds = new Set(
    documents.map(
      ({ object }) => `${object.apiVersion.includes('/') ? '' : 'core/'}${object.apiVersion}/${object.kind}`,
    ),
  );
  return [...kinds].map(kind => `--prune-allowlist=${kind}`);
}

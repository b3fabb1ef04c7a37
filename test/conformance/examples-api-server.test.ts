import { App } from 'cdk8s';
import { describeWithApiServer } from './api-server';
import {
  Cluster,
  INFERENCE_SERVICE_CRD,
  announcedBy,
  documentsOfApp,
  ecosystemCrds,
  ownCrds,
  rewritten,
  versions,
} from './cluster';
import { loadExample, singleClusterExamples } from '../../scripts/demo/examples';
import { Manifest, describe as describeObject } from '../support/validate';

/** kubectl sends the selector of any PodDisruptionBudget again: it is told to replace it rather than to merge. */
const ALWAYS_CONFIGURED = /^poddisruptionbudget\.policy\/\S+ configured$/;

/** Every example, applied as a user would: into namespaces that enforce Pod Security `restricted`. */
describeWithApiServer('a real API server', server => {
  let cluster: Cluster;
  beforeAll(async () => {
    cluster = new Cluster(server().client);
    await cluster.install([...ownCrds(), ...ecosystemCrds(), INFERENCE_SERVICE_CRD]);
  });

  describe.each(singleClusterExamples())('%s', name => {
    const app = new App();
    loadExample(name).build(app);
    const documents = documentsOfApp(app);
    // How cdk8s-plus writes workloads of the user's own is not ours to say.
    const own = documents.filter(
      ({ object }) => object.metadata.labels?.['app.kubernetes.io/managed-by'] === 'cdk8s-mcp',
    );
    const others = new Set(
      documents.filter(document => !own.includes(document)).map(({ object }) => object.metadata.name),
    );
    const expected = { announced: announcedBy(app) };
    const stored = new Map<string, Manifest>();

    beforeAll(() => cluster.prepare(documents));
    afterAll(() => cluster.clear(documents));

    test('is accepted without a warning that the library did not give', async () => {
      expect(documents).not.toEqual([]);
      expect(await cluster.apply(documents, stored, expected)).toEqual([]);
    });

    test('is stored as it is', () => {
      expect(
        own.flatMap(({ object }) => rewritten(object, stored.get(describeObject(object)), describeObject(object))),
      ).toEqual([]);
    });

    test('runs pods that pass Pod Security restricted', async () => {
      expect(await cluster.createPods(documents)).toEqual([]);
    });

    test('changes nothing when applied again', async () => {
      const again = new Map<string, Manifest>();
      expect(await cluster.apply(documents, again, expected)).toEqual([]);
      expect(versions(own, again)).toEqual(versions(own, stored));
    });

    test("is accepted by kubectl's client-side apply, which then changes nothing either", async () => {
      await cluster.clear(documents);
      const yaml = app.synthYaml();
      server().succeed(['apply', '--validate=strict', '-f', '-'], yaml);
      const before = await cluster.read(documents);
      const lines = server().succeed(['apply', '--validate=strict', '-f', '-'], yaml).trim().split('\n');
      expect(lines).toHaveLength(documents.length);
      // kubectl replaces templates of claims as one list, into which the server has written a status.
      const withClaims = own
        .filter(({ object }) => object.kind === 'StatefulSet' && object.spec.volumeClaimTemplates !== undefined)
        .map(({ object }) => `statefulset.apps/${object.metadata.name} configured`);
      const ofOthers = (line: string) => others.has(line.split(' ')[0].split('/')[1]);
      expect(
        lines.filter(
          line =>
            !line.endsWith(' unchanged') &&
            !ALWAYS_CONFIGURED.test(line) &&
            !withClaims.includes(line) &&
            !ofOthers(line),
        ),
      ).toEqual([]);
      expect(versions(own, await cluster.read(documents))).toEqual(versions(own, before));
    });
  });
});

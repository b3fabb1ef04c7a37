import * as fc from 'fast-check';
import { describeWithApiServer } from './api-server';
import { Cluster, announcedBy, documentsOfApp, ecosystemCrds, ownCrds, rewritten, versions } from './cluster';
import { Program } from '../support/program';
import { programArbitrary } from '../support/program-arbitrary';
import { build } from '../support/program-builder';
import { Manifest, describe as describeObject } from '../support/validate';

/**
 * Random topologies, applied as the examples are. How many: CONFORMANCE_TOPOLOGIES. A failure is repeated with the
 * CONFORMANCE_SEED that it prints.
 */

const COUNT = Number(process.env.CONFORMANCE_TOPOLOGIES ?? 200);
const SEED = Number(process.env.CONFORMANCE_SEED ?? Date.now() % 2 ** 31);

describeWithApiServer(`a real API server, seed ${SEED}`, server => {
  let cluster: Cluster;
  beforeAll(async () => {
    cluster = new Cluster(server().client);
    await cluster.install([...ownCrds(), ...ecosystemCrds()]);
  });

  const programs = fc.sample(programArbitrary, { numRuns: COUNT, seed: SEED });
  test.each(programs.map((program, i): [number, Program] => [i, program]))(
    'takes topology %i, stores it as it is, runs its pods, and changes nothing when it is applied again',
    async (_, program) => {
      const app = build(program);
      const documents = documentsOfApp(app);
      const expected = { announced: announcedBy(app) };
      const stored = new Map<string, Manifest>();
      const again = new Map<string, Manifest>();
      try {
        await cluster.prepare(documents);
        expect(await cluster.apply(documents, stored, expected)).toEqual([]);
        expect(
          documents.flatMap(({ object }) =>
            rewritten(object, stored.get(describeObject(object)), describeObject(object)),
          ),
        ).toEqual([]);
        expect(await cluster.createPods(documents)).toEqual([]);
        expect(await cluster.apply(documents, again, expected)).toEqual([]);
        expect(versions(documents, again)).toEqual(versions(documents, stored));
      } finally {
        await cluster.clear(documents);
      }
    },
  );
});

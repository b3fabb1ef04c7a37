import * as fc from 'fast-check';
import { parseAllDocuments } from 'yaml';
import { checkReferences, checkYaml } from './support/references';
import { build, externalsOf, programArbitrary } from './support/topology-arbitrary';
import { validateObjects } from './support/validate';

it('smoke', () => {
  let n = 0; let t = 0;
  fc.assert(fc.property(programArbitrary, (program) => {
    const s = Date.now();
    const text = build(program).synthYaml();
    t += Date.now() - s;
    const objects = parseAllDocuments(text).map((d) => d.toJS());
    n += objects.length;
    expect([...validateObjects(objects), ...checkReferences(objects, { externals: externalsOf(program) }), ...checkYaml(text)]).toEqual([]);
  }), { numRuns: Number(process.env.RUNS ?? 100), endOnFailure: true });
  console.log(n, t);
}, 300000);

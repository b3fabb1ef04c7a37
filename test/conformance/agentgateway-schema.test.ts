import { readFileSync } from 'fs';
import * as path from 'path';
import Ajv from 'ajv/dist/2020';
import { App } from 'cdk8s';
import * as fc from 'fast-check';
import { parse } from 'yaml';
import { exampleNames, loadExample } from '../../scripts/demo/examples';
import { agentgateway } from '../../src/backends/agentgateway';
import { STDIO_ADAPTER } from '../../src/backends/agentgateway/server-proxy';
import { nastyText, planArbitrary } from '../backends/agentgateway/plan-arbitrary';

/* The configuration against the schema that agentgateway 1.4.1 publishes. */

const SCHEMA = path.join(__dirname, '../../../shared/upstream/agentgateway/config-1.4.1.schema.json');

const ajv = new Ajv({ strict: false, allErrors: true, logger: false });
for (const [format, max] of [
  ['uint', Number.MAX_SAFE_INTEGER],
  ['uint8', 2 ** 8 - 1],
  ['uint16', 2 ** 16 - 1],
  ['uint32', 2 ** 32 - 1],
  ['uint64', Number.MAX_SAFE_INTEGER],
] as const) {
  ajv.addFormat(format, {
    type: 'number',
    validate: (value: number) => Number.isInteger(value) && value >= 0 && value <= max,
  });
}
ajv.addFormat('double', true);
const validate = ajv.compile(JSON.parse(readFileSync(SCHEMA, 'utf8')));

function errorsOf(text: string): unknown {
  // What repeats in a long configuration stands once.
  validate(parse(text, { maxAliasCount: -1 }));
  return validate.errors ?? [];
}

it('refuses what is not in the schema', () => {
  expect(errorsOf('binds: [{ port: 80, listeners: [{ naem: x }] }]')).not.toEqual([]);
});

it('accepts the configuration of any plan', () => {
  fc.assert(
    fc.property(planArbitrary, plan => {
      expect(errorsOf(agentgateway.configure(plan).files['config.yaml'])).toEqual([]);
    }),
    { numRuns: 200 },
  );
});

it('accepts the adapter of any program', () => {
  fc.assert(
    fc.property(nastyText, fc.array(nastyText), (command, args) => {
      expect(errorsOf(STDIO_ADAPTER.render({ command, args }))).toEqual([]);
    }),
  );
});

it.each(exampleNames())('accepts every configuration of the example %s', name => {
  const app = new App();
  loadExample(name).build(app);
  const files = app.charts
    .flatMap(chart => chart.toJson())
    .filter(
      ({ kind, metadata }) =>
        kind === 'ConfigMap' && /-(gateway-config|guard-config|stdio-adapter)$/.test(metadata.name),
    )
    .map(({ data }) => data);
  // Envoy has files of its own.
  const ours = files.filter(data => data['envoy.yaml'] === undefined);
  expect(ours.flatMap(data => errorsOf(data['config.yaml']))).toEqual([]);
  expect(files.length).toBeGreaterThan(0);
});

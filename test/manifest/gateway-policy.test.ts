import { readFileSync } from 'fs';
import { join } from 'path';
import { parse } from 'yaml';
import { policyRows } from '../../scripts/policy-rows';
import { Outcome, outcomeOf, policyLeaves } from '../support/policy-walk';

const definition = (file: string) =>
  parse(readFileSync(join(__dirname, '..', '..', 'crds', file), 'utf8')).spec.versions[0].schema.openAPIV3Schema
    .properties.spec;

const leaves = policyLeaves(definition('ome.io_mcpgateways.yaml'));
const outcomes = new Map<string, Outcome>();

/** Enforced by failing synthesis alone: what is asked for is a property of the app. */
const AT_SYNTHESIS = [
  'policy.compliance.encryption.encryptionInTransit',
  'policy.compliance.encryption.requireEncryption',
];

const covers = (field: string, path: string) =>
  field === path || path.startsWith(`${field}.`) || path.startsWith(`${field}[`);

test.each(leaves.map(leaf => [leaf.path, leaf] as const))('%s is enforced or refused', (path, leaf) => {
  outcomes.set(path, outcomeOf(leaf));
  expect(['enforced', 'refused']).toContain(outcomes.get(path));
});

test('the documentation says which', () => {
  const wrong = [...outcomes]
    .filter(([path]) => !AT_SYNTHESIS.includes(path))
    .filter(([path, outcome]) => {
      const rows = policyRows().filter(({ fields }) => fields.some(field => covers(field, path)));
      const always = rows.filter(({ values }) => values === undefined);
      return (
        rows.length === 0 ||
        always.some(({ supported }) => supported !== (outcome === 'enforced')) ||
        !rows.some(({ supported }) => supported === (outcome === 'enforced'))
      );
    });
  expect(wrong).toEqual([]);
});

test('the documentation speaks of no field that there is not', () => {
  expect(
    policyRows()
      .flatMap(({ fields }) => fields)
      .filter(field => !leaves.some(({ path }) => covers(field, path))),
  ).toEqual([]);
});

test('gateways of the cluster have the same fields', () => {
  expect(policyLeaves(definition('ome.io_clustermcpgateways.yaml')).map(({ path }) => path)).toEqual(
    leaves.map(({ path }) => path),
  );
});

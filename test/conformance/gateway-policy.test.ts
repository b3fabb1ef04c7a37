import { readFileSync } from 'fs';
import { join } from 'path';
import { parse } from 'yaml';
import { outcomeOf, policyLeaves } from '../support/policy-walk';

/** Every field of upstream's `policy` and `protocolVersion` (September 2025) is enforced, or refused with an error that names it. */
const UPSTREAM = join(__dirname, '..', '..', '..', 'shared', 'upstream', 'ome', 'sep2025');

describe.each(['mcpgateways.yaml', 'clustermcpgateways.yaml'])('%s', file => {
  const spec = parse(readFileSync(join(UPSTREAM, file), 'utf8')).spec.versions[0].schema.openAPIV3Schema.properties
    .spec;

  test.each(policyLeaves(spec).map(leaf => [leaf.path, leaf] as const))('%s', (_, leaf) => {
    expect(['enforced', 'refused']).toContain(outcomeOf(leaf));
  });
});

import { readFileSync } from 'fs';
import { join } from 'path';
import { parse } from 'yaml';
import { Narrowing, narrowings, Node } from './narrowings';
import { Codec } from '../../src/api/codec';
import { clusterMcpGateway, mcpGateway } from '../../src/api/mcp-gateway';
import { mcpRoute } from '../../src/api/mcp-route';
import { clusterMcpServer, mcpServer } from '../../src/api/mcp-server';
import { partsOf } from '../../src/api/object';
import { Resource } from '../../src/api/resource';

/**
 * Our CRDs take what upstream's take. Runs outside of the default suite, because upstream's files are not in this
 * repository: `npx jest --testPathIgnorePatterns /node_modules/ test/conformance/crds-superset.test.ts`
 */

const ROOT = join(__dirname, '..', '..');
const UPSTREAM = join(ROOT, '..', 'shared', 'upstream', 'ome');

/** Upstream's revisions, newest first: pr526, sep2025, aug2025. Where they contradict, the newest wins. */
const PAIRS: readonly { readonly upstream: string; readonly ours: string }[] = [
  { upstream: 'pr526/mcpservers.yaml', ours: 'ome.io_mcpservers.yaml' },
  { upstream: 'pr526/mcproutes.yaml', ours: 'ome.io_mcproutes.yaml' },
  { upstream: 'sep2025/mcpgateways.yaml', ours: 'ome.io_mcpgateways.yaml' },
  { upstream: 'sep2025/clustermcpgateways.yaml', ours: 'ome.io_clustermcpgateways.yaml' },
  { upstream: 'sep2025/clustermcpservers.yaml', ours: 'ome.io_clustermcpservers.yaml' },
  // Not required of us, and true all the same: what sep2025 had of MCPServer is still there.
  { upstream: 'sep2025/mcpservers.yaml', ours: 'ome.io_mcpservers.yaml' },
];

interface Deviation {
  /** The pairs it is found in. */
  readonly upstream: RegExp;
  readonly path: string;
  readonly keyword: string;
  readonly because: string;
}

/** Every place where our schema is not plainly wider than upstream's, with the reason why it still takes the same. */
const DEVIATIONS: readonly Deviation[] = [
  {
    upstream: /^sep2025\/(cluster)?mcpservers/,
    path: '.spec.permissionProfile.builtin',
    keyword: 'type',
    because: 'sep2025 has an object with a name, pr526 a plain string; the newer wins',
  },
  {
    upstream: /^sep2025\/(cluster)?mcpservers/,
    path: '.spec.permissionProfile.builtin.name',
    keyword: 'property',
    because: 'follows from the above',
  },
  {
    upstream: /^pr526\/mcproutes/,
    path: '.spec.authorization.rules[].permissions[].actions[]',
    keyword: 'enum',
    because:
      'pr526 sets the enum of the items on the list, which then equals none of the strings: it takes no value at all, ours takes those meant',
  },
  {
    upstream: /mcpservers/,
    path: '.spec',
    keyword: 'x-kubernetes-validations',
    because: "one rule that says the same as upstream's two: exactly one of hosted and remote",
  },
  {
    upstream: /mcpservers/,
    path: '.spec.permissionProfile',
    keyword: 'x-kubernetes-validations',
    because:
      'wider than pr526, which takes one of the three at most; sep2025 means the same, but adds booleans and is refused by API servers',
  },
  {
    upstream: /mcpservers/,
    path: '.spec.permissionProfile.inline.allow[].kubeResources',
    keyword: 'x-kubernetes-validations',
    because: 'speaks of grants that set clusterWide, which upstream does not have',
  },
  {
    upstream: /^sep2025\/(cluster)?mcpservers/,
    path: '.spec.oidcConfig',
    keyword: 'x-kubernetes-validations',
    because: 'means what sep2025 means, which adds booleans and is refused by API servers',
  },
  {
    upstream: /^sep2025\/(cluster)?mcpservers/,
    path: '.spec.authzConfig',
    keyword: 'x-kubernetes-validations',
    because: 'means what sep2025 means, which adds booleans and is refused by API servers',
  },
  {
    upstream: /^sep2025\/(cluster)?mcpservers/,
    path: '.spec.oidcConfig.inline',
    keyword: 'x-kubernetes-validations',
    because: 'speaks of resources that set audiences, which upstream does not have',
  },
  {
    upstream: /^sep2025\/(cluster)?mcpservers/,
    path: '.spec.oidcConfig.kubernetes',
    keyword: 'x-kubernetes-validations',
    because: 'speaks of resources that set audiences, which upstream does not have',
  },
  {
    upstream: /mcpservers/,
    path: '.spec.remote',
    keyword: 'x-kubernetes-validations',
    because: 'speaks of resources that set tls, which upstream does not have',
  },
  {
    upstream: /gateways/,
    path: '.spec.mcpServers',
    keyword: 'x-kubernetes-validations',
    because:
      "upstream's rule of .spec, moved to the node it is about, and wider: namespaceSelector alone will do, and so will no mcpServers",
  },
];

const schemaOf = (file: string): Node => parse(readFileSync(file, 'utf8')).spec.versions[0].schema.openAPIV3Schema;

const explains =
  (upstream: string) =>
  (deviation: Deviation, found: Narrowing): boolean =>
    deviation.upstream.test(upstream) && deviation.path === found.path && deviation.keyword === found.keyword;

describe.each(PAIRS)('$ours takes what upstream $upstream takes', ({ upstream, ours }) => {
  const found = narrowings(schemaOf(join(UPSTREAM, upstream)), schemaOf(join(ROOT, 'crds', ours)));

  test('but for the deviations that are explained', () => {
    expect(found.filter(narrowing => !DEVIATIONS.some(deviation => explains(upstream)(deviation, narrowing)))).toEqual(
      [],
    );
  });

  test('and no explanation is left over', () => {
    const expected = DEVIATIONS.filter(deviation => deviation.upstream.test(upstream));
    expect(expected.filter(deviation => !found.some(narrowing => explains(upstream)(deviation, narrowing)))).toEqual(
      [],
    );
  });
});

/** Upstream's revisions of each kind. */
const REVISIONS: readonly { readonly resource: Resource; readonly upstream: readonly string[] }[] = [
  { resource: mcpServer, upstream: ['pr526/mcpservers.yaml', 'sep2025/mcpservers.yaml'] },
  { resource: clusterMcpServer, upstream: ['sep2025/clustermcpservers.yaml', 'pr526/mcpservers.yaml'] },
  { resource: mcpRoute, upstream: ['pr526/mcproutes.yaml'] },
  { resource: mcpGateway, upstream: ['sep2025/mcpgateways.yaml'] },
  { resource: clusterMcpGateway, upstream: ['sep2025/clustermcpgateways.yaml'] },
];

/** Fields that none of some schemas has, as whole as possible. */
function missingIn(upstream: readonly Node[], field: Codec<any>, path: string): string[] {
  const { fields = {}, items } = partsOf(field);
  return [
    ...Object.entries(fields).flatMap(([name, child]) => {
      const theirs = upstream.flatMap(node => node.properties?.[name] ?? []);
      return theirs.length === 0 ? [`${path}.${name}`] : missingIn(theirs, child, `${path}.${name}`);
    }),
    ...(items === undefined
      ? []
      : missingIn(
          upstream.flatMap(node => node.items ?? []),
          items,
          `${path}[]`,
        )),
  ];
}

/** Fields that are marked as this library's, as whole as possible. */
function marked(field: Codec<any>, path: string): string[] {
  const { fields = {}, items } = partsOf(field);
  return field.own !== undefined
    ? [path]
    : [
        ...Object.entries(fields).flatMap(([name, child]) => marked(child, `${path}.${name}`)),
        ...(items === undefined ? [] : marked(items, `${path}[]`)),
      ];
}

test.each(REVISIONS)(
  "fields of $resource.kind are marked as this library's where upstream has none",
  ({ resource, upstream }) => {
    const theirs = upstream.map(file => schemaOf(join(UPSTREAM, file)).properties!.spec);
    expect(marked(resource.spec, '.spec').sort()).toEqual(missingIn(theirs, resource.spec, '.spec').sort());
  },
);

describe('the comparison itself', () => {
  const narrowed = (older: Node, newer: Node): string[] =>
    narrowings(older, newer).map(({ path, keyword }) => `${path} ${keyword}`);

  test.each([
    ['a property that is gone', { properties: { a: {} } }, { properties: {} }, '.a property'],
    ['another type', { properties: { a: { type: 'string' } } }, { properties: { a: { type: 'object' } } }, '.a type'],
    ['a new required property', { required: ['a'] }, { required: ['a', 'b'] }, ' required'],
    ['a new enum', {}, { enum: ['a'] }, ' enum'],
    ['a smaller enum', { enum: ['a', 'b'] }, { enum: ['a'] }, ' enum'],
    ['a new pattern', {}, { pattern: 'a' }, ' pattern'],
    ['a higher minimum', { minimum: 0 }, { minimum: 1 }, ' minimum'],
    ['a new minimum', {}, { minItems: 1 }, ' minItems'],
    ['a lower maximum', { maxItems: 2 }, { maxItems: 1 }, ' maxItems'],
    [
      'a list that became a set',
      { items: {} },
      { items: {}, 'x-kubernetes-list-type': 'set' },
      ' x-kubernetes-list-type',
    ],
    ['something below an item of a list', { items: { properties: { a: {} } } }, { items: {} }, '[].a property'],
    [
      'something below a value of a map',
      { additionalProperties: { type: 'string' } },
      { additionalProperties: {} },
      '{} type',
    ],
    ['a rule', {}, { 'x-kubernetes-validations': [{ rule: 'false' }] }, ' x-kubernetes-validations'],
  ] as [string, Node, Node, string][])('finds %s', (_, older, newer, expected) => {
    expect(narrowed(older, newer)).toContain(expected);
  });

  test('takes every widening', () => {
    expect(
      narrowed(
        { type: 'string', enum: ['a'], pattern: 'a', minLength: 1, maxLength: 2, required: ['a'] },
        { type: 'string', enum: ['a', 'b'], maxLength: 3 },
      ),
    ).toEqual([]);
  });
});

import { readdirSync, readFileSync } from 'fs';
import { join } from 'path';
import { App, Chart, Testing } from 'cdk8s';
import { parse } from 'yaml';
import { CustomResourceDefinition } from '../../scripts/crds/crd';
import { renderCrds } from '../../scripts/crds/render';
import { CelRule, Schema } from '../../src/api/schema';
import { McpCrds } from '../../src/cluster/mcp-crds';

const CRDS_DIR = join(__dirname, '..', '..', 'crds');

/** Client-side apply keeps the whole object in an annotation, and annotations are limited to this. */
const ANNOTATION_LIMIT = 262_144;

const texts = new Map(
  readdirSync(CRDS_DIR)
    .sort()
    .map(file => [file, readFileSync(join(CRDS_DIR, file), 'utf8')]),
);
const crds: readonly CustomResourceDefinition[] = [...texts.values()].map(text => parse(text));
const byKind = new Map(crds.map(crd => [crd.spec.names.kind, crd]));

const versionOf = (kind: string) => byKind.get(kind)!.spec.versions[0];
const schemaOf = (crd: CustomResourceDefinition) => crd.spec.versions[0].schema.openAPIV3Schema;

/** Every node of a schema with its path; what stands in anyOf is no node of its own. */
function nodes(schema: Schema, path = ''): [string, Schema][] {
  return [
    [path, schema],
    ...Object.entries(schema.properties ?? {}).flatMap(([name, child]) => nodes(child, `${path}.${name}`)),
    ...(schema.items ? nodes(schema.items, `${path}[]`) : []),
    ...(schema.additionalProperties ? nodes(schema.additionalProperties, `${path}{}`) : []),
  ];
}

const at = (kind: string, path: string): Schema | undefined =>
  new Map(nodes(versionOf(kind).schema.openAPIV3Schema)).get(path);

const SERVERS = ['MCPServer', 'ClusterMCPServer'];
const GATEWAYS = ['MCPGateway', 'ClusterMCPGateway'];

describe('the files in crds/', () => {
  test('are those that the generator writes', () => {
    const generated = new Map(renderCrds().map(({ name, text }) => [name, text]));
    expect([...texts.keys()]).toEqual([...generated.keys()].sort());
    // Not compared as a whole, so that a difference does not print a megabyte.
    expect([...texts].filter(([name, text]) => generated.get(name) !== text).map(([name]) => name)).toEqual([]);
  });

  test('are named for group and plural', () => {
    expect([...texts.keys()]).toEqual(crds.map(crd => `${crd.spec.group}_${crd.spec.names.plural}.yaml`));
  });

  test('fit into the annotation of client-side apply, with room to spare', () => {
    for (const crd of crds) {
      expect(JSON.stringify(crd).length).toBeLessThan(ANNOTATION_LIMIT * 0.75);
    }
  });
});

describe('kinds', () => {
  test.each([
    ['MCPServer', 'mcpservers.ome.io', 'Namespaced', 'mcps'],
    ['ClusterMCPServer', 'clustermcpservers.ome.io', 'Cluster', 'cmcps'],
    ['MCPRoute', 'mcproutes.ome.io', 'Namespaced', 'mcpr'],
    ['MCPGateway', 'mcpgateways.ome.io', 'Namespaced', 'mcpg'],
    ['ClusterMCPGateway', 'clustermcpgateways.ome.io', 'Cluster', 'cmcpg'],
  ])('%s', (kind, name, scope, shortName) => {
    const crd = byKind.get(kind)!;
    expect(crd.metadata.name).toBe(name);
    expect(crd.spec).toMatchObject({ group: 'ome.io', scope, names: { shortNames: [shortName], categories: ['mcp'] } });
    expect(crd.spec.versions).toHaveLength(1);
    expect(crd.spec.versions[0]).toMatchObject({
      name: 'v1alpha1',
      served: true,
      storage: true,
      subresources: { status: {} },
    });
  });

  test('there are no others', () => {
    expect(crds).toHaveLength(5);
  });

  test('gateways alone can be scaled', () => {
    for (const [kind] of byKind) {
      expect(versionOf(kind).subresources.scale).toEqual(
        GATEWAYS.includes(kind)
          ? { specReplicasPath: '.spec.replicas', statusReplicasPath: '.status.replicas' }
          : undefined,
      );
    }
  });

  test('columns are simple paths, and their last one is the age', () => {
    for (const [kind] of byKind) {
      const columns = versionOf(kind).additionalPrinterColumns;
      expect(
        columns
          .map(({ jsonPath }) => jsonPath)
          .filter(path => !/^(\.\w+(\[0\]|\[\?\(@\.\w+=="\w+"\)\])?)+$/.test(path)),
      ).toEqual([]);
      expect(columns.at(-1)).toMatchObject({ name: 'Age', jsonPath: '.metadata.creationTimestamp' });
    }
  });

  test('columns show properties that exist', () => {
    for (const [kind] of byKind) {
      const paths = versionOf(kind).additionalPrinterColumns.map(({ jsonPath }) =>
        jsonPath.replace(/\[.*?\](?=\.)/g, '[]'),
      );
      expect(paths.filter(path => path !== '.metadata.creationTimestamp' && at(kind, path) === undefined)).toEqual([]);
    }
  });
});

describe.each([...byKind.keys()])('the schema of %s is structural', kind => {
  const all = nodes(schemaOf(byKind.get(kind)!));
  const pathsOf = (matches: (schema: Schema) => boolean | undefined) =>
    all.filter(([, schema]) => matches(schema)).map(([path]) => path);

  test('every node has a type, or stands for an integer or a string', () => {
    expect(pathsOf(schema => schema.type === undefined && !schema['x-kubernetes-int-or-string'])).toEqual([]);
    expect(pathsOf(schema => schema.type !== undefined && schema['x-kubernetes-int-or-string'] === true)).toEqual([]);
  });

  test('nothing is a reference, and nothing is unknown', () => {
    expect(pathsOf(schema => '$ref' in schema)).toEqual([]);
    expect(pathsOf(schema => schema.type === 'array' && schema.items === undefined)).toEqual([]);
    // The document of a REST service is any JSON: the library checks it, not the API server.
    const documents = pathsOf(schema => schema['x-kubernetes-preserve-unknown-fields'] === true);
    expect(documents.filter(path => path !== '.spec.remote.openAPI')).toEqual([]);
    expect(pathsOf(schema => schema.type === 'object' && !schema.properties && !schema.additionalProperties)).toEqual([
      '.metadata',
      ...documents,
    ]);
    expect(pathsOf(schema => schema.properties !== undefined && schema.additionalProperties !== undefined)).toEqual([]);
  });

  test('required properties exist', () => {
    expect(pathsOf(schema => (schema.required ?? []).some(name => !schema.properties?.[name]))).toEqual([]);
  });

  test('the keys of a keyed list are scalars that are required or have a default', () => {
    const sound = ({ items }: Schema, key: string): boolean => {
      const property = items?.properties?.[key];
      return (
        property !== undefined &&
        ['string', 'integer'].includes(property.type!) &&
        (items!.required?.includes(key) || property.default !== undefined)
      );
    };
    expect(
      pathsOf(
        schema => (schema['x-kubernetes-list-type'] === 'map') !== (schema['x-kubernetes-list-map-keys'] !== undefined),
      ),
    ).toEqual([]);
    expect(pathsOf(schema => (schema['x-kubernetes-list-map-keys'] ?? []).some(key => !sound(schema, key)))).toEqual(
      [],
    );
  });

  test('sets hold scalars', () => {
    expect(
      pathsOf(
        schema => schema['x-kubernetes-list-type'] === 'set' && !['string', 'integer'].includes(schema.items!.type!),
      ),
    ).toEqual([]);
  });

  test('an enum stands on a string, and defaults are among its values', () => {
    expect(pathsOf(schema => schema.enum !== undefined && schema.type !== 'string')).toEqual([]);
    expect(
      pathsOf(({ enum: values, default: value }) => values && value !== undefined && !values.includes(value as string)),
    ).toEqual([]);
  });

  test('each property of ours is described in one line', () => {
    const ours = (path: string) => path !== '' && !/^\.(apiVersion|kind|metadata)$|[[{][\]}]$|\.podSpec\./.test(path);
    expect(
      all
        .filter(([path, { description }]) => ours(path) && !/^[^\n]{4,160}$/.test(description ?? ''))
        .map(([path]) => path),
    ).toEqual([]);
  });
});

describe('pod templates', () => {
  test.each([
    ['MCPServer', '.spec.hosted.podSpec'],
    ['ClusterMCPServer', '.spec.hosted.podSpec'],
    ['MCPGateway', '.spec.podSpec'],
    ['ClusterMCPGateway', '.spec.podSpec'],
  ])('of %s are those of Kubernetes', (kind, path) => {
    expect(at(kind, `${path}.spec`)?.required).toEqual(['containers']);
    expect(at(kind, `${path}.spec.containers[].ports`)).toMatchObject({
      'x-kubernetes-list-map-keys': ['containerPort', 'protocol'],
      items: { properties: { protocol: { default: 'TCP' } } },
    });
    expect(at(kind, `${path}.spec.containers[].resources.limits{}`)).toMatchObject({
      'x-kubernetes-int-or-string': true,
    });
    expect(at(kind, `${path}.spec.containers[].livenessProbe.httpGet.port`)).toMatchObject({
      'x-kubernetes-int-or-string': true,
    });
  });

  test.each(['podSpec.metadata', 'podSpec.spec.volumes[].ephemeral.volumeClaimTemplate.metadata'])(
    '%s keeps labels and annotations',
    path => {
      expect(at('MCPServer', `.spec.hosted.${path}.labels{}`)).toEqual({ type: 'string' });
      expect(at('MCPServer', `.spec.hosted.${path}.annotations{}`)).toEqual({ type: 'string' });
    },
  );
});

describe('rules', () => {
  const rulesAt = (kind: string): { [path: string]: readonly CelRule[] } =>
    Object.fromEntries(
      nodes(versionOf(kind).schema.openAPIV3Schema)
        .filter(([, schema]) => schema['x-kubernetes-validations'] !== undefined)
        .map(([path, schema]) => [path, schema['x-kubernetes-validations']!]),
    );

  const ofMethods = ['', '.anyOf[]', '.allOf[]', '.allOf[].anyOf[]'].map(
    path => `.spec.authentication${path}.clientCertificate`,
  );
  const ofServers = [
    '.spec',
    '.spec.authzConfig',
    '.spec.oidcConfig',
    '.spec.oidcConfig.inline',
    '.spec.oidcConfig.kubernetes',
    '.spec.permissionProfile',
    '.spec.permissionProfile.inline.allow[].kubeResources',
    '.spec.remote',
  ];
  test.each([
    ['MCPServer', ofServers],
    ['ClusterMCPServer', [...ofServers, '.spec.allowedNamespaces']],
    ['MCPRoute', [...ofMethods, '.spec.authzConfig', '.spec.gatewayRef']],
    ['MCPGateway', [...ofMethods, '.spec.authzConfig', '.spec.mcpServers', '.spec.tls']],
    ['ClusterMCPGateway', [...ofMethods, '.spec.authzConfig', '.spec.mcpServers', '.spec.tls']],
  ])('of %s stand where two properties have to agree', (kind, paths) => {
    expect(Object.keys(rulesAt(kind)).sort()).toEqual([...paths].sort());
  });

  test('speak of properties that exist, and say what to do', () => {
    for (const [kind] of byKind) {
      for (const [path, rules] of Object.entries(rulesAt(kind))) {
        for (const { rule, message } of rules) {
          const names = [...rule.matchAll(/self\.(\w+)/g)].map(([, name]) => name.replace(/^__(\w+)__$/, '$1'));
          expect(names.filter(name => at(kind, `${path}.${name}`) === undefined)).toEqual([]);
          expect(message).toMatch(/\b(set|remove|change)\b/);
        }
      }
    }
  });

  test('say of servers that they are hosted or remote', () => {
    for (const kind of SERVERS) {
      expect(rulesAt(kind)['.spec']).toEqual([
        {
          rule: 'has(self.hosted) != has(self.remote)',
          message: 'set exactly one of spec.hosted and spec.remote',
        },
      ]);
    }
  });
});

describe('McpCrds', () => {
  const synthesize = (chart: Chart): readonly CustomResourceDefinition[] => {
    new McpCrds(chart, 'crds');
    return Testing.synth(chart) as CustomResourceDefinition[];
  };

  test('installs the five definitions as they are in the files', () => {
    const manifest = synthesize(new Chart(new App(), 'chart'));
    expect(new Map(manifest.map(crd => [crd.spec.names.kind, crd]))).toEqual(byKind);
    expect(manifest).toHaveLength(5);
  });

  test('sets no namespace, even in a chart that has one', () => {
    const manifest = synthesize(new Chart(new App(), 'chart', { namespace: 'mcp-system' }));
    expect(manifest.map(({ metadata }) => metadata)).toEqual(crds.map(({ metadata }) => metadata));
  });

  test('gives access to its objects', () => {
    const { crds: objects } = new McpCrds(new Chart(new App(), 'chart'), 'crds');
    expect(objects.map(({ kind, name }) => [kind, name])).toEqual(
      crds.map(({ metadata }) => ['CustomResourceDefinition', metadata.name]),
    );
  });
});

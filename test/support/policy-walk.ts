import { App, Chart, Testing } from 'cdk8s';
import { NETWORK_CONTEXTS, NETWORK_VALUES, OTHER_NETWORK_CONTEXTS } from './network-cases';
import { ClusterAddOn, ClusterProfile, McpManifest } from '../../src';
import { Diagnostic, formatDiagnostic } from '../../src/model/findings';
import { Synthesis } from '../../src/synthesis/synthesis';

/*
 * Sets every field of a gateway's document, one at a time, and looks what becomes of it.
 */

type Json = { [key: string]: any };

/** A schema of a definition. */
export interface Schema {
  readonly [keyword: string]: any;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
}

/** A field without fields of its own. */
export interface Leaf {
  /** `policy.requestFiltering.headerFilters[].name`. */
  readonly path: string;
  readonly schema: Schema;
  /** The objects that hold it, the outermost first. */
  readonly holders: readonly { readonly path: string; readonly schema: Schema }[];
}

/** What becomes of a field: something else is rendered, or an error names it. */
export type Outcome = 'enforced' | 'refused' | 'ignored' | 'unnamed';

/** All leaves of the two fields of a gateway's `spec`. */
export function policyLeaves(spec: Schema): Leaf[] {
  return ['policy', 'protocolVersion'].flatMap(name => leavesOf(spec.properties![name], name, []));
}

/** All leaves of `network`. */
export function networkLeaves(spec: Schema): Leaf[] {
  return leavesOf(spec.properties!.network, 'network', []);
}

function leavesOf(schema: Schema, path: string, holders: Leaf['holders']): Leaf[] {
  const properties = schema.properties ?? schema.items?.properties;
  const place = schema.properties === undefined ? `${path}[]` : path;
  return properties === undefined
    ? [{ path, schema, holders }]
    : Object.entries(properties).flatMap(([name, child]) =>
        leavesOf(child, `${place}.${name}`, [...holders, { path: place, schema: schema.items ?? schema }]),
      );
}

/** What has to stand beside a field for it to mean something, by the object that holds it. */
const CONTEXTS: Readonly<Record<string, Json>> = {
  ...NETWORK_CONTEXTS,
  'policy.audit': { enabled: true },
  'policy.audit.destination.http': { endpoint: 'https://logs.acme.dev' },
  'policy.audit.destination.syslog': { server: 'logs.acme.dev' },
  'policy.authentication.default': { method: 'ApiKey', token: { secretRef: { name: 'keys', key: 'key' } } },
  'policy.authentication.methods[]': { method: 'ApiKey', token: { secretRef: { name: 'keys', key: 'key' } } },
  'policy.compliance.piiDetection': { enabled: true },
  'policy.compliance.piiDetection.patterns[]': { type: 'Custom', pattern: 'x+' },
  'policy.elicitation': { enabled: true },
  'policy.rateLimit.global': { requestsPerMinute: 3 },
  'policy.rateLimit.perIP': { requestsPerMinute: 3 },
  'policy.rateLimit.perServer': { requestsPerMinute: 3 },
  'policy.rateLimit.perUser': { requestsPerMinute: 3 },
  'policy.requestFiltering.bodyFilters[]': { type: 'Regex', action: 'Redact', pattern: 'a+' },
  'policy.requestFiltering.headerFilters[]': { name: 'x-a', action: 'Redact' },
  'policy.responseFiltering.bodyFilters[]': { type: 'Regex', action: 'Redact', pattern: 'a+' },
  'policy.responseFiltering.headerFilters[]': { name: 'x-a', action: 'Redact' },
  'policy.sampling': { enabled: true },
  'policy.sessionIsolation': { auditLevel: 'None' },
};

/** A value of a field that says something else than the API's default, and than the context. */
const VALUES: Readonly<Record<string, unknown>> = {
  ...NETWORK_VALUES,
  'policy.audit.enabled': true,
  'policy.audit.destination.http.endpoint': 'https://audit.acme.dev',
  'policy.authentication.enabled': false,
  'policy.authentication.default.method': 'Bearer',
  'policy.authentication.methods[].method': 'Bearer',
  'policy.authentication.default.token.headerName': 'x-key',
  'policy.authentication.methods[].token.headerName': 'x-key',
  'policy.compliance.piiDetection.enabled': true,
  'policy.compliance.piiDetection.action': 'Block',
  'policy.compliance.piiDetection.patterns[].type': 'Email',
  'policy.compliance.piiDetection.patterns[].pattern': 'y+',
  'policy.compliance.encryption.encryptionInTransit': true,
  'policy.elicitation.enabled': false,
  'policy.requestFiltering.bodyFilters[].action': 'Deny',
  'policy.requestFiltering.bodyFilters[].pattern': 'b+',
  'policy.requestFiltering.bodyFilters[].replacement': '-',
  'policy.requestFiltering.bodyFilters[].type': 'JSONPath',
  'policy.requestFiltering.contentTypeFilter': ['application/json'],
  'policy.requestFiltering.headerFilters[].action': 'Remove',
  'policy.requestFiltering.headerFilters[].pattern': 'b+',
  'policy.responseFiltering.bodyFilters[].action': 'Deny',
  'policy.responseFiltering.bodyFilters[].pattern': 'b+',
  'policy.responseFiltering.bodyFilters[].replacement': '-',
  'policy.responseFiltering.bodyFilters[].type': 'JSONPath',
  'policy.responseFiltering.headerFilters[].action': 'Remove',
  'policy.responseFiltering.headerFilters[].pattern': 'b+',
  'policy.sampling.enabled': false,
  'policy.sessionIsolation.mode': 'relaxed',
  'protocolVersion.maxVersion': '2025-06-18',
  'protocolVersion.minVersion': '2025-03-26',
  'protocolVersion.preferredVersion': '2025-11-25',
  'protocolVersion.supported': ['2025-06-18'],
};

/** Contexts that a value needs in the place of the usual one. */
const OTHER_CONTEXTS: Readonly<Record<string, Json>> = {
  ...OTHER_NETWORK_CONTEXTS,
  'policy.audit.enabled': {},
  'policy.authentication.enabled': {
    methods: [{ method: 'ApiKey', token: { secretRef: { name: 'keys', key: 'key' } } }],
  },
  'policy.compliance.piiDetection.enabled': {},
  'policy.compliance.piiDetection.patterns[].type': {},
  'policy.elicitation.enabled': {},
  ...Object.fromEntries(
    ['global', 'perIP', 'perServer', 'perUser'].flatMap(dimension =>
      ['requestsPerHour', 'requestsPerMinute', 'requestsPerSecond'].map(unit => [
        `policy.rateLimit.${dimension}.${unit}`,
        {},
      ]),
    ),
  ),
  'policy.requestFiltering.bodyFilters[].type': { action: 'Redact', pattern: '$.params.arguments.a' },
  'policy.responseFiltering.bodyFilters[].type': { action: 'Redact', pattern: '$.params.arguments.a' },
  'policy.sampling.enabled': {},
};

/** What is said of a field to see what becomes of it. */
function probe({ path, schema }: Pick<Leaf, 'path' | 'schema'>): unknown {
  if (path in VALUES) {
    return VALUES[path];
  }
  const { default: usual, enum: choices, minimum = 1, type } = schema;
  if (choices !== undefined) {
    return choices.filter((choice: string) => choice !== usual && choice !== 'None').pop();
  }
  switch (type) {
    case 'boolean':
      return usual !== true;
    case 'integer':
      return usual === undefined ? minimum + 6 : usual + 1;
    case 'array':
      return ['a'];
    case 'object':
      return { a: 'b' };
    default:
      return schema['x-kubernetes-int-or-string'] === true
        ? '4Ki'
        : /[0-9]s$|[0-9]d$|[0-9]h$/.test(usual ?? '')
          ? '7s'
          : schema.pattern === undefined
            ? 'x'
            : '7';
  }
}

/** A spec in which a field has a value, beside what it needs. */
function specWith({ path, holders }: Leaf, value: unknown): Json {
  const inner = holders.reduceRight<{ readonly path: string; readonly value: unknown }>(
    (within, holder, i) => {
      const last = i === holders.length - 1;
      const context = last ? (OTHER_CONTEXTS[path] ?? CONTEXTS[holder.path]) : CONTEXTS[holder.path];
      const needed = within.value === undefined && context === undefined ? {} : required(holder);
      const name = within.path.slice(holder.path.length + 1);
      const beside = merged(needed, context ?? {});
      const filled =
        within.value === undefined
          ? beside
          : merged(beside, name.endsWith('[]') ? { [name.slice(0, -2)]: [within.value] } : { [name]: within.value });
      return { path: holder.path, value: Object.keys(filled).length === 0 ? undefined : filled };
    },
    { path, value },
  );
  return inner.value === undefined ? {} : { [inner.path]: inner.value };
}

/** What an object must have, by its schema. */
function required({ path, schema }: { readonly path: string; readonly schema: Schema }): Json {
  return Object.fromEntries(
    ((schema.required ?? []) as string[]).map(name => {
      const child = schema.properties![name];
      const place = `${path}.${name}`;
      return [
        name,
        child.properties === undefined
          ? (child.enum?.[0] ?? probe({ path: place, schema: child }))
          : { ...required({ path: place, schema: child }), ...REFERENCE },
      ];
    }),
  );
}

/** A value in a Secret: all objects that have to be there are such. */
const REFERENCE = { secretRef: { name: 'keys', key: 'key' } };

function merged(base: Json, over: Json): Json {
  const isObject = (value: unknown) => typeof value === 'object' && value !== null && !Array.isArray(value);
  return {
    ...base,
    ...Object.fromEntries(
      Object.entries(over).map(([name, value]) => [
        name,
        isObject(base[name]) && isObject(value) ? merged(base[name], value) : value,
      ]),
    ),
  };
}

/** What a gateway with such a spec, one server and one route becomes, but for the resource that only repeats it. */
function render(spec: Json): { readonly objects: string } | { readonly findings: readonly Diagnostic[] } {
  const app = new App();
  new ClusterProfile({ addOns: [ClusterAddOn.CERT_MANAGER, ClusterAddOn.GATEWAY_API] }).applyTo(app);
  const chart = new Chart(app, 'chart', { namespace: 'mcp' });
  const text = [
    {
      apiVersion: 'ome.io/v1alpha1',
      kind: 'MCPServer',
      metadata: { name: 'a' },
      spec: {
        transport: 'streamable-http',
        hosted: { podSpec: { spec: { containers: [{ name: 'mcp-server', image: 'x:1' }] } } },
      },
    },
    {
      apiVersion: 'ome.io/v1alpha1',
      kind: 'MCPGateway',
      metadata: { name: 'gw' },
      spec: { ...authenticated(spec), ...spec },
    },
    {
      apiVersion: 'ome.io/v1alpha1',
      kind: 'MCPRoute',
      metadata: { name: 'r' },
      spec: { backendRefs: [{ serverRef: { name: 'a' } }] },
    },
  ]
    .map(document => JSON.stringify(document))
    .join('\n---\n');
  try {
    McpManifest.fromYaml(chart, 'manifest', text);
    const errors = Synthesis.of(chart)
      .diagnostics()
      .filter(({ severity }) => severity === 'error');
    return errors.length > 0
      ? { findings: errors }
      : {
          objects: JSON.stringify(
            Testing.synth(chart)
              .filter(({ kind }) => kind !== 'MCPGateway')
              .map(withoutPods),
          ),
        };
  } catch (error) {
    return { findings: (error as { diagnostics: Diagnostic[] }).diagnostics };
  }
}

/** Limits and sessions need callers that have names. */
function authenticated({ policy }: Json): Json {
  return policy?.authentication !== undefined
    ? {}
    : {
        authentication: {
          jwt: { issuer: 'https://auth.acme.dev', audiences: ['mcp'], jwksURI: 'https://auth.acme.dev/jwks.json' },
        },
      };
}

/** Addresses of constructs differ from tree to tree. */
function withoutPods(object: Json): Json {
  return JSON.parse(JSON.stringify(object, (key, value) => (key === 'cdk8s.io/metadata.addr' ? undefined : value)));
}

/** What becomes of a field. */
export function outcomeOf(leaf: Leaf): Outcome {
  const said = render(specWith(leaf, probe(leaf)));
  if ('findings' in said) {
    return said.findings.some(finding => names(finding, leaf.path)) ? 'refused' : 'unnamed';
  }
  const unsaid = render(specWith(leaf, undefined));
  return 'findings' in unsaid || unsaid.objects !== said.objects ? 'enforced' : 'ignored';
}

/** Whether a finding is about a field: it stands at the field or at what holds it, or names the field. */
function names(finding: Diagnostic, path: string): boolean {
  const place = finding.property.replace(/^spec\./, '').replace(/\[\d+\]/g, '[]');
  const within = [path, path.replace(/^policy\./, '')].some(
    candidate => candidate === place || candidate.startsWith(`${place}.`) || candidate.startsWith(`${place}[`),
  );
  return within || formatDiagnostic(finding).includes(path.slice(path.lastIndexOf('.') + 1));
}

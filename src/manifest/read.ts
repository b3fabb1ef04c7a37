import { Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { configMapsOf } from './authz-document';
import { classify } from './classify';
import { inTodaysForm } from './earlier';
import { readGateway } from './gateway-document';
import { hasTools, InferencePlan, readInference, routeDocument, routeKey } from './inference-document';
import { KINDS, ManifestKind, readableSpec, schemaErrors } from './kinds';
import { McpManifestOptions, OtherKinds } from './manifest-options';
import { readMetadata } from './metadata';
import { OtherPlan, readOther } from './other-document';
import { expandLists, parseSource, titleOf } from './parse';
import { ManifestDocument, Plan, ReadContext } from './plan';
import { Constructs, gatewayRefOf, normalizeBackendRefs, serverRefOf } from './references';
import { readRoute } from './route-document';
import { checkRules } from './rules';
import { readServer } from './server-document';
import { DocumentCheck, SourceDocument, inOrder } from './source-document';
import { withoutNulls } from '../api/json-schema';
import { describeType, reportSchemaErrors, unknownField } from '../api/schema-findings';
import { OWN_FIELD, unseenFields, OPTION_WITHOUT_FIELD } from '../api/upstream';
import { ClusterProfile } from '../cluster/cluster-profile';
import { Reconciliation } from '../cluster/reconciliation';
import { dataPlaneValue } from '../gateway/data-plane';
import { Diagnostic, errorKind, findingIf, findingOf, formatDiagnostic, InputError } from '../model/findings';
import { GatewayRef, gatewayKey } from '../model/route';
import { ServerRef, serverKey } from '../model/server';
import { IMcpGateway, IMcpServer } from '../references';
import { IMcpRoute } from '../route/imported-route';
import { Synthesis } from '../synthesis/synthesis';
import { distinctBy, Json } from '../values/json';

const MANIFEST_EMPTY = errorKind('manifest-empty', 'is empty', 'Write at least one document');
const SPEC_NOT_OBJECT = errorKind('spec-not-object', 'is {type}, not an object', 'Write the fields of the spec');
const FIELD_OF_OWN = errorKind('field-of-own', OWN_FIELD, '{remedy}');
const DOCUMENT_TWICE = errorKind(
  'document-twice',
  'is the name of an earlier document of this kind ({where}document {number}, line {line})',
  'Remove one of them, or give it another name',
);

export { routeKey } from './inference-document';
export { placesIn } from './plan';

/** A manifest without faults, ready to become constructs. */
export interface ManifestPlan {
  /** In the order of creation: what is referred to comes first. */
  readonly plans: readonly Plan[];
  readonly others: readonly OtherPlan[];
  /** Models with tools, whose routes are among the plans. */
  readonly inferences: readonly InferencePlan[];
  /** Constructs from outside the manifest that its documents may refer to. */
  readonly given: {
    readonly servers: readonly IMcpServer[];
    readonly gateways: readonly IMcpGateway[];
    readonly routes: readonly IMcpRoute[];
  };
}

/** A text of documents, and what it is called. */
export interface ManifestText {
  readonly source: string;
  readonly text: string;
}

/** Servers and gateways before the routes that refer to them. */
const CREATION_ORDER: readonly ManifestKind[] = [
  'MCPServer',
  'ClusterMCPServer',
  'MCPGateway',
  'ClusterMCPGateway',
  'MCPRoute',
];

/** A document of a kind that is read, on its way. */
interface Candidate {
  readonly source: SourceDocument;
  readonly check: DocumentCheck;
  readonly kind: ManifestKind;
}

/**
 * Reads a manifest completely before anything of it is created.
 *
 * @throws InputError with everything that is wrong, over all documents
 */
export function readManifest(
  scope: Construct,
  sources: readonly ManifestText[],
  options: McpManifestOptions,
): ManifestPlan {
  const rendered = Reconciliation.of(scope) === Reconciliation.RENDERED;
  const parsed = sources.map(({ source, text }) => parseSource(text, source));
  const expanded = expandLists(parsed.flatMap(({ documents }) => documents));
  const texts = [...parsed.flatMap(({ findings }) => findings), ...expanded.findings];
  const names = sources.map(({ source }) => source);
  const faults = checkOptions(names.join(', '), options, rendered);
  if (texts.length + expanded.documents.length === 0) {
    faults.push(findingOf(MANIFEST_EMPTY, names.join(', '), 'documents', undefined));
  }

  const checks: DocumentCheck[] = [];
  const candidates: Candidate[] = [];
  const others: OtherPlan[] = [];
  const models: { readonly document: SourceDocument; readonly check: DocumentCheck }[] = [];
  const ids = new Map<string, SourceDocument>();
  const chartNamespace = Chart.of(scope).namespace;
  const configMaps = configMapsOf(expanded.documents);
  for (const written of expanded.documents) {
    const about = title(written.object, chartNamespace);
    const form = new DocumentCheck(written, about);
    const document = inTodaysForm(written, form, { chartNamespace, configMaps });
    const check = new DocumentCheck(document, about);
    checks.push(form, check);
    if (hasTools(document.object) && rendered) {
      const route = routeDocument(document);
      if (route !== undefined) {
        candidates.push({ source: route, check: new DocumentCheck(route, about), kind: 'MCPRoute' });
      }
      models.push({ document, check });
      continue;
    }
    const classification = classify(
      check,
      document.object,
      hasTools(document.object) ? OtherKinds.PASS_THROUGH : (options.otherKinds ?? OtherKinds.REJECT),
    );
    if (classification === 'other') {
      const other = readOther(check, document);
      if (other !== undefined) {
        checkUnique(check, document, other.id, ids);
        others.push(other);
      }
    } else if (classification !== undefined) {
      candidates.push({ source: document, check, kind: classification.kind });
    }
  }

  const given = {
    servers: options.servers ?? [],
    gateways: givenGateways(scope, options),
    routes: options.routes ?? [],
  };
  const named = candidates.flatMap(candidate => namedBy(candidate, chartNamespace));
  const context: ReadContext = {
    rendered,
    allowInsecureRemotes: options.allowInsecureRemotes ?? false,
    chartNamespace,
    profile: ClusterProfile.of(scope)._model,
    inventory: {
      servers: [
        ...named.filter((ref): ref is ServerRef => ref.kind === 'MCPServer' || ref.kind === 'ClusterMCPServer'),
        ...given.servers.map(serverRefOf),
      ],
      gateways: [
        ...named.filter((ref): ref is GatewayRef => ref.kind === 'MCPGateway' || ref.kind === 'ClusterMCPGateway'),
        ...given.gateways.map(gatewayRefOf),
      ],
    },
    configMaps,
    dataPlane: options.dataPlane && dataPlaneValue(options.dataPlane),
    defaultGateway: options.gateway && gatewayRefOf(options.gateway),
  };
  const plans = candidates.flatMap(candidate => {
    const document = readDocument(candidate, chartNamespace, rendered);
    if (document === undefined) {
      return [];
    }
    const id = idOf(document);
    checkUnique(document.check, document.source, id, ids);
    const plan = document.check.attempt(
      () => [],
      () => planOf(document, id, context),
    );
    return plan ?? [];
  });

  const routes = [
    ...given.routes.map(({ namespace, name }) => routeKey(namespace, name)),
    ...candidates.flatMap(({ kind, source: { object } }) =>
      kind === 'MCPRoute' ? [routeKey(object.metadata?.namespace ?? chartNamespace, object.metadata?.name)] : [],
    ),
  ];
  const inferences = models.flatMap(({ document, check }) => {
    const inference = readInference(document, check, chartNamespace, routes);
    if (inference !== undefined) {
      checkUnique(check, document, inference.id, ids);
    }
    return inference ?? [];
  });

  const said = [...new Set([...checks, ...candidates.map(({ check }) => check)])].flatMap(check => check.findings);
  // What is wrong with a document of which two things are made is wrong once.
  const findings = distinctBy(inOrder([...texts, ...said], names), formatDiagnostic);
  if (faults.length + findings.length > 0) {
    throw new InputError([...faults, ...findings]);
  }
  return {
    plans: [...plans].sort((a, b) => CREATION_ORDER.indexOf(a.document.kind) - CREATION_ORDER.indexOf(b.document.kind)),
    others,
    inferences,
    given,
  };
}

/** A document in messages, as far as it says who it is about. */
function title({ kind, metadata }: Json, chartNamespace: string | undefined): string | undefined {
  const name = metadata?.name;
  if (typeof kind !== 'string' || typeof name !== 'string') {
    return typeof kind === 'string' ? kind : undefined;
  }
  const clusterScoped = KINDS[kind as ManifestKind]?.clusterScoped ?? true;
  const namespace = metadata.namespace ?? (clusterScoped ? undefined : chartNamespace);
  return titleOf(kind, name, typeof namespace === 'string' ? namespace : undefined);
}

function checkOptions(source: string, options: McpManifestOptions, rendered: boolean): Diagnostic[] {
  const { dataPlane, gateway } = options;
  const dropped = { instead: 'Drop it' };
  return rendered
    ? []
    : [
        ...findingIf(
          OPTION_WITHOUT_FIELD,
          source,
          'options.gateway',
          gateway?.name,
          gateway && { kind: 'MCPRoute', ...dropped },
        ),
        ...findingIf(
          OPTION_WITHOUT_FIELD,
          source,
          'options.dataPlane',
          '(given)',
          dataPlane && { kind: 'MCPGateway', ...dropped },
        ),
      ];
}

function givenGateways(scope: Construct, options: McpManifestOptions): IMcpGateway[] {
  const ofApp = Synthesis.of(scope).gatewayConstructs as readonly IMcpGateway[];
  return options.gateway === undefined || ofApp.includes(options.gateway) ? [...ofApp] : [options.gateway, ...ofApp];
}

/** Who a document is about, even where it is otherwise wrong: a reference to it is then no mistake of its own. */
function namedBy({ source, kind }: Candidate, chartNamespace: string | undefined): (ServerRef | GatewayRef)[] {
  const { name, namespace } = source.object.metadata ?? {};
  return kind === 'MCPRoute' || typeof name !== 'string'
    ? []
    : [
        { kind, name, namespace: KINDS[kind].clusterScoped ? undefined : (namespace ?? chartNamespace) } as
          ServerRef | GatewayRef,
      ];
}

/** Checks the form of a document; undefined when it is too wrong to read on. */
function readDocument(
  { source, check, kind }: Candidate,
  chartNamespace: string | undefined,
  rendered: boolean,
): ManifestDocument | undefined {
  const { apiVersion, kind: ignored, metadata: given, spec: raw, status, ...rest } = source.object;
  Object.keys(rest).forEach(field =>
    unknownField(check, [field], rest[field], ['apiVersion', 'kind', 'metadata', 'spec']),
  );
  const metadata = readMetadata(check, kind, given, chartNamespace);
  if (typeof (raw ?? {}) !== 'object' || Array.isArray(raw)) {
    check.report(SPEC_NOT_OBJECT, ['spec'], raw, { type: describeType(raw) });
    return undefined;
  }
  const pruned = withoutNulls(raw ?? {});
  const spec = kind === 'MCPRoute' ? normalizeBackendRefs(check, pruned) : pruned;
  const errors = schemaErrors(kind, spec);
  reportSchemaErrors(check, errors, spec, ['spec']);
  const readable = readableSpec(spec, errors);
  if (readable === undefined) {
    return undefined;
  }
  checkRules(check, kind, readable);
  if (!rendered) {
    for (const { path, value, remedy } of unseenFields(KINDS[kind].resource.spec, readable, ['spec'])) {
      check.report(FIELD_OF_OWN, path, value, { remedy });
    }
  }
  return metadata && { source, check, kind, metadata, spec: readable };
}

/** Namespaces have no dots and cluster-scoped kinds other names, so this is unique. */
function idOf({ kind, metadata }: ManifestDocument): string {
  return [kind, ...(metadata.namespace === undefined ? [] : [metadata.namespace]), metadata.name].join('.');
}

function checkUnique(
  check: DocumentCheck,
  document: SourceDocument,
  id: string,
  ids: Map<string, SourceDocument>,
): void {
  const earlier = ids.get(id);
  if (earlier === undefined) {
    ids.set(id, document);
    return;
  }
  check.report(DOCUMENT_TWICE, ['metadata', 'name'], document.object.metadata.name, {
    where: earlier.source === document.source ? '' : `${earlier.source}, `,
    number: earlier.number,
    line: earlier.lineOf(['metadata', 'name']),
  });
}

function planOf(document: ManifestDocument, id: string, context: ReadContext): Plan {
  switch (document.kind) {
    case 'MCPServer':
    case 'ClusterMCPServer':
      return { document, id, ...readServer(document, context) };
    case 'MCPRoute':
      return { document, id, ...readRoute(document, context) };
    default:
      return { document, id, ...readGateway(document, context) };
  }
}

/** Looks up the constructs of a manifest while they are being created. */
export class CreatedConstructs implements Constructs {
  private readonly servers: Map<string, IMcpServer>;
  private readonly gateways: Map<string, IMcpGateway>;

  constructor(given: ManifestPlan['given']) {
    this.servers = new Map(given.servers.map(server => [serverKey(serverRefOf(server)), server]));
    this.gateways = new Map(given.gateways.map(gateway => [gatewayKey(gatewayRefOf(gateway)), gateway]));
  }

  addServer(server: IMcpServer): void {
    this.servers.set(serverKey(serverRefOf(server)), server);
  }

  addGateway(gateway: IMcpGateway): void {
    this.gateways.set(gatewayKey(gatewayRefOf(gateway)), gateway);
  }

  server(ref: ServerRef): IMcpServer {
    return this.servers.get(serverKey(ref))!;
  }

  gateway(ref: GatewayRef): IMcpGateway {
    return this.gateways.get(gatewayKey(ref))!;
  }
}

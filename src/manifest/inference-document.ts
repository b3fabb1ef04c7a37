import { Construct } from 'constructs';
import { readMetadata } from './metadata';
import { DocumentCheck, SourceDocument } from './source-document';
import { withoutNulls } from '../api/json-schema';
import { describeType, unknownField, wrongType } from '../api/schema-findings';
import {
  checkInferenceResource,
  INFERENCE_API_VERSION,
  POD_LABEL,
  ROUTE_SUFFIX,
} from '../inference/inference-resource';
import { McpInferenceService } from '../inference/mcp-inference-service';
import { errorKind, InputCheck } from '../model/findings';
import { IMcpRoute } from '../route/imported-route';
import { isObject, Json } from '../values/json';
import { Path, parsePath } from '../values/paths';
import { compareText } from '../values/text';
import { Rewriting } from './earlier/rewriting';
import { API_VERSION } from './kinds';

/*
 * InferenceServices that say which tools their model has (OEP-0005, "InferenceService MCP Integration"): by servers, for which a route
 * is made, or by a route. What else they say is OME's.
 */

const MODEL_MISSING = errorKind('inference-model-missing', 'names no model', 'Write model.name');
const TOOLS_NOT_OBJECT = errorKind('inference-route-not-object', 'is {type}, not an object', 'Write routeRef.name');
const SERVERS_BESIDE_ROUTE = errorKind(
  'inference-servers-beside-route',
  'is given together with mcpRoute.routeRef, which says it',
  'Keep one of the two',
);
const ROUTE_NAME_MISSING = errorKind('inference-route-name-missing', 'names no route', 'Write routeRef.name');
const ROUTE_UNKNOWN = errorKind(
  'inference-route-unknown',
  'there is no MCPRoute {route} in the manifest, {others}',
  'Correct the name, add the document, or pass a route from elsewhere in the option `routes`',
);

/** An InferenceService ready to become a construct. */
export interface InferencePlan {
  readonly id: string;
  readonly check: DocumentCheck;
  readonly create: (scope: Construct, id: string, routes: ReadonlyMap<string, IMcpRoute>) => McpInferenceService;
}

/** Whether a document is about a model that has tools. */
export function hasTools({ apiVersion, kind, spec }: Json): boolean {
  return (
    apiVersion === INFERENCE_API_VERSION &&
    kind === 'InferenceService' &&
    isObject(spec) &&
    (given(spec.mcpServers) || given(spec.mcpRoute))
  );
}

function given(value: unknown): boolean {
  return value !== undefined && value !== null;
}

/** What routes go by. */
export function routeKey(namespace: string | undefined, name: unknown): string {
  return `${namespace ?? ''}/${name}`;
}

/**
 * The route that a document asks for by naming servers, as a document of its own: with the same places in the text. Undefined where it
 * names a route.
 */
export function routeDocument(document: SourceDocument): SourceDocument | undefined {
  const { metadata, spec } = document.object;
  const policies: Json = isObject(spec.mcpRoute) ? withoutNulls(spec.mcpRoute) : {};
  if (policies.routeRef !== undefined || !isObject(metadata) || typeof metadata.name !== 'string') {
    return undefined;
  }
  const rewriting = new Rewriting({ apiVersion: API_VERSION, kind: 'MCPRoute' });
  const name: Path = ['metadata', 'name'];
  rewriting.make(['metadata'], {}, ['metadata']);
  rewriting.make(name, `${metadata.name}${ROUTE_SUFFIX}`, name);
  rewriting.put(['metadata', 'namespace'], metadata.namespace, ['metadata', 'namespace']);
  rewriting.make(['metadata', 'labels'], { [POD_LABEL]: metadata.name }, name);
  rewriting.put(['spec'], policies, ['spec', 'mcpRoute']);
  if (policies.backendRefs === undefined || given(spec.mcpServers)) {
    rewriting.put(['spec', 'backendRefs'], spec.mcpServers, ['spec', 'mcpServers']);
  }
  return {
    ...document,
    object: rewriting.object,
    lineOf: path => document.lineOf(rewriting.placeOf(path)),
    written: { object: document.object, placeOf: path => rewriting.placeOf(path) },
  };
}

/** Reads a document; undefined where it is too wrong to become a construct, which is reported. */
export function readInference(
  document: SourceDocument,
  check: DocumentCheck,
  chartNamespace: string | undefined,
  routes: readonly string[],
): InferencePlan | undefined {
  const { apiVersion, kind, metadata: written, spec: raw, status, ...unknown } = document.object;
  Object.keys(unknown).forEach(field =>
    unknownField(check, [field], unknown[field], ['apiVersion', 'kind', 'metadata', 'spec']),
  );
  const metadata = readMetadata(check, 'InferenceService', written, chartNamespace);
  const { mcpServers, mcpRoute, model, runtime, ...spec } = withoutNulls(raw);
  const type = isObject(mcpRoute ?? {}) ? undefined : { type: describeType(mcpRoute) };
  check.report(TOOLS_NOT_OBJECT, ['spec', 'mcpRoute'], mcpRoute, type);
  const { routeRef, ...policies } = isObject(mcpRoute) ? mcpRoute : {};
  const explicit = routeRef !== undefined;
  if (explicit) {
    check.report(SERVERS_BESIDE_ROUTE, ['spec', 'mcpServers'], mcpServers, mcpServers !== undefined);
    Object.keys(policies).forEach(field =>
      check.report(SERVERS_BESIDE_ROUTE, ['spec', 'mcpRoute', field], policies[field], true),
    );
    checkRoute(check, metadata?.namespace, routeRef, routes);
  }
  if (runtime !== undefined && !isObject(runtime)) {
    wrongType(check, ['spec', 'runtime'], runtime, 'an object');
  }
  const served = referenceOf(model, 'modelRef');
  check.report(MODEL_MISSING, ['spec', 'model'], model, typeof served?.name !== 'string');
  if (metadata === undefined || !check.clean) {
    return undefined;
  }
  const { name, namespace } = metadata;
  const props = {
    ...metadata,
    spec,
    model: served as Json & { readonly name: string },
    runtime: referenceOf(runtime, 'runtimeRef') as { readonly name: string } | undefined,
  };
  check.attempt(
    property => [
      ...(/^(?:name|namespace|labels|annotations)\b/.test(property)
        ? ['metadata']
        : property.startsWith('spec')
          ? []
          : ['spec']),
      ...parsePath(property),
    ],
    () => {
      const input = new InputCheck('');
      checkInferenceResource(input, name, props);
      input.throwIfAny();
    },
  );
  const key = routeKey(namespace, explicit ? routeRef.name : `${name}${ROUTE_SUFFIX}`);
  return {
    id: ['InferenceService', namespace, name].join('.'),
    check,
    create: (scope, id, known) => new McpInferenceService(scope, id, { ...props, route: known.get(key)! }),
  };
}

/** A model or runtime, which some of the proposal's examples name in an object of its own. */
function referenceOf(value: unknown, field: string): Json | undefined {
  return isObject(value) && isObject(value[field]) && Object.keys(value).length === 1
    ? value[field]
    : (value as Json | undefined);
}

function checkRoute(
  check: DocumentCheck,
  namespace: string | undefined,
  routeRef: unknown,
  routes: readonly string[],
): void {
  const name: unknown = isObject(routeRef) ? routeRef.name : undefined;
  const path: Path = ['spec', 'mcpRoute', 'routeRef'];
  if (typeof name !== 'string') {
    check.report(ROUTE_NAME_MISSING, path, routeRef, true);
    return;
  }
  Object.keys(routeRef as Json)
    .filter(field => field !== 'name')
    .forEach(field => unknownField(check, [...path, field], (routeRef as Json)[field], ['name']));
  const route = routeKey(namespace, name);
  const others = routes.length === 0 ? 'and no other route' : `only ${[...routes].sort(compareText).join(', ')}`;
  check.report(ROUTE_UNKNOWN, [...path, 'name'], name, routes.includes(route) ? undefined : { route, others });
}

import type { ErrorObject, ValidateFunction } from 'ajv';
import { compileSchema, podTemplateSchema, Schema, toJsonSchema } from '../api/json-schema';
import { clusterMcpGateway, mcpGateway } from '../api/mcp-gateway';
import { mcpRoute } from '../api/mcp-route';
import { clusterMcpServer, mcpServer } from '../api/mcp-server';
import { GROUP, Resource, VERSION } from '../api/resource';
import { GatewayKind } from '../model/route';
import { ServerKind } from '../model/server';
import { Json } from '../values/json';

/** The version of the API that manifests are read in. */
export const API_VERSION = `${GROUP}/${VERSION}`;

/** Kinds that a manifest turns into constructs. */
export type ManifestKind = ServerKind | GatewayKind | 'MCPRoute';

/** What the reader needs to know of a kind. */
export interface KindInfo {
  /** Its fields. */
  readonly resource: Resource;
  readonly clusterScoped: boolean;
  /** Component label that its construct sets on what it emits. */
  readonly component: 'mcp-server' | 'mcp-gateway' | 'mcp-route';
}

export const KINDS: Readonly<Record<ManifestKind, KindInfo>> = {
  MCPServer: { resource: mcpServer, clusterScoped: false, component: 'mcp-server' },
  ClusterMCPServer: { resource: clusterMcpServer, clusterScoped: true, component: 'mcp-server' },
  MCPRoute: { resource: mcpRoute, clusterScoped: false, component: 'mcp-route' },
  MCPGateway: { resource: mcpGateway, clusterScoped: false, component: 'mcp-gateway' },
  ClusterMCPGateway: { resource: clusterMcpGateway, clusterScoped: true, component: 'mcp-gateway' },
};

export const KIND_NAMES = Object.keys(KINDS) as ManifestKind[];

/** Narrows a kind to those that are read. */
export function isManifestKind(kind: string): kind is ManifestKind {
  return Object.prototype.hasOwnProperty.call(KINDS, kind);
}

/** The schema of a kind's `spec`, by which the API server of a cluster would judge it. */
export function specSchema(kind: ManifestKind): Schema {
  return toJsonSchema(KINDS[kind].resource.spec.schema, podTemplateSchema);
}

const VALIDATORS = new Map<ManifestKind, ValidateFunction>();

/** What the schema of a kind finds wrong with a spec. */
export function schemaErrors(kind: ManifestKind, spec: Json): readonly ErrorObject[] {
  let validate = VALIDATORS.get(kind);
  if (validate === undefined) {
    validate = compileSchema(specSchema(kind));
    VALIDATORS.set(kind, validate);
  }
  validate(spec);
  return validate.errors ?? [];
}

/** Faults after which a spec no longer has the form that its readers rely on. */
const SHAPE_FAULTS = ['type', 'required'];

/** The spec as far as its readers can go on with it: without unknown fields, unless values are of a wrong type or missing. */
export function readableSpec(spec: Json, errors: readonly ErrorObject[]): Json | undefined {
  if (errors.some(error => SHAPE_FAULTS.includes(error.keyword))) {
    return undefined;
  }
  for (const { keyword, data, params } of errors) {
    if (keyword === 'additionalProperties') {
      delete (data as Json)[params.additionalProperty];
    }
  }
  return spec;
}

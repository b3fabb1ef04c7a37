import { Construct } from 'constructs';
import { ConfigMapDocument } from './authz-document';
import { KINDS, ManifestKind } from './kinds';
import { Metadata } from './metadata';
import { Constructs, Inventory } from './references';
import { DocumentCheck, SourceDocument } from './source-document';
import { placeOf } from '../api/codec';
import type { DataPlaneValue } from '../gateway/data-plane';
import { ClusterProfile } from '../model/cluster';
import { GatewayRef } from '../model/route';
import { Json } from '../values/json';
import { Path, parsePath } from '../values/paths';

/** A document whose form is right: what its kind's reader starts from. */
export interface ManifestDocument {
  readonly source: SourceDocument;
  readonly kind: ManifestKind;
  readonly metadata: Metadata;
  /** Without nulls, and in the form of the schema. */
  readonly spec: Json;
  readonly check: DocumentCheck;
}

/** What every document is read with. */
export interface ReadContext {
  /** Whether the library renders what follows from the resources, or an operator does. */
  readonly rendered: boolean;
  readonly allowInsecureRemotes: boolean;
  /** Namespace of the chart that the manifest is read into. */
  readonly chartNamespace?: string;
  /** The cluster that the manifest is read for. */
  readonly profile: ClusterProfile;
  readonly inventory: Inventory;
  /** ConfigMaps among the documents, which hold policies. */
  readonly configMaps: readonly ConfigMapDocument[];
  /** Serves gateways that do not say what does; undefined for the library's default. */
  readonly dataPlane?: DataPlaneValue;
  /** Serves routes that name no gateway. */
  readonly defaultGateway?: GatewayRef;
}

/** A document turned into the statement of a construct. What is wrong with it is found: making the construct finds nothing more. */
export interface Reading {
  readonly create: (scope: Construct, id: string, constructs: Constructs) => Construct;
}

/** A document ready to become a construct. */
export interface Plan extends Reading {
  readonly document: ManifestDocument;
  readonly id: string;
}

/** Options that all constructs have from metadata. */
const METADATA: readonly string[] = ['name', 'namespace', 'labels', 'annotations'];

/**
 * Turns names of options into places of a document, by its table of fields. What is found of a construct after it was read
 * goes by the names that options have.
 */
export function placesIn({ kind, spec }: Pick<ManifestDocument, 'kind' | 'spec'>): (property: string) => Path {
  return property => {
    const path = parsePath(property);
    const [first] = path;
    return property.startsWith('spec.')
      ? path
      : typeof first === 'string' && METADATA.includes(first)
        ? ['metadata', ...path]
        : ['spec', ...placeOf(KINDS[kind].resource.spec, path, spec)];
  };
}

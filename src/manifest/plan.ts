import { Construct } from 'constructs';
import { ConfigMapDocument } from './authz-document';
import { KINDS, ManifestKind } from './kinds';
import { Metadata } from './metadata';
import { Constructs, Inventory } from './references';
import { DocumentCheck, SourceDocument } from './source-document';
import { placeOf } from '../api/codec';
import { ClusterProfile } from '../model/cluster';
import { GatewayRef } from '../model/route';
import { Carried } from '../synthesis/carried';
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
  /** Serves routes that name no gateway. */
  readonly defaultGateway?: GatewayRef;
}

/** A document turned into the options of a construct, whose constructor has more to find. */
export interface OptionsReading {
  readonly form: 'options';
  /** Makes the construct, in the manifest or, to try it, elsewhere. */
  readonly create: (scope: Construct, id: string, constructs: Constructs, carried: Carried) => Construct;
  /** What the resource says beyond the options. */
  readonly carried: Carried;
}

/** A document turned into the statement of a construct. What is wrong with it is found: making the construct finds nothing more. */
export interface StatementReading {
  readonly form: 'statement';
  readonly create: (scope: Construct, id: string, constructs: Constructs) => Construct;
}

/** A document that was read. */
export type Reading = OptionsReading | StatementReading;

/** A document ready to become a construct. */
export type Plan = Reading & {
  readonly document: ManifestDocument;
  readonly id: string;
  /** Where in the document an option of the construct was read from. */
  readonly translate: (property: string) => Path;
};

/** Makes the construct of a plan. */
export function createPlanned(plan: Plan, scope: Construct, constructs: Constructs): Construct {
  return plan.form === 'options'
    ? plan.create(scope, plan.id, constructs, plan.carried)
    : plan.create(scope, plan.id, constructs);
}

/**
 * Turns names of options into places of a document, by its table of fields. What is found of a route after it was read goes by
 * the names that options have.
 */
export function placesIn({ kind, spec }: Pick<ManifestDocument, 'kind' | 'spec'>): (property: string) => Path {
  return property => {
    const path = parsePath(property);
    const [first] = path;
    return property.startsWith('spec.')
      ? path
      : typeof first === 'string' && first in METADATA_TRANSLATIONS
        ? ['metadata', ...path]
        : ['spec', ...placeOf(KINDS[kind].resource.spec, path, spec)];
  };
}

/** Places of options, by the start of their names. */
export type Translations = Readonly<Record<string, string>>;

/** Options that all constructs have from metadata. */
export const METADATA_TRANSLATIONS: Translations = {
  name: 'metadata.name',
  namespace: 'metadata.namespace',
  labels: 'metadata.labels',
  annotations: 'metadata.annotations',
};

/** Turns names of options into places of a document; what is not listed is a field of the spec. */
export function translator(translations: Translations): (property: string) => Path {
  const prefixes = Object.keys(translations).sort((a, b) => b.length - a.length);
  return property => {
    if (property.startsWith('spec.')) {
      // What has no option is reported as the document has it.
      return parsePath(property);
    }
    const prefix = prefixes.find(
      candidate =>
        property === candidate || property.startsWith(`${candidate}.`) || property.startsWith(`${candidate}[`),
    );
    return parsePath(
      prefix === undefined ? `spec.${property}` : `${translations[prefix]}${property.slice(prefix.length)}`,
    );
  };
}

import { object, Properties, Schema } from './schema';

export const GROUP = 'ome.io';
export const VERSION = 'v1alpha1';

/** A column of `kubectl get`. */
export interface Column {
  readonly name: string;
  readonly type: 'string' | 'integer' | 'date';
  /** A simple path: the API server takes no expressions. */
  readonly jsonPath: string;
  readonly description: string;
  /** 1 shows the column with `-o wide` alone. */
  readonly priority?: number;
}

export interface CrdProps {
  readonly kind: string;
  readonly shortName: string;
  readonly scope: 'Namespaced' | 'Cluster';
  readonly description: string;
  readonly spec: Schema;
  /** Whether a resource without a spec is refused. */
  readonly specRequired: boolean;
  readonly status: Schema;
  readonly columns: readonly Column[];
  /** Whether `kubectl scale` works on `.spec.replicas`. */
  readonly scalable?: boolean;
}

/** A CustomResourceDefinition of apiextensions.k8s.io/v1, as plain data. */
export interface CustomResourceDefinition {
  readonly apiVersion: 'apiextensions.k8s.io/v1';
  readonly kind: 'CustomResourceDefinition';
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly group: string;
    readonly names: {
      readonly kind: string;
      readonly listKind: string;
      readonly plural: string;
      readonly singular: string;
      readonly shortNames: readonly string[];
      readonly categories: readonly string[];
    };
    readonly scope: 'Namespaced' | 'Cluster';
    readonly versions: readonly CrdVersion[];
  };
}

export interface CrdVersion {
  readonly name: string;
  readonly served: boolean;
  readonly storage: boolean;
  readonly additionalPrinterColumns: readonly Column[];
  readonly subresources: {
    readonly status: {};
    readonly scale?: { readonly specReplicasPath: string; readonly statusReplicasPath: string };
  };
  readonly schema: { readonly openAPIV3Schema: Schema };
}

export const AGE: Column = {
  name: 'Age',
  type: 'date',
  jsonPath: '.metadata.creationTimestamp',
  description: 'Time since the resource was created.',
};

export function customResourceDefinition(props: CrdProps): CustomResourceDefinition {
  const singular = props.kind.toLowerCase();
  const plural = `${singular}s`;
  const properties: Properties = {
    apiVersion: { type: 'string' },
    kind: { type: 'string' },
    metadata: { type: 'object' },
    spec: props.spec,
    status: props.status,
  };

  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${GROUP}` },
    spec: {
      group: GROUP,
      names: {
        kind: props.kind,
        listKind: `${props.kind}List`,
        plural,
        singular,
        shortNames: [props.shortName],
        categories: ['mcp'],
      },
      scope: props.scope,
      versions: [
        {
          name: VERSION,
          served: true,
          storage: true,
          additionalPrinterColumns: props.columns,
          subresources: {
            status: {},
            ...(props.scalable
              ? { scale: { specReplicasPath: '.spec.replicas', statusReplicasPath: '.status.replicas' } }
              : {}),
          },
          schema: {
            openAPIV3Schema: object(props.description, properties, props.specRequired ? { required: ['spec'] } : {}),
          },
        },
      ],
    },
  };
}

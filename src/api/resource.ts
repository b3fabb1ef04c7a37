import { Codec } from './codec';
import { Fields, ObjectCodec } from './object';

/** Group of the API. */
export const GROUP = 'ome.io';

/** Version of the API. */
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

/** A kind of the API. */
export interface Resource {
  readonly kind: string;
  readonly shortName: string;
  readonly scope: 'Namespaced' | 'Cluster';
  readonly description: string;
  readonly spec: ObjectCodec<Fields, never>;
  /** Whether a resource without a spec is refused. */
  readonly specRequired: boolean;
  readonly status: Codec<any>;
  readonly columns: readonly Column[];
  /** Whether `kubectl scale` works on `.spec.replicas`. */
  readonly scalable?: boolean;
}

/** The last column of every kind. */
export const AGE: Column = {
  name: 'Age',
  type: 'date',
  jsonPath: '.metadata.creationTimestamp',
  description: 'Time since the resource was created.',
};

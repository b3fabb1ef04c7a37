import { POD_TEMPLATE } from '../../src/api/common';
import { Column, GROUP, Resource, VERSION } from '../../src/api/resource';
import { Schema } from '../../src/api/schema';

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

/** The definition of a kind, with the given schema wherever a pod template stands. */
export function customResourceDefinition(resource: Resource, podTemplate: Schema): CustomResourceDefinition {
  const singular = resource.kind.toLowerCase();
  const plural = `${singular}s`;
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${GROUP}` },
    spec: {
      group: GROUP,
      names: {
        kind: resource.kind,
        listKind: `${resource.kind}List`,
        plural,
        singular,
        shortNames: [resource.shortName],
        categories: ['mcp'],
      },
      scope: resource.scope,
      versions: [
        {
          name: VERSION,
          served: true,
          storage: true,
          additionalPrinterColumns: resource.columns,
          subresources: {
            status: {},
            ...(resource.scalable
              ? { scale: { specReplicasPath: '.spec.replicas', statusReplicasPath: '.status.replicas' } }
              : {}),
          },
          schema: {
            openAPIV3Schema: {
              type: 'object',
              description: resource.description,
              properties: {
                apiVersion: { type: 'string' },
                kind: { type: 'string' },
                metadata: { type: 'object' },
                spec: withPodTemplate(resource.spec.schema, podTemplate),
                status: resource.status.schema,
              },
              ...(resource.specRequired ? { required: ['spec'] } : {}),
            },
          },
        },
      ],
    },
  };
}

/** A schema with another one in the place of pod templates. */
function withPodTemplate(schema: Schema, podTemplate: Schema): Schema {
  return schema === POD_TEMPLATE.schema
    ? podTemplate
    : schema.properties === undefined
      ? schema
      : {
          ...schema,
          properties: Object.fromEntries(
            Object.entries(schema.properties).map(([name, property]) => [name, withPodTemplate(property, podTemplate)]),
          ),
        };
}

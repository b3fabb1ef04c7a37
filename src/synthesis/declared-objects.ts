import { ApiObject } from 'cdk8s';
import { IConstruct } from 'constructs';
import { isMaterialized } from './materialize';
import { ClusterService, IsolatedPods } from '../model/network';
import { Json } from '../values/json';

/** The Services of an app, the library's own among them. */
export function declaredServices(root: IConstruct): ClusterService[] {
  return objectsOf(root, 'v1', 'Service').flatMap(({ metadata, spec = {} }) =>
    metadata.namespace === undefined
      ? []
      : [
          {
            namespace: metadata.namespace,
            name: metadata.name,
            ...(Object.keys(spec.selector ?? {}).length === 0 ? {} : { selector: spec.selector }),
            ports: (spec.ports ?? []).map((port: Json) => portOf(port, spec.clusterIP === 'None')),
          },
        ],
  );
}

function portOf({ port, targetPort, protocol = 'TCP' }: Json, headless: boolean): ClusterService['ports'][number] {
  // Clients of a headless Service connect to the pods themselves, and nothing maps the port.
  const reached = headless ? port : (targetPort ?? port);
  return { port, protocol, ...(typeof reached === 'number' ? { targetPort: reached } : {}) };
}

/** Pods that NetworkPolicies of the user's own keep from connections. */
export function isolatedPods(root: IConstruct): IsolatedPods[] {
  return objectsOf(root, 'networking.k8s.io/v1', 'NetworkPolicy')
    .filter(({ spec = {} }) => spec.policyTypes?.includes('Egress') ?? spec.egress !== undefined)
    .map(({ metadata, spec: { podSelector = {} } }) => ({
      namespace: metadata.namespace ?? '',
      pods: {
        matchLabels: podSelector.matchLabels ?? {},
        matchExpressions: (podSelector.matchExpressions ?? []).map(({ key, operator, values = [] }: Json) => ({
          key,
          operator,
          values,
        })),
      },
    }));
}

function objectsOf(root: IConstruct, apiVersion: string, kind: string): Json[] {
  return root.node
    .findAll()
    .filter(
      (construct): construct is ApiObject =>
        ApiObject.isApiObject(construct) &&
        (construct as ApiObject).kind === kind &&
        (construct as ApiObject).apiVersion === apiVersion &&
        !isMaterialized(construct as ApiObject),
    )
    .map(object => object.toJson());
}

import { KubernetesGrant } from '../../model/permissions';
import { compareText } from '../../values/text';

/** A rule of a Role or ClusterRole. */
export interface KubernetesRule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly verbs: readonly string[];
}

/** What a server may do in one namespace, or, without a namespace, in the whole cluster. */
export interface ScopedRules {
  readonly namespace?: string;
  readonly rules: readonly KubernetesRule[];
}

/** The rules of grants by the scope they hold in: each scope once, in the same order whatever the order of the grants. */
export function scopedRules(grants: readonly KubernetesGrant[]): ScopedRules[] {
  const namespaces = [
    ...new Set(grants.flatMap(({ scope }) => (scope.kind === 'namespaces' ? scope.namespaces : []))),
  ].sort(compareText);
  const cluster = grants.filter(({ scope }) => scope.kind === 'cluster');
  return [
    ...namespaces.map(namespace => ({
      namespace,
      rules: mergedRules(
        grants.filter(({ scope }) => scope.kind === 'namespaces' && scope.namespaces.includes(namespace)),
      ),
    })),
    ...(cluster.length === 0 ? [] : [{ rules: mergedRules(cluster) }]),
  ];
}

/** Verbs on one resource: on all its objects, or on one by name. */
interface Cell {
  readonly apiGroup: string;
  readonly resource: string;
  readonly name?: string;
  readonly verbs: Set<string>;
}

/**
 * Grants as the fewest rules that say the same and nothing else: rules are merged only where they differ in nothing but
 * the resources, or nothing but the names. API groups are never merged: a rule grants every resource in every group.
 */
function mergedRules(grants: readonly KubernetesGrant[]): KubernetesRule[] {
  const byResource = grouped(cellsOf(grants), ({ apiGroup, resource, name, verbs }) => [
    apiGroup,
    resource,
    name === undefined,
    sortedVerbs(verbs),
  ]).map(cells => ({
    apiGroup: cells[0].apiGroup,
    resource: cells[0].resource,
    names: cells[0].name === undefined ? undefined : cells.map(({ name }) => name!).sort(compareText),
    verbs: sortedVerbs(cells[0].verbs),
  }));
  return grouped(byResource, ({ apiGroup, names, verbs }) => [apiGroup, names ?? null, verbs])
    .map(same => ({
      apiGroups: [same[0].apiGroup],
      resources: same.map(({ resource }) => resource).sort(compareText),
      ...(same[0].names === undefined ? {} : { resourceNames: same[0].names }),
      verbs: same[0].verbs,
    }))
    .sort((a, b) => compareText(JSON.stringify(a), JSON.stringify(b)));
}

function cellsOf(grants: readonly KubernetesGrant[]): Cell[] {
  const cells = new Map<string, Cell>();
  for (const { apiGroups, resources, resourceNames, verbs } of grants) {
    for (const apiGroup of apiGroups) {
      for (const resource of resources) {
        for (const name of resourceNames ?? [undefined]) {
          const key = JSON.stringify([apiGroup, resource, name ?? null]);
          const cell = cells.get(key) ?? { apiGroup, resource, name, verbs: new Set() };
          verbs.forEach(verb => cell.verbs.add(verb));
          cells.set(key, cell);
        }
      }
    }
  }
  return [...cells.values()];
}

function sortedVerbs(verbs: ReadonlySet<string>): string[] {
  return verbs.has('*') ? ['*'] : [...verbs].sort(compareText);
}

function grouped<T>(items: readonly T[], keyOf: (item: T) => unknown): T[][] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = JSON.stringify(keyOf(item));
    groups.set(key, [...(groups.get(key) ?? []), item]);
  }
  return [...groups.values()];
}

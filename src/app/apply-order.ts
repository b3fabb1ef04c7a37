import { ApiObject, Chart } from 'cdk8s';
import { chartName, OrderedCharts } from './charts';

/*
 * Whoever applies a folder goes through its files by name, and through each file from top to bottom: a Namespace and the definition
 * of a resource have to come before what needs them.
 */

/** Whether other objects may need an object to be there first. */
function comesFirst({ apiGroup, kind }: ApiObject): boolean {
  return isDefinition({ apiGroup, kind }) || (kind === 'Namespace' && apiGroup === 'core');
}

/** Whether an object defines a resource of the Kubernetes API. */
export function isDefinition({ apiGroup, kind }: Pick<ApiObject, 'apiGroup' | 'kind'>): boolean {
  return kind === 'CustomResourceDefinition' && apiGroup === 'apiextensions.k8s.io';
}

/** What an object gives to others, as `namespace finance` or `group ome.io`. */
function givenBy(object: ApiObject): string {
  return isDefinition(object) ? `group ${object.name.replace(/^[^.]*\./, '')}` : `namespace ${object.name}`;
}

/** What an object needs of others. */
function neededBy({ apiGroup, metadata }: ApiObject): string[] {
  return [`group ${apiGroup}`, ...(metadata.namespace === undefined ? [] : [`namespace ${metadata.namespace}`])];
}

/** Objects that others of an app need. */
export function neededFirst(charts: ReadonlyMap<Chart, readonly ApiObject[]>): ReadonlySet<ApiObject> {
  const objects = [...charts.values()].flat();
  const needs = new Set(objects.filter(object => !comesFirst(object)).flatMap(neededBy));
  return new Set(objects.filter(object => comesFirst(object) && needs.has(givenBy(object))));
}

/** Objects of one file: what others need stands first where one of them stood before it. */
function withinFile(objects: readonly ApiObject[]): readonly ApiObject[] {
  const missed = new Set<string>();
  const late = objects.some(object => {
    if (comesFirst(object)) {
      return missed.has(givenBy(object));
    }
    neededBy(object).forEach(need => missed.add(need));
    return false;
  });
  return late ? [...objects.filter(comesFirst), ...objects.filter(object => !comesFirst(object))] : objects;
}

/** Charts in the order in which they can be applied; their own where they need nothing of each other, or each needs the other. */
export function inApplyOrder({ objects, numbered }: OrderedCharts): OrderedCharts {
  const givers = new Map<string, Chart>();
  for (const [chart, own] of objects) {
    own.filter(comesFirst).forEach(object => givers.set(givenBy(object), chart));
  }
  if (givers.size === 0) {
    return { objects, numbered };
  }
  const needs = new Map(
    [...objects].map(([chart, own]) => {
      const names = new Set(own.filter(object => !comesFirst(object)).flatMap(neededBy));
      const given = [...givers].filter(([name]) => names.has(name)).map(([, giver]) => giver);
      return [chart, [...new Set(given)].filter(giver => giver !== chart)] as const;
    }),
  );
  const order = sortedByNeeds([...objects.keys()], needs);
  const fileOf = (chart: Chart) => `${chartName(chart)}.`;
  const byName = [...needs].every(([chart, needed]) => needed.every(giver => fileOf(giver) < fileOf(chart)));
  return {
    objects: new Map(order.map(chart => [chart, withinFile(objects.get(chart)!)])),
    numbered: numbered || !byName,
  };
}

/** Each chart after those that it needs or depends on, else as they stood. */
function sortedByNeeds(charts: readonly Chart[], needs: ReadonlyMap<Chart, readonly Chart[]>): Chart[] {
  const order: Chart[] = [];
  const begun = new Set<Chart>();
  const place = (chart: Chart): void => {
    if (!begun.has(chart)) {
      begun.add(chart);
      const others = chart.node.dependencies.filter((other): other is Chart => Chart.isChart(other));
      [...others, ...(needs.get(chart) ?? [])].filter(other => needs.has(other)).forEach(place);
      order.push(chart);
    }
  };
  charts.forEach(place);
  return order;
}

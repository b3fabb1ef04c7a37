import { ApiObject, App, Chart, DependencyGraph, Names } from 'cdk8s';
import { IConstruct } from 'constructs';
import { dnsLabelProblem } from '../model/validation';
import { clusterOf } from '../synthesis/cluster-scope';

/** What of an app is written, in the order of cdk8s. */
export interface OrderedCharts {
  readonly objects: ReadonlyMap<Chart, readonly ApiObject[]>;
  /** Whether names of files tell the order by numbers: charts depend on each other. */
  readonly numbered: boolean;
}

/** Name of the files of a chart: that of cdk8s; in the folder of a cluster, without the cluster. */
export function chartName(chart: Chart): string {
  const cluster = clusterOf(chart);
  const { id, root, scope } = chart.node;
  return cluster !== root && scope === cluster && dnsLabelProblem(id) === undefined ? id : Names.toDnsLabel(chart);
}

/** Works out once for all charts what cdk8s works out anew for each of them: which objects they have, and what depends on what. */
export function orderedCharts(app: App): OrderedCharts {
  const constructs = app.node.findAll();
  const charts = constructs.filter((construct): construct is Chart => Chart.isChart(construct));
  const nested = charts.filter(({ node }) => Chart.isChart(node.scope));
  if (nested.length === 0 && constructs.every(({ node }) => node.dependencies.length === 0)) {
    return { objects: inTreeOrder(constructs, charts), numbered: false };
  }
  for (const chart of nested) {
    chart.node.scope!.node.addDependency(chart);
  }
  const numbered = resolveDependencies(constructs) || nested.length > 0;
  return { objects: new Map(app.charts.map(chart => [chart, inDependencyOrder(chart)])), numbered };
}

/** What nothing depends on stands as it was created. A graph, which this is for cdk8s, begins with charts that have numbers for ids. */
function inTreeOrder(constructs: readonly IConstruct[], charts: readonly Chart[]): Map<Chart, ApiObject[]> {
  const byPath = Object.fromEntries(charts.map(chart => [chart.node.path, chart]));
  const objects = new Map<Chart, ApiObject[]>(Object.values(byPath).map(chart => [chart, []]));
  for (const construct of constructs) {
    if (ApiObject.isApiObject(construct)) {
      objects.get(Chart.of(construct))!.push(construct as ApiObject);
    }
  }
  return objects;
}

function inDependencyOrder(chart: Chart): ApiObject[] {
  return objectsOf(new DependencyGraph(chart.node).topology(), chart);
}

/** Those of some constructs whose nearest chart it is. */
function objectsOf(constructs: readonly IConstruct[], chart: Chart): ApiObject[] {
  return constructs.filter(
    (construct): construct is ApiObject => ApiObject.isApiObject(construct) && Chart.of(construct) === chart,
  );
}

interface Dependency {
  readonly source: IConstruct;
  readonly target: IConstruct;
}

/**
 * Says of charts and of objects what was said of constructs that they are part of: a chart depends on the charts of what
 * anything in it depends on, and objects on objects. Tells whether charts depend on each other.
 */
function resolveDependencies(constructs: readonly IConstruct[]): boolean {
  const dependencies = (): Dependency[] =>
    constructs.flatMap(source => source.node.dependencies.map(target => ({ source, target })));
  const across = dependencies()
    .map(({ source, target }) => ({ source: Chart.of(source), target: Chart.of(target) }))
    .filter(({ source, target }) => source !== target);
  for (const { source, target } of across) {
    source.node.addDependency(target);
  }
  const below = new Map<IConstruct, readonly ApiObject[]>();
  const objectsBelow = (construct: IConstruct): readonly ApiObject[] => {
    const found = below.get(construct) ?? objectsOf(construct.node.findAll(), Chart.of(construct));
    below.set(construct, found);
    return found;
  };
  for (const { source, target } of dependencies()) {
    const sources = objectsBelow(source);
    for (const object of objectsBelow(target)) {
      for (const dependent of sources) {
        if (dependent !== object) {
          dependent.node.addDependency(object);
        }
      }
    }
  }
  return across.length > 0;
}

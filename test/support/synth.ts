import { App, Chart } from 'cdk8s';
import { parseAllDocuments } from 'yaml';
import { Manifest } from './validate';
import { ClusterAddOn, ClusterProfile } from '../../src';

/** A chart of an app of its own, in the namespace `finance` unless another is given. */
export function newChart(namespace: string | undefined = 'finance'): Chart {
  return new Chart(new App(), namespace ?? 'chart', { namespace });
}

/** An app for a cluster with cert-manager. */
export function appWithCertManager(): App {
  const app = new App();
  new ClusterProfile({ addOns: [ClusterAddOn.CERT_MANAGER] }).applyTo(app);
  return app;
}

/** Everything that an app emits, as it is written. */
export function objectsOf(app: App): Manifest[] {
  return parseAllDocuments(app.synthYaml()).map(document => document.toJS());
}

/** Everything that the app of a chart emits. */
export function synth(chart: Chart): Manifest[] {
  return objectsOf(App.of(chart) as App);
}

/** The one object of a kind, or of a kind and name. */
export function find(objects: readonly Manifest[], kind: string, name?: string): Manifest {
  const found = objects.filter(object => object.kind === kind && (name === undefined || object.metadata.name === name));
  if (found.length !== 1) {
    throw new Error(
      `${found.length} objects of kind ${kind}${name === undefined ? '' : ` named ${name}`}: ${found.map(object => object.metadata.name).join(', ')}`,
    );
  }
  return found[0];
}

/** Kinds and names of objects, as `Deployment ledger`, sorted. */
export function namesOf(objects: readonly Manifest[]): string[] {
  return objects.map(object => `${object.kind} ${object.metadata.name}`).sort();
}

/** The pod of a workload's template. */
export function podOf(workload: Manifest): Manifest {
  return workload.spec.template.spec;
}

/** A container of a workload by name. */
export function containerOf(workload: Manifest, name = 'mcp-server'): Manifest {
  return podOf(workload).containers.find((container: Manifest) => container.name === name);
}

/** The message of what an action throws. */
export function messageOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('nothing was thrown');
}

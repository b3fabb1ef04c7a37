import { App } from 'cdk8s';
import { PLATFORM, secretOf, TEAM, Workload } from './app';
import { LAB } from './furnished-app';
import { Report } from './report';
import { volumesFor } from './volumes';
import { World } from './world';
import { TOOLS_IMAGES } from '../../../scripts/cluster/images';
import { AGENTGATEWAY } from '../../../scripts/cluster/tools';
import { loadExample, singleClusterExamples } from '../../../scripts/demo/examples';
import { DEFAULT_IMAGES } from '../../../src/model/images';
import { objectsOf } from '../../support/synth';
import { Manifest } from '../../support/validate';
import { INFERENCE_SERVICE_CRD } from '../cluster';

/* The workloads of all examples, as far as there are images for them here, each example by itself. */

/** What runs in no image that can be made here, and why. */
const NOT_HERE: Readonly<Record<string, string>> = {
  ...(AGENTGATEWAY === undefined && { [DEFAULT_IMAGES.agentgateway]: 'agentgateway is on no registry' }),
  [DEFAULT_IMAGES.npx]: 'pods reach no registry of packages',
  [DEFAULT_IMAGES.uvx]: 'pods reach no registry of packages',
};
/** Images of this machine that are what their names say. */
const REAL: readonly string[] = [
  DEFAULT_IMAGES.agentgateway,
  DEFAULT_IMAGES.envoy,
  DEFAULT_IMAGES.rateLimitService,
  DEFAULT_IMAGES.rateLimitStore,
];
const WORKLOADS = ['Deployment', 'StatefulSet'];
/** Kinds of add-ons, which are not installed. */
const ADD_ON = /cert-manager|coreos|keda|cilium|istio|gateway\.networking/;

/** Tests of examples: their pods start as emitted, with a server of ours in each image of a server. */
export function testExamples(given: () => World, report: Report): void {
  const kubectl = (...args: readonly string[]): string => given().cluster.kubectl(args);

  beforeAll(() => {
    // Examples have namespaces of the same names.
    kubectl('delete', 'namespace', PLATFORM, TEAM, LAB, '--ignore-not-found', '--wait', '--timeout=180s');
    given().cluster.apply([INFERENCE_SERVICE_CRD]);
    kubectl('wait', '--for=condition=Established', 'crd', '--all', '--timeout=60s');
  });

  it.each(singleClusterExamples())('starts the workloads of the example %s', name => {
    const app = new App();
    loadExample(name).build(app);
    const objects = objectsOf(app).filter(({ apiVersion }) => !ADD_ON.test(apiVersion));
    const workloads = objects.filter(({ kind, metadata }) => WORKLOADS.includes(kind) && isOurs(metadata));
    const missing = new Map(workloads.map(workload => [workload, lackOf(workload)]));
    const served = workloads.filter(workload => missing.get(workload) === undefined).map(frugal);
    const rest = objects.filter(({ kind }) => !WORKLOADS.includes(kind) && kind !== 'Namespace');
    const namespaces = [...new Set(objects.flatMap(({ metadata }) => metadata.namespace ?? []))];
    const { cluster } = given();

    served.flatMap(imagesOf).forEach(image => {
      if (!REAL.includes(image)) {
        cluster.machine.run('ctr', ['-n', 'k8s.io', 'images', 'tag', '--force', TOOLS_IMAGES[0], fullName(image)]);
      }
    });
    const volumes = volumesFor(cluster, name, claimsOf([...rest, ...served]));
    try {
      cluster.apply(namespaces.map(restricted));
      cluster.apply([...volumes, ...secretsOf(served)]);
      cluster.apply([...rest, ...served]);
      served.forEach(object => given().rolledOut(workloadOf(object)));
      const left = [...missing].filter(([, why]) => why !== undefined);
      report({
        event: `example ${name}: ${served.length} of ${workloads.length} workloads${left.map(([{ metadata }, why]) => `; not ${metadata.name} (${why})`).join('')}`,
      });
    } finally {
      kubectl('delete', 'namespace', ...namespaces, '--wait', '--timeout=180s');
      if (volumes.length > 0) {
        kubectl('delete', 'pv', ...volumes.map(({ metadata }) => metadata.name));
      }
    }
  });
}

const isOurs = ({ labels }: Manifest): boolean => labels?.['app.kubernetes.io/managed-by'] === 'cdk8s-mcp';

function workloadOf({ kind, metadata }: Manifest): Workload {
  return { name: `${kind.toLowerCase()}/${metadata.name}`, namespace: metadata.namespace };
}

function containersOf({ spec }: Manifest): Manifest[] {
  const { initContainers = [], containers } = spec.template.spec;
  return [...initContainers, ...containers];
}

function imagesOf(workload: Manifest): string[] {
  return containersOf(workload).map(({ image }) => image);
}

/** Why a workload cannot run here. */
function lackOf(workload: Manifest): string | undefined {
  const image = imagesOf(workload).find(used => Object.keys(NOT_HERE).some(known => sameImage(used, known)));
  return image === undefined
    ? workload.spec.template.spec.nodeSelector && 'its nodes are others'
    : NOT_HERE[Object.keys(NOT_HERE).find(known => sameImage(image, known))!];
}

/** Whether both are the same image, maybe of a registry of one's own. */
function sameImage(used: string, known: string): boolean {
  return used.endsWith(known.slice(known.indexOf('/')));
}

/** The name by which containerd knows an image. */
function fullName(image: string): string {
  const [first] = image.split('/');
  return /[.:]/.test(first) && image.includes('/') ? image : `docker.io/${image}`;
}

/** With next to no CPU asked for: all pods of an example share two. */
function frugal(workload: Manifest): Manifest {
  const copy: Manifest = structuredClone(workload);
  containersOf(copy).forEach(({ resources }) => {
    if (resources?.requests?.cpu !== undefined) {
      resources.requests.cpu = '5m';
    }
  });
  return copy;
}

function restricted(name: string): Manifest {
  return {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name, labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } },
  };
}

/** The claims of objects, one for each replica of a template. */
function claimsOf(objects: readonly Manifest[]): Manifest[] {
  return objects.flatMap(({ kind, spec }) =>
    kind === 'PersistentVolumeClaim'
      ? [spec]
      : (spec?.volumeClaimTemplates ?? []).flatMap((template: Manifest) =>
          Array.from({ length: spec.replicas ?? 1 }, () => template.spec),
        ),
  );
}

/** Secrets that pods read, with the keys that they read. */
function secretsOf(workloads: readonly Manifest[]): Manifest[] {
  const secrets = new Map<string, Manifest>();
  const add = (namespace: string, name: string, keys: readonly string[]): void => {
    const known = secrets.get(`${namespace}/${name}`) ?? secretOf(name, namespace, 'any');
    const values = Object.fromEntries(keys.map(key => [key, 'any']));
    secrets.set(`${namespace}/${name}`, { ...known, stringData: { ...known.stringData, ...values } });
  };
  for (const workload of workloads) {
    const { namespace } = workload.metadata;
    containersOf(workload)
      .flatMap(({ env = [] }) => env)
      .forEach(({ valueFrom }: Manifest) => {
        if (valueFrom?.secretKeyRef !== undefined) {
          add(namespace, valueFrom.secretKeyRef.name, [valueFrom.secretKeyRef.key]);
        }
      });
    (workload.spec.template.spec.volumes ?? []).forEach(({ secret }: Manifest) => {
      if (secret !== undefined) {
        add(
          namespace,
          secret.secretName,
          (secret.items ?? []).map(({ key }: Manifest) => key),
        );
      }
    });
  }
  return [...secrets.values()];
}

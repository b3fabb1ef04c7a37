import { readdirSync, readFileSync } from 'fs';
import { join } from 'path';
import { App } from 'cdk8s';
import { parseAllDocuments } from 'yaml';
import { ApiClient, Answer } from './api-client';
import { Synthesis } from '../../src/synthesis/synthesis';
import { Manifest, describe as describeObject } from '../support/validate';

/** An object with the very text that a user applies. */
export interface Document {
  readonly text: string;
  readonly object: Manifest;
}

/** What may be warned of. */
export interface Expected {
  /** Warnings that the library itself gave. */
  readonly announced?: readonly string[];
}

/** A cluster that objects are applied to, as its owner has set it up: what they refer to is there. */
export class Cluster {
  constructor(private readonly client: ApiClient) {}

  /** Installs CRDs and waits until the server knows their kinds. */
  public async install(crds: readonly Manifest[]): Promise<void> {
    for (const crd of crds) {
      const { status, body } = await this.client.apply(crd);
      if (status >= 300) {
        throw new Error(`${describeObject(crd)}: ${body.message}`);
      }
    }
    await this.untilServed(crds);
  }

  /** Waits until the server knows the kinds of CRDs. `kubectl wait` fails where a CRD has no conditions yet. */
  public async untilServed(crds: readonly Manifest[]): Promise<void> {
    for (const { spec } of crds) {
      const kind = {
        apiVersion: `${spec.group}/${spec.versions[0].name}`,
        kind: spec.names.kind,
        metadata: { name: 'none', namespace: 'default' },
      };
      await until(async () => {
        this.client.forgetKinds();
        return this.client.read(kind).then(
          ({ body }) => body.details?.kind !== undefined,
          () => false,
        );
      });
    }
  }

  /** Makes what documents are applied into and what their pods refer to and do not bring: namespaces, Secrets and classes. */
  public async prepare(documents: readonly Document[]): Promise<void> {
    const objects = documents.map(({ object }) => object);
    const namespaces = new Set(objects.flatMap(({ metadata }) => metadata.namespace ?? []));
    await Promise.all([...namespaces].map(name => this.must(this.client.apply(RESTRICTED(name), undefined, 'owner'))));
    // Otherwise a controller's work.
    await Promise.all(
      [...namespaces].map(namespace => this.must(this.client.apply(DEFAULT_ACCOUNT(namespace), undefined, 'owner'))),
    );
    await Promise.all(externals(objects).map(object => this.must(this.client.apply(object, undefined, 'owner'))));
  }

  /** Applies documents, and remembers what is stored; what went wrong, a line each, warnings that were not expected included. */
  public async apply(
    documents: readonly Document[],
    stored: Map<string, Manifest>,
    expected: Expected,
  ): Promise<string[]> {
    const faults = await concurrently(documents, async ({ object, text }) => {
      const answer = await this.client.apply(object, text);
      stored.set(describeObject(object), answer.body);
      return faultsOf(object, answer, expected);
    });
    return faults.flat();
  }

  /** Creates one pod of each workload, as its controller would. Pods are judged by Pod Security, workloads are not. */
  public async createPods(documents: readonly Document[]): Promise<string[]> {
    const pods = documents
      .map(({ object }) => object)
      .filter(({ kind }) => WORKLOADS.includes(kind))
      .map(podOf);
    const faults = await concurrently(pods, async pod => {
      const answer = await this.client.create(pod);
      await this.client.delete(pod);
      return faultsOf(pod, answer);
    });
    return faults.flat();
  }

  /** What is stored of documents. */
  public async read(documents: readonly Document[]): Promise<Map<string, Manifest>> {
    return new Map(
      await concurrently(documents, async ({ object }): Promise<[string, Manifest]> => [
        describeObject(object),
        (await this.client.read(object)).body,
      ]),
    );
  }

  /** Deletes what documents describe, where it is there; namespaces stay. */
  public async clear(documents: readonly Document[]): Promise<void> {
    await concurrently(
      documents.filter(({ object }) => object.kind !== 'Namespace'),
      async ({ object }) => {
        await this.client.delete(object);
        if (object.kind === 'PersistentVolumeClaim') {
          await this.client.release(object);
        }
      },
    );
  }

  private async must(answer: Promise<Answer>): Promise<void> {
    const { status, body } = await answer;
    if (status >= 300) {
      throw new Error(body.message);
    }
  }
}

const WORKLOADS = ['Deployment', 'StatefulSet'];
/** As many requests at a time as keep the server busy. */
const CONCURRENCY = 8;
const WAIT_MS = 30_000;

/** A namespace that takes no pod which is not as restricted as can be. */
const RESTRICTED = (name: string): Manifest => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: {
    name,
    labels: {
      'pod-security.kubernetes.io/enforce': 'restricted',
      'pod-security.kubernetes.io/enforce-version': 'latest',
    },
  },
});

const DEFAULT_ACCOUNT = (namespace: string): Manifest => ({
  apiVersion: 'v1',
  kind: 'ServiceAccount',
  metadata: { name: 'default', namespace },
});

/** Our CRDs. */
export function ownCrds(): Manifest[] {
  const folder = join(__dirname, '..', '..', 'crds');
  return readdirSync(folder)
    .flatMap(file => documentsOf(readFileSync(join(folder, file), 'utf8')))
    .map(({ object }) => object);
}

/** Definitions of other projects, which `npm run conformance` puts beside the API server. */
export function ecosystemCrds(): Manifest[] {
  const folder = process.env.KUBEBUILDER_ASSETS!;
  return readdirSync(folder)
    .filter(file => file.endsWith('-crds.yaml'))
    .flatMap(file => documentsOf(readFileSync(join(folder, file), 'utf8')))
    .map(({ object }) => object);
}

/**
 * OME's InferenceService with whatever content. The proposal adds `mcpRoute` to it, which no released CRD of OME has: real
 * ones would refuse the field.
 */
export const INFERENCE_SERVICE_CRD: Manifest = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'inferenceservices.ome.io' },
  spec: {
    group: 'ome.io',
    scope: 'Namespaced',
    names: { kind: 'InferenceService', plural: 'inferenceservices', singular: 'inferenceservice' },
    versions: [
      {
        name: 'v1beta1',
        served: true,
        storage: true,
        schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
      },
    ],
  },
};

/** What a user of an app applies. */
export function documentsOfApp(app: App): Document[] {
  return documentsOf(app.synthYaml());
}

/** The documents of a YAML stream. */
export function documentsOf(yaml: string): Document[] {
  return parseAllDocuments(yaml).map(document => ({
    text: yaml.slice(document.range[0], document.range[2]),
    object: document.toJS(),
  }));
}

/** Warnings that the library itself gave. */
export function announcedBy(app: App): readonly string[] {
  return Synthesis.of(app)
    .diagnostics()
    .filter(({ severity }) => severity === 'warning')
    .map(({ problem }) => problem);
}

/** Differences between an object as sent and as stored, a line each: defaults may be added, but nothing that we said may be said otherwise. */
export function rewritten(sent: unknown, stored: unknown, path = ''): string[] {
  if (Array.isArray(sent) && Array.isArray(stored) && sent.length === stored.length) {
    return sent.flatMap((item, i) => rewritten(item, stored[i], `${path}[${i}]`));
  }
  if (
    typeof sent === 'object' &&
    sent !== null &&
    !Array.isArray(sent) &&
    typeof stored === 'object' &&
    stored !== null
  ) {
    return Object.entries(sent).flatMap(([key, value]) =>
      rewritten(value, (stored as Manifest)[key], `${path}.${key}`),
    );
  }
  return sent === stored ? [] : [`${path}: ${JSON.stringify(sent)} is stored as ${JSON.stringify(stored)}`];
}

/** What changes with every write that changes something. */
export function versionOf({ metadata }: Manifest): object {
  return { resourceVersion: metadata?.resourceVersion, generation: metadata?.generation };
}

/** The same for documents, by object. */
export function versions(documents: readonly Document[], objects: ReadonlyMap<string, Manifest>): object {
  return Object.fromEntries(
    documents.map(({ object }) => [describeObject(object), versionOf(objects.get(describeObject(object))!)]),
  );
}

function faultsOf(object: Manifest, { status, body, warnings }: Answer, { announced = [] }: Expected = {}): string[] {
  const unannounced = warnings.filter(warning => !announced.some(problem => problem.includes(warning)));
  return [
    ...(status >= 300 ? [`${describeObject(object)}: ${body.message}`] : []),
    ...unannounced.map(warning => `${describeObject(object)}: Warning: ${warning}`),
  ];
}

/** Secrets that pods read and do not bring, and the priority classes that they name. */
function externals(objects: readonly Manifest[]): Manifest[] {
  const found = new Map<string, Manifest>();
  for (const { kind, metadata, spec } of objects) {
    const pod = WORKLOADS.includes(kind) ? spec.template.spec : {};
    const containers: Manifest[] = [...(pod.initContainers ?? []), ...(pod.containers ?? [])];
    const names: string[] = [
      ...containers.flatMap(({ env, envFrom }) => [
        ...(env ?? []).map((variable: Manifest) => variable.valueFrom?.secretKeyRef?.name),
        ...(envFrom ?? []).map((source: Manifest) => source.secretRef?.name),
      ]),
      ...(pod.volumes ?? []).map((volume: Manifest) => volume.secret?.secretName),
      ...(pod.imagePullSecrets ?? []).map((secret: Manifest) => secret.name),
    ].filter(name => name !== undefined);
    for (const name of names) {
      found.set(`${metadata.namespace}/${name}`, {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name, namespace: metadata.namespace },
        stringData: { any: 'thing' },
      });
    }
    if (pod.priorityClassName !== undefined) {
      found.set(pod.priorityClassName, {
        apiVersion: 'scheduling.k8s.io/v1',
        kind: 'PriorityClass',
        metadata: { name: pod.priorityClassName },
        value: 1,
      });
    }
  }
  const brought = new Set(
    objects.filter(({ kind }) => kind === 'Secret').map(({ metadata }) => `${metadata.namespace}/${metadata.name}`),
  );
  return [...found].filter(([key]) => !brought.has(key)).map(([, object]) => object);
}

/** The first pod of a workload, with the name and labels that its controller gives. */
function podOf({ apiVersion, kind, metadata, spec }: Manifest): Manifest {
  const { name, namespace } = metadata;
  const template: Manifest = spec.template;
  const hash = '6b8f9c7d54';
  const claims = (spec.volumeClaimTemplates ?? []).map((claim: Manifest) => ({
    name: claim.metadata.name,
    persistentVolumeClaim: { claimName: `${claim.metadata.name}-${name}-0` },
  }));
  const stateful = kind === 'StatefulSet';
  const podName = stateful ? `${name}-0` : `${name}-${hash}-`.slice(0, 58) + 'x7k2p';
  const labels: Readonly<Record<string, string>> = stateful
    ? {
        'statefulset.kubernetes.io/pod-name': podName,
        'controller-revision-hash': `${name}-${hash}`,
        'apps.kubernetes.io/pod-index': '0',
      }
    : { 'pod-template-hash': hash };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      ...template.metadata,
      name: podName,
      namespace,
      labels: { ...template.metadata?.labels, ...labels },
      ownerReferences: [{ apiVersion, kind, name, uid: '00000000-0000-0000-0000-000000000000', controller: true }],
    },
    spec: {
      ...template.spec,
      ...(claims.length === 0 ? {} : { volumes: [...(template.spec.volumes ?? []), ...claims] }),
      ...(stateful ? { hostname: podName, subdomain: spec.serviceName } : {}),
    },
  };
}

async function concurrently<T, R>(items: readonly T[], action: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = new Array(items.length);
  let next = 0;
  await Promise.all(
    Array.from({ length: CONCURRENCY }, async () => {
      while (next < items.length) {
        const i = next++;
        results[i] = await action(items[i]);
      }
    }),
  );
  return results;
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + WAIT_MS;
  while (!(await condition())) {
    if (Date.now() > deadline) {
      throw new Error(`not within ${WAIT_MS} ms`);
    }
    await new Promise(resolve => setTimeout(resolve, 50));
  }
}

import { parseAllDocuments, visit } from 'yaml';
import { Manifest, describe } from './validate';

/*
 * What holds between objects rather than within one: who selects whom, and whether what is referred to is there.
 */

/** What the objects of an app may refer to without emitting it. */
export interface ReferenceOptions {
  /** Objects that exist outside the app, as `Kind/namespace/name`; see `refKey`. */
  readonly externals?: ReadonlySet<string>;
}

/** Names an object: `Secret/finance/db`. The namespace of a cluster-scoped object is empty. */
export function refKey(kind: string, namespace: string | undefined, name: string): string {
  return `${kind}/${namespace ?? ''}/${name}`;
}

/** Faults between the objects of one app, a line each; empty when there is none. */
export function checkReferences(objects: readonly Manifest[], options: ReferenceOptions = {}): string[] {
  const world = new World(objects, options.externals ?? new Set());
  return objects
    .flatMap(object =>
      [
        ...nameFaults(object),
        ...labelFaults(object),
        ...(CHECKS[object.kind]?.(object, world) ?? []),
        ...(object.spec?.template?.spec?.containers === undefined ? [] : workloadFaults(object, world)),
      ].map(fault => `${describe(object)}: ${fault}`),
    )
    .concat(duplicateFaults(objects), selectorOverlaps(world));
}

/** Faults of a YAML stream: what is not YAML, and anchors or aliases, which not every reader of manifests knows. */
export function checkYaml(text: string): string[] {
  return parseAllDocuments(text).flatMap(document => {
    const faults: string[] = document.errors.map(error => error.message);
    visit(document, {
      Alias: (_, alias) => {
        faults.push(`alias *${alias.source}`);
      },
      Node: (_, node) => {
        if ('anchor' in node && node.anchor !== undefined) {
          faults.push(`anchor &${node.anchor}`);
        }
      },
    });
    return faults;
  });
}

type Labels = Readonly<Record<string, string>>;

const WORKLOADS = ['Deployment', 'StatefulSet', 'DaemonSet'];

class World {
  readonly workloads: readonly Manifest[];
  private readonly byKey: ReadonlyMap<string, Manifest>;

  constructor(
    objects: readonly Manifest[],
    private readonly externals: ReadonlySet<string>,
  ) {
    this.byKey = new Map(
      [...objects, ...objects.flatMap(writtenFor)].map(object => [
        refKey(object.kind, object.metadata.namespace, object.metadata.name),
        object,
      ]),
    );
    this.workloads = objects.filter(object => WORKLOADS.includes(object.kind));
  }

  find(kind: string, namespace: string | undefined, name: string): Manifest | undefined {
    return this.byKey.get(refKey(kind, namespace, name));
  }

  /** A fault when something is neither emitted nor declared external. */
  missing(kind: string, namespace: string | undefined, name: string, where: string): string[] {
    const key = refKey(kind, namespace, name);
    return this.byKey.has(key) || this.externals.has(key)
      ? []
      : [`${where} refers to ${key}, which is neither emitted nor declared external`];
  }

  /** Workloads of a namespace whose pods have labels. */
  selectedBy(selector: Labels, namespace: string): Manifest[] {
    return this.workloads.filter(
      workload =>
        workload.metadata.namespace === namespace && matches(selector, workload.spec.template.metadata?.labels ?? {}),
    );
  }
}

/** What a controller writes because of an object: cert-manager the Secret of a Certificate. */
function writtenFor({ kind, metadata: { namespace }, spec }: Manifest): Manifest[] {
  return kind === 'Certificate'
    ? [
        {
          kind: 'Secret',
          metadata: { name: spec.secretName, namespace },
          data: { 'tls.crt': '', 'tls.key': '', 'ca.crt': '' },
        },
      ]
    : [];
}

function matches(selector: Labels, labels: Labels): boolean {
  return Object.entries(selector).every(([key, value]) => labels[key] === value);
}

// Names and labels.

const LABEL = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
const SERVICE = /^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/;
const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const QUALIFIED = /^([a-z0-9]([-a-z0-9.]*[a-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
const LABEL_VALUE = /^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/;

function nameFaults({ kind, metadata }: Manifest): string[] {
  const { name, namespace } = metadata;
  const valid =
    kind === 'Service'
      ? SERVICE.test(name)
      : kind === 'Namespace'
        ? LABEL.test(name)
        : name.length <= 253 && SUBDOMAIN.test(name);
  // The controller of a StatefulSet labels its pods with `{name}-{hash of 10 characters}`.
  const tooLong = kind === 'StatefulSet' && name.length > 52;
  return [
    ...(valid && !tooLong ? [] : [`"${name}" is not a name for a ${kind}`]),
    ...(namespace === undefined || LABEL.test(namespace) ? [] : [`"${namespace}" is not a namespace`]),
  ];
}

function labelFaults(object: Manifest): string[] {
  const template = object.spec?.template;
  return [
    ['metadata', object.metadata],
    ['spec.template.metadata', template?.metadata],
  ].flatMap(([where, metadata]) =>
    Object.entries<string>(metadata?.labels ?? {})
      .filter(([key, value]) => !QUALIFIED.test(key) || !LABEL_VALUE.test(value))
      .map(([key, value]) => `${where}.labels: ${key}=${value} is not a label`),
  );
}

function duplicateFaults(objects: readonly Manifest[]): string[] {
  const keys = objects.map(
    object =>
      `${object.apiVersion.split('/').slice(0, -1).join('')} ${refKey(object.kind, object.metadata.namespace, object.metadata.name)}`,
  );
  return keys.filter((key, i) => keys.indexOf(key) !== i).map(key => `${key.trim()} is emitted more than once`);
}

function selectorOverlaps(world: World): string[] {
  return world.workloads.flatMap(workload => {
    const selected = world.selectedBy(workload.spec.selector.matchLabels ?? {}, workload.metadata.namespace);
    return selected.length === 1 && selected[0] === workload
      ? []
      : [`${describe(workload)}: its selector selects the pods of ${selected.map(describe).join(', ') || 'nothing'}`];
  });
}

// Kinds.

const CHECKS: Readonly<Record<string, (object: Manifest, world: World) => string[]>> = {
  Service: serviceFaults,
  StatefulSet: ({ metadata, spec }, world) => {
    const service = world.find('Service', metadata.namespace, spec.serviceName);
    const selects =
      service !== undefined &&
      service.spec.clusterIP === 'None' &&
      matches(service.spec.selector, spec.template.metadata.labels);
    return selects ? [] : [`spec.serviceName: ${spec.serviceName} is not a headless Service of its pods`];
  },
  HorizontalPodAutoscaler: ({ metadata, spec }, world) => {
    const { kind, name } = spec.scaleTargetRef;
    const target = world.find(kind, metadata.namespace, name);
    return [
      ...world.missing(kind, metadata.namespace, name, 'spec.scaleTargetRef'),
      ...(target?.spec.replicas === undefined
        ? []
        : ['spec.scaleTargetRef: its replicas are fixed, so each apply would undo the scaling']),
    ];
  },
  PodDisruptionBudget: ({ metadata, spec }, world) =>
    oneWorkload(world.selectedBy(spec.selector.matchLabels, metadata.namespace)),
  RoleBinding: bindingFaults,
  ClusterRoleBinding: bindingFaults,
  MCPRoute: ({ metadata, spec }, world) => [
    ...(spec.gatewayRef === undefined
      ? []
      : world.missing(
          spec.gatewayRef.kind ?? 'MCPGateway',
          spec.gatewayRef.namespace,
          spec.gatewayRef.name,
          'spec.gatewayRef',
        )),
    ...[
      ...(spec.backendRefs ?? []),
      ...(spec.matches ?? []).flatMap((match: Manifest) => match.backendRefs ?? []),
    ].flatMap(({ serverRef }: Manifest) => {
      const kind = serverRef.kind ?? 'MCPServer';
      return world.missing(kind, kind === 'MCPServer' ? metadata.namespace : undefined, serverRef.name, 'serverRef');
    }),
  ],
};

function oneWorkload(selected: readonly Manifest[]): string[] {
  return selected.length === 1
    ? []
    : [
        `spec.selector selects the pods of ${selected.length} workloads${selected.map(workload => ` ${describe(workload)}`).join(',')}`,
      ];
}

/** Containers that run as long as the pod: sidecars are init containers that are always restarted. */
function listening({ containers, initContainers = [] }: Manifest): Manifest[] {
  return [...containers, ...initContainers.filter(({ restartPolicy }: Manifest) => restartPolicy === 'Always')];
}

function serviceFaults({ metadata, spec }: Manifest, world: World): string[] {
  const selected = world.selectedBy(spec.selector ?? {}, metadata.namespace);
  const open: Manifest[] = selected.flatMap(workload =>
    listening(workload.spec.template.spec).flatMap(container => container.ports ?? []),
  );
  return [
    ...oneWorkload(selected),
    ...(spec.ports as Manifest[]).flatMap(port => {
      const target = port.targetPort ?? port.port;
      // A headless Service has no proxy that could map ports.
      const mapped = spec.clusterIP === 'None' && target !== port.port;
      return open.some(({ containerPort, name }) => target === containerPort || target === name) && !mapped
        ? []
        : [`spec.ports: no container listens on ${target}`];
    }),
  ];
}

function bindingFaults({ metadata, roleRef, subjects }: Manifest, world: World): string[] {
  return [
    ...world.missing(roleRef.kind, roleRef.kind === 'Role' ? metadata.namespace : undefined, roleRef.name, 'roleRef'),
    ...(subjects ?? [])
      .filter((subject: Manifest) => subject.kind === 'ServiceAccount')
      .flatMap((subject: Manifest) =>
        world.missing('ServiceAccount', subject.namespace ?? metadata.namespace, subject.name, 'subjects'),
      ),
  ];
}

function workloadFaults(workload: Manifest, world: World): string[] {
  const { namespace } = workload.metadata;
  const pod = workload.spec.template.spec;
  const containers: Manifest[] = [...(pod.initContainers ?? []), ...pod.containers];
  const volumes: Manifest[] = pod.volumes ?? [];
  const mounted = [
    ...volumes.map(({ name }) => name),
    ...(workload.spec.volumeClaimTemplates ?? []).map((claim: Manifest) => claim.metadata.name),
  ];
  const missing = (kind: string, name: string | undefined, where: string): string[] =>
    name === undefined ? [] : world.missing(kind, namespace, name, where);
  const missingKey = (kind: string, ref: Manifest | undefined, where: string): string[] => {
    if (ref === undefined) {
      return [];
    }
    const object = world.find(kind, namespace, ref.name);
    const known = object === undefined || ref.key in { ...object.data, ...object.stringData, ...object.binaryData };
    return [
      ...missing(kind, ref.name, where),
      ...(known ? [] : [`${where}: ${kind} ${ref.name} has no key ${ref.key}`]),
    ];
  };
  return [
    ...missing('ServiceAccount', pod.serviceAccountName, 'serviceAccountName'),
    ...(pod.imagePullSecrets ?? []).flatMap((secret: Manifest) => missing('Secret', secret.name, 'imagePullSecrets')),
    ...volumes.flatMap(volume =>
      [volume, ...(volume.projected?.sources ?? [])].flatMap(source => [
        ...missing('ConfigMap', source.configMap?.name, `volume ${volume.name}`),
        ...missing('Secret', source.secret?.secretName ?? source.secret?.name, `volume ${volume.name}`),
        ...missing('PersistentVolumeClaim', source.persistentVolumeClaim?.claimName, `volume ${volume.name}`),
      ]),
    ),
    ...containers.flatMap(container => [
      ...(container.env ?? []).flatMap(({ name, valueFrom }: Manifest) => [
        ...missingKey('Secret', valueFrom?.secretKeyRef, `env ${name}`),
        ...missingKey('ConfigMap', valueFrom?.configMapKeyRef, `env ${name}`),
      ]),
      ...(container.envFrom ?? []).flatMap((source: Manifest) => [
        ...missing('Secret', source.secretRef?.name, 'envFrom'),
        ...missing('ConfigMap', source.configMapRef?.name, 'envFrom'),
      ]),
      ...(container.volumeMounts ?? [])
        .filter((mount: Manifest) => !mounted.includes(mount.name))
        .map((mount: Manifest) => `container ${container.name} mounts ${mount.name}, which is no volume of the pod`),
      ...['livenessProbe', 'readinessProbe', 'startupProbe'].flatMap(probe => {
        const port = container[probe]?.httpGet?.port ?? container[probe]?.tcpSocket?.port;
        return typeof port !== 'string' || container.ports?.some((open: Manifest) => open.name === port)
          ? []
          : [`${probe} of ${container.name} names the port ${port}, which it does not have`];
      }),
      ...twice(container.env, 'name', `env of ${container.name}`),
      ...twice(container.volumeMounts, 'mountPath', `volumeMounts of ${container.name}`),
    ]),
    ...twice(containers, 'name', 'containers'),
    ...twice(volumes, 'name', 'volumes'),
    ...twice(
      containers.flatMap(container => container.ports ?? []),
      'name',
      'names of ports',
    ),
  ];
}

function twice(list: readonly Manifest[] | undefined, key: string, where: string): string[] {
  const values = (list ?? []).map(item => item[key]);
  return [...new Set(values.filter((value, i) => value !== undefined && values.indexOf(value) !== i))].map(
    value => `${where}: ${value} is there twice`,
  );
}

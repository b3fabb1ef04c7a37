import { ApiObject, App } from 'cdk8s';
import { AccessMatrix, IMcpGateway, McpRoute, PermissionReport } from '../../src';
import { formatDiagnostic } from '../../src/model/findings';
import { BackendGroup } from '../../src/model/plan';
import { formatToolPattern } from '../../src/model/tool-pattern';
import { Synthesis } from '../../src/synthesis/synthesis';

/** An object as it is applied. */
interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly spec?: any;
}

/** A key of a Secret that pods read and the app does not make. */
interface ExternalSecret {
  readonly namespace: string;
  readonly name: string;
  readonly keys: ReadonlySet<string>;
}

/** Sections of text about an app, for a person. */
export function report(app: App, folder: string): string {
  const objects = app.node
    .findAll()
    .filter((construct): construct is ApiObject => ApiObject.isApiObject(construct))
    .map(object => object.toJson() as KubeObject);
  return [
    ...objectSections(objects),
    section('Endpoints, inside the cluster', endpoints(app)),
    section('Endpoints, outside the cluster', publicEndpoints(app)),
    ...policies(app),
    ...permissions(app),
    section('Warnings', Synthesis.of(app).diagnostics().map(formatDiagnostic)),
    section('To apply it', applyCommands(objects, folder)),
  ]
    .filter(text => text !== '')
    .join('\n\n');
}

function section(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? '' : [title, ...lines.map(line => `  ${line}`)].join('\n');
}

function grouped<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  }
  return groups;
}

function columns(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `${left.padEnd(width)}  ${right}`);
}

/** One section a namespace; the resources of the API first, as the rest follows from them. */
function objectSections(objects: readonly KubeObject[]): string[] {
  const byNamespace = [...grouped(objects, object => object.metadata.namespace ?? '')].sort(([a], [b]) =>
    a < b ? -1 : 1,
  );
  return byNamespace.map(([namespace, inside]) => {
    const derived = ([, [first]]: [string, KubeObject[]]) => (first.apiVersion.startsWith('ome.io/') ? 0 : 1);
    const kinds = [...grouped(inside, object => object.kind)].sort((a, b) => derived(a) - derived(b));
    return section(
      namespace === '' ? 'The whole cluster' : `Namespace ${namespace}`,
      columns(
        kinds.map(([kind, list]) => [
          kind,
          list
            .map(object => object.metadata.name)
            .sort()
            .join(', '),
        ]),
      ),
    );
  });
}

/** Each URL, and who answers what there. */
function endpoints(app: App): string[] {
  return Synthesis.of(app)
    .compile()
    .plans.flatMap(({ gateway, entries }) => {
      const construct = app.node.findAll().find(({ node }) => node.path === gateway.path) as IMcpGateway;
      return entries.flatMap(({ path, groups }) => [
        `${construct.url}${path}`,
        ...columns([...grouped(groups, condition)].map(([when, list]) => [when, list.map(shares).join(', ')])).map(
          line => `  ${line}`,
        ),
      ]);
    });
}

/** URLs of what is exposed. */
function publicEndpoints(app: App): string[] {
  return Synthesis.of(app)
    .compile()
    .plans.flatMap(({ entries }) => entries.flatMap(({ publicUrl }) => publicUrl ?? []));
}

/** What each route asks of its callers, and who may use which tool as a consequence. */
function policies(app: App): string[] {
  const known = Synthesis.of(app).compile().policies;
  const routes = app.node
    .findAll()
    .filter(
      (construct): construct is McpRoute =>
        construct instanceof McpRoute && (known.get(construct.node.path)?.levels.length ?? 0) > 0,
    );
  const granting = routes.some(({ node }) =>
    known.get(node.path)!.levels.some(({ rules, authzConfig }) => rules.length > 0 || authzConfig !== undefined),
  );
  return [
    ...routes.map(route => section(`Policy of ${route.namespace}/${route.name}`, route.effectivePolicy.split('\n'))),
    section(
      'Who may use which tool (unknown address and time)',
      granting ? AccessMatrix.of(app).toMarkdown().trimEnd().split('\n') : [],
    ),
  ];
}

/** What each workload may do; everything else is denied. */
function permissions(app: App): string[] {
  const text = PermissionReport.of(app).toMarkdown().trim();
  return text === ''
    ? []
    : [
        section(
          'What each workload may do, and nothing else',
          text
            .split('\n')
            .filter(line => line !== '')
            .map(line => line.replace(/^## /, '').replace(/^- /, '  ')),
        ),
      ];
}

function condition({ when, unless }: BackendGroup): string {
  const parts = [
    ...(when?.tools === undefined ? [] : [`tools ${when.tools.map(formatToolPattern).join(', ')}`]),
    ...(when?.method === undefined ? [] : [`method ${when.method}`]),
    ...(when?.headers ?? []).map(({ name, value }) => `header ${name}: ${value}`),
  ];
  return parts.length > 0 ? parts.join(' and ') : unless.length > 0 ? 'all else' : 'all';
}

function shares({ servers }: BackendGroup): string {
  const total = servers.reduce((sum, { weight }) => sum + weight, 0);
  return servers
    .map(({ server, weight }) =>
      servers.length === 1 ? server.name : `${server.name} ${Math.round((100 * weight) / total)} %`,
    )
    .join(', ');
}

function applyCommands(objects: readonly KubeObject[], folder: string): string[] {
  const exists = (kind: string, namespace: string | undefined, name: string) =>
    objects.some(
      object => object.kind === kind && object.metadata.namespace === namespace && object.metadata.name === name,
    );
  const namespaces = [...new Set(objects.flatMap(object => object.metadata.namespace ?? []))]
    .filter(name => !exists('Namespace', undefined, name))
    .sort();
  const issued = (namespace: string, name: string) =>
    objects.some(
      ({ kind, metadata, spec }) =>
        kind === 'Certificate' && metadata.namespace === namespace && spec.secretName === name,
    );
  const secrets = referredSecrets(objects).filter(
    ({ namespace, name }) => !exists('Secret', namespace, name) && !issued(namespace, name),
  );
  return [
    '# once per cluster: the API, and then what the files refer to',
    `kubectl apply -f ${folder}/crds`,
    // Right after apply a definition may have no conditions yet, which kubectl wait takes for a failure.
    `until kubectl wait --for condition=established -f ${folder}/crds; do sleep 1; done`,
    ...namespaces.map(name => `kubectl create namespace ${name}`),
    ...secrets.map(createSecret),
    '# and this whenever something changes',
    `kubectl apply -f ${folder}`,
  ];
}

function createSecret({ namespace, name, keys }: ExternalSecret): string {
  const values = [...keys]
    .sort()
    .map(key => `--from-literal=${key}=${name.endsWith('-session-key') ? '$(openssl rand -hex 32)' : '...'}`);
  return ['kubectl', '-n', namespace, 'create secret generic', name, ...values].join(' ');
}

/** Every Secret that a container reads a key of, from its environment or a volume with chosen keys. */
function referredSecrets(objects: readonly KubeObject[]): ExternalSecret[] {
  const secrets = new Map<string, { namespace: string; name: string; keys: Set<string> }>();
  for (const object of objects.filter(({ kind }) => ['Deployment', 'StatefulSet'].includes(kind))) {
    const { initContainers, containers, volumes } = object.spec.template.spec;
    const variables: any[] = [...(initContainers ?? []), ...containers]
      .flatMap(container => container.env ?? [])
      .flatMap(({ valueFrom }) => valueFrom?.secretKeyRef ?? []);
    const files: any[] = (volumes ?? []).flatMap(({ secret }: any) =>
      (secret?.items ?? []).map(({ key }: any) => ({ name: secret.secretName, key })),
    );
    for (const { name, key } of [...variables, ...files]) {
      const namespace = object.metadata.namespace!;
      const id = `${namespace}/${name}`;
      secrets.set(id, { namespace, name, keys: (secrets.get(id)?.keys ?? new Set()).add(key) });
    }
  }
  return [...secrets.values()];
}

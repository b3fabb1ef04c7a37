import { ApiObject, App } from 'cdk8s';
import { IConstruct } from 'constructs';
import { ClusterMcpGateway, McpGateway, McpRoute } from '../../src';
import { formatDiagnostic } from '../../src/model/diagnostic';
import { Synthesis } from '../../src/synthesis/synthesis';

/** A key of a Secret that pods read and the app does not make. */
interface ExternalSecret {
  readonly namespace: string;
  readonly name: string;
  readonly keys: ReadonlySet<string>;
}

/** Sections of text about an app, for a person. */
export function report(app: App, folder: string): string {
  const objects = app.node.findAll().filter((construct): construct is ApiObject => ApiObject.isApiObject(construct));
  return [
    ...objectSections(objects),
    section('Endpoints', endpoints(app)),
    section('Warnings', warnings(app)),
    section('To apply it', applyCommands(objects, folder)),
  ].filter(text => text !== '').join('\n\n');
}

function section(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? '' : [title, ...lines.map(line => `  ${line}`)].join('\n');
}

function grouped<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    groups.set(keyOf(item), [...groups.get(keyOf(item)) ?? [], item]);
  }
  return groups;
}

/** One section a namespace; the resources of the API first, as the rest follows from them. */
function objectSections(objects: readonly ApiObject[]): string[] {
  const byNamespace = [...grouped(objects, object => object.metadata.namespace ?? '')].sort(([a], [b]) => a < b ? -1 : 1);
  return byNamespace.map(([namespace, inside]) => {
    const kinds = [...grouped(inside, object => object.kind)];
    const width = Math.max(...kinds.map(([kind]) => kind.length));
    const rank = ([, [first]]: [string, ApiObject[]]) => first.apiGroup === 'ome.io' ? 0 : 1;
    const lines = kinds.sort((a, b) => rank(a) - rank(b)).map(([kind, list]) => `${kind.padEnd(width)}  ${list.map(object => object.name).sort().join(', ')}`);
    return section(namespace === '' ? 'The whole cluster' : `Namespace ${namespace}`, lines);
  });
}

function isGateway(construct: IConstruct): construct is McpGateway | ClusterMcpGateway {
  return construct instanceof McpGateway || construct instanceof ClusterMcpGateway;
}

function endpoints(app: App): string[] {
  const constructs = app.node.findAll();
  const discovering = constructs.filter(isGateway).filter(gateway => gateway.resource.toJson().spec.mcpServers !== undefined);
  const rows: [string, string][] = [
    ...discovering.map((gateway): [string, string] => [`${gateway.url}/mcp`, 'all discovered servers']),
    ...constructs.filter((construct): construct is McpRoute => construct instanceof McpRoute).map((route): [string, string] => [route.url, `route ${route.node.path}`]),
  ];
  const width = Math.max(...rows.map(([url]) => url.length));
  return rows.map(([url, what]) => `${url.padEnd(width)}  ${what}`);
}

function warnings(app: App): string[] {
  return Synthesis.of(app).diagnostics().map(formatDiagnostic);
}

function applyCommands(objects: readonly ApiObject[], folder: string): string[] {
  const exists = (kind: string, namespace: string | undefined, name: string) =>
    objects.some(object => object.kind === kind && object.metadata.namespace === namespace && object.name === name);
  const namespaces = [...new Set(objects.flatMap(object => object.metadata.namespace ?? []))].filter(name => !exists('Namespace', undefined, name)).sort();
  const secrets = referredSecrets(objects).filter(({ namespace, name }) => !exists('Secret', namespace, name));
  return [
    '# once per cluster: the API, and then what the files refer to',
    `kubectl apply -f ${folder}/crds`,
    `kubectl wait --for condition=established -f ${folder}/crds`,
    ...namespaces.map(name => `kubectl create namespace ${name}`),
    ...secrets.map(createSecret),
    '# and this whenever something changes',
    `kubectl apply -f ${folder}`,
  ];
}

function createSecret({ namespace, name, keys }: ExternalSecret): string {
  const values = [...keys].map(key => `--from-literal=${key}=${name.endsWith('-session-key') ? '$(openssl rand -hex 32)' : '...'}`);
  return ['kubectl', '-n', namespace, 'create secret generic', name, ...values].join(' ');
}

/** Every Secret that a container reads a key of. */
function referredSecrets(objects: readonly ApiObject[]): ExternalSecret[] {
  const secrets = new Map<string, { namespace: string; name: string; keys: Set<string> }>();
  for (const object of objects.filter(({ kind }) => ['Deployment', 'StatefulSet'].includes(kind))) {
    const { initContainers, containers } = object.toJson().spec.template.spec;
    for (const variable of [...initContainers ?? [], ...containers].flatMap(container => container.env ?? [])) {
      const reference = variable.valueFrom?.secretKeyRef;
      if (reference !== undefined) {
        const namespace = object.metadata.namespace!;
        const id = `${namespace}/${reference.name}`;
        secrets.set(id, { namespace, name: reference.name, keys: (secrets.get(id)?.keys ?? new Set()).add(reference.key) });
      }
    }
  }
  return [...secrets.values()];
}

import { Gateway } from '../../model/gateway';
import { NetworkRule, WorkloadNetwork } from '../../model/network';
import { KubernetesGrant, NetworkPort, RoleGrant } from '../../model/permissions';
import { formatServerRef, Server } from '../../model/server';
import { compareText } from '../../values/text';

/** What the pods of one workload may do, in words. */
export interface WorkloadReport {
  /** As a user would name it: `MCPServer finance/ledger`. */
  readonly workload: string;
  readonly path: string;
  readonly kubernetes: readonly string[];
  readonly egress: readonly string[];
  readonly ingress: readonly string[];
  readonly reads: readonly string[];
  readonly writes: readonly string[];
  readonly secrets: readonly string[];
}

/** What a report is made from. */
export interface ReportInput {
  readonly servers: readonly Server[];
  readonly gateways: readonly Gateway[];
  readonly network: readonly WorkloadNetwork[];
  /** Secrets that the pods of a construct read, by its path. */
  readonly secrets: ReadonlyMap<string, readonly string[]>;
}

/** What everything that runs may do, sorted. */
export function permissionReport({ servers, gateways, network, secrets }: ReportInput): WorkloadReport[] {
  const hosted = servers.filter(({ imported, permissions }) => !imported && permissions !== undefined);
  const named = new Map<string, string>([
    ...hosted.map((server): [string, string] => [server.path, formatServerRef(server)]),
    ...gateways
      .filter(({ imported }) => !imported)
      .map((gateway): [string, string] => [
        gateway.path,
        `${gateway.kind} ${gateway.workloadNamespace}/${gateway.name}`,
      ]),
  ]);
  const permissions = new Map(hosted.map(server => [server.path, server.permissions!]));
  const own = (path: string, { name }: WorkloadNetwork) =>
    !named.has(path) || named.get(path)!.endsWith(`/${name}`) || named.get(path)!.endsWith(` ${name}`);
  const withNetwork = network.map(connections => {
    const { path, name, pods } = connections;
    return {
      ...connections,
      workload: own(path, connections) ? (named.get(path) ?? `client ${path}`) : `${pods.namespace}/${name}`,
    };
  });
  const reports = withNetwork.map(({ path, workload, ingress, egress }): WorkloadReport => {
    const granted = workload === named.get(path) ? permissions.get(path) : undefined;
    return {
      workload,
      path,
      kubernetes: [...(granted?.kubernetes ?? []).map(describeGrant), ...(granted?.roles ?? []).map(describeRole)],
      egress: described(egress),
      ingress: described(ingress),
      reads: [...(granted?.fileSystem.read ?? [])].sort(),
      writes: [...(granted?.fileSystem.write ?? [])].sort(),
      secrets: workload === named.get(path) ? (secrets.get(path) ?? []) : [],
    };
  });
  return reports.sort((a, b) => compareText(a.workload, b.workload));
}

/** A grant as a sentence without its full stop. */
export function describeGrant({ apiGroups, resources, verbs, resourceNames, scope }: KubernetesGrant): string {
  const groups = apiGroups.every(group => group === '')
    ? ''
    : ` of ${apiGroups.map(group => (group === '' ? 'the core API' : group)).join(', ')}`;
  const names = resourceNames === undefined ? '' : ` named ${resourceNames.join(', ')}`;
  return `${verbs.join(', ')} ${resources.join(', ')}${groups}${names} ${describeScope(scope)}`;
}

function describeRole({ kind, name, scope }: RoleGrant): string {
  return `whatever the ${kind} ${name} grants ${describeScope(scope)}`;
}

function describeScope(scope: KubernetesGrant['scope']): string {
  return scope.kind === 'cluster' ? 'in the whole cluster' : `in ${scope.namespaces.join(', ')}`;
}

function described(rules: readonly NetworkRule[] | undefined): string[] {
  return [
    ...new Set(
      (rules ?? []).map(
        rule =>
          `${rule.words} (${rule.ports.length === 0 ? 'any port' : rule.ports.map(describePort).join(', ')}${isWiderThanSaid(rule) ? ', at any public address' : ''})`,
      ),
    ),
  ].sort();
}

/** Whether a host is let through as addresses, because what enforces the network knows no names. */
function isWiderThanSaid({ peer, words }: NetworkRule): boolean {
  return peer.kind === 'cidr' && (peer.cidr === '0.0.0.0/0' || peer.cidr === '::/0') && !words.includes('public');
}

function describePort({ protocol, port, endPort }: NetworkPort): string {
  return port === undefined ? protocol : `${protocol} ${port}${endPort === undefined ? '' : `-${endPort}`}`;
}

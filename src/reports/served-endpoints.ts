import { ReportedBranch, ReportedEndpoint, ReportedServer, ReportedShare } from './report-parts';
import { BackendGroup, Entry, GatewayPlan } from '../model/plan';
import { exposedTools, isRemote, Server } from '../model/server';
import { formatToolPattern } from '../model/tool-pattern';
import { compareText } from '../values/text';

/** A gateway, route or server, as people name it: with its namespace, where it has one. */
export function nameOf({ namespace, name }: { readonly namespace?: string; readonly name: string }): string {
  return namespace === undefined ? name : `${namespace}/${name}`;
}

/** What gateways serve, by the URLs of their Services. */
export function reportedEndpoints(
  plans: readonly GatewayPlan[],
  urlOf: (gatewayPath: string) => string,
  policyOf: (entry: Entry) => string[],
): ReportedEndpoint[] {
  return plans
    .flatMap(({ gateway, entries }) =>
      entries.map(entry => ({
        gateway: nameOf(gateway),
        route: entry.id.includes('/') ? entry.id : undefined,
        url: `${urlOf(gateway.path)}${entry.path}`,
        publicUrl: entry.publicUrl,
        branches: branchesOf(entry.groups),
        policy: policyOf(entry),
      })),
    )
    .sort((a, b) => compareText(a.url, b.url));
}

/** Groups of the same requests are servers side by side, as those that are discovered. */
function branchesOf(groups: readonly BackendGroup[]): ReportedBranch[] {
  const branches = new Map<string, ReportedShare[]>();
  for (const group of groups) {
    const when = condition(group);
    branches.set(when, [...(branches.get(when) ?? []), ...shares(group)]);
  }
  return [...branches].map(([when, servers]) => ({ when, servers }));
}

function condition({ when, unless }: BackendGroup): string {
  const parts = [
    ...(when?.tools === undefined ? [] : [`tools ${when.tools.map(formatToolPattern).join(', ')}`]),
    ...(when?.method === undefined ? [] : [`method ${when.method}`]),
    ...(when?.headers ?? []).map(({ name, value }) => `header ${name}: ${value}`),
  ];
  return parts.length > 0 ? parts.join(' and ') : unless.length > 0 ? 'all else' : 'all';
}

function shares({ servers }: BackendGroup): ReportedShare[] {
  const total = servers.reduce((sum, { weight }) => sum + weight, 0);
  return servers.map(({ server, weight }) => ({
    server: nameOf(server),
    percent: Math.round((100 * weight) / total),
  }));
}

/** The servers, sorted by name. */
export function reportedServers(servers: readonly Server[]): ReportedServer[] {
  return servers
    .map(server => {
      const tools = exposedTools(server);
      return {
        name: nameOf(server),
        place: server.imported ? 'imported' : isRemote(server) ? 'remote' : 'hosted',
        tools: tools && [...tools].sort(compareText),
      };
    })
    .sort((a, b) => compareText(a.name, b.name));
}

import { IConstruct } from 'constructs';
import { compiler } from './compiler';
import { ObjectMetadata } from './object-metadata';
import { declaredNamespaces, declaredServices, isolatedPods } from './objects';
import { isInTree } from './placement';
import { Diagnostic } from '../model/findings';
import { Gateway } from '../model/gateway';
import { McpClient } from '../model/network';
import { Route } from '../model/route';
import { Server } from '../model/server';
import { Topology } from '../model/topology';
import { Json, sameItems } from '../values/json';

/** What a construct contributes to the topology of its app. */
export interface Contribution {
  /** Reads labels only when asked: they cost more than the rest, and matter to discovery alone. */
  readonly server?: (withLabels: boolean) => Server;
  readonly route?: () => Route;
  readonly gateway?: () => Gateway;
  /** Reads all labels of its pods only when asked: that takes the finished workload. */
  readonly client?: (withLabels: boolean) => McpClient;
  /** Brings objects whose existence depends on what the construct was told into the tree, or takes them out again. */
  readonly prepare?: () => void;
  /** The template of its pods, as it is applied. */
  readonly pods?: () => Json;
  /** What it was made of, as plain data and options. */
  readonly said?: unknown;
  /** What everything that it emits has. */
  readonly metadata?: ObjectMetadata;
  /** Findings of the construct itself that do not fail the synthesis. */
  readonly warnings?: readonly Diagnostic[];
  /** Findings of the construct itself that only the finished tree shows. */
  readonly findings?: () => readonly Diagnostic[];
  /** Warnings that cost more than the rest: only who asks for the findings gets them. */
  readonly advice?: () => readonly Diagnostic[];
}

/** What all constructs for one cluster contribute. */
export class Contributions {
  private readonly known = new Map<IConstruct, Contribution>();

  get size(): number {
    return this.known.size;
  }

  /** Constructs with what they contribute, in the order in which they were made. */
  get entries(): [IConstruct, Contribution][] {
    return [...this.known];
  }

  add(construct: IConstruct, contribution: Contribution): void {
    this.known.set(construct, contribution);
  }

  has(construct: IConstruct): boolean {
    return this.known.has(construct);
  }

  /** Forgets what was taken out of the tree again (`node.tryRemoveChild`), and says what that was. */
  removed(): IConstruct[] {
    const gone = [...this.known.keys()].filter(candidate => !isInTree(candidate));
    gone.forEach(construct => this.known.delete(construct));
    return gone;
  }

  /** What the contributions have of something. Asked for at every pass: lists of one or none would add up. */
  each<T>(pick: (contribution: Contribution) => T | undefined): T[] {
    const found: T[] = [];
    for (const contribution of this.known.values()) {
      const item = pick(contribution);
      if (item !== undefined) {
        found.push(item);
      }
    }
    return found;
  }

  /** Everything that was said, as plain data; what else is in the tree is only looked at where it matters. */
  topology(constructs: () => readonly IConstruct[]): Topology {
    const gateways = this.each(({ gateway }) => gateway?.());
    const withLabels = gateways.some(gateway => gateway.discovery?.selector !== undefined);
    const servers = this.each(({ server }) => server?.(withLabels));
    const routes = this.each(({ route }) => route?.());
    const connected = this.each(({ client }) => client);
    const isolated = connected.length > 0 ? isolatedPods(constructs()) : [];
    const clients = connected.map(client => client(isolated.length > 0));
    const namespaces = usesNamespaceLabels(servers, gateways) ? declaredNamespaces(constructs()) : [];
    const services = compiler().needsServices(servers, routes, gateways) ? declaredServices(constructs()) : [];
    return { servers, routes, gateways, clients, namespaces, services, isolated };
  }

  /** Secrets that the pods of each construct read, by its path. */
  secrets(): ReadonlyMap<string, readonly string[]> {
    return new Map(
      this.entries.flatMap(([{ node }, { pods }]): [string, readonly string[]][] =>
        pods === undefined ? [] : [[node.path, compiler().podSecrets(pods())]],
      ),
    );
  }
}

/** Constructs hand out the same object while nothing changed, so identity is enough, and cheap. */
export function sameTopology(a: Topology, b: Topology): boolean {
  return (
    sameItems(a.servers, b.servers) &&
    sameItems(a.routes, b.routes) &&
    sameItems(a.gateways, b.gateways) &&
    JSON.stringify([a.namespaces, a.clients, a.services, a.isolated]) ===
      JSON.stringify([b.namespaces, b.clients, b.services, b.isolated])
  );
}

/** Scanning the tree for namespaces is only worth it when a selector asks for their labels. */
function usesNamespaceLabels(servers: readonly Server[], gateways: readonly Gateway[]): boolean {
  return (
    gateways.some(gateway => gateway.discovery?.namespaceSelector !== undefined) ||
    servers.some(server => server.consent?.namespaceSelector !== undefined)
  );
}

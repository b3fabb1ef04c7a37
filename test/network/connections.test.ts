import * as fc from 'fast-check';
import { EgressTarget } from '../../src';
import { connection, permitted, workloadsOf } from '../support/connections';
import { DNS_POD, NetworkPolicies } from '../support/network-policy';
import { GatewayProgram, Program, RouteProgram, ServerProgram } from '../support/program';
import { mayUse, programArbitrary } from '../support/program-arbitrary';
import { construct } from '../support/program-builder';
import { objectsOf } from '../support/synth';
import { Manifest } from '../support/validate';

/*
 * Who may connect to whom, by a reading of the emitted policies that knows nothing of this library, against what the program
 * declared, worked out here from the program alone.
 */

/** Port of the pods of a server, as its Service finds it. */
function portOf({ name, namespace }: ServerProgram, objects: readonly Manifest[]): number {
  return objects.find(
    ({ kind, metadata }) => kind === 'Service' && metadata.name === name && metadata.namespace === namespace,
  )!.spec.ports[0].targetPort;
}

/** `id`s of the servers that get requests of a route. */
function routed({ backends, matches }: RouteProgram): string[] {
  return [...backends, ...matches.flatMap(match => match.backends)]
    .filter(({ weight }) => weight !== 0)
    .map(({ server }) => server);
}

/** `id`s of the servers that a gateway serves together. */
function discovered({ namespaces, servers }: Program, gateway: GatewayProgram): string[] {
  const { discovery } = gateway;
  if (discovery === undefined) {
    return [];
  }
  const labelsOf = (name: string): Readonly<Record<string, string>> => ({
    ...namespaces.find(namespace => namespace.name === name)?.labels,
    'kubernetes.io/metadata.name': name,
  });
  const inScope = ({ kind, namespace }: ServerProgram): boolean =>
    kind === 'ClusterMCPServer' ||
    (discovery.namespaceLabels === undefined
      ? gateway.kind === 'ClusterMCPGateway' || namespace === gateway.namespace
      : Object.entries(discovery.namespaceLabels).every(([key, value]) => labelsOf(namespace)[key] === value));
  const selected = ({ labels }: ServerProgram): boolean =>
    discovery.labels !== undefined
      ? Object.entries(discovery.labels).every(([key, value]) => labels[key] === value)
      : discovery.labelExists !== undefined && discovery.labelExists in labels;
  return [
    ...(discovery.servers ?? []),
    ...servers.filter(server => selected(server) && inScope(server)).map(({ id }) => id),
  ];
}

/** Connections between servers, by the program's ids. */
type Links = readonly { readonly from: string; readonly to: string }[];

/** Every connection that a program declares. */
function declared(program: Program, links: Links, objects: readonly Manifest[]): string[] {
  const hosted = new Map(
    program.servers.filter(({ source }) => source.kind !== 'remote').map(server => [server.id, server]),
  );
  const idOf = ({ namespace, name }: { readonly namespace: string; readonly name: string }): string =>
    `${namespace}/${name}`;
  const only = program.gateways.length === 1 ? program.gateways[0].id : undefined;
  const fromGateways = program.gateways.flatMap(gateway => {
    const servers = [
      ...program.routes.filter(route => (route.gateway ?? only) === gateway.id).flatMap(routed),
      ...discovered(program, gateway),
    ].flatMap(id => hosted.get(id) ?? []);
    const own = idOf(gateway);
    const counts = objects.some(
      ({ kind, metadata }) =>
        kind === 'Deployment' &&
        metadata.name === `${gateway.name}-rate-limit` &&
        metadata.namespace === gateway.namespace,
    );
    return [
      ...servers.map(server => connection(own, idOf(server), portOf(server, objects))),
      ...(counts
        ? [connection(own, `${own}-rate-limit`, 8081), connection(`${own}-rate-limit`, `${own}-rate-limit-store`, 6379)]
        : []),
    ];
  });
  const free = program.servers.filter(
    ({ permissions }) => permissions?.profile === 'network-only' || permissions?.profile === 'full-access',
  );
  const exposed = program.gateways.filter(({ service }) => service.type !== undefined && service.type !== 'ClusterIP');
  return [
    ...new Set([
      ...fromGateways,
      ...links.map(({ from, to }) =>
        connection(idOf(hosted.get(from)!), idOf(hosted.get(to)!), portOf(hosted.get(to)!, objects)),
      ),
      ...free.flatMap(server => program.namespaces.map(({ name }) => connection(idOf(server), `${name}/stranger`, 80))),
      // Who may connect to everything may connect to what everyone may connect to.
      ...free.flatMap(server => exposed.map(gateway => connection(idOf(server), idOf(gateway), gateway.port ?? 8080))),
      ...exposed.flatMap(gateway =>
        program.namespaces.map(({ name }) => connection(`${name}/stranger`, idOf(gateway), gateway.port ?? 8080)),
      ),
    ]),
  ].sort();
}

/** Programs, and servers of them that connect to others. */
const arbitrary = programArbitrary.chain(program => {
  const hosted = program.servers.filter(({ source }) => source.kind !== 'remote');
  // Pods of another namespace are opened by consent alone.
  const mayConnect = (from: ServerProgram, to: ServerProgram): boolean =>
    from.namespace === to.namespace || (to.kind === 'ClusterMCPServer' && mayUse(program, from.namespace, to));
  const pairs = hosted
    .filter(({ permissions }) => permissions?.profile !== 'none')
    .flatMap(from =>
      hosted.filter(to => to !== from && mayConnect(from, to)).map(to => ({ from: from.id, to: to.id })),
    );
  return fc.record({
    program: fc.constant(program),
    links: fc.subarray(pairs, { maxLength: Math.min(3, pairs.length) }),
  });
});

it('lets exactly the declared connections pass, in every app', () => {
  fc.assert(
    fc.property(arbitrary, ({ program, links }) => {
      const { app, servers } = construct(program);
      for (const { from, to } of links) {
        servers.get(from)!.allowEgress(EgressTarget.server(servers.get(to)!));
      }
      const objects = objectsOf(app);
      const cluster = new NetworkPolicies(objects);
      const own = workloadsOf(objects);
      expect(
        permitted(
          cluster,
          own,
          program.namespaces.map(({ name }) => name),
        ),
      ).toEqual(declared(program, links, objects));
      // Everyone who may connect to anything may look up its name.
      const silent = new Set(
        program.servers
          .filter(({ permissions }) => permissions?.profile === 'none')
          .map(({ namespace, name }) => `${namespace}/${name}`),
      );
      const asks = own
        .filter(({ pod }) => cluster.mayConnect(pod, DNS_POD, 53, 'UDP') && cluster.mayConnect(pod, DNS_POD, 53))
        .map(({ id }) => id);
      expect(asks).toEqual(own.map(({ id }) => id).filter(id => !id.endsWith('-rate-limit-store') && !silent.has(id)));
    }),
    { numRuns: 60 },
  );
});

it('reads programs as their consent has it', () => {
  // What is worked out above relies on programs that are accepted.
  fc.assert(
    fc.property(programArbitrary, program => {
      const byId = new Map(program.servers.map(server => [server.id, server]));
      expect(
        program.routes.every(route => routed(route).every(id => mayUse(program, route.namespace, byId.get(id)!))),
      ).toBe(true);
    }),
    { numRuns: 20 },
  );
});

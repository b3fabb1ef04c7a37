import * as fc from 'fast-check';
import { parse, parseAllDocuments } from 'yaml';
import { Program, RouteProgram, ServerProgram } from './support/program';
import { permutedArbitrary, programArbitrary, unrelatedServerArbitrary } from './support/program-arbitrary';
import { Built, build, construct, externalsOf } from './support/program-builder';
import { checkReferences, checkYaml } from './support/references';
import { Manifest, validateObjects } from './support/validate';

/*
 * What holds for every app. A failure prints the seed, the path and the program: pass `seed` and `path` to `fc.assert`
 * to see it again.
 */

const parseObjects = (text: string): Manifest[] => parseAllDocuments(text).map(document => document.toJS());

/** The documents of a stream, as text and in an order of their own: what is applied is a set. */
const documentsOf = (text: string): string[] => text.split(/^---\n/m).sort();

/** Configuration of each gateway of a program, by the gateway's id. */
function configurations(program: Program, objects: readonly Manifest[]): ReadonlyMap<string, string> {
  return new Map(
    program.gateways.map(({ id, name, namespace }) => {
      const config = objects.find(
        ({ kind, metadata }) =>
          kind === 'ConfigMap' && metadata.name === `${name}-gateway-config` && metadata.namespace === namespace,
      );
      return [id, config!.data['config.yaml']];
    }),
  );
}

/** Paths that clients can reach. */
function publicPaths(configuration: string): string[] {
  const { binds } = parse(configuration);
  const routes: Manifest[] = binds
    .flatMap((bind: Manifest) => bind.listeners)
    .filter((listener: Manifest) => listener.name === 'mcp')
    .flatMap((listener: Manifest) => listener.routes);
  return [...new Set(routes.flatMap(route => route.matches.map((match: Manifest) => match.path.exact)))].sort();
}

/** Addresses that a configuration calls, as `host:port`. */
function addressesOf(configuration: string): string[] {
  const found = new Set<string>();
  const { backends, binds, routeGroups } = parse(configuration);
  JSON.stringify([binds, routeGroups, backends], (_, value) => {
    // What counts calls is no server.
    if (typeof value?.host === 'string' && !value.host.startsWith('127.') && !/^[^.]+-rate-limit\./.test(value.host)) {
      found.add(value.port === undefined ? value.host : `${value.host}:${value.port}`);
    }
    return value;
  });
  return [...found].sort();
}

/** Addresses at which a server answers, as its objects have it: of each replica where replicas have names, else of the Service. */
function addressesAt(server: ServerProgram, objects: readonly Manifest[]): string[] {
  if (server.source.kind === 'remote') {
    const { hostname, port } = new URL(server.source.url);
    return [`${hostname}:${port || 443}`];
  }
  const own = (kind: string, name = server.name): Manifest | undefined =>
    objects.find(
      object => object.kind === kind && object.metadata.name === name && object.metadata.namespace === server.namespace,
    );
  const { replicas, serviceName } = own('StatefulSet')?.spec ?? {};
  return serviceName === undefined
    ? [`${server.name}.${server.namespace}.svc:${own('Service')!.spec.ports[0].port}`]
    : Array.from(
        { length: replicas },
        (_, i) =>
          `${server.name}-${i}.${serviceName}.${server.namespace}.svc:${own('Service', serviceName)!.spec.ports[0].port}`,
      );
}

/** `id`s of the servers that a route sends requests to. */
function servedBy({ backends, matches }: RouteProgram): string[] {
  return [...backends, ...matches.flatMap(match => match.backends)]
    .filter(({ weight }) => weight !== 0)
    .map(({ server }) => server);
}

function workloadsOf(
  program: Program,
  { servers }: Built,
  objects: readonly Manifest[],
): { resource: Manifest; workload: Manifest }[] {
  return program.servers
    .filter(({ source }) => source.kind !== 'remote')
    .map(({ id, kind, name, namespace }) => ({
      resource: objects.find(
        object =>
          object.kind === kind &&
          object.metadata.name === name &&
          (kind === 'ClusterMCPServer' || object.metadata.namespace === namespace),
      )!,
      workload: objects.find(
        object =>
          object.kind === (servers.get(id)!.statefulSet ? 'StatefulSet' : 'Deployment') &&
          object.metadata.name === name &&
          object.metadata.namespace === namespace,
      )!,
    }));
}

it('emits objects that the API server knows, that refer to each other rightly, and that can be pruned by their label', () => {
  fc.assert(
    fc.property(programArbitrary, program => {
      const text = build(program).synthYaml();
      const objects = parseObjects(text);
      expect([
        ...checkYaml(text),
        ...validateObjects(objects),
        ...checkReferences(objects, { externals: externalsOf(program) }),
      ]).toEqual([]);
      const unlabelled = objects
        .filter(({ metadata }) => metadata.labels?.['app.kubernetes.io/managed-by'] !== 'cdk8s-mcp')
        .map(({ kind, metadata }) => `${kind} ${metadata.name}`);
      // What the program itself declares.
      expect(unlabelled.filter(name => !/^(Namespace |ConfigMap .*-(settings|cedar)$)/.test(name))).toEqual([]);
    }),
    { numRuns: 60 },
  );
});

it('makes of one program the same bytes, whatever else the process has done', () => {
  fc.assert(
    fc.property(programArbitrary, programArbitrary, (program, other) => {
      const first = build(program).synthYaml();
      build(other).synthYaml();
      const app = build(program);
      expect(app.synthYaml()).toBe(first);
      expect(app.synthYaml()).toBe(first);
    }),
    { numRuns: 15 },
  );
});

it('makes the same objects in whatever order servers, routes and gateways are created', () => {
  fc.assert(
    fc.property(
      programArbitrary.chain(program => fc.tuple(fc.constant(program), permutedArbitrary(program))),
      ([program, permuted]) => {
        expect(documentsOf(build(permuted).synthYaml())).toEqual(documentsOf(build(program).synthYaml()));
      },
    ),
    { numRuns: 40 },
  );
});

it('changes no other object when an unrelated server is added', () => {
  fc.assert(
    fc.property(
      programArbitrary.chain(program => fc.tuple(fc.constant(program), unrelatedServerArbitrary(program))),
      ([program, server]) => {
        const before = new Set(documentsOf(build(program).synthYaml()));
        const after = documentsOf(build({ ...program, servers: [server, ...program.servers] }).synthYaml());
        const added = after.filter(document => !before.has(document)).map(document => parse(document).metadata.name);
        // Roles outside of its own namespace are named after both.
        expect(added.filter(name => !/^([^.]+\.)?unrelated(-|$)/.test(name))).toEqual([]);
        expect(after.length).toBe(before.size + added.length);
      },
    ),
    { numRuns: 40 },
  );
});

it('serves each route at its own path and nothing else', () => {
  fc.assert(
    fc.property(programArbitrary, program => {
      const built = construct(program);
      const objects = parseObjects(built.app.synthYaml());
      const only = program.gateways.length === 1 ? program.gateways[0].id : undefined;
      for (const [id, configuration] of configurations(program, objects)) {
        const routes = program.routes.filter(route => (route.gateway ?? only) === id);
        const paths = routes.map(({ namespace, name }) => `/routes/${namespace}/${name}`).sort();
        expect(
          publicPaths(configuration).filter(
            path => path !== '/mcp' && !path.startsWith('/.well-known/oauth-protected-resource/'),
          ),
        ).toEqual(paths);
        expect(routes.map(route => built.routes.get(route.id)!.url).sort()).toEqual(
          paths.map(path => `${built.gateways.get(id)!.url}${path}`),
        );
      }
    }),
    { numRuns: 30 },
  );
});

it('sends requests to every address of the servers of its routes, and to no address at which nobody answers', () => {
  fc.assert(
    fc.property(programArbitrary, program => {
      const objects = parseObjects(build(program).synthYaml());
      const only = program.gateways.length === 1 ? program.gateways[0].id : undefined;
      const known = new Map(program.servers.map(server => [server.id, addressesAt(server, objects)]));
      for (const [id, configuration] of configurations(program, objects)) {
        const called = addressesOf(configuration);
        const wanted = program.routes
          .filter(route => (route.gateway ?? only) === id)
          .flatMap(servedBy)
          .flatMap(server => known.get(server)!);
        expect(wanted.filter(address => !called.includes(address))).toEqual([]);
        expect(called.filter(address => ![...known.values()].flat().includes(address))).toEqual([]);
        if (program.gateways.find(gateway => gateway.id === id)!.discovery === undefined) {
          expect(called).toEqual([...new Set(wanted)].sort());
        }
      }
    }),
    { numRuns: 30 },
  );
});

it('runs the very pods that the custom resource describes, and a Service of its name leads to them', () => {
  fc.assert(
    fc.property(programArbitrary, program => {
      const built = construct(program);
      const objects = parseObjects(built.app.synthYaml());
      for (const { resource, workload } of workloadsOf(program, built, objects)) {
        expect(resource.spec.hosted.podSpec).toEqual(workload.spec.template);
        const service = objects.find(
          ({ kind, metadata }) =>
            kind === 'Service' &&
            metadata.name === workload.metadata.name &&
            metadata.namespace === workload.metadata.namespace,
        )!;
        expect(workload.spec.template.metadata.labels).toMatchObject(service.spec.selector);
        expect(service.spec.ports[0].port).toBe(8080);
      }
    }),
    { numRuns: 30 },
  );
});

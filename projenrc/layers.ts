/**
 * Which way imports go in src/, said once: eslint's zones, the rule about cdk8s and the tests of both come from here.
 *
 * A room is a folder directly in src/. It may import the rooms of the layers below its own, and of its own layer those that
 * the layer says.
 */
export interface Layer {
  readonly name: string;
  readonly rooms: readonly string[];
  /** Which rooms of this layer a room may import, or that each may import all; undefined means none. */
  readonly siblings?: 'all' | Readonly<Record<string, readonly string[]>>;
  /** Whether its rooms may know cdk8s: the compiler works on plain data. */
  readonly cdk8s: boolean;
}

/** From the bottom to the top. */
export const LAYERS: readonly Layer[] = [
  { name: 'values', rooms: ['values'], cdk8s: false },
  { name: 'languages', rooms: ['cedar', 'cel'], siblings: { cedar: ['cel'] }, cdk8s: false },
  { name: 'model', rooms: ['model'], cdk8s: false },
  // The format of resources and what is worked out of them know nothing of each other.
  { name: 'passes and api', rooms: ['api', 'passes'], cdk8s: false },
  { name: 'back ends', rooms: ['backends'], cdk8s: false },
  { name: 'synthesis', rooms: ['synthesis'], cdk8s: true },
  { name: 'references', rooms: ['references'], cdk8s: true },
  {
    name: 'what constructs take',
    rooms: ['cluster', 'permissions', 'policy', 'workload'],
    siblings: { cluster: ['permissions'], policy: ['cluster'] },
    cdk8s: true,
  },
  {
    name: 'constructs',
    rooms: ['client', 'gateway', 'inference', 'route', 'server', 'tenant'],
    siblings: { gateway: ['client', 'server'], inference: ['client', 'route'], route: ['client'] },
    cdk8s: true,
  },
  { name: 'documents', rooms: ['manifest'], cdk8s: true },
  { name: 'reports', rooms: ['access', 'report'], siblings: { report: [] }, cdk8s: true },
  // Generated: users import it by its path, and the library, which would load slowly with it, never does.
  { name: 'imports', rooms: ['imports'], cdk8s: true },
];

/** Something that eslint's import/no-restricted-paths keeps apart. */
export interface Zone {
  readonly target: string | readonly string[];
  readonly from: readonly string[];
  readonly message: string;
}

/** Rooms that a room of a layer may not import. */
function forbidden(room: string, layer: Layer, layers: readonly Layer[]): readonly string[] {
  const above = layers.slice(layers.indexOf(layer) + 1).flatMap(({ rooms }) => rooms);
  const { siblings = {} } = layer;
  const beside =
    siblings === 'all' ? [] : layer.rooms.filter(other => other !== room && !siblings[room]?.includes(other));
  return [...beside, ...above];
}

/** The zones of the rooms that are there. Throws when one of them has no layer, or a layer names one that is not there. */
export function zonesOf(rooms: readonly string[], layers: readonly Layer[]): Zone[] {
  const placed = layers.flatMap(layer => layer.rooms);
  const problems = [
    ...rooms
      .filter(room => !placed.includes(room))
      .map(room => `src/${room} has no layer: say in LAYERS (projenrc/layers.ts) whose imports it may have`),
    ...placed
      .filter((room, i) => !rooms.includes(room) || placed.indexOf(room) !== i)
      .map(room => `LAYERS (projenrc/layers.ts) names ${room} twice, or there is no src/${room}: take it out`),
  ];
  if (problems.length > 0) {
    throw new Error(problems.join('\n'));
  }
  const way = layers.map(({ name }) => name).join(' <- ');
  return layers.flatMap(layer =>
    layer.rooms.map(room => ({
      target: `./src/${room}`,
      from: [...forbidden(room, layer, layers).map(other => `./src/${other}`), './src/index.ts'],
      message: `Imports go one way: ${way} (see projenrc/layers.ts).`,
    })),
  );
}

/** Data planes: folders of src/backends, each with a language that no other code knows. */
export const PLANES: readonly string[] = ['agentgateway', 'envoy'];

/** The files of src/backends in which planes are listed: by them everything else gets at a plane. */
const LISTS: readonly string[] = ['planes', 'server-proxies'];

/** The zones of planes: nothing imports one but its own files and the lists. */
export function planeZones(planes: readonly string[]): Zone[] {
  const folder = (plane: string): string => `./src/backends/${plane}`;
  const message = `No other code knows a data plane's language: it is reached by ${LISTS.join(' and ')} of src/backends.`;
  return [
    {
      target: [
        './src/!(backends)/**/*',
        './src/*',
        `./src/backends/!(${planes.join('|')})/**/*`,
        `./src/backends/!(${LISTS.join('|')}).ts`,
      ],
      from: planes.map(folder),
      message,
    },
    ...planes.map(plane => ({
      target: folder(plane),
      from: planes.filter(other => other !== plane).map(folder),
      message,
    })),
  ];
}

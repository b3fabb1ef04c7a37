/**
 * Which way imports go in src/, said once: eslint's zones, the rule about cdk8s and the tests of both come from here.
 *
 * A room is a folder directly in src/. It may import the rooms of the layers below its own, and of its own layer those that
 * the layer says. Some rooms have folders, with levels of their own.
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
  { name: 'model', rooms: ['model'], cdk8s: false },
  { name: 'languages', rooms: ['cedar', 'cel'], siblings: { cedar: ['cel'] }, cdk8s: false },
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
  { name: 'around constructs', rooms: ['monitoring'], cdk8s: true },
  { name: 'documents', rooms: ['manifest'], cdk8s: true },
  { name: 'reports', rooms: ['reports'], cdk8s: true },
  { name: 'app', rooms: ['app'], cdk8s: true },
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

/**
 * Folders inside of rooms, and inside of those, from the bottom to the top: each may import those of the levels below its own. The files that stand
 * in a room itself are above all its folders: they put together what those are made of.
 */
export const INSIDE: Readonly<Record<string, readonly (readonly string[])[]>> = {
  passes: [['open-api', 'permissions', 'policy'], ['servers'], ['access', 'entries', 'gateways', 'network']],
  backends: [['interface'], ['kubernetes'], ['agentgateway', 'envoy']],
  'backends/agentgateway': [['config'], ['dialect'], ['parts']],
  'backends/envoy': [['config', 'lua'], ['dialect'], ['parts']],
};

/** The zones of the folders in a room. Throws when one of them has no level, or a level names one that is not there. */
export function zonesInside(room: string, folders: readonly string[], levels: readonly (readonly string[])[]): Zone[] {
  const placed = levels.flat();
  const odd = [...folders, ...placed].filter(
    name => !folders.includes(name) || placed.filter(other => other === name).length !== 1,
  );
  if (odd.length > 0) {
    throw new Error(`INSIDE (projenrc/layers.ts) has not just one level for ${odd.join(', ')} of src/${room}`);
  }
  const message = `Imports in src/${room} go one way: ${levels.map(level => level.join(', ')).join(' <- ')} <- its own files (see projenrc/layers.ts).`;
  return levels.flatMap((level, i) =>
    level.flatMap(folder => {
      const target = `./src/${room}/${folder}`;
      const others = [...level, ...levels.slice(i + 1).flat()].filter(other => other !== folder);
      return [
        { target, from: [`./src/${room}/*`], message },
        ...(others.length === 0 ? [] : [{ target, from: others.map(other => `./src/${room}/${other}`), message }]),
      ];
    }),
  );
}

/** Data planes: folders of src/backends, each with a language that no other code knows. */
export const PLANES: readonly string[] = INSIDE.backends[INSIDE.backends.length - 1];

/** The files of src/backends in which planes are listed: by them everything else gets at a plane. */
const LISTS: readonly string[] = ['planes', 'server-proxies'];

/** The zones of planes: nothing outside of src/backends imports one, and there only the lists do (folders of it: see INSIDE). */
export function planeZones(planes: readonly string[]): Zone[] {
  const folder = (plane: string): string => `./src/backends/${plane}`;
  const message = `No other code knows a data plane's language: it is reached by ${LISTS.join(' and ')} of src/backends.`;
  return [
    {
      target: ['./src/!(backends)/**/*', './src/*', `./src/backends/!(${LISTS.join('|')}).ts`],
      from: planes.map(folder),
      message,
    },
  ];
}

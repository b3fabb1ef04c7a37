import { clusterApp, ClusterApp, CONNECTED, REPLICAS, Shape, STRANGER } from './app';
import { WORKERS } from './load';
import { DNS, GATEWAY, LIMITS, STATEFUL, STATELESS, STORE, World } from './world';
import { Manifest } from '../../support/validate';
import { previousClusterApp } from '../previous-commit';

/** What happens while clients call, and what they may notice. */
export interface Event {
  readonly name: string;
  /** The route that they call. */
  readonly route: 'stateless' | 'stateful' | 'shared' | 'desk';
  /** What is done before clients call. */
  readonly before?: (world: World) => Promise<unknown>;
  /** Does it; of a change of configuration, the seconds after which each gateway had it. */
  readonly happens: (world: World) => Promise<readonly number[] | void> | void;
  /** Whether CI has it happen, too: it stands for others that only nightly runs have. */
  readonly inCi?: true;
  /** Calls that may be lost, where that cannot be helped: docs/operations.md says why. */
  readonly mayLose?: number;
  /** Sessions that may end. */
  readonly mayEnd?: number;
}

/** Each session is on one replica at a time, and each replica goes once; another one may be opened where that is known at one gateway alone. */
const EACH_SESSION = 2 * WORKERS * REPLICAS;

async function outAndIn(world: World, workload: Parameters<World['scale']>[0]): Promise<void> {
  await world.scale(workload, 2 * REPLICAS);
  await world.scale(workload, REPLICAS);
}

/** The app after all events. */
const LAST: Shape = { replicated: true, relabelled: true };

/** The objects of the commit before, with the clients of today, who go on calling. */
function previously(shape: Shape): Pick<ClusterApp, 'objects'> {
  const previous = previousClusterApp(shape);
  if ('missing' in previous) {
    throw new Error(previous.missing);
  }
  const isClient = ({ kind, metadata }: Manifest): boolean =>
    kind === 'Deployment' && [CONNECTED, STRANGER].some(({ name }) => name === `deployment/${metadata.name}`);
  const { objects } = clusterApp(shape);
  return { objects: [...previous.objects.filter(object => !isClient(object)), ...objects.filter(isClient)] };
}

/** All of them, in an order in which each leaves what the next one needs. */
export const EVENTS: readonly Event[] = [
  { name: 'nothing', route: 'stateless', happens: () => {}, inCi: true },
  {
    name: 'rolling restart of the gateway',
    route: 'stateless',
    happens: world => world.restart(GATEWAY),
    inCi: true,
  },
  {
    name: 'rolling restart of the gateway, with sessions',
    route: 'stateful',
    happens: world => world.restart(GATEWAY),
  },
  {
    name: 'eviction of each pod of the gateway',
    route: 'stateless',
    happens: world => world.evict(GATEWAY),
    inCi: true,
  },
  { name: 'gateway scaled out and in', route: 'stateful', happens: world => outAndIn(world, GATEWAY) },
  {
    name: 'a gateway killed',
    route: 'stateless',
    happens: world => world.kill(GATEWAY),
    inCi: true,
    mayLose: 60,
  },
  {
    name: 'rolling restart of a stateless server',
    route: 'stateless',
    happens: world => world.restart(STATELESS),
    inCi: true,
  },
  { name: 'eviction of each pod of a stateless server', route: 'stateless', happens: world => world.evict(STATELESS) },
  {
    name: 'stateless server scaled out and in',
    route: 'stateless',
    happens: world => outAndIn(world, STATELESS),
  },
  {
    name: 'a stateless server killed',
    route: 'stateless',
    happens: world => world.kill(STATELESS),
    mayLose: 60,
  },
  {
    name: 'rolling restart of a stateful server',
    route: 'stateful',
    happens: world => world.restart(STATEFUL),
    inCi: true,
    mayEnd: EACH_SESSION,
  },
  {
    name: 'eviction of each pod of a stateful server',
    route: 'stateful',
    happens: world => world.evict(STATEFUL),
    mayEnd: EACH_SESSION,
  },
  {
    name: 'stateful server scaled out and in',
    route: 'stateful',
    happens: world => outAndIn(world, STATEFUL),
    mayEnd: EACH_SESSION,
  },
  {
    name: 'a stateful server killed',
    route: 'stateful',
    happens: world => world.kill(STATEFUL),
    mayLose: 60,
    mayEnd: EACH_SESSION,
  },
  {
    name: 'rolling restart of the store of limits',
    route: 'stateless',
    happens: world => world.restart(STORE),
    inCi: true,
    mayLose: WORKERS,
  },
  {
    name: 'eviction of the store of limits',
    route: 'stateless',
    happens: world => world.evict(STORE),
    mayLose: WORKERS,
  },
  { name: 'the store of limits killed', route: 'stateless', happens: world => world.kill(STORE), mayLose: 300 },
  { name: 'rolling restart of the service of limits', route: 'stateless', happens: world => world.restart(LIMITS) },
  { name: 'DNS started anew', route: 'stateful', happens: world => world.restart(DNS) },
  {
    name: 'weights changed',
    route: 'shared',
    happens: world => world.change({ newer: 3 }),
    inCi: true,
  },
  {
    name: 'a route added',
    route: 'shared',
    happens: world => world.change({ newer: 3, added: true }),
  },
  {
    name: 'a server removed, and a route',
    route: 'shared',
    happens: world => world.change({}),
  },
  {
    name: 'a Deployment becomes a StatefulSet',
    route: 'desk',
    happens: world => world.upgrade(clusterApp({ replicated: true })),
    inCi: true,
    mayEnd: EACH_SESSION,
  },
  {
    name: 'labels of pods and an image changed',
    route: 'stateless',
    happens: world => world.upgrade(clusterApp(LAST)),
    // Those of the gateway are those of its store of limits, too.
    mayLose: WORKERS,
  },
  {
    name: 'an upgrade from the commit before',
    route: 'stateless',
    before: world => world.upgrade(previously(LAST)),
    happens: world => world.upgrade(clusterApp(LAST)),
    mayLose: WORKERS,
  },
];

/**
 * What takes longer than CI can wait.
 *
 *   npm run nightly                            every part
 *   npm run nightly -- --part load             one, or several of them
 *   npm run nightly -- --list                  what parts there are
 *   npm run nightly -- --part load --minutes 2
 *   npm run nightly -- --part inputs --seed 17 --count 1
 *
 * Tools are found as `npm run conformance` finds them.
 */
import { parseArgs } from 'util';
import { compareAll } from './bench';
import { fill } from './capacity';
import { runClusters } from './cluster';
import { compareDecisions } from './decisions';
import { exhaust } from './exhaustion';
import { tryInputs } from './inputs';
import { load } from './load';
import { testPackage } from './package';
import { tryReleases } from './releases';
import { ProcessGroup } from '../conformance/process-group';

/** What parts are told. */
interface Settings {
  readonly minutes: number;
  readonly count: number;
  readonly decisions: number;
  readonly seed: number;
}

interface Part {
  readonly name: string;
  readonly what: string;
  /** Does it; whatever is wrong. */
  readonly run: (settings: Settings) => Promise<readonly string[]>;
}

const PARTS: readonly Part[] = [
  {
    name: 'load',
    what: 'mixed load on a real Envoy with an emitted configuration: no answer that the policies do not explain, memory that stays (--minutes, 10)',
    run: ({ minutes }) => load(minutes),
  },
  {
    name: 'exhaustion',
    what: 'attacks on the memory, connections and time of a real Envoy, which stays up and serves others',
    run: exhaust,
  },
  {
    name: 'cluster',
    what: 'a whole Kubernetes where pods of everything restart, move, die and scale while clients call, with both settings of DNS',
    run: runClusters,
  },
  {
    name: 'releases',
    what: 'API servers of the oldest and the newest Kubernetes take what is emitted, as that of conformance does',
    run: tryReleases,
  },
  {
    name: 'capacity',
    what: 'gateways of 1,000 routes with policies and 5,000 without on a real Envoy, which starts, reloads and answers',
    run: fill,
  },
  {
    name: 'decisions',
    what: 'random policies on a real Envoy: what happens is what AccessMatrix says (--decisions, 1000000; --seed)',
    run: ({ decisions, seed }) => compareDecisions(decisions, seed),
  },
  {
    name: 'package',
    what: 'the package in an empty project, with each Node.js that is newer than that of CI (after npm run compile)',
    run: testPackage,
  },
  {
    name: 'bench',
    what: 'the benchmark with what takes long: helm, 10,000 servers, 1,000 routes, the largest matrix',
    run: compareAll,
  },
  {
    name: 'inputs',
    what: 'generated options and documents: none ends in a stack trace, a hang, or a half-written output (--count, 100000; --seed)',
    run: ({ count, seed }) => tryInputs(count, seed),
  },
];

async function main(): Promise<void> {
  // Apps are made by the thousand here.
  process.env.CDK8S_MCP_WARNINGS = 'off';
  const { values } = parseArgs({
    options: {
      part: { type: 'string', multiple: true, default: PARTS.map(({ name }) => name) },
      list: { type: 'boolean', default: false },
      minutes: { type: 'string', default: '10' },
      count: { type: 'string', default: '100000' },
      decisions: { type: 'string', default: '1000000' },
      seed: { type: 'string', default: String(Math.floor(Math.random() * 2 ** 31)) },
    },
  });
  if (values.list) {
    PARTS.forEach(({ name, what }) => console.log(`${name.padEnd(12)}${what}`));
    return;
  }
  const unknown = values.part.filter(name => !PARTS.some(part => part.name === name));
  if (unknown.length > 0) {
    throw new Error(`no part is named ${unknown.join(', ')}: there are ${PARTS.map(({ name }) => name).join(', ')}`);
  }
  const settings = {
    minutes: Number(values.minutes),
    count: Number(values.count),
    decisions: Number(values.decisions),
    seed: Number(values.seed),
  };
  for (const { name, run } of PARTS.filter(part => values.part.includes(part.name))) {
    const started = Date.now();
    console.log(`${name}:`);
    const problems = await run(settings);
    console.log(
      `${name}: ${problems.length === 0 ? 'passed' : 'FAILED'} after ${Math.round((Date.now() - started) / 1000)} s\n`,
    );
    process.exitCode = problems.length === 0 ? process.exitCode : 1;
  }
}

for (const [signal, status] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const) {
  process.once(signal, () => void ProcessGroup.stopAll().finally(() => process.exit(status)));
}
main().catch(async error => {
  console.error(error);
  await ProcessGroup.stopAll();
  process.exit(1);
});

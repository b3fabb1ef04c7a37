import { createHash } from 'crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { App, Chart } from 'cdk8s';
import * as fc from 'fast-check';
import { parseAllDocuments } from 'yaml';
import { documents } from './documents';
import { Assembly, Make, Options, World } from './options';
import * as library from '../../../src';

/*
 * Makes apps of generated inputs, one after the other, and says of each what came of it. Started by inputs.ts as a process of its
 * own, so that an input that hangs, or ends the process, can be found and named.
 */

/** What came of an input. */
export interface Outcome {
  readonly seed: number;
  /** Undefined before it is known: the input has been begun. */
  readonly kind?: 'written' | 'refused' | 'problem';
  readonly milliseconds?: number;
  /** How often it was tried, each time with less. */
  readonly tries?: number;
  /** What is wrong with the way it ended. */
  readonly problem?: string;
}

/** Where findings are said: a path, a property, what was given, and what to do. */
const FINDING = /^\s*\[[^]*\] [^]+: got [^]+: [^]+\.$/;
const OUT = mkdtempSync(join(tmpdir(), 'cdk8s-mcp-inputs-'));
/** How many of the files that are written are read again. */
const READ_EVERY = 20;

/** Makes an app that is to be written to a folder; of what was refused, less is tried again. */
type Program = (outdir: string, keeps: (option: string) => boolean) => App;

/** Which share of options is kept at each try. */
const KEPT = [1, 0.6, 0.3, 0];

function appOf(outdir: string, ours: boolean): App {
  return ours ? new library.McpApp({ outdir }) : new App({ outdir });
}

/** Programs that use the constructs. */
function constructs(options: Options): fc.Arbitrary<Program> {
  const props = (type: string): fc.Arbitrary<Make> => options.type(`cdk8s-mcp.${type}`)!;
  const calls = (type: string) => fc.array(options.calls(`cdk8s-mcp.${type}`), { maxLength: 2 });
  const cluster = fc.option(props('ClusterProfile'), { freq: 3 });
  return fc
    .record({
      ours: fc.boolean(),
      profile: cluster,
      gateway: props('McpGatewayOptions'),
      servers: fc.array(props('McpServerProps'), { minLength: 1, maxLength: 2 }),
      routes: fc.array(props('McpRouteProps'), { minLength: 1, maxLength: 2 }),
      tenant: fc.option(props('McpTenantProps'), { freq: 4 }),
      inference: fc.option(props('McpInferenceServiceProps'), { freq: 4 }),
      gatewayCalls: calls('McpGateway'),
      serverCalls: calls('McpServer'),
      routeCalls: calls('McpRoute'),
    })
    .map((given): Program => (outdir, keeps) => {
      const app = appOf(outdir, given.ours);
      let last = 0;
      const unique = (): number => ++last;
      const profile = keeps('profile') ? given.profile : null;
      profile?.({ scope: new Chart(new App(), 'profile'), servers: [], gateways: [], keeps, unique }).applyTo(app);
      const platform = new Chart(app, 'platform', { namespace: 'mcp-system' });
      const team = new Chart(app, 'finance', { namespace: 'finance' });
      const servers: library.IMcpServer[] = [];
      const gateways: library.IMcpGateway[] = [];
      const world = (scope: Chart): World => ({ scope, servers, gateways, keeps, unique });
      const unnamed = ({ name: _name, ...rest }: any): any => rest;
      servers.push(new library.McpServer(team, 'known', { source: library.McpServerSource.image('acme/known:1') }));
      const gateway = new library.McpGateway(platform, 'gateway', given.gateway(world(platform)));
      gateways.push(gateway);
      given.servers.forEach((make, i) =>
        servers.push(new library.McpServer(team, `s${i}`, unnamed(make(world(team))))),
      );
      const routes = given.routes.map(
        (make, i) =>
          new library.McpRoute(team, `r${i}`, {
            gateway,
            backends: [{ server: servers[0] }],
            ...unnamed(make(world(team))),
          }),
      );
      if (keeps('calls')) {
        given.gatewayCalls.forEach(call => call(gateway)(world(platform)));
        given.serverCalls.forEach(call => call(servers[0])(world(team)));
        given.routeCalls.forEach(call => call(routes[0])(world(team)));
      }
      if (given.tenant !== null && keeps('tenant')) {
        new library.McpTenant(platform, 'tenant', given.tenant(world(platform)));
      }
      if (given.inference !== null && keeps('inference')) {
        new library.McpInferenceService(team, 'inference', given.inference(world(team)));
      }
      return app;
    });
}

/** Programs that read documents. */
function manifests(): fc.Arbitrary<Program> {
  return fc.tuple(documents(), fc.boolean(), fc.nat(4)).map(([text, ours, mode]): Program => (outdir, keeps) => {
    const app = appOf(outdir, ours);
    const chart = new Chart(app, 'finance', { namespace: 'finance' });
    if (mode === 0 && keeps('controller')) {
      library.Reconciliation.CONTROLLER.applyTo(chart);
    }
    library.McpManifest.fromYaml(chart, 'manifest', text);
    return app;
  });
}

/** What is wrong with how an error tells what is wrong; undefined for one as users should get it. */
function messageProblem(error: unknown): string | undefined {
  const { name, message, stack } = error as Error;
  const said = `${name}: ${String(message).slice(0, 600)}`;
  if (!(error instanceof Error)) {
    return `throws ${String(error)}`;
  }
  const lines = message
    .replace(/^(Invalid input|Validation failed with the following errors):\n/, '')
    .split(/\n(?=  \[[^[\]]+\] )/);
  const told = lines.every(line => FINDING.test(line)) && !/\n\s+at /.test(message);
  return told
    ? undefined
    : `${said}\n${String(stack)
        .split('\n')
        .filter(line => /^\s+at /.test(line))
        .slice(0, 12)
        .join('\n')}`;
}

function run(program: Program, seed: number): Outcome {
  const outcomes: Outcome[] = [];
  for (const share of KEPT) {
    const keeps = (option: string): boolean =>
      share === 1 ||
      parseInt(createHash('sha256').update(`${seed} ${share} ${option}`).digest('hex').slice(0, 8), 16) / 2 ** 32 <
        share;
    outcomes.push(tried(outdir => program(outdir, keeps), seed));
    if (outcomes[outcomes.length - 1].kind !== 'refused') {
      break;
    }
  }
  return { ...outcomes[outcomes.length - 1], tries: outcomes.length };
}

function tried(program: (outdir: string) => App, seed: number): Outcome {
  const started = Date.now();
  const outdir = join(OUT, String(seed));
  const files = (): string[] => {
    try {
      return readdirSync(outdir);
    } catch {
      return [];
    }
  };
  const end = (kind: 'written' | 'refused', problem?: string): Outcome => {
    const outcome: Outcome = {
      seed,
      kind: problem === undefined ? kind : 'problem',
      milliseconds: Date.now() - started,
      problem,
    };
    rmSync(outdir, { recursive: true, force: true });
    return outcome;
  };
  try {
    const app = program(outdir);
    app.synth();
    if (seed % READ_EVERY === 0) {
      library.McpDiagnostics.of(app);
      library.AccessMatrix.of(app).toMarkdown();
    }
  } catch (error) {
    const half = files();
    if (process.env.SHOW !== undefined) {
      console.log((error as Error).message.split('\n').slice(0, 3).join(' ').slice(0, 300));
    }
    return end(
      'refused',
      messageProblem(error) ?? (half.length === 0 ? undefined : `refused, and wrote ${half.join(', ')}`),
    );
  }
  if (seed % READ_EVERY !== 0) {
    return end('written');
  }
  const unreadable = files().flatMap(file =>
    (parseAllDocuments(readFileSync(join(outdir, file), 'utf8'), { version: '1.1' }) as any[]).flatMap(({ errors }) =>
      errors.map((error: Error) => `${file}: ${error.message}`),
    ),
  );
  return end('written', unreadable.length === 0 ? undefined : `cannot be read: ${unreadable[0]}`);
}

function main(): void {
  const [assembly, first, count] = process.argv.slice(2);
  const options = new Options(JSON.parse(readFileSync(assembly, 'utf8')) as Assembly);
  const program = fc.oneof(constructs(options), manifests());
  for (let seed = Number(first); seed < Number(first) + Number(count); seed++) {
    process.send?.({ seed } satisfies Outcome);
    const [made] = fc.sample(program, { seed, numRuns: 1 });
    const outcome = run(made, seed);
    process.send?.(outcome);
    if (process.send === undefined) {
      console.log(JSON.stringify(outcome, undefined, 1).replace(/\\n/g, '\n'));
    }
  }
  rmSync(OUT, { recursive: true, force: true });
}

main();

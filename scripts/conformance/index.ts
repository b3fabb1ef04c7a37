/**
 * Conformance with real components: finds or builds what the parts need, runs them, and says what came of each.
 *
 *   npm run conformance                            every part
 *   npm run conformance -- crds upgrade            some parts
 *   npm run conformance -- --available             those whose files are there: what upstream's are needed for is left out
 *   npm run conformance -- --list                  what parts there are
 *   npm run conformance -- --outputFile FILE       also writes the sums as JSON, named as in jest's reports
 *
 * Takes kube-apiserver, etcd and kubectl from the folder that KUBEBUILDER_ASSETS names, Envoy's rate-limit service,
 * Redis, cyclonus, Envoy, LuaJIT, nginx and HAProxy from RATELIMIT_BINARY, REDIS_SERVER, CYCLONUS_BINARY, ENVOY_BINARY,
 * LUAJIT_BINARY, NGINX_BINARY and HAPROXY_BINARY, else each from its cache, else builds it with Go (in CI: installs what
 * distributions have with apt-get), or gets it with pip (Envoy, MCP's SDK for Python) or npm (MCP's own tests, their server,
 * its SDK, newer Node.js); definitions of other projects' kinds (`*-crds.yaml`) likewise, from their Go modules. Upstream's
 * files are in ../shared/upstream. A part that cannot run is skipped; where CI is "true", that is a failure.
 */
import { join } from 'path';
import { parseArgs } from 'util';
import { Part, allParts, isAvailable } from './parts';
import { ProcessGroup } from './process-group';
import { Result, isFailure, table, writeTotals } from './result';
import { runPart } from './run-part';
import { Tool, Unavailable } from './tool';
import { CACHE, FoundTool, environment, provide } from './toolchain';
import { inWorkFolder } from './work-folder';

const CI = process.env.CI === 'true';

/** Each tool, or why it cannot be had. */
type Toolchain = ReadonlyMap<Tool, FoundTool | Unavailable>;

async function provideAll(tools: Iterable<Tool>): Promise<Toolchain> {
  const toolchain = new Map<Tool, FoundTool | Unavailable>();
  for (const tool of new Set(tools)) {
    try {
      const found = await provide(tool);
      console.log(`${tool.name}: ${found.version} (${found.origin})`);
      toolchain.set(tool, found);
    } catch (error) {
      if (!(error instanceof Unavailable)) {
        throw error;
      }
      console.log(
        `${tool.name} ${tool.version}: MISSING: ${error.message}, it is not in ${CACHE}, and ${tool.variable ?? 'KUBEBUILDER_ASSETS'} does not name it`,
      );
      toolchain.set(tool, error);
    }
  }
  return toolchain;
}

function missingOf(part: Part, toolchain: Toolchain): string | undefined {
  const tools = (part.tools ?? []).filter(tool => toolchain.get(tool) instanceof Unavailable).map(tool => tool.name);
  const needs = (part.needs ?? []).filter(need => !need.isThere()).map(need => need.what);
  const missing = [...tools, ...needs];
  return missing.length === 0 ? undefined : `needs ${missing.join(', ')}`;
}

function toolsOf(part: Part, toolchain: Toolchain): ReadonlyMap<Tool, FoundTool> {
  return new Map((part.tools ?? []).map((tool): [Tool, FoundTool] => [tool, toolchain.get(tool) as FoundTool]));
}

async function runAll(parts: readonly Part[], toolchain: Toolchain, folder: string): Promise<Result[]> {
  const results: Result[] = [];
  for (const [i, part] of parts.entries()) {
    console.log(`\n[${i + 1}/${parts.length}] ${part.name}: ${part.title}`);
    const missing = missingOf(part, toolchain);
    if (missing !== undefined) {
      console.log(`SKIPPED: ${missing}`);
    }
    results.push(
      missing === undefined
        ? await runPart(part, environment(join(folder, part.name), toolsOf(part, toolchain)))
        : { part, passed: 0, skipped: 0, failed: 0, seconds: 0, missing },
    );
  }
  return results;
}

function chosen(names: readonly string[]): readonly Part[] {
  const parts = allParts();
  const unknown = names.filter(name => !parts.some(part => part.name === name));
  if (unknown.length > 0) {
    throw new Error(`no such part: ${unknown.join(', ')}. There are: ${parts.map(part => part.name).join(', ')}`);
  }
  return names.length === 0 ? parts : parts.filter(part => names.includes(part.name));
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    // `json` is what jest wants to hear before `outputFile`; here it says nothing.
    options: {
      available: { type: 'boolean' },
      list: { type: 'boolean' },
      json: { type: 'boolean' },
      outputFile: { type: 'string' },
    },
  });
  const parts = chosen(positionals).filter(part => values.available !== true || isAvailable(part));
  if (values.list) {
    console.log(parts.map(part => `${part.name}: ${part.title}`).join('\n'));
    return;
  }
  const toolchain = await provideAll(parts.flatMap(part => part.tools ?? []));
  const results = await inWorkFolder(folder => runAll(parts, toolchain, folder));
  console.log(`\n${table(results)}`);
  if (values.outputFile !== undefined) {
    writeTotals(values.outputFile, results, CI);
  }
  const skipped = results.filter(({ missing }) => missing !== undefined);
  if (skipped.length > 0) {
    console.log(
      `\n!!! ${skipped.length} OF ${results.length} PARTS DID NOT RUN: ${skipped.map(({ part }) => part.name).join(', ')}`,
    );
  }
  const failures = results.filter(result => isFailure(result, CI));
  if (failures.length > 0) {
    console.log(`\nFAILED: ${failures.map(({ part }) => part.name).join(', ')}`);
    process.exitCode = 1;
  }
}

// Processes end and folders go, however this ends.
for (const [signal, status] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const) {
  process.once(signal, () => {
    console.log(`\n${signal}: stopping`);
    void ProcessGroup.stopAll().finally(() => process.exit(status));
  });
}
main().catch(async error => {
  console.error(error);
  await ProcessGroup.stopAll();
  process.exit(1);
});

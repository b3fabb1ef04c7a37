import { readFileSync } from 'fs';
import { isAbsolute, join, relative, resolve } from 'path';
import { Chart } from 'cdk8s';
import {
  ClusterAddOn,
  ClusterProfile,
  ClusterProfileProps,
  GatewayDataPlane,
  McpApp,
  McpCrds,
  McpManifest,
  NetworkEnforcement,
  OtherKinds,
} from 'cdk8s-mcp';
import { Command, Option } from 'commander';
import { parse } from 'yaml';
import { CommandError, ExitCode, Terminal } from '../terminal';

const PLANES: Readonly<Record<string, () => GatewayDataPlane>> = {
  agentgateway: () => GatewayDataPlane.agentgateway(),
  envoy: () => GatewayDataPlane.envoy(),
};
const NETWORKS: Readonly<Record<string, () => NetworkEnforcement>> = {
  NetworkPolicy: () => NetworkEnforcement.networkPolicy(),
  Cilium: () => NetworkEnforcement.cilium(),
  Istio: () => NetworkEnforcement.istio(),
};
const ADD_ONS = Object.values(ClusterAddOn) as readonly string[];

/** What may be said of the cluster, by flags or in a file. */
interface Profile {
  readonly plane?: string;
  readonly namespace?: string;
  readonly kubernetesVersion?: string;
  readonly network?: string;
  readonly addOns?: readonly string[];
  readonly clusterDomain?: string;
}

interface SynthOptions extends Profile {
  readonly output: string;
  readonly stdout: boolean;
  readonly crds: boolean;
  readonly profile?: string;
  readonly otherKinds: string;
  readonly insecureRemotes: boolean;
}

/** `synth`: YAML of the API in, YAML out. */
export function synth(terminal: Terminal, end: (code: ExitCode) => void): Command {
  return new Command('synth')
    .description('read MCPServers, MCPRoutes and MCPGateways as YAML, and write everything that follows from them')
    .argument('<file|folder...>', 'files, and folders of .yaml, .yml and .json files; what several repositories wrote')
    .option('-o, --output <folder>', 'where to', 'dist')
    .option('--stdout', 'to standard output instead', false)
    .option('--crds', 'custom resource definitions too, in the folder crds of the output', false)
    .option('-n, --namespace <name>', 'namespace of objects that name none')
    .addOption(
      new Option('-p, --plane <plane>', 'what serves gateways that do not say it').choices(Object.keys(PLANES)),
    )
    .option('--kubernetes-version <version>', 'oldest version of the clusters, as 1.31')
    .addOption(new Option('--network <kind>', 'what enforces the network').choices(Object.keys(NETWORKS)))
    .addOption(new Option('--add-on <name...>', 'what the cluster has').choices([...ADD_ONS]))
    .option('--cluster-domain <domain>', 'domain of the cluster')
    .option(
      '--profile <file>',
      `YAML with the same: plane, namespace, kubernetesVersion, network, addOns, clusterDomain`,
    )
    .addOption(
      new Option('--other-kinds <what>', 'what to do with objects of other kinds')
        .choices(Object.values(OtherKinds))
        .default(OtherKinds.REJECT),
    )
    .option('--insecure-remotes', 'allow remote servers by http://', false)
    .addHelpText(
      'after',
      '\nExamples:\n  cdk8s-mcp synth manifests/ --plane envoy\n  cdk8s-mcp synth team-a/ team-b/ --profile cluster.yaml --stdout | kubectl apply --server-side -f -',
    )
    .action((paths: string[], options: SynthOptions & { addOn?: string[] }) => {
      const flags = { ...options, addOns: options.addOn };
      synthesize(paths, flags, { ...fromFile(options.profile, terminal), ...defined(flags) }, terminal);
      end(ExitCode.OK);
    });
}

function synthesize(paths: readonly string[], options: SynthOptions, profile: Profile, terminal: Terminal): void {
  const outdir = resolve(terminal.cwd, options.output);
  const app = new McpApp({ outdir });
  const files = paths.map(path =>
    isAbsolute(path) ? path : relative(process.cwd(), resolve(terminal.cwd, path)) || '.',
  );
  try {
    new ClusterProfile(clusterOf(profile)).applyTo(app);
    const chart = new Chart(app, 'mcp', { namespace: profile.namespace });
    McpManifest.fromFiles(chart, 'manifest', files, {
      dataPlane: profile.plane === undefined ? undefined : PLANES[profile.plane](),
      otherKinds: options.otherKinds as OtherKinds,
      allowInsecureRemotes: options.insecureRemotes,
    });
    // Warnings are printed by the synthesis itself.
    if (options.stdout) {
      terminal.out(app.synthYaml());
    } else {
      app.synth();
    }
  } catch (error) {
    throw new CommandError((error as Error).message);
  }
  if (options.crds) {
    const crds = new McpApp({ outdir: join(outdir, 'crds') });
    new McpCrds(new Chart(crds, 'ome'), 'crds');
    crds.synth();
  }
  if (!options.stdout) {
    terminal.err(`written to ${options.output}\n`);
  }
}

function clusterOf({ addOns, clusterDomain, kubernetesVersion, network }: Profile): ClusterProfileProps {
  return {
    clusterDomain,
    kubernetesVersion,
    network: network === undefined ? undefined : NETWORKS[network](),
    addOns: addOns as ClusterAddOn[] | undefined,
  };
}

/** What a file says of the cluster; throws with all that is wrong with it. */
function fromFile(path: string | undefined, { cwd }: Terminal): Profile {
  if (path === undefined) {
    return {};
  }
  let said: unknown;
  try {
    said = parse(readFileSync(resolve(cwd, path), 'utf8')) ?? {};
  } catch (error) {
    throw new CommandError(`${path} cannot be read: ${(error as Error).message}`);
  }
  if (typeof said !== 'object' || Array.isArray(said)) {
    throw new CommandError(`${path} is no list of fields: write plane: envoy`);
  }
  const wrong = Object.entries(said as object).flatMap(([field, value]) => problemOf(field, value));
  if (wrong.length > 0) {
    throw new CommandError(wrong.map(problem => `${path}: ${problem}`).join('\n'));
  }
  return said as Profile;
}

function problemOf(field: string, value: unknown): string[] {
  const text = `${field}: got ${JSON.stringify(value)}`;
  const oneOf = (known: readonly string[]): string[] =>
    known.includes(value as string) ? [] : [`${text}: is none of ${known.join(', ')}`];
  switch (field) {
    case 'plane':
      return oneOf(Object.keys(PLANES));
    case 'network':
      return oneOf(Object.keys(NETWORKS));
    case 'addOns':
      return Array.isArray(value) && value.every(item => ADD_ONS.includes(item))
        ? []
        : [`${text}: is no list of ${ADD_ONS.join(', ')}`];
    case 'namespace':
    case 'kubernetesVersion':
    case 'clusterDomain':
      return typeof value === 'string' ? [] : [`${text}: is no text; write it in quotes`];
    default:
      return [
        `${text}: is not a field here; the fields are plane, namespace, kubernetesVersion, network, addOns, clusterDomain`,
      ];
  }
}

/** What was said by flags, which count before a file. */
function defined({ addOns, clusterDomain, kubernetesVersion, namespace, network, plane }: Profile): Profile {
  const said = { addOns, clusterDomain, kubernetesVersion, namespace, network, plane };
  return Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined));
}

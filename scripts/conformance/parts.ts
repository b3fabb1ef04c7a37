import { spawnSync } from 'child_process';
import { existsSync, readdirSync } from 'fs';
import { basename, join } from 'path';
import { CYCLONUS } from './cyclonus';
import { ECOSYSTEM } from './ecosystem';
import { ENVOY } from './envoy';
import { ETCD_SERVER, KUBECTL, KUBE_APISERVER } from './kubernetes';
import { LUAJIT } from './luajit';
import { MCP_CONFORMANCE, MCP_CONFORMANCE_2, MCP_PYTHON, MCP_SDK_2, NODE_22, SERVER_EVERYTHING } from './mcp-packages';
import { RATE_LIMIT_SERVICE, REDIS } from './rate-limit';
import { Tool } from './tool';
import { HAPROXY, NGINX } from './web-proxies';
import { Machine } from '../cluster/machine';
import { CLUSTER_TOOLS } from '../cluster/tools';

export const ROOT = join(__dirname, '..', '..');
const TESTS = join(ROOT, 'test', 'conformance');

/** Something that is not in this repository and cannot be built from it. */
export interface Need {
  readonly what: string;
  isThere(): boolean;
}

/** OME's and agentgateway's own files: schemas, stories. */
const UPSTREAM: Need = {
  what: '../shared/upstream, the files of the projects that this one follows',
  isThere: () => existsSync(join(ROOT, '..', 'shared', 'upstream')),
};

const GO: Need = {
  what: 'a Go toolchain',
  isThere: () => spawnSync('go', ['version']).status === 0,
};

const MACHINE: Need = {
  get what() {
    return `a machine for pods, for which this one lacks ${Machine.lacks().join(', ')}`;
  },
  isThere: () => Machine.lacks().length === 0,
};

const API_SERVER: readonly Tool[] = [KUBE_APISERVER, ETCD_SERVER, KUBECTL];
/** A cluster in which other projects are installed. */
const FURNISHED: readonly Tool[] = [...API_SERVER, ...ECOSYSTEM];

/** Tests that run and are counted together. */
export interface Part {
  readonly name: string;
  readonly title: string;
  /** Test files in test/conformance, without `.test.ts`. */
  readonly files: readonly string[];
  readonly tools?: readonly Tool[];
  readonly needs?: readonly Need[];
}

const PARTS: readonly Part[] = [
  {
    name: 'schemas',
    title: "CRDs and configuration against upstream's schemas",
    files: ['crds-superset', 'agentgateway-schema'],
    needs: [UPSTREAM],
  },
  {
    name: 'policy',
    title: "Fields of upstream's gateway policy, enforced or refused",
    files: ['gateway-policy'],
    needs: [UPSTREAM],
  },
  { name: 'stories', title: "OME's stories", files: ['stories', 'oep-0005'], needs: [UPSTREAM] },
  {
    name: 'crds',
    title: 'CRDs on a real API server',
    files: ['crds-api-server', 'crds-constraints'],
    tools: API_SERVER,
  },
  {
    name: 'crds-swap',
    title: "Upstream's CRDs and ours swapped on a real API server",
    files: ['crds-swap'],
    tools: API_SERVER,
    needs: [UPSTREAM],
  },
  { name: 'examples', title: 'Examples on a real API server', files: ['examples-api-server'], tools: FURNISHED },
  {
    name: 'exposures',
    title: 'Exposed gateways on a real API server',
    files: ['exposures-api-server'],
    tools: FURNISHED,
  },
  {
    name: 'inference',
    title: 'InferenceServices as OME released them',
    files: ['inference-api-server'],
    tools: API_SERVER,
    needs: [UPSTREAM],
  },
  { name: 'network', title: 'Network policies as cyclonus reads them', files: ['network-cyclonus'], tools: [CYCLONUS] },
  {
    name: 'network-api-server',
    title: 'Network policies of each kind on a real API server',
    files: ['network-api-server'],
    tools: FURNISHED,
  },
  {
    name: 'permissions',
    title: 'Rights of servers and the security of pods on a real API server',
    files: ['rbac-api-server', 'pod-security-api-server'],
    tools: API_SERVER,
  },
  { name: 'tenants', title: 'Rights of tenants on a real API server', files: ['tenant-api-server'], tools: API_SERVER },
  {
    name: 'topologies',
    title: 'Random topologies on a real API server',
    files: ['topologies-api-server'],
    tools: FURNISHED,
  },
  {
    name: 'rate-limit',
    title: "Limits as Envoy's rate-limit service counts them",
    files: ['rate-limit'],
    tools: [RATE_LIMIT_SERVICE, REDIS],
  },
  { name: 'server-pod', title: 'An npx server as its pod runs it, with real clients', files: ['server-pod'] },
  { name: 'lua', title: "Programs of the proxy in LuaJIT, which is Envoy's Lua", files: ['lua'], tools: [LUAJIT] },
  {
    name: 'envoy-api',
    title: "The descriptors of Envoy's API against its Go module",
    files: ['envoy-api'],
    needs: [GO],
  },
  {
    name: 'envoy-decisions',
    title: 'Random policies on a real Envoy, compared with AccessMatrix',
    files: ['envoy-decisions', 'envoy-items'],
    tools: [ENVOY],
  },
  {
    name: 'envoy-stateless',
    title: 'MCP without sessions (2026-07-28) through a real Envoy',
    files: ['envoy-stateless'],
    tools: [ENVOY],
  },
  {
    name: 'envoy-spoken',
    title: 'Clients and servers of the SDKs for TypeScript and Python, in each of their modes, through a real Envoy',
    files: ['envoy-spoken'],
    tools: [ENVOY, MCP_SDK_2, MCP_PYTHON],
  },
  {
    name: 'envoy-revisions',
    title: "MCP's own conformance tests of both eras, of their next version, through a real Envoy",
    files: ['envoy-revisions'],
    tools: [ENVOY, SERVER_EVERYTHING, MCP_SDK_2, MCP_CONFORMANCE_2, NODE_22],
  },
  { name: 'envoy-origins', title: 'Web pages that ask a real Envoy', files: ['envoy-origins'], tools: [ENVOY] },
  { name: 'envoy-attacks', title: 'Attacks on a real Envoy', files: ['envoy-attacks'], tools: [ENVOY] },
  {
    name: 'envoy-exhaustion',
    title: 'Callers who want to hold up a real Envoy',
    files: ['envoy-exhaustion'],
    tools: [ENVOY],
  },
  {
    name: 'envoy-exposed-paths',
    title: 'Paths and callers of a real Envoy, behind a real nginx and a real HAProxy',
    files: ['envoy-exposed-paths', 'envoy-trusted-proxies'],
    tools: [ENVOY, NGINX, HAPROXY],
  },
  {
    name: 'envoy-traffic',
    title: 'Weights, sessions, failures, limits and ends of pods on a real Envoy',
    files: ['envoy-affinity', 'envoy-traffic', 'envoy-drain'],
    tools: [ENVOY, RATE_LIMIT_SERVICE, REDIS],
  },
  {
    name: 'envoy-authentication',
    title: 'Each way to authenticate at a real Envoy',
    files: ['envoy-authentication', 'envoy-scopes'],
    tools: [ENVOY],
  },
  {
    name: 'envoy-backends',
    title: 'Servers elsewhere, failures, headers, logs, traces and REST services on a real Envoy',
    files: [
      'envoy-backends',
      'envoy-failures',
      'envoy-features',
      'envoy-metrics',
      'envoy-observability',
      'envoy-open-api',
    ],
    tools: [ENVOY, RATE_LIMIT_SERVICE, REDIS],
  },
  {
    name: 'envoy-names',
    title: 'How often a real Envoy asks the DNS for names',
    files: ['envoy-names'],
    tools: [ENVOY],
  },
  {
    name: 'envoy-capacity',
    title: 'Gateways of many routes on a real Envoy',
    files: ['envoy-capacity'],
    tools: [ENVOY, RATE_LIMIT_SERVICE, REDIS],
  },
  {
    name: 'envoy-conformance-suite',
    title: "MCP's own conformance tests through a real Envoy",
    files: ['envoy-conformance-suite'],
    tools: [ENVOY, SERVER_EVERYTHING, MCP_CONFORMANCE],
  },
  {
    name: 'envoy-examples',
    title: 'Examples as a real Envoy reads them',
    files: ['envoy-examples'],
    tools: [ENVOY, RATE_LIMIT_SERVICE, REDIS],
  },
  {
    name: 'cluster',
    title: 'Pods, connections and rollouts under load on a whole Kubernetes',
    files: ['cluster-traffic'],
    tools: CLUSTER_TOOLS,
    needs: [MACHINE],
  },
  { name: 'upgrade', title: 'Upgrades on a real API server', files: ['upgrade-api-server'], tools: FURNISHED },
];

const ALL_TOOLS = [...new Set(PARTS.flatMap(part => part.tools ?? []))];

/** All parts. A test file that no part names is a part of its own that gets every tool, so that none is forgotten. */
export function allParts(): readonly Part[] {
  const files = readdirSync(TESTS)
    .filter(file => file.endsWith('.test.ts'))
    .map(file => basename(file, '.test.ts'));
  const named = new Set(PARTS.flatMap(part => part.files));
  return [
    ...PARTS.filter(part => part.files.some(file => files.includes(file))),
    ...files
      .filter(file => !named.has(file))
      .map((file): Part => ({
        name: file,
        title: `test/conformance/${file}.test.ts`,
        files: [file],
        tools: ALL_TOOLS,
      })),
  ];
}

/** Whether what cannot be built is there for a part. */
export function isAvailable({ needs = [] }: Part): boolean {
  return needs.every(need => need.isThere());
}

/** Paths of a part's test files. */
export function testFiles(part: Part): string[] {
  return part.files.map(file => join(TESTS, `${file}.test.ts`));
}

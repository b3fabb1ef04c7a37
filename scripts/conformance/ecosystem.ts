import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'fs';
import { dirname, join } from 'path';
import { parseAllDocuments } from 'yaml';
import { moduleOf } from './go-build';
import { Tool } from './tool';
import { inWorkFolder } from './work-folder';

/** What the API server calls a cluster's own kinds. */
const DEFINITION = 'CustomResourceDefinition';

/** Definitions of another project's kinds, as they lie in a module of the Go module proxy. */
interface Definitions {
  readonly name: string;
  readonly module: string;
  readonly version: string;
  /** A file, or a folder with files, in the module. */
  readonly path: string;
  /** The kinds that are wanted; undefined means all. */
  readonly kinds?: readonly string[];
}

/** Kinds of other projects: those that the library emits, and what stands beside them in a cluster that has Prometheus. */
export const ECOSYSTEM: readonly Tool[] = [
  definitions({
    name: 'cert-manager',
    module: 'github.com/cert-manager/cert-manager',
    version: '1.21.2',
    path: 'deploy/crds',
  }),
  definitions({
    name: 'gateway-api',
    module: 'sigs.k8s.io/gateway-api',
    version: '1.4.1',
    path: 'config/crd/standard',
    kinds: ['HTTPRoute'],
  }),
  definitions({
    name: 'prometheus-operator',
    module: 'github.com/prometheus-operator/prometheus-operator',
    version: '0.85.0',
    path: 'example/prometheus-operator-crd',
    kinds: ['PodMonitor', 'PrometheusRule', 'ServiceMonitor'],
  }),
  definitions({
    name: 'keda',
    module: 'github.com/kedacore/keda/v2',
    version: '2.18.1',
    path: 'config/crd/bases/keda.sh_scaledobjects.yaml',
  }),
  definitions({
    name: 'cilium',
    module: 'github.com/cilium/cilium',
    version: '1.20.2',
    path: 'pkg/k8s/apis/cilium.io/client/crds/v2/ciliumnetworkpolicies.yaml',
  }),
  definitions({
    name: 'istio',
    module: 'istio.io/api',
    version: '1.31.1',
    path: 'kubernetes/customresourcedefinitions.gen.yaml',
    kinds: ['AuthorizationPolicy', 'PeerAuthentication', 'ServiceEntry', 'Sidecar'],
  }),
];

/** One file with all definitions, kept among the tools: tests look for it beside the API server. */
function definitions({ name, module, version, path, kinds }: Definitions): Tool {
  return {
    name: `${name}-crds.yaml`,
    version,
    build: file =>
      inWorkFolder(async folder => {
        const { Dir } = await moduleOf({ module, version }, folder);
        const texts = yamlFiles(join(Dir, path)).flatMap(source => parseAllDocuments(readFileSync(source, 'utf8')));
        mkdirSync(dirname(file), { recursive: true });
        const found = texts
          .map(document => document.toJS())
          .filter(object => object?.kind === DEFINITION && (kinds?.includes(object.spec.names.kind) ?? true));
        writeFileSync(file, found.map(object => `---\n${JSON.stringify(object)}\n`).join(''));
      }),
  };
}

function yamlFiles(path: string): string[] {
  return statSync(path).isDirectory()
    ? readdirSync(path)
        .filter(file => /\.ya?ml$/.test(file))
        .sort()
        .map(file => join(path, file))
    : [path];
}

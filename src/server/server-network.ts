import { Construct } from 'constructs';
import { ServerPods } from './server-statement';
import { HostedSource, SERVER_CONTAINER, SourceConfig } from './source-config';
import { INJECT_LABEL } from '../backends/kubernetes/labels';
import { ClusterProfile, EgressProxy } from '../model/cluster';
import { Diagnostic, errorKind, findingOf, warningKind } from '../model/findings';
import { WorkloadNetwork } from '../model/network';
import { EgressRule } from '../model/permissions';
import { PermissionProfile } from '../permissions/permission-profile';
import { compiler } from '../synthesis/compiler';
import { Synthesis } from '../synthesis/synthesis';
import { Json } from '../values/json';

const PACKAGE_FROM_PUBLIC_REGISTRY = warningKind(
  'package-from-public-registry',
  'downloads its package from the public registry, so that the server may connect to every public address on port 443',
  'Name a registry or mirror of your own (registry), or install the package in an image (image, preinstalled: true)',
);

const HTTPS = 443;
const HTTP = 80;

/** What a server has to connect to for its package; undefined where nothing is downloaded. */
export function downloadRule(source: SourceConfig, path: string): EgressRule | undefined {
  if (source.kind !== 'hosted' || source.download === undefined) {
    return undefined;
  }
  const { registry } = source.download;
  if (registry === undefined) {
    return {
      target: { kind: 'public' },
      ports: [{ protocol: 'TCP', port: HTTPS }],
      origin: { path, property: 'source' },
      implied: true,
    };
  }
  const { hostname, port, protocol } = new URL(registry);
  return {
    target: { kind: 'host', host: hostname.replace(/^\[|\]$/g, '') },
    ports: [{ protocol: 'TCP', port: port === '' ? (protocol === 'http:' ? HTTP : HTTPS) : Number(port) }],
    origin: { path, property: 'source.registry' },
    implied: true,
  };
}

/** What a server that downloads its package from the public registry should know. */
export function downloadWarnings(
  source: SourceConfig,
  path: string,
  permissions: PermissionProfile | undefined,
  profile: ClusterProfile,
): Diagnostic[] {
  const wide =
    source.kind === 'hosted' &&
    source.download !== undefined &&
    source.download.registry === undefined &&
    permissions?._builtin === undefined &&
    profile.network !== 'none';
  return wide ? [findingOf(PACKAGE_FROM_PUBLIC_REGISTRY, path, 'source', undefined)] : [];
}

/** What is always inside the cluster, the API server among it: Kubernetes puts its address in place of the variable. */
const INSIDE = ['localhost', '127.0.0.1', '::1', '$(KUBERNETES_SERVICE_HOST)', '.svc'];

/** What the pods of a server need for the network of their cluster, which depends on the whole app; undefined where it is plain. */
export function networkTemplate(
  construct: Construct,
  pods: ServerPods,
  source: HostedSource,
  proxied: boolean,
  profile: ClusterProfile,
): (() => Json) | undefined {
  const { proxy } = profile;
  const keptOut = proxied && profile.mesh?.sidecars === true;
  const mesh = profile.network === 'istio' || keptOut;
  if (proxy === undefined && !mesh) {
    return undefined;
  }
  const container = source.podTemplate?.spec.containers.find(({ name }: Json) => name === SERVER_CONTAINER);
  const own = new Set([...Object.keys(pods.env ?? {}), ...(container?.env ?? []).map(({ name }: Json) => name)]);
  return () => {
    const network = Synthesis.of(construct).current.network.find(({ path }) => path === construct.node.path);
    const env =
      proxy === undefined || network?.proxied !== true
        ? []
        : proxyVariables(proxy, network).filter(({ name }) => !own.has(name));
    return {
      ...(mesh
        ? { metadata: meshMetadata(keptOut ? undefined : network, saidOfSidecar(pods, source) !== undefined) }
        : {}),
      ...(env.length === 0 ? {} : { spec: { containers: [{ name: SERVER_CONTAINER, env }] } }),
    };
  };
}

/** What the mesh has to know of pods; whether they have a sidecar is left to whoever said it. */
function meshMetadata(network: WorkloadNetwork | undefined, said: boolean): Json {
  const { labels, ...others } = compiler().istioPodMetadata(network);
  const { [INJECT_LABEL]: _inject, ...rest } = labels;
  return { ...others, labels: said ? rest : labels };
}

/** What the user said about a sidecar of Istio, the last word first. */
function saidOfSidecar(pods: ServerPods, source: HostedSource): string | undefined {
  const templates = [pods.podTemplate, source.podTemplate, { metadata: { labels: pods.podLabels } }];
  return templates.map(template => template?.metadata?.labels?.[INJECT_LABEL]).find(value => value !== undefined);
}

const SIDECAR_NEEDED = errorKind(
  'mesh-sidecar-needed',
  'takes away the sidecar of Istio that lets connections to the hosts outside the cluster pass, and no others',
  'Drop the label, or allow addresses (EgressTarget.cidr) instead of hosts',
);
const SIDECAR_IMPOSSIBLE = errorKind(
  'mesh-sidecar-impossible',
  'asks for a sidecar of Istio in pods with agentgateway, whose ports it takes',
  'Drop the label, or use a server that speaks HTTP by itself and has no oidcConfig',
);

/** What the user says about a sidecar of Istio, and cannot have. Elsewhere the user's word holds. */
export function sidecarFindings(
  construct: Construct,
  pods: ServerPods,
  source: HostedSource,
  proxied: boolean,
): Diagnostic[] {
  const { path } = construct.node;
  const said = saidOfSidecar(pods, source);
  const network = Synthesis.of(construct).current.network.find(other => other.path === path);
  if (said === undefined || network === undefined) {
    return [];
  }
  if (network.profile.network !== 'istio') {
    return proxied && network.profile.mesh?.sidecars === true && said === 'true'
      ? [findingOf(SIDECAR_IMPOSSIBLE, path, `podLabels[${INJECT_LABEL}]`, said)]
      : [];
  }
  const needed = compiler().istioPodMetadata(network).labels[INJECT_LABEL] === 'true';
  const at = [path, `podLabels[${INJECT_LABEL}]`, said] as const;
  return [
    ...(needed && said !== 'true' ? [findingOf(SIDECAR_NEEDED, ...at)] : []),
    ...(!needed && proxied && said === 'true' ? [findingOf(SIDECAR_IMPOSSIBLE, ...at)] : []),
  ];
}

/** The variables by which most programs find a proxy. */
function proxyVariables(
  proxy: EgressProxy,
  network: WorkloadNetwork,
): { readonly name: string; readonly value: string }[] {
  const direct = [...INSIDE, `.${network.profile.clusterDomain}`, ...insideHosts(network), ...proxy.noProxy];
  return [
    { name: 'HTTPS_PROXY', value: proxy.url },
    { name: 'HTTP_PROXY', value: proxy.url },
    { name: 'NO_PROXY', value: [...new Set(direct)].join(',') },
  ];
}

/** How else what is inside the cluster, or declared as addresses, may be called: `postgres.finance`, or `postgres` in the namespace of the server. */
function insideHosts({ egress = [] }: WorkloadNetwork): string[] {
  return [
    ...new Set(
      egress.flatMap(({ peer, words }) => {
        const bare = /^[a-z0-9-]+$/.test(words) ? [words] : [];
        switch (peer.kind) {
          case 'podSet':
            return [`.${peer.pods.namespace}`, ...bare];
          case 'pods':
            return peer.namespaces.kind === 'names' ? [...peer.namespaces.names.map(name => `.${name}`), ...bare] : [];
          case 'cidr':
            return [peer.cidr];
          default:
            return [];
        }
      }),
    ),
  ].sort();
}

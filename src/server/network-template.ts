import { Construct } from 'constructs';
import { SERVER_CONTAINER } from './conventions';
import { ServerPods } from './server-statement';
import { HostedSource } from './source-config';
import { ClusterProfile, EgressProxy } from '../model/cluster';
import { WorkloadNetwork } from '../model/network';
import { compiler } from '../synthesis/compiler';
import { Synthesis } from '../synthesis/synthesis';
import { Json } from '../values/json';

/** What is always inside the cluster, the API server among it: Kubernetes puts its address in place of the variable. */
const INSIDE = ['localhost', '127.0.0.1', '::1', '$(KUBERNETES_SERVICE_HOST)', '.svc'];

/** What the pods of a server need for the network of their cluster, which depends on the whole app; undefined where it is plain. */
export function networkTemplate(
  construct: Construct,
  pods: ServerPods,
  source: HostedSource,
  profile: ClusterProfile,
): (() => Json) | undefined {
  const { proxy } = profile;
  const mesh = profile.network === 'istio';
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
      ...(mesh ? { metadata: compiler().istioPodMetadata(network) } : {}),
      ...(env.length === 0 ? {} : { spec: { containers: [{ name: SERVER_CONTAINER, env }] } }),
    };
  };
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

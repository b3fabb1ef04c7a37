import { DNS_IMAGE } from './images';
import { DNS_ADDRESS } from './settings';

/**
 * How long answers about the cluster are kept: as kubeadm installs CoreDNS, where those are not kept at all, or as with `cache 30` and
 * nothing more, where names that were not there are not there for 30 seconds.
 */
export type DnsCache = 'kubeadm' | 'plain';

/** What CLUSTER_DNS says of it: `plain`, or as kubeadm has it. */
export function chosenCache(): DnsCache {
  return process.env.CLUSTER_DNS === 'plain' ? 'plain' : 'kubeadm';
}

const NAME = 'coredns';
const NAMESPACE = 'kube-system';
const LABELS = { 'k8s-app': 'kube-dns' };
const metadata = { name: NAME, namespace: NAMESPACE };

/** The objects of the cluster's DNS. */
export function dnsObjects(cache: DnsCache): object[] {
  const readers = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: NAME };
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRole',
      metadata: { name: NAME },
      rules: [
        { apiGroups: [''], resources: ['endpoints', 'services', 'pods', 'namespaces'], verbs: ['list', 'watch'] },
        { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: ['list', 'watch'] },
      ],
    },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      metadata: { name: NAME },
      roleRef: readers,
      subjects: [{ kind: 'ServiceAccount', name: NAME, namespace: NAMESPACE }],
    },
    { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { Corefile: corefile(cache) } },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { ...metadata, labels: LABELS },
      spec: {
        selector: { matchLabels: LABELS },
        template: {
          // Another configuration is another pod.
          metadata: { labels: LABELS, annotations: { cache } },
          spec: {
            serviceAccountName: NAME,
            dnsPolicy: 'Default',
            containers: [
              {
                name: NAME,
                image: DNS_IMAGE,
                args: ['-conf', '/etc/coredns/Corefile'],
                readinessProbe: { httpGet: { path: '/ready', port: 8181 }, periodSeconds: 1 },
                volumeMounts: [{ name: 'config', mountPath: '/etc/coredns', readOnly: true }],
              },
            ],
            volumes: [{ name: 'config', configMap: { name: NAME } }],
          },
        },
      },
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'kube-dns', namespace: NAMESPACE, labels: LABELS },
      spec: {
        clusterIP: DNS_ADDRESS,
        selector: LABELS,
        ports: [
          { name: 'dns', port: 53, protocol: 'UDP' },
          { name: 'dns-tcp', port: 53, protocol: 'TCP' },
        ],
      },
    },
  ];
}

function corefile(cache: DnsCache): string {
  const kept =
    cache === 'plain' ? 'cache 30' : 'cache 30 {\n disable success cluster.local\n disable denial cluster.local\n }';
  return `cluster.local:53 {
 errors
 ready :8181
 prometheus :9153
 kubernetes cluster.local {
 pods insecure
 ttl 30
 }
 ${kept}
}
.:53 {
 template IN ANY . {
 rcode NXDOMAIN
 }
}
`;
}

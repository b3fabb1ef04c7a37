import { socketAddress } from './config';
import { systemTls } from './upstream-tls';
import { JwtMethod } from '../../model/policy';
import { addressOf } from '../../passes/network/key-addresses';
import { Json } from '../../values/json';

/** Name of the cluster that keys are fetched from. */
export function jwksCluster(url: string): string {
  return `jwks/${new URL(url).origin}`;
}

/** Where keys are fetched from, each server once. */
export function jwksClusters(methods: readonly JwtMethod[]): Json[] {
  const urls = methods.flatMap(({ keys }) => (keys.kind === 'url' ? [keys.url] : []));
  const clusters = new Map(urls.map(url => [jwksCluster(url), cluster(url)]));
  return [...clusters].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, found]) => found);
}

function cluster(url: string): Json {
  const name = jwksCluster(url);
  const { host, port } = addressOf(url, { path: '', property: '' });
  return {
    name,
    type: 'STRICT_DNS',
    connect_timeout: '5s',
    load_assignment: {
      cluster_name: name,
      endpoints: [{ lb_endpoints: [{ endpoint: { address: socketAddress(host, port) } }] }],
    },
    ...(new URL(url).protocol === 'https:' ? { transport_socket: systemTls(host) } : {}),
  };
}

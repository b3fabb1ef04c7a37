import { Part, unsupported } from './part';
import { Diagnostic } from '../../../model/findings';
import { Gateway } from '../../../model/gateway';
import { GatewayPlan } from '../../../model/plan';
import { clientAuthorities } from '../../../passes/gateways/certificates';
import { refusal, Standing } from '../../interface/standing';
import { Listener } from '../config/config';
import { RESERVED_PORTS, secretFile } from '../config/container';

const LIMITS = {
  overload: {
    supported: true,
    reason:
      'a body above its limit, 2 MiB unless said otherwise, is refused; an HTTP/1 connection on which nothing comes is closed after 2 minutes. ' +
      'agentgateway has no limit on connections, on requests that never end or on its memory but that of the pods: bound them in front of it, or use Envoy',
  },
  'affinity.header.session': unsupported(
    'affinity.header.session',
    'agentgateway cannot tell callers apart by this header: it changes within a session',
    'name a header that the caller sends from its first request on',
  ),
  'port.reserved': unsupported(
    'port.reserved',
    'agentgateway cannot listen there: the port is taken inside its own pod',
    `choose a port other than ${[...RESERVED_PORTS].sort().join(', ')}`,
  ),
  paths: {
    supported: true,
    reason:
      'compared as they come, with those of routes, which are exact: dot segments, `;`, doubled or escaped slashes and backslashes are refused, ' +
      'whatever a proxy in front makes of them; a fragment is cut off before; the query of a caller reaches no server',
  },
  'servers.ownPod': {
    supported: true,
    reason:
      'a server whose name resolves to the pod of the gateway finds neither its administration, which is off, nor its inner routes, which ask for a digest of the session key; ' +
      'it does find its statistics, with the names of routes and how often they were called: agentgateway serves them to whoever reaches the pod',
  },
} as const satisfies Record<string, Standing>;

/** How clients connect. */
export const listener = {
  features: {
    trustedProxies: unsupported(
      'trustedProxies',
      'agentgateway cannot take the address of a caller from a header',
      'tell callers apart by user, or let connections come to it as they are (externalTrafficPolicy)',
    ),
    'affinity.header': {
      supported: true,
      reason:
        'a hash of the header, or of the caller where it is missing, chooses among servers and session-keeping replicas',
    },
    tls: {
      supported: true,
      reason: 'HTTPS with a certificate from a Secret; a renewed one is read while the pods run, and sessions go on',
    },
  },
  limits: LIMITS,
  check: ({ gateway }) => check(gateway),
  // Longer than the 90 seconds after which common clients close theirs. The headers of a request have as long.
  http: () => ({ http1IdleTimeout: '2m' }),
  listener: transport,
  secretFiles: ({ gateway: { tls } }) => (tls === undefined ? [] : [tls.certificate, tls.privateKey]),
} as const satisfies Part;

function check({ affinity, path, port }: Gateway): Diagnostic[] {
  return [
    ...(RESERVED_PORTS.includes(port) ? [refusal(LIMITS['port.reserved'], path, 'port', port)] : []),
    ...(affinity.header === 'mcp-session-id'
      ? [refusal(LIMITS['affinity.header.session'], path, 'affinity.header', affinity.header)]
      : []),
  ];
}

/** Certificates of clients are verified where an entry asks for them, and no connection goes without one then. */
function transport(plan: GatewayPlan): Pick<Listener, 'protocol' | 'tls'> {
  const { tls } = plan.gateway;
  const authorities = clientAuthorities(plan);
  return tls === undefined
    ? { protocol: 'HTTP' }
    : {
        protocol: 'HTTPS',
        tls: {
          cert: secretFile(tls.certificate),
          key: secretFile(tls.privateKey),
          ...(authorities === undefined ? {} : { root: secretFile(authorities) }),
        },
      };
}

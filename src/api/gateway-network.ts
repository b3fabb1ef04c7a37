import {
  atomicList,
  boolean,
  bytes,
  choice,
  named,
  own,
  port,
  text,
  texts,
  textSet,
  unrendered,
  ValueOf,
} from './codec';
import { issuerRef } from './common';
import { ingressSource } from './connections';
import { object, switchable } from './object';
import { because, errorKind } from '../model/findings';
import { portProblem } from '../model/validation';
import { Json } from '../values/json';
import { Path } from '../values/paths';

/**
 * How a gateway is reached: shape of upstream's sep2025. `additionalIngresses` and `httpRoutes` are this library's, and so are `from`,
 * `issuerRef` and `name` of an Ingress.
 */

const NO_TRANSPORT = errorKind(
  'gateway-transport-not-mcp',
  'is no transport of the Model Context Protocol: gateways serve it by streamable HTTP',
  'Remove it; clients connect to the port of http',
);
const READ_TIMEOUT = errorKind(
  'gateway-read-timeout',
  'is not supported: no gateway bounds how long a request as a whole may take to arrive',
  'Remove it, and bound it where connections from outside the cluster end, such as by an annotation of network.ingress',
);
const WRITE_TIMEOUT = errorKind(
  'gateway-write-timeout',
  'is not supported: a stream of events is open for as long as its session, and the time of answers is bounded route by route',
  'Remove it, and write timeouts.request in the routes',
);
const HEADER_SIZE = errorKind(
  'gateway-header-size',
  'is not supported: no gateway can be given a size of headers that holds for every version of HTTP',
  'Remove it, and bound it where connections from outside the cluster end, such as by an annotation of network.ingress',
);
const PRIVILEGED_PORT = errorKind(
  'gateway-port-privileged',
  'is a port that only root may listen on',
  'Use a port from 1024 on; the Service can still have port 80',
);
const SERVICE_PORT = errorKind('gateway-service-port-invalid', '{problem}', 'Give the port of the Service');
const SERVICE_TYPE = errorKind(
  'gateway-service-type',
  'would not lead to the gateway',
  'Choose ClusterIP, NodePort or LoadBalancer',
);

const SERVICE_TYPES = ['ClusterIP', 'NodePort', 'LoadBalancer'] as const;

const ATOMIC = { 'x-kubernetes-map-type': 'atomic' } as const;

const path = object(
  'One path.',
  {
    path: text('The path.'),
    pathType: choice('How the path is compared.', ['Exact', 'Prefix', 'ImplementationSpecific'], { default: 'Prefix' }),
    serviceName: text('Service that answers.'),
    servicePort: port('Port of the Service.'),
  },
  { required: ['path', 'serviceName', 'servicePort'] },
);

const from = atomicList('Who passes requests on. Default: every pod of the cluster.', ingressSource, { minItems: 1 });

const ingressFields = {
  annotations: texts('Annotations of the Ingress.', ATOMIC),
  className: text('IngressClass.'),
  from: own(from),
  hosts: atomicList(
    'Host names.',
    object(
      'One host.',
      {
        host: text('The host name.'),
        paths: atomicList('Paths of the host.', path),
      },
      { required: ['host'] },
    ),
  ),
  issuerRef: named('issuer', own(issuerRef('Issuer of cert-manager that signs the certificate of tls.'))),
  name: own(text("Name of the Ingress. Default: the gateway's.")),
  tls: atomicList(
    'Certificates.',
    object('One certificate.', {
      hosts: textSet('Host names the certificate is for.'),
      secretName: text('Secret that holds the certificate.'),
    }),
  ),
};

const ingress = switchable('An Ingress in front of the gateway.', {
  ...ingressFields,
  enabled: boolean('Whether there is an Ingress.', { default: false }),
});

const httpRoute = object(
  'One HTTPRoute.',
  {
    from,
    hostnames: named('hosts', textSet('Host names.', { minItems: 1 })),
    https: boolean('Whether clients come by HTTPS, which the listener decides. Default: true.'),
    name: text("Name of the HTTPRoute. Default: the gateway's."),
    parentRefs: named(
      'parents',
      atomicList(
        'Gateways that it attaches to.',
        object(
          'One Gateway.',
          {
            name: text('Name of the Gateway.'),
            namespace: text("Namespace of the Gateway. Default: that of the gateway's pods."),
            port: port('Port of the listener.'),
            sectionName: text('Name of the listener.'),
          },
          { required: ['name'] },
        ),
        { minItems: 1 },
      ),
    ),
    paths: textSet('Paths that are let through. Default: all.', { minItems: 1 }),
    pathType: choice('How paths are compared. Default: Prefix.', ['Exact', 'Prefix']),
  },
  { required: ['hostnames', 'parentRefs'] },
);

const serviceFields = object('The Service in front of the gateway.', {
  annotations: texts('Annotations of the Service.', ATOMIC),
  ports: atomicList(
    'Ports.',
    object(
      'One port.',
      {
        name: text('Name of the port.'),
        port: port('Port of the Service.'),
        protocol: choice('Protocol of the port.', ['TCP', 'UDP'], { default: 'TCP' }),
        targetPort: port('Port of the pods.'),
      },
      { required: ['name', 'port'] },
    ),
  ),
  type: choice('Type of the Service.', SERVICE_TYPES, { default: 'ClusterIP' }),
});

/** Options know one port of it, which is called so. */
const service: typeof serviceFields = {
  ...serviceFields,
  check: ({ ports = [], type }, place) => {
    ports.forEach(({ port: number }) => place.at('port').report(SERVICE_PORT, number, because(portProblem(number))));
    place.at('type').report(SERVICE_TYPE, type, type !== undefined && !SERVICE_TYPES.includes(type));
  },
  place: ([step, ...rest]) => (step === undefined ? [] : step === 'port' ? ['ports', 0, step] : [step, ...rest]),
};

const http = object(
  'HTTP.',
  {
    maxHeaderSize: unrendered(bytes('Size of the largest header.'), HEADER_SIZE),
    port: port('Port.', { default: 8080 }, 'Give the port the pods listen on'),
    readTimeout: unrendered(text('Time reading a request may take.', { default: '30s' }), READ_TIMEOUT),
    writeTimeout: unrendered(text('Time writing a response may take.', { default: '30s' }), WRITE_TIMEOUT),
  },
  {},
  ({ port: number }, place) => place.at('port').report(PRIVILEGED_PORT, number, number !== undefined && number < 1024),
);

const transport = object('Ports the gateway listens on.', {
  grpc: unrendered(
    object('gRPC.', {
      connectionTimeout: text('Time a connection may take.', { default: '10s' }),
      maxMessageSize: bytes('Size of the largest message.'),
      port: port('Port.', { default: 9090 }),
    }),
    NO_TRANSPORT,
  ),
  http: named('', http),
  webSocket: unrendered(
    object('WebSocket.', {
      pingInterval: text('Time between pings.', { default: '30s' }),
      port: port('Port.', { default: 8081 }),
      readBufferSize: bytes('Size of the read buffer.'),
      writeBufferSize: bytes('Size of the write buffer.'),
    }),
    NO_TRANSPORT,
  ),
});

const fields = object('How the gateway is reached.', {
  additionalIngresses: own(
    atomicList('Further Ingresses in front of the gateway.', object('One Ingress.', ingressFields)),
  ),
  httpRoutes: own(atomicList('HTTPRoutes of the Gateway API in front of the gateway.', httpRoute)),
  ingress: named('firstIngress', ingress),
  service,
  transport: named('', transport),
});

/** `network` of a gateway. Options have the port of its pods, its Service and what stands in front of it beside each other. */
export const network: typeof fields = {
  ...fields,
  place: ([first, ...rest], json) =>
    first === 'exposures' && rest.length > 0
      ? placeOfExposure(rest, json ?? {})
      : fields.place!([first, ...rest], json),
};

/** How a gateway is reached, as it says it. */
export type NetworkValue = ValueOf<typeof network>;

/** Where a part of an exposure, by its position in code, stands in the network that it was read from. */
function placeOfExposure([index, ...part]: Path, given: Json): Path {
  const listed = (field: string): Path[] => (given[field] ?? []).map((_: unknown, i: number) => [field, i]);
  const places: readonly Path[] = [
    ...(given.ingress?.enabled === true ? [['ingress']] : []),
    ...listed('additionalIngresses'),
    ...listed('httpRoutes'),
  ];
  const place = places[Number(index)];
  return [...place, ...(place.includes('httpRoutes') ? inHttpRoute(part) : inIngress(part))];
}

function inHttpRoute([option, ...rest]: Path): Path {
  return option === undefined
    ? []
    : [option === 'hosts' ? 'hostnames' : option === 'parents' ? 'parentRefs' : option, ...rest];
}

function inIngress([option, ...rest]: Path): Path {
  switch (option) {
    case undefined:
      return [];
    case 'hosts':
      return rest.length === 0 ? ['hosts'] : ['hosts', ...rest, 'host'];
    case 'paths':
      return ['hosts', 0, 'paths', ...rest, ...(rest.length === 0 ? [] : ['path'])];
    case 'issuer':
      return ['issuerRef'];
    case 'tlsSecret':
      return ['tls', 0, 'secretName'];
    default:
      return [option, ...rest];
  }
}

import { atomicList, boolean, bytes, choice, own, port, text, texts, textSet } from './codec';
import { issuerRef } from './common';
import { ingressSource } from './connections';
import { object } from './object';

/**
 * How a gateway is reached: shape of upstream's sep2025. `additionalIngresses` and `httpRoutes` are this library's, and so are `from`,
 * `issuerRef` and `name` of an Ingress.
 */

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

const from = atomicList('Who passes requests on. Default: every pod of the cluster.', ingressSource);

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
  issuerRef: own(issuerRef('Issuer of cert-manager that signs the certificate of tls.')),
  name: own(text("Name of the Ingress. Default: the gateway's.")),
  tls: atomicList(
    'Certificates.',
    object('One certificate.', {
      hosts: textSet('Host names the certificate is for.'),
      secretName: text('Secret that holds the certificate.'),
    }),
  ),
};

const ingress = object('An Ingress in front of the gateway.', {
  ...ingressFields,
  enabled: boolean('Whether there is an Ingress.', { default: false }),
});

const httpRoute = object(
  'One HTTPRoute.',
  {
    from,
    hostnames: textSet('Host names.', { minItems: 1 }),
    https: boolean('Whether clients come by HTTPS, which the listener decides. Default: true.'),
    name: text("Name of the HTTPRoute. Default: the gateway's."),
    parentRefs: atomicList(
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
    paths: textSet('Paths that are let through. Default: all.', { minItems: 1 }),
    pathType: choice('How paths are compared. Default: Prefix.', ['Exact', 'Prefix']),
  },
  { required: ['hostnames', 'parentRefs'] },
);

const service = object('The Service in front of the gateway.', {
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
  type: choice('Type of the Service.', ['ClusterIP', 'NodePort', 'LoadBalancer'], { default: 'ClusterIP' }),
});

const transport = object('Ports the gateway listens on.', {
  grpc: object('gRPC.', {
    connectionTimeout: text('Time a connection may take.', { default: '10s' }),
    maxMessageSize: bytes('Size of the largest message.'),
    port: port('Port.', { default: 9090 }),
  }),
  http: object('HTTP.', {
    maxHeaderSize: bytes('Size of the largest header.'),
    port: port('Port.', { default: 8080 }),
    readTimeout: text('Time reading a request may take.', { default: '30s' }),
    writeTimeout: text('Time writing a response may take.', { default: '30s' }),
  }),
  webSocket: object('WebSocket.', {
    pingInterval: text('Time between pings.', { default: '30s' }),
    port: port('Port.', { default: 8081 }),
    readBufferSize: bytes('Size of the read buffer.'),
    writeBufferSize: bytes('Size of the write buffer.'),
  }),
});

export const network = object('How the gateway is reached.', {
  additionalIngresses: own(
    atomicList('Further Ingresses in front of the gateway.', object('One Ingress.', ingressFields)),
  ),
  httpRoutes: own(atomicList('HTTPRoutes of the Gateway API in front of the gateway.', httpRoute)),
  ingress,
  service,
  transport,
});

import { atomicList, boolean, choice, object, port, quantity, Schema, string, stringMap, stringSet } from './schema';

/** How a gateway is reached: shape of upstream's sep2025. */

const ATOMIC = { 'x-kubernetes-map-type': 'atomic' } as const;

const path = object('One path.', {
  path: string('The path.'),
  pathType: choice('How the path is compared.', ['Exact', 'Prefix', 'ImplementationSpecific'], { default: 'Prefix' }),
  serviceName: string('Service that answers.'),
  servicePort: port('Port of the Service.'),
}, { required: ['path', 'serviceName', 'servicePort'] });

const ingress = object('An Ingress in front of the gateway.', {
  annotations: stringMap('Annotations of the Ingress.', ATOMIC),
  className: string('IngressClass.'),
  enabled: boolean('Whether there is an Ingress.', { default: false }),
  hosts: atomicList('Host names.', object('One host.', {
    host: string('The host name.'),
    paths: atomicList('Paths of the host.', path),
  }, { required: ['host'] })),
  tls: atomicList('Certificates.', object('One certificate.', {
    hosts: stringSet('Host names the certificate is for.'),
    secretName: string('Secret that holds the certificate.'),
  })),
});

const service = object('The Service in front of the gateway.', {
  annotations: stringMap('Annotations of the Service.', ATOMIC),
  ports: atomicList('Ports.', object('One port.', {
    name: string('Name of the port.'),
    port: port('Port of the Service.'),
    protocol: choice('Protocol of the port.', ['TCP', 'UDP'], { default: 'TCP' }),
    targetPort: port('Port of the pods.'),
  }, { required: ['name', 'port'] })),
  type: choice('Type of the Service.', ['ClusterIP', 'NodePort', 'LoadBalancer'], { default: 'ClusterIP' }),
});

const transport = object('Ports the gateway listens on.', {
  grpc: object('gRPC.', {
    connectionTimeout: string('Time a connection may take.', { default: '10s' }),
    maxMessageSize: quantity('Size of the largest message.'),
    port: port('Port.', { default: 9090 }),
  }),
  http: object('HTTP.', {
    maxHeaderSize: quantity('Size of the largest header.'),
    port: port('Port.', { default: 8080 }),
    readTimeout: string('Time reading a request may take.', { default: '30s' }),
    writeTimeout: string('Time writing a response may take.', { default: '30s' }),
  }),
  webSocket: object('WebSocket.', {
    pingInterval: string('Time between pings.', { default: '30s' }),
    port: port('Port.', { default: 8081 }),
    readBufferSize: quantity('Size of the read buffer.'),
    writeBufferSize: quantity('Size of the write buffer.'),
  }),
});

export const network: Schema = object('How the gateway is reached.', { ingress, service, transport });

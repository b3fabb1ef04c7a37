import { App, Chart } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { Fields } from './fields';
import { ReadContext } from './plan';
import { DocumentCheck } from './source-document';
import { readIssuer } from './tls-document';
import { ingressSource } from '../api/connections';
import { ingressCertificateName } from '../backends/kubernetes/exposure';
import { standardPort } from '../gateway/gateway-address';
import { GatewayExposure } from '../gateway/gateway-exposure';
import { ExposureOptions, ExposurePathType } from '../gateway/gateway-exposure-options';
import { GatewayServiceOptions, McpGatewayOptions } from '../gateway/gateway-options';
import { IngressSource } from '../permissions/ingress-source';
import { compact, Json } from '../values/json';
import { Path, parsePath } from '../values/paths';

/** Why fields of a transport are refused, whatever the data plane. */
interface Refusal {
  readonly problem: string;
  readonly remedy: string;
}

const NO_TRANSPORT: Refusal = {
  problem: 'is no transport of the Model Context Protocol: gateways serve it by streamable HTTP',
  remedy: 'Remove it; clients connect to the port of http',
};

/** Fields of `network.transport` that nothing rendered can honour. */
export const REFUSED_TRANSPORTS: Readonly<Record<string, Refusal>> = {
  grpc: NO_TRANSPORT,
  webSocket: NO_TRANSPORT,
  'http.readTimeout': {
    problem: 'is not supported: no gateway bounds how long a request as a whole may take to arrive',
    remedy:
      'Remove it, and bound it where connections from outside the cluster end, such as by an annotation of network.ingress',
  },
  'http.writeTimeout': {
    problem:
      'is not supported: a stream of events is open for as long as its session, and the time of answers is bounded route by route',
    remedy: 'Remove it, and write timeouts.request in the routes',
  },
  'http.maxHeaderSize': {
    problem: 'is not supported: no gateway can be given a size of headers that holds for every version of HTTP',
    remedy:
      'Remove it, and bound it where connections from outside the cluster end, such as by an annotation of network.ingress',
  },
};

/** Where an exposure was read from: its construct has all of them in one list. */
export function exposurePlaces({ network = {} }: Json): Path[] {
  const listed = (field: string) =>
    ((network[field] ?? []) as Json[]).map((_, i): Path => ['spec', 'network', field, i]);
  return [
    ...(network.ingress?.enabled === true ? [['spec', 'network', 'ingress']] : []),
    ...listed('additionalIngresses'),
    ...listed('httpRoutes'),
  ];
}

/** Where an option of an exposure stands below the exposure's place. */
export function exposureField(property: string, place: Path): Path {
  const [option, ...rest] = parsePath(property);
  if (place.includes('httpRoutes')) {
    return option === undefined
      ? []
      : [
          ({ hosts: 'hostnames', parents: 'parentRefs' } as Readonly<Record<string, string>>)[option] ?? option,
          ...rest,
        ];
  }
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

/** What stands in front of a gateway, and where. */
interface Front {
  readonly check: DocumentCheck;
  /** The Service of the gateway. */
  readonly service: { readonly name: string; readonly namespace: string | undefined; readonly port: number };
}

/** Reads how a gateway is reached. */
export function readNetwork(
  fields: Fields,
  check: DocumentCheck,
  limits: DocumentCheck,
  context: ReadContext,
  name: string,
  namespace: string | undefined,
): Pick<McpGatewayOptions, 'port' | 'service' | 'exposures'> {
  const reached = readService(fields, limits);
  checkTransports(fields, limits);
  const network: Json = {
    ingress: fields.read('network', 'ingress'),
    additionalIngresses: fields.read('network', 'additionalIngresses'),
    httpRoutes: fields.read('network', 'httpRoutes'),
  };
  if (!context.rendered) {
    return reached;
  }
  checkSwitch(network.ingress, check);
  const port = reached.service?.port ?? standardPort(fields.peek('tls') !== undefined);
  const front: Front = { check, service: { name, namespace, port } };
  const exposures = exposurePlaces({ network }).flatMap(place => {
    const given: Json = place.slice(2).reduce<any>((value, step) => value[step], network);
    return (place.includes('httpRoutes') ? readHttpRoute(given, place, front) : readIngress(given, place, front)) ?? [];
  });
  return { ...reached, exposures: exposures.length === 0 ? undefined : exposures };
}

function readService(fields: Fields, limits: DocumentCheck): Pick<McpGatewayOptions, 'port' | 'service'> {
  const path = ['spec', 'network', 'service', 'ports'];
  const listening: number | undefined = fields.read('network', 'transport', 'http', 'port');
  const ports: Json[] = fields.read('network', 'service', 'ports') ?? [];
  limits.check(
    path,
    ports,
    ports.length > 1 ? 'has several ports: the Service of a gateway has one' : undefined,
    'Keep one',
  );
  const [{ name, port, protocol, targetPort }] = ports.length === 0 ? ([{}] as Json[]) : ports;
  const scheme = fields.peek('tls') === undefined ? 'http' : 'https';
  limits.check(
    [...path, 0, 'name'],
    name,
    ports.length === 1 && name !== scheme ? `is not what is rendered ("${scheme}")` : undefined,
    `Write ${scheme}`,
  );
  limits.check([...path, 0, 'protocol'], protocol, protocol === 'UDP' ? 'does not carry HTTP' : undefined, 'Write TCP');
  limits.check(
    [...path, 0, 'targetPort'],
    targetPort,
    listening !== undefined && targetPort !== undefined && targetPort !== listening
      ? `is not the port that the gateway listens on (${listening})`
      : undefined,
    'Write the same in both places, or in one',
  );
  const service: GatewayServiceOptions = {
    type: fields.read('network', 'service', 'type') as kplus.ServiceType | undefined,
    annotations: fields.read('network', 'service', 'annotations'),
    port,
  };
  return {
    port: listening ?? targetPort,
    service: Object.keys(compact({ ...service })).length === 0 ? undefined : service,
  };
}

function checkTransports(fields: Fields, limits: DocumentCheck): void {
  for (const [field, { problem, remedy }] of Object.entries(REFUSED_TRANSPORTS)) {
    const path = ['network', 'transport', ...field.split('.')];
    const value = fields.read(...path);
    limits.check(['spec', ...path], value, value === undefined ? undefined : problem, remedy);
  }
}

/** The API's default is off: an Ingress that is described and not switched on is hardly meant so. */
function checkSwitch(ingress: Json | undefined, check: DocumentCheck): void {
  const silent = ingress !== undefined && ingress.enabled === undefined && Object.keys(ingress).length > 0;
  check.check(
    ['spec', 'network', 'ingress', 'enabled'],
    undefined,
    silent ? 'is missing, and ingress is off by default' : undefined,
    'Write enabled: true, or remove ingress',
  );
}

function readIngress(given: Json, place: Path, front: Front): GatewayExposure | undefined {
  const { check, service } = front;
  const { annotations, className, from, hosts = [], issuerRef, name, tls } = given;
  const sources = readSources(from, [...place, 'from'], front);
  const issuer = issuerRef && readIssuer(issuerRef, check, [...place, 'issuerRef']);
  const paths = readPaths(hosts, [...place, 'hosts'], front);
  const names: string[] = hosts.map(({ host }: Json) => host);
  const certificate = readCertificate(tls ?? [], [...place, 'tls'], names, check);
  const own = ingressCertificateName(name ?? service.name);
  const secretName = certificate?.secretName;
  check.check(
    [...place, 'tls', 0, 'secretName'],
    secretName,
    issuerRef !== undefined && secretName !== undefined && secretName !== own
      ? `is not the Secret of the certificate that is issued (${own})`
      : undefined,
    'Leave it out, or remove issuerRef',
  );
  return check.attempt(
    property => [...place, ...exposureField(property, place)],
    () =>
      GatewayExposure.ingress({
        hosts: names,
        ...paths,
        className,
        annotations,
        name,
        from: sources,
        issuer,
        tlsSecret:
          secretName === undefined || issuerRef !== undefined
            ? undefined
            : kplus.Secret.fromSecretName(
                new Chart(new App(), 'references', { namespace: service.namespace }),
                'tls',
                secretName,
              ),
        https: certificate === undefined ? undefined : true,
      }),
  );
}

function readHttpRoute(
  { from, hostnames, https, name, parentRefs, paths, pathType }: Json,
  place: Path,
  front: Front,
): GatewayExposure | undefined {
  const sources = readSources(from, [...place, 'from'], front);
  return front.check.attempt(
    property => [...place, ...exposureField(property, place)],
    () =>
      GatewayExposure.httpRoute({ hosts: hostnames, parents: parentRefs, paths, pathType, https, name, from: sources }),
  );
}

/** The paths of all hosts: an exposure has the same for each. */
function readPaths(
  hosts: readonly Json[],
  place: Path,
  { check, service }: Front,
): Pick<ExposureOptions, 'paths' | 'pathType'> {
  const said = hosts.map(({ paths = [] }) =>
    (paths as Json[]).map(({ path, pathType = 'Prefix' }) => ({ path, pathType })),
  );
  hosts.forEach(({ paths = [] }, i) => {
    check.check(
      [...place, i, 'paths'],
      paths,
      JSON.stringify(said[i]) === JSON.stringify(said[0]) ? undefined : 'differ from those of the first host',
      'Write the same, or move the host to network.additionalIngresses',
    );
    (paths as Json[]).forEach(({ pathType = 'Prefix', serviceName, servicePort }, j) => {
      const at = [...place, i, 'paths', j];
      check.check(
        [...at, 'serviceName'],
        serviceName,
        serviceName === service.name
          ? undefined
          : `is not the Service of the gateway (${service.name}), and an exposure leads nowhere else`,
        'Correct it, or write an Ingress of your own for other Services',
      );
      check.check(
        [...at, 'servicePort'],
        servicePort,
        servicePort === service.port ? undefined : `is not the port of the gateway's Service (${service.port})`,
        'Correct it, or write the port in network.service.ports',
      );
      check.check(
        [...at, 'pathType'],
        pathType,
        pathType === 'ImplementationSpecific'
          ? 'is compared in whatever way the ingress controller has, so what it lets through cannot be said'
          : undefined,
        'Write Prefix or Exact',
      );
      check.check(
        [...at, 'pathType'],
        pathType,
        pathType !== 'ImplementationSpecific' && pathType !== said[i][0].pathType
          ? 'is not that of the first path'
          : undefined,
        'Write the same for all paths, or move paths of the other kind to network.additionalIngresses',
      );
    });
  });
  const [first = []] = said;
  return first.length === 0
    ? {}
    : {
        paths: first.map(({ path }) => path),
        pathType: first[0].pathType === 'Exact' ? ExposurePathType.EXACT : undefined,
      };
}

/** The one certificate of an Ingress: for all of its hosts. */
function readCertificate(
  tls: readonly Json[],
  place: Path,
  hosts: readonly string[],
  check: DocumentCheck,
): Json | undefined {
  check.check(
    place,
    tls,
    tls.length > 1 ? 'has several certificates: an exposure has one for all its hosts' : undefined,
    'Move hosts with a certificate of their own to network.additionalIngresses',
  );
  const [certificate] = tls;
  const given: readonly string[] = certificate?.hosts ?? hosts;
  const strangers = given.filter(host => !hosts.includes(host));
  const without = hosts.filter(host => !given.includes(host));
  const at = [...place, 0, 'hosts'];
  check.check(
    at,
    given,
    strangers.length > 0 ? `names hosts that the Ingress has not (${strangers.join(', ')})` : undefined,
    'Add them to hosts, or remove them',
  );
  check.check(
    at,
    given,
    tls.length === 1 && without.length > 0 ? `leaves hosts without a certificate (${without.join(', ')})` : undefined,
    'Add them, or move them to network.additionalIngresses',
  );
  return certificate;
}

function readSources(from: readonly Json[] | undefined, place: Path, { check }: Front): IngressSource[] | undefined {
  return from?.flatMap((item, i) => {
    const value = check.read(ingressSource, item, [...place, i]);
    return value === undefined ? [] : [IngressSource._of(value)];
  });
}

import { Exposure, HttpRouteExposure, IngressExposure, ingressSecret, isHttps } from './exposure';
import { issuerModel } from '../api/common';
import { ingressSourceValue } from '../api/connections';
import { NetworkValue } from '../api/gateway-network';
import { Place } from '../api/place';
import { ExposedService, exposedPaths, ingressCertificateName } from '../backends/kubernetes/exposure';
import { errorKind } from '../model/findings';
import { IngressSource } from '../permissions/ingress-source';
import { canonicalText, withoutUndefined } from '../values/json';

/*
 * Exposures as resources have them: the first Ingress in upstream's field, everything else in fields of this library. In code all of
 * them are one list, and an Ingress has the same paths for all of its hosts, and one certificate.
 */

type IngressValue = NonNullable<NetworkValue['additionalIngresses']>[number];
type HttpRouteValue = NonNullable<NetworkValue['httpRoutes']>[number];
type ExposureFields = Pick<NetworkValue, 'firstIngress' | 'additionalIngresses' | 'httpRoutes'>;

const OTHER_PATHS = errorKind(
  'ingress-paths-differ',
  'differ from those of the first host',
  'Write the same, or move the host to network.additionalIngresses',
);
const OTHER_SERVICE = errorKind(
  'ingress-service-other',
  'is not the Service of the gateway ({service}), and an exposure leads nowhere else',
  'Correct it, or write an Ingress of your own for other Services',
);
const OTHER_PORT = errorKind(
  'ingress-port-other',
  "is not the port of the gateway's Service ({port})",
  'Correct it, or write the port in network.service.ports',
);
const UNKNOWN_TYPE = errorKind(
  'ingress-path-type-unknown',
  'is compared in whatever way the ingress controller has, so what it lets through cannot be said',
  'Write Prefix or Exact',
);
const OTHER_TYPE = errorKind(
  'ingress-path-type-other',
  'is not that of the first path',
  'Write the same for all paths, or move paths of the other kind to network.additionalIngresses',
);
const SEVERAL_CERTIFICATES = errorKind(
  'ingress-certificates-several',
  'has several certificates: an exposure has one for all its hosts',
  'Move hosts with a certificate of their own to network.additionalIngresses',
);
const STRANGE_HOSTS = errorKind(
  'ingress-certificate-hosts-unknown',
  'names hosts that the Ingress has not ({hosts})',
  'Add them to hosts, or remove them',
);
const BARE_HOSTS = errorKind(
  'ingress-certificate-hosts-missing',
  'leaves hosts without a certificate ({hosts})',
  'Add them, or move them to network.additionalIngresses',
);
const OTHER_SECRET = errorKind(
  'ingress-secret-other',
  'is not the Secret of the certificate that is issued ({secret})',
  'Leave it out, or remove issuerRef',
);

/** The fields of exposures in front of a Service. */
export function exposureValue(exposures: readonly Exposure[], service: ExposedService): ExposureFields {
  const ingresses = exposures.filter(({ kind }) => kind === 'Ingress') as IngressExposure[];
  const routes = exposures.filter(({ kind }) => kind === 'HTTPRoute') as HttpRouteExposure[];
  const [first, ...others] = ingresses.map(exposure => ingressValue(exposure, service));
  return withoutUndefined({
    firstIngress: first && { enabled: true, ...first },
    additionalIngresses: others.length === 0 ? undefined : others,
    httpRoutes: routes.length === 0 ? undefined : routes.map(exposure => httpRouteValue(exposure, service)),
  });
}

function ingressValue(exposure: IngressExposure, service: ExposedService): IngressValue {
  const { hosts, paths = ['/'], pathType = 'Prefix', className, annotations, name, issuer } = exposure;
  const secretName = ingressSecret(exposure, service);
  return withoutUndefined({
    className,
    hosts: hosts.map(host => ({
      host,
      paths: exposedPaths(paths).map(path => ({
        path,
        pathType,
        serviceName: service.name,
        servicePort: service.port,
      })),
    })),
    tls: isHttps(exposure) ? [withoutUndefined({ hosts: [...hosts], secretName })] : undefined,
    annotations: Object.keys(annotations ?? {}).length === 0 ? undefined : annotations,
    name,
    issuer,
    from: sourceValues(exposure, service),
  }) as IngressValue;
}

function httpRouteValue(exposure: HttpRouteExposure, service: ExposedService): HttpRouteValue {
  const { hosts, paths, pathType, parents, https, name } = exposure;
  return withoutUndefined({
    hosts: [...hosts],
    parents: parents.map(parent => withoutUndefined({ ...parent })),
    paths: paths && [...paths],
    pathType,
    https: https === false ? https : undefined,
    name,
    from: sourceValues(exposure, service),
  }) as HttpRouteValue;
}

function sourceValues({ from = [] }: Exposure, { namespace }: ExposedService): HttpRouteValue['from'] {
  return from.length === 0
    ? undefined
    : from.map(source => ingressSourceValue(source._rule(namespace, { path: '', property: 'from' }).source));
}

/** The exposures that fields say. What cannot be made of them is reported, at its place below the network. */
export function exposuresOf(
  { firstIngress, additionalIngresses = [], httpRoutes = [] }: ExposureFields,
  place: Place,
  service: ExposedService,
): Exposure[] {
  return [
    ...(firstIngress?.enabled === true ? [ingressExposure(firstIngress, place.at('ingress'), service)] : []),
    ...additionalIngresses.map((value, i) => ingressExposure(value, place.at('additionalIngresses', i), service)),
    ...httpRoutes.map((value): Exposure => ({
      ...value,
      kind: 'HTTPRoute',
      from: value.from?.map(source => IngressSource._of(source)),
    })),
  ];
}

function ingressExposure(value: IngressValue, place: Place, service: ExposedService): IngressExposure {
  const { annotations, className, from, hosts = [], issuer, name, tls = [] } = value;
  const names = hosts.map(({ host }) => host);
  const certificate = certificateOf(tls, names, place.at('tls'));
  const own = ingressCertificateName(name ?? service.name);
  const secretName = certificate?.secretName;
  const other = issuer !== undefined && secretName !== undefined && secretName !== own;
  place.at('tls', 0, 'secretName').report(OTHER_SECRET, secretName, other ? { secret: own } : undefined);
  return {
    kind: 'Ingress',
    hosts: names,
    ...pathsOf(hosts, place.at('hosts'), service),
    className,
    annotations,
    name,
    from: from?.map(source => IngressSource._of(source)),
    issuer: issuer && issuerModel(issuer),
    tlsSecret: secretName === undefined || issuer !== undefined ? undefined : { name: secretName },
    https: certificate === undefined ? undefined : true,
  };
}

/** The paths of all hosts: an exposure has the same for each. */
function pathsOf(
  hosts: NonNullable<IngressValue['hosts']>,
  place: Place,
  service: ExposedService,
): Pick<Exposure, 'paths' | 'pathType'> {
  const said = hosts.map(({ paths = [] }) => paths.map(({ path, pathType = 'Prefix' }) => ({ path, pathType })));
  hosts.forEach(({ paths = [] }, i) => {
    place.at(i, 'paths').report(OTHER_PATHS, paths, canonicalText(said[i]) !== canonicalText(said[0]));
    paths.forEach(({ pathType = 'Prefix', serviceName, servicePort }, j) => {
      const at = place.at(i, 'paths', j);
      const unknown = pathType === 'ImplementationSpecific';
      at.at('serviceName').report(
        OTHER_SERVICE,
        serviceName,
        serviceName === service.name ? undefined : { service: service.name },
      );
      at.at('servicePort').report(
        OTHER_PORT,
        servicePort,
        servicePort === service.port ? undefined : { port: service.port },
      );
      at.at('pathType').report(UNKNOWN_TYPE, pathType, unknown);
      at.at('pathType').report(OTHER_TYPE, pathType, !unknown && pathType !== said[i][0].pathType);
    });
  });
  const [first = []] = said;
  return first.length === 0
    ? {}
    : { paths: first.map(({ path }) => path), pathType: first[0].pathType === 'Exact' ? 'Exact' : undefined };
}

/** The one certificate of an Ingress: for all of its hosts. */
function certificateOf(
  tls: NonNullable<IngressValue['tls']>,
  hosts: readonly string[],
  place: Place,
): NonNullable<IngressValue['tls']>[number] | undefined {
  place.report(SEVERAL_CERTIFICATES, tls, tls.length > 1);
  const [certificate] = tls;
  const given = certificate?.hosts ?? hosts;
  const strangers = given.filter(host => !hosts.includes(host));
  const bare = tls.length === 1 ? hosts.filter(host => !given.includes(host)) : [];
  const listed = (names: readonly string[]) => (names.length === 0 ? undefined : { hosts: names.join(', ') });
  place.at(0, 'hosts').report(STRANGE_HOSTS, given, listed(strangers));
  place.at(0, 'hosts').report(BARE_HOSTS, given, listed(bare));
  return certificate;
}

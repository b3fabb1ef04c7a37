import { Place } from '../api/place';
import { OPTION_WITHOUT_FIELD } from '../api/upstream';
import { certificate } from '../backends/kubernetes/add-ons';
import {
  ExposedService,
  exposedPaths,
  httpRoute,
  ingress,
  ingressCertificateName,
  PathType,
  RouteParent,
} from '../backends/kubernetes/exposure';
import { ClusterAddOn, requireAddOn } from '../cluster/cluster-profile-options';
import { ClusterProfile } from '../model/cluster';
import { because, errorKind, InputCheck } from '../model/findings';
import { GatewayExposure } from '../model/gateway';
import { IngressRule } from '../model/permissions';
import { CertificateIssuer } from '../model/policy';
import { namespaceProblem, objectNameProblem, portProblem } from '../model/validation';
import { IngressSource } from '../permissions/ingress-source';
import { Json } from '../values/json';
import { checkAnnotations } from '../workload/metadata';

const EXPOSURE_PLAIN_TO_TLS = errorKind(
  'exposure-plain-to-tls',
  'would speak plain HTTP to the gateway, which serves HTTPS (tls)',
  "Drop the gateway's tls: the listener of the Gateway holds the certificate",
);
const EXPOSURE_NAME_TWICE = errorKind(
  'exposure-name-twice',
  'is the name of an earlier {kind}',
  'Give one of them another name',
);
const EXPOSURE_SECRET_OF_OTHER_NAMESPACE = errorKind(
  'exposure-secret-of-other-namespace',
  'is in another namespace than the Ingress ({namespace})',
  "Keep the Secret in the namespace of the gateway's pods",
);
const EXPOSURE_ANNOTATIONS_MISSING = errorKind(
  'exposure-annotations-missing',
  'do not say that the gateway serves HTTPS (tls), so the ingress controller would speak plain HTTP to it',
  "Give the annotation of your controller, such as nginx.ingress.kubernetes.io/backend-protocol: HTTPS, or drop the gateway's tls",
);

/** A way into a gateway from outside the cluster, as it is said. */
export type Exposure = IngressExposure | HttpRouteExposure;

/** What both ways share. */
interface CommonExposure {
  readonly hosts: readonly string[];
  readonly paths?: readonly string[];
  readonly pathType?: PathType;
  /** Who passes requests on; undefined means every pod of the cluster. */
  readonly from?: readonly IngressSource[];
  /** Name of the object; undefined means that of the gateway. */
  readonly name?: string;
  /** Whether clients come by HTTPS, where that is said. */
  readonly https?: boolean;
}

/** An Ingress. */
export interface IngressExposure extends CommonExposure {
  readonly kind: 'Ingress';
  readonly className?: string;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly issuer?: CertificateIssuer;
  readonly tlsSecret?: { readonly name: string; readonly namespace?: string };
}

/** An HTTPRoute of the Gateway API. */
export interface HttpRouteExposure extends CommonExposure {
  readonly kind: 'HTTPRoute';
  readonly parents: readonly RouteParent[];
}

/** A URL path without what a proxy may rewrite or resolve. */
const PATH = /^\/(?:[A-Za-z0-9._~-]+(?:\/[A-Za-z0-9._~-]+)*)?$/;

const IP_ADDRESS = /^[0-9]+(\.[0-9]+){3}$/;

/** Limits of the Gateway API. */
const MOST_HOSTNAMES = 16;
const MOST_PARENTS = 32;
const MOST_MATCHES = 64;
const LONGEST_PATH = 1024;

/** Without paths, everything is let through. */
const ALL_PATHS: readonly string[] = ['/'];

const NO_HOST = errorKind('exposure-hosts-missing', 'names no host', 'Name at least one');
const HOST = errorKind(
  'exposure-host-invalid',
  'is not a host name in lower case',
  'Write it as mcp.acme.dev or *.acme.dev',
);
const TWICE = errorKind('exposure-said-twice', 'is there twice', 'Drop one');
const NO_PATH = errorKind('exposure-paths-empty', 'lets nothing through', 'Name paths, or leave it out for all');
const WRONG_PATH = errorKind('exposure-path-invalid', '{problem}', 'Write it as /routes/finance');
const EXACT_ROOT = errorKind(
  'exposure-path-root',
  'would let through a path at which no gateway answers (/), and nothing below it',
  'Name the paths of routes, or /mcp',
);
const NOBODY = errorKind(
  'exposure-from-empty',
  'lets nobody in',
  'Name the pods that pass requests on, or leave it out for all',
);
const NAME = errorKind('exposure-name-invalid', '{problem}', 'Choose an object name');
const TWO_CERTIFICATES = errorKind(
  'exposure-certificate-twice',
  'is given together with tlsSecret',
  'Drop one of the two',
);
const CLASS = errorKind('exposure-class-invalid', '{problem}', 'Name an IngressClass');
const PLAIN_WITH_CERTIFICATE = errorKind(
  'exposure-https-off',
  'is given together with a certificate',
  'Drop one of the two',
);
const MANY_HOSTS = errorKind(
  'exposure-hosts-many',
  `are more than an HTTPRoute can have (${MOST_HOSTNAMES})`,
  'Expose the gateway by several HTTPRoutes, each with a name',
);
const MANY_PATHS = errorKind(
  'exposure-paths-many',
  `are more than an HTTPRoute can have with the paths of their metadata (${MOST_MATCHES})`,
  'Let the routes of whole namespaces through, or use several HTTPRoutes',
);
const NO_PARENT = errorKind('exposure-parents-missing', 'names no Gateway', 'Name at least one');
const MANY_PARENTS = errorKind(
  'exposure-parents-many',
  `are more than an HTTPRoute can have (${MOST_PARENTS})`,
  'Expose the gateway by several HTTPRoutes, each with a name',
);
const PARENT = errorKind('exposure-parent-invalid', '{problem}', 'Name a Gateway');
const PARENT_NAMESPACE = errorKind('exposure-parent-namespace-invalid', '{problem}', 'Correct it');
const LISTENER = errorKind('exposure-listener-invalid', '{problem}', 'Name a listener of the Gateway');
const PARENT_PORT = errorKind('exposure-parent-port-invalid', '{problem}', 'Give the port of the listener');
const PARENT_TWICE = errorKind(
  'exposure-parent-twice',
  'is named before, and the Gateway API tells references to one Gateway apart by sectionName',
  'Give each of them another sectionName',
);

/** Checks what an exposure can know about itself. */
export function checkExposure(exposure: Exposure, place: Place): void {
  checkCommon(exposure, place);
  if (exposure.kind === 'Ingress') {
    const { issuer, tlsSecret, className, https } = exposure;
    const certified = issuer !== undefined || tlsSecret !== undefined;
    place.at('issuer').report(TWO_CERTIFICATES, '(given)', issuer !== undefined && tlsSecret !== undefined);
    place.at('className').report(CLASS, className, because(className && objectNameProblem(className)));
    place.at('https').report(PLAIN_WITH_CERTIFICATE, https, certified && https === false);
  } else {
    checkRoute(exposure, place);
  }
}

function checkCommon({ hosts, paths, pathType, from, name }: CommonExposure, place: Place): void {
  place.at('hosts').report(NO_HOST, hosts, hosts.length === 0);
  hosts.forEach((host, i) => {
    place.at('hosts', i).report(HOST, host, !isHostName(host));
    place.at('hosts', i).report(TWICE, host, hosts.indexOf(host) < i);
  });
  place.at('paths').report(NO_PATH, paths, paths?.length === 0);
  paths?.forEach((path, i) => place.at('paths', i).report(WRONG_PATH, path, because(pathProblem(path))));
  paths?.forEach((path, i) => place.at('paths', i).report(TWICE, path, paths.indexOf(path) < i));
  place.at('paths').report(EXACT_ROOT, paths, pathType === 'Exact' && (paths ?? ALL_PATHS).includes('/'));
  place.at('from').report(NOBODY, from?.length, from?.length === 0);
  place.at('name').report(NAME, name, because(name === undefined ? undefined : objectNameProblem(name)));
}

function isHostName(host: string): boolean {
  return objectNameProblem(host.replace(/^\*\./, '')) === undefined && !IP_ADDRESS.test(host);
}

function pathProblem(path: string): string | undefined {
  const relative = path.split('/').some(segment => segment === '.' || segment === '..');
  return !PATH.test(path) || relative
    ? 'is not a path without a slash at its end'
    : path.length > LONGEST_PATH
      ? `is longer than ${LONGEST_PATH} characters`
      : undefined;
}

/** What the Gateway API allows in one HTTPRoute. */
function checkRoute({ hosts, parents, paths = ALL_PATHS }: HttpRouteExposure, place: Place): void {
  const matches = exposedPaths(paths).length;
  place.at('hosts').report(MANY_HOSTS, hosts.length, hosts.length > MOST_HOSTNAMES);
  place.at('paths').report(MANY_PATHS, matches, matches > MOST_MATCHES);
  place.at('parents').report(NO_PARENT, parents, parents.length === 0);
  place.at('parents').report(MANY_PARENTS, parents.length, parents.length > MOST_PARENTS);
  parents.forEach((parent, i) => {
    const { name, namespace, sectionName, port } = parent;
    const at = place.at('parents', i);
    at.at('name').report(PARENT, name, because(objectNameProblem(name)));
    at.at('namespace').report(PARENT_NAMESPACE, namespace, because(namespace && namespaceProblem(namespace)));
    at.at('sectionName').report(LISTENER, sectionName, because(sectionName && objectNameProblem(sectionName)));
    at.at('port').report(PARENT_PORT, port, because(port === undefined ? undefined : portProblem(port)));
    at.report(
      PARENT_TWICE,
      name,
      parents.some((other, j) => j < i && clash(other, parent)),
    );
  });
}

function clash(first: RouteParent, second: RouteParent): boolean {
  return (
    first.name === second.name &&
    first.namespace === second.namespace &&
    (first.sectionName === second.sectionName || first.sectionName === undefined || second.sectionName === undefined)
  );
}

/** Checks exposures for a gateway and its cluster. */
export function checkExposures(
  exposures: readonly Exposure[],
  input: InputCheck,
  service: ExposedService,
  tls: boolean,
  profile: ClusterProfile,
): void {
  const objects = exposures.map(exposure => `${exposure.kind} ${objectName(exposure, service)}`);
  exposures.forEach((exposure, i) => {
    const property = `exposures[${i}]`;
    if (exposure.kind === 'Ingress') {
      checkIngressAt(exposure, input, property, service, tls, profile);
    } else {
      requireAddOn(profile, input, ClusterAddOn.GATEWAY_API, property);
      input.report(EXPOSURE_PLAIN_TO_TLS, property, '(given)', tls);
    }
    input.report(
      EXPOSURE_NAME_TWICE,
      `${property}.name`,
      objectName(exposure, service),
      objects.indexOf(objects[i]) === i ? undefined : { kind: exposure.kind },
    );
  });
}

function checkIngressAt(
  { annotations, issuer, tlsSecret }: IngressExposure,
  input: InputCheck,
  property: string,
  { namespace }: ExposedService,
  tls: boolean,
  profile: ClusterProfile,
): void {
  if (issuer !== undefined) {
    requireAddOn(profile, input, ClusterAddOn.CERT_MANAGER, `${property}.issuer`);
  }
  const found = tlsSecret?.namespace;
  input.report(
    EXPOSURE_SECRET_OF_OTHER_NAMESPACE,
    `${property}.tlsSecret`,
    found && `${found}/${tlsSecret!.name}`,
    found !== undefined && found !== namespace ? { namespace } : undefined,
  );
  checkAnnotations(input, `${property}.annotations`, annotations);
  input.report(
    EXPOSURE_ANNOTATIONS_MISSING,
    `${property}.annotations`,
    annotations,
    tls && Object.keys(annotations ?? {}).length === 0,
  );
}

/** Checks exposures where an operator makes their objects from the resource: upstream's has one Ingress. */
export function checkOperatedExposures(exposures: readonly Exposure[], input: InputCheck): void {
  const first = exposures.find(({ kind }) => kind === 'Ingress');
  exposures.forEach((exposure, i) => {
    const property = `exposures[${i}]`;
    if (exposure.kind === 'HTTPRoute' || exposure !== first) {
      input.report(OPTION_WITHOUT_FIELD, property, exposure.kind, {
        kind: 'gateway',
        instead:
          exposure.kind === 'HTTPRoute' ? 'Expose the gateway by an Ingress' : 'Put its hosts into the first Ingress',
      });
      return;
    }
    const { name, issuer, from } = exposure;
    for (const [option, value] of Object.entries({ name, issuer: issuer?.name, from: from?.length })) {
      input.reportGiven(OPTION_WITHOUT_FIELD, `${property}.${option}`, value, () => ({
        kind: 'gateway',
        instead:
          option === 'issuer'
            ? 'Give tlsSecret and an annotation for cert-manager, such as cert-manager.io/cluster-issuer'
            : 'Drop it',
      }));
    }
  });
}

/** Whether clients come by HTTPS: to an Ingress where it has a certificate, to a Gateway unless it is said otherwise. */
export function isHttps(exposure: Exposure): boolean {
  return (
    exposure.https ??
    (exposure.kind === 'HTTPRoute' || exposure.issuer !== undefined || exposure.tlsSecret !== undefined)
  );
}

/** Name of the Ingress or HTTPRoute. */
function objectName({ name }: Exposure, service: ExposedService): string {
  return name ?? service.name;
}

/** Secret with the certificate of an Ingress; undefined leaves it to the ingress controller. */
export function ingressSecret(exposure: IngressExposure, service: ExposedService): string | undefined {
  return exposure.tlsSecret?.name ?? (exposure.issuer && ingressCertificateName(objectName(exposure, service)));
}

/** The objects that an exposure is made of. */
export function exposureObjects(exposure: Exposure, service: ExposedService): Json[] {
  const { hosts, paths = ALL_PATHS, pathType = 'Prefix' } = exposure;
  const name = objectName(exposure, service);
  if (exposure.kind === 'HTTPRoute') {
    return [httpRoute(service, { name, parents: exposure.parents, hosts, paths, pathType })];
  }
  const { className, annotations = {}, issuer } = exposure;
  const tlsSecret = ingressSecret(exposure, service);
  return [
    ingress(service, { name, className, hosts, paths, pathType, https: isHttps(exposure), tlsSecret, annotations }),
    ...(issuer === undefined
      ? []
      : [
          certificate({
            name: tlsSecret!,
            namespace: service.namespace,
            labels: service.labels,
            issuer,
            dnsNames: hosts,
          }),
        ]),
  ];
}

/** An exposure as plain data of the model. */
export function exposureModel(exposure: Exposure): GatewayExposure {
  const https = isHttps(exposure);
  const host = exposure.hosts.find(name => !name.startsWith('*.'));
  return {
    kind: exposure.kind,
    https,
    publicUrl: host && `${https ? 'https' : 'http'}://${host}`,
    anyPod: exposure.from === undefined,
  };
}

/** Who must be let in for an exposure. */
export function exposureRules({ from }: Exposure, namespace: string, path: string, property: string): IngressRule[] {
  const sources = from ?? [IngressSource.pods({ allNamespaces: true })];
  return sources.map(source => source._rule(namespace, { path, property }));
}

import { hiddenAddresses } from './source-addresses';
import { Diagnostic, errorKind, findingOf, warningKind } from '../../model/findings';
import { Gateway } from '../../model/gateway';
import { GatewayPlan } from '../../model/plan';
import { alternatives, SingleMethod } from '../../model/policy';
import { describeMethod, listOr } from '../policy/words';

const GATEWAY_OPEN_TO_OUTSIDE = warningKind(
  'gateway-open-to-outside',
  'the gateway can be reached from outside the cluster ({by}), and everyone may call{who}',
  'Add an authentication to the gateway, or {otherwise}',
);
const CREDENTIAL_IN_THE_CLEAR = warningKind(
  'credential-in-the-clear',
  'is sent as it is over plain HTTP, and whoever sees the traffic of {gateway} can use it',
  'Give the gateway a certificate (tls), unless a mesh or an ingress encrypts the way to it',
);
const CLIENT_CERTIFICATE_BEHIND_PROXY = errorKind(
  'client-certificate-behind-proxy',
  "cannot reach {gateway} through what stands in front of it (exposures), which ends the client's connection",
  'Expose the gateway by a Service of type LoadBalancer, or authenticate by tokens',
);
const EXPOSURE_OPEN_TO_CLUSTER = warningKind(
  'exposure-open-to-cluster',
  'every pod of the cluster may connect to the gateway, since nobody said which ones pass requests on',
  "Name them: from: [IngressSource.namespaces('ingress-nginx')]",
);

/** What those who can reach a gateway, or see its traffic, could make use of. */
export function attackSurface(plan: GatewayPlan): Diagnostic[] {
  return [...openToOutside(plan), ...inTheClear(plan), ...behindProxies(plan), ...hiddenAddresses(plan)];
}

/** Entries of a gateway that is reached from outside the cluster and does not ask who calls. */
function openToOutside({ gateway, entries }: GatewayPlan): Diagnostic[] {
  const open = entries.filter(({ policy }) => (policy?.authentication ?? []).length === 0).map(({ path }) => path);
  const asksNobody = entries.length === 0 && (gateway.policy?.authentication ?? []).length === 0;
  const by = gateway.exposed ? 'service.type' : 'exposures';
  return (gateway.exposed || isBehindProxy(gateway)) && (open.length > 0 || asksNobody)
    ? [
        findingOf(GATEWAY_OPEN_TO_OUTSIDE, gateway.path, 'authentication', undefined, {
          by,
          who: open.length === 0 ? '' : ` ${open.join(', ')}`,
          otherwise: gateway.exposed ? 'make its Service a ClusterIP' : 'expose the paths of routes that have one',
        }),
      ]
    : [];
}

/** Credentials that are good for every later request, sent where others can read them. */
function inTheClear({ gateway, entries }: GatewayPlan): Diagnostic[] {
  const encrypted =
    gateway.tls !== undefined || (isBehindProxy(gateway) && gateway.exposures!.every(({ https }) => https));
  const methods = encrypted ? [] : entries.flatMap(({ policy }) => policy?.authentication ?? []);
  return methods.flatMap(({ method, origins }) => {
    const readable = alternatives(method).filter(isSentAsItIs);
    return readable.length === 0
      ? []
      : origins.map(({ path, property }) =>
          findingOf(CREDENTIAL_IN_THE_CLEAR, path, property, listOr(readable.map(describeMethod)), {
            gateway: gateway.path,
          }),
        );
  });
}

function isBehindProxy({ exposures = [] }: Gateway): boolean {
  return exposures.length > 0;
}

/** What a proxy in front of a gateway changes: it ends connections, and opens its own. */
function behindProxies({ gateway, entries }: GatewayPlan): Diagnostic[] {
  if (!isBehindProxy(gateway)) {
    return [];
  }
  const policies = entries.flatMap(({ policy }) => policy ?? []);
  const certificates = policies
    .flatMap(({ authentication }) => authentication)
    .filter(({ method }) => alternatives(method).some(({ kind }) => kind === 'clientCertificate'));
  return [
    ...certificates
      .flatMap(({ origins }) => origins)
      .map(({ path, property }) =>
        findingOf(CLIENT_CERTIFICATE_BEHIND_PROXY, path, property, 'client certificate', { gateway: gateway.path }),
      ),
    ...(gateway.exposures!.some(({ anyPod }) => anyPod)
      ? [findingOf(EXPOSURE_OPEN_TO_CLUSTER, gateway.path, 'exposures', undefined)]
      : []),
  ];
}

/** API keys and passwords stay good until someone changes them; tokens expire. */
function isSentAsItIs({ kind }: SingleMethod): boolean {
  return kind === 'apiKey' || kind === 'basic';
}

import { NAME_LABEL, objectLabels } from './labels';
import { DEFAULT_PROFILE } from '../../model/cluster';
import { GatewayPlan } from '../../model/plan';
import { CertificateIssuer } from '../../model/policy';
import { authorityCertificateName, gatewayDnsNames, separateAuthority } from '../../passes/gateways/certificates';
import { Json } from '../../values/json';

/** What cert-manager is asked for. */
export interface CertificateRequest {
  /** Name of the Certificate and of its Secret. */
  readonly name: string;
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly issuer: CertificateIssuer;
  readonly dnsNames: readonly string[];
  /** Undefined leaves it to cert-manager. */
  readonly duration?: string;
  readonly renewBefore?: string;
}

/** A Certificate of cert-manager by which a server proves who it is. It is none for clients: whoever can read its Secret would else be let in. */
export function certificate({
  name,
  namespace,
  labels,
  issuer,
  dnsNames,
  duration,
  renewBefore,
}: CertificateRequest): Json {
  return {
    apiVersion: 'cert-manager.io/v1',
    kind: 'Certificate',
    metadata: { name, namespace, labels },
    spec: {
      secretName: name,
      issuerRef: { group: 'cert-manager.io', kind: issuer.kind, name: issuer.name },
      dnsNames: [...dnsNames],
      ...(duration === undefined ? {} : { duration }),
      ...(renewBefore === undefined ? {} : { renewBefore }),
      privateKey: { rotationPolicy: 'Always' },
      usages: ['digital signature', 'key encipherment', 'server auth'],
    },
  };
}

/** The Certificate that brings the authority of client certificates, where none of the gateway's own does. */
export function authorityCertificates(plan: GatewayPlan): Json[] {
  const { name: gateway, workloadNamespace: namespace, profile = DEFAULT_PROFILE } = plan.gateway;
  const issuer = separateAuthority(plan);
  return issuer === undefined
    ? []
    : [
        certificate({
          name: authorityCertificateName(gateway),
          namespace,
          labels: objectLabels('mcp-gateway', gateway),
          issuer,
          // A certificate is for some name, though nobody presents this one.
          dnsNames: gatewayDnsNames(gateway, namespace, profile.clusterDomain),
        }),
      ];
}

/** Pods with metrics. */
export interface MonitoredPods {
  readonly name: string;
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly selector: Readonly<Record<string, string>>;
  /** Name of the port of the metrics. */
  readonly port: string;
  readonly path: string;
}

/**
 * Tells Prometheus, by its operator, where the metrics of pods are. By their pods, since the port of the metrics is on no
 * Service; the job is named as the pods' workload.
 */
export function podMonitor({ name, namespace, labels, selector, port, path }: MonitoredPods): Json {
  return {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'PodMonitor',
    metadata: { name, namespace, labels: { ...labels } },
    spec: {
      jobLabel: NAME_LABEL,
      selector: { matchLabels: { ...selector } },
      podMetricsEndpoints: [{ port, path }],
    },
  };
}

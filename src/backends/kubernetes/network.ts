import { ciliumNetworkPolicy } from './cilium-network-policy';
import { istioPolicies, istioProblems } from './istio';
import { objectLabels, selectorLabels } from './labels';
import { inMesh, meshPolicies, meshWarnings } from './mesh';
import { networkPolicy } from './network-policy';
import { rateLimitSelector, rateLimitStoreSelector } from './rate-limit';
import {
  needsRateLimitService,
  RATE_LIMIT_GRPC_PORT,
  RATE_LIMIT_METRICS_PORT,
  RATE_LIMIT_STORE_PORT,
  rateLimitName,
  rateLimitStoreName,
} from './rate-limit-service';
import { Diagnostic } from '../../model/findings';
import { Gateway } from '../../model/gateway';
import { WorkloadNetwork } from '../../model/network';
import { Compiled } from '../../model/plan';
import { planNetwork } from '../../passes/network/plan-network';
import { PodFacts } from '../../passes/network/workload';
import { Json } from '../../values/json';

/** Who may connect to whom, and the objects that enforce it. */
export interface NetworkOutcome {
  readonly workloads: readonly WorkloadNetwork[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Suffix of the policy of a client, whose name is its owner's choice. */
const CLIENT_SUFFIX = '-mcp';

/** Where a gateway's container shows its metrics, which its data plane knows. */
export type MetricsPort = (gateway: Gateway) => number;

/** What this library knows of the pods that it makes. */
const podFacts = (metricsPort: MetricsPort): PodFacts => ({
  server: ({ name, workloadNamespace }) => ({
    name,
    labels: objectLabels('mcp-server', name),
    pods: { namespace: workloadNamespace!, labels: selectorLabels('mcp-server', name) },
  }),
  gateway: gateway => ({
    name: gateway.name,
    labels: objectLabels('mcp-gateway', gateway.name),
    pods: { namespace: gateway.workloadNamespace, labels: selectorLabels('mcp-gateway', gateway.name) },
    metricsPort: metricsPort(gateway),
  }),
  rateLimit: plan => {
    const { gateway } = plan;
    const { workloadNamespace: namespace } = gateway;
    const [name, store] = [rateLimitName(gateway), rateLimitStoreName(gateway)];
    return needsRateLimitService(plan)
      ? {
          service: {
            name,
            labels: objectLabels('mcp-rate-limit', name),
            pods: { namespace, labels: rateLimitSelector(gateway) },
            port: RATE_LIMIT_GRPC_PORT,
            metricsPort: RATE_LIMIT_METRICS_PORT,
          },
          store:
            gateway.rateLimitService?.store !== undefined
              ? undefined
              : {
                  name: store,
                  labels: objectLabels('mcp-rate-limit-store', store),
                  pods: { namespace, labels: rateLimitStoreSelector(gateway) },
                  port: RATE_LIMIT_STORE_PORT,
                },
        }
      : undefined;
  },
  client: ({ name, pods }) => ({ name: `${name}${CLIENT_SUFFIX}`, labels: objectLabels('mcp-client', name), pods }),
});

/** Works out who may connect to whom in an app. */
export function network(compiled: Compiled, metricsPort: MetricsPort): NetworkOutcome {
  const { workloads, diagnostics } = planNetwork(compiled, podFacts(metricsPort));
  return {
    workloads,
    diagnostics: [
      ...diagnostics,
      ...workloads.filter(({ profile }) => profile.network === 'istio').flatMap(istioProblems),
      ...workloads.flatMap(meshWarnings),
    ],
  };
}

/** The objects that enforce a workload's connections; none in a cluster that enforces nothing. */
export function networkObjects(workload: WorkloadNetwork): Json[] {
  switch (workload.profile.network) {
    case 'networkPolicy':
      return [networkPolicy(inMesh(workload)), ...meshPolicies(workload)];
    case 'cilium':
      return [ciliumNetworkPolicy(inMesh(workload)), ...meshPolicies(workload)];
    case 'istio':
      return istioPolicies(workload);
    case 'none':
      return [];
  }
}

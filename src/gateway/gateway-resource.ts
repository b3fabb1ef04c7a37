import * as kplus from 'cdk8s-plus-28';
import { GatewayDataPlane } from './data-plane';
import { servicePort } from './gateway-address';
import { McpGatewayOptions } from './gateway-options';
import { exposuresSpec } from './network-spec';
import { isScraped } from './scraping';
import { discoverySpec } from './server-discovery';
import { gatewayPolicyJson, TrafficValue } from '../api/gateway-policy';
import { protocolVersion } from '../api/protocol-version';
import { PlaneContainer } from '../backends/interface/data-plane';
import { DEFAULT_PROFILE } from '../model/cluster';
import { Gateway } from '../model/gateway';
import { compact, Json } from '../values/json';

/** Levels as the resource spells them. */
const LOG_LEVELS: Readonly<Record<Gateway['logLevel'], string>> = {
  error: 'Error',
  warn: 'Warn',
  info: 'Info',
  debug: 'Debug',
};

/** The `spec` of an MCPGateway or ClusterMCPGateway resource. */
export function gatewaySpec(
  gateway: Gateway,
  options: McpGatewayOptions,
  traffic: TrafficValue,
  plane: GatewayDataPlane,
  container: PlaneContainer,
  template: () => Json | undefined,
  rendered: boolean,
): Json {
  const service = options.service ?? {};
  const port = servicePort(options);
  const spec = compact({
    replicas: options.autoscaling?.minReplicas ?? gateway.replicas,
    transport: 'streamable-http',
    podSpec: template(),
    mcpServers: mcpServers(gateway),
    network: {
      service: compact({
        type: service.type ?? kplus.ServiceType.CLUSTER_IP,
        annotations: service.annotations,
        ports: [{ name: port.name, port: port.number, protocol: 'TCP', targetPort: gateway.port }],
      }),
      transport: { http: { port: gateway.port } },
      ...exposuresSpec(gateway, options),
    },
    tls: options.tls?._spec,
    observability: observability(gateway, options, rendered ? container : undefined),
    policy: gatewayPolicyJson(traffic.policy),
    protocolVersion: traffic.protocolVersion && protocolVersion.encode(traffic.protocolVersion),
    dataPlane: rendered ? { type: plane.name, image: plane.image } : undefined,
    workloadNamespace: rendered && gateway.kind === 'ClusterMCPGateway' ? gateway.workloadNamespace : undefined,
  });
  // An empty list allows none, so it must not be dropped for being empty.
  return gateway.allowedRemoteHosts === undefined
    ? spec
    : { ...spec, allowedRemoteHosts: [...gateway.allowedRemoteHosts] };
}

function mcpServers(gateway: Gateway): Json | undefined {
  if (gateway.discovery === undefined && gateway.healthCheck === undefined) {
    return undefined;
  }
  return {
    ...(gateway.discovery === undefined ? {} : discoverySpec(gateway.discovery, gateway.workloadNamespace)),
    ...(gateway.healthCheck === undefined ? {} : { healthCheck: { enabled: true, ...gateway.healthCheck } }),
  };
}

/** Without a container the ports and paths are those of the operator's data plane, and not known here. */
function observability(gateway: Gateway, options: McpGatewayOptions, container: PlaneContainer | undefined): Json {
  const tracing = gateway.tracing;
  return compact({
    health: container && {
      enabled: true,
      port: container.readiness.port,
      readinessPath: container.readiness.path,
      livenessPath: container.liveness.path,
    },
    metrics: {
      enabled:
        container === undefined
          ? (options.observability?.prometheusScrape ?? true)
          : isScraped(options, gateway.profile ?? DEFAULT_PROFILE),
      format: 'Prometheus',
      ...(container && { port: container.metrics.port, path: container.metrics.path }),
    },
    logging: {
      level: LOG_LEVELS[gateway.logLevel],
      format: gateway.logFormat === 'json' ? 'JSON' : 'Text',
      output: 'Stdout',
    },
    tracing:
      tracing === undefined
        ? undefined
        : {
            enabled: true,
            provider: 'OpenTelemetry',
            endpoint: tracing.endpoint,
            samplingRate: samplingRate(tracing.sampling),
          },
  });
}

/** The resource takes the share as text with a decimal point, or exactly 0 or 1. */
function samplingRate(sampling: number): string {
  return sampling === 0 || sampling === 1 ? String(sampling) : sampling.toFixed(6).replace(/0+$/, '');
}

import { isScraped } from './gateway-model';
import { servicePort } from './imported-gateway';
import { GatewayStatement } from './statement';
import { explicitBreaker } from '../api/gateway-policy';
import { ratesOfLimits, unsayableRate } from '../api/gateway-rates';
import { explicitHealthCheck } from '../api/gateway-servers';
import { gatewaySpec, GatewaySpecValue } from '../api/mcp-gateway';
import { limitModel, LimitValue } from '../api/rate-limit';
import { noField } from '../api/upstream';
import { PlaneContainer } from '../backends/interface/data-plane';
import { DEFAULT_PROFILE } from '../model/cluster';
import { because, errorKind, InputCheck } from '../model/findings';
import { Gateway } from '../model/gateway';
import { describeRate } from '../passes/policy/words';
import { policySpec, PolicyState } from '../policy/level-policy';
import { isObject, Json, withoutUndefined } from '../values/json';

const GATEWAY_RATE_OF_OWN = errorKind(
  'gateway-rate-of-own',
  '{problem}',
  'Use RateLimit.overall, perUser, perIp or perServer, per second, minute or hour, say it of each route, or use Reconciliation.RENDERED',
);

/** What a resource says of a gateway that is rendered; undefined in controller mode, where all of it is the operator's. */
export interface Rendering {
  readonly plane: { readonly name: string; readonly image: string };
  readonly container: PlaneContainer;
}

/**
 * The `spec` of an MCPGateway or ClusterMCPGateway resource: what was said, with what goes without saying. What a document says is
 * written as it stands there.
 */
export function resourceSpec(
  statement: GatewayStatement,
  gateway: Gateway,
  policy: PolicyState,
  podTemplate: Json | undefined,
  rendering: Rendering | undefined,
): Json {
  const { rateLimits, ...others } = policy;
  const value: GatewaySpecValue = withoutUndefined({
    ...explicit(statement, gateway, rendering),
    podTemplate,
    ...(rendering === undefined ? { rates: ratesOfLimits(rateLimits) } : {}),
  });
  const written = {
    ...gatewaySpec(gateway.kind).encode(value),
    ...policySpec(rendering === undefined ? { ...others, rateLimits: [] } : policy),
  };
  return statement.document === undefined ? written : merged(written, statement.document.spec);
}

/** A spec that says in full what a reader looks for. */
function explicit(
  { code, value: spec }: GatewayStatement,
  gateway: Gateway,
  rendering: Rendering | undefined,
): GatewaySpecValue {
  const port = servicePort(spec);
  const { service } = spec;
  return {
    ...spec,
    replicas: code.autoscaling?.minReplicas ?? gateway.replicas,
    transport: 'streamable-http',
    port: gateway.port,
    service: withoutUndefined({
      type: service?.type ?? 'ClusterIP',
      annotations: Object.keys(service?.annotations ?? {}).length === 0 ? undefined : service?.annotations,
      ports: [{ name: port.name, port: port.number, protocol: 'TCP' as const, targetPort: gateway.port }],
    }),
    healthCheck: gateway.healthCheck && explicitHealthCheck(spec.healthCheck!),
    circuitBreaker: spec.circuitBreaker && explicitBreaker(spec.circuitBreaker),
    allowedOrigins: gateway.allowedOrigins,
    allowedRemoteHosts: gateway.allowedRemoteHosts,
    trustedProxies: gateway.trustedProxies,
    observability: observability(spec, gateway, rendering?.container),
    dataPlane: rendering && { type: rendering.plane.name as 'envoy', image: rendering.plane.image },
    workloadNamespace: rendering && gateway.kind === 'ClusterMCPGateway' ? gateway.workloadNamespace : undefined,
  };
}

/** Without a container the ports and paths are those of the operator's data plane, and not known here. */
function observability(
  spec: GatewaySpecValue,
  gateway: Gateway,
  container: PlaneContainer | undefined,
): GatewaySpecValue['observability'] {
  const { metrics, tracing } = spec.observability ?? {};
  return withoutUndefined({
    health: container && {
      enabled: true,
      port: container.readiness.port,
      readinessPath: container.readiness.path,
      livenessPath: container.liveness.path,
    },
    metrics: {
      enabled:
        container === undefined ? (metrics?.enabled ?? true) : isScraped(spec, gateway.profile ?? DEFAULT_PROFILE),
      format: 'Prometheus' as const,
      ...(container && { port: container.metrics.port, path: container.metrics.path }),
    },
    logging: {
      level: 'Info' as const,
      format: 'JSON' as const,
      ...spec.observability?.logging,
      output: 'Stdout' as const,
    },
    tracing: gateway.tracing && {
      enabled: true,
      provider: 'OpenTelemetry' as const,
      ...tracing,
      sampling: gateway.tracing.sampling,
    },
  });
}

function merged(base: Json, over: Json): Json {
  const result = { ...base };
  for (const [field, value] of Object.entries(over)) {
    result[field] = isObject(result[field]) && isObject(value) ? merged(result[field], value) : value;
  }
  return result;
}

/** Reports limits that the resource has no field for. */
export function checkControllerRates(input: InputCheck, limits: readonly LimitValue[]): void {
  limits.forEach((limit, i) => {
    const problem = unsayableRate(limit, limits.slice(0, i));
    input.report(
      GATEWAY_RATE_OF_OWN,
      `rateLimits[${i}]`,
      describeRate(limitModel(limit)),
      because(problem && `${problem}, which ${noField('gateway')}`),
    );
  });
}

export * from './reports/access-matrix';
export * from './reports/access-options';
export type { ConnectOptions, ServiceAccountTokenOptions } from './client/connection';
export * from './app/mcp-app';
export * from './cluster/cert-manager-issuer';
export * from './cluster/cluster-profile';
export { ClusterAddOn, IpFamily, NetworkEnforcement } from './cluster/cluster-profile-options';
export type {
  ClusterDns,
  ClusterEgressProxy,
  ClusterImages,
  ClusterPods,
  ClusterProfileProps,
  ClusterService,
  ClusterServicePort,
  NoNetworkEnforcementOptions,
} from './cluster/cluster-profile-options';
export * from './cluster/mcp-cluster';
export * from './cluster/mcp-crds';
export * from './cluster/pod-security';
export * from './cluster/reconciliation';
export * from './cluster/service-mesh';
export * from './gateway/observability-options';
export * from './gateway/policy/audit';
export * from './gateway/policy/options';
export * from './gateway/cluster-mcp-gateway';
export * from './gateway/policy/compliance';
export * from './gateway/data-plane';
export * from './gateway/policy/sessions';
export * from './gateway/policy/filtering';
export * from './gateway/gateway-exposure';
export * from './gateway/gateway-options';
export * from './gateway/gateway-tls';
export * from './gateway/mcp-gateway';
export * from './gateway/mcp-gateway-base';
export type { DiscoveredServerCredentials, McpServerDiscovery } from './gateway/server-discovery';
export type { InferenceReference, McpInferenceServiceProps } from './inference/inference-service-options';
export * from './inference/mcp-inference-service';
export * from './manifest/manifest-options';
export * from './manifest/mcp-manifest';
export { EgressTarget } from './permissions/egress-target';
export type {
  EgressCidrOptions,
  EgressPodsOptions,
  EgressPortOptions,
  EgressServiceOptions,
} from './permissions/egress-target';
export type { AllowWriteOptions, FileSystemPermissions } from './permissions/folders';
export * from './monitoring/gateway-alerts';
export * from './monitoring/gateway-dashboard';
export * from './permissions/ingress-source';
export type { KubernetesPermission } from './permissions/kubernetes-permission';
export type { KubernetesRoleOptions } from './permissions/kubernetes-role';
export type { NetworkPermission, PermissionGrant } from './permissions/permission-grant';
export * from './permissions/permission-profile';
export type { PodSelectionOptions } from './permissions/pod-selection';
export * from './policy/api-key';
export * from './policy/authentication';
export { ToolAction } from './policy/authorization';
export type { AllowOptions, AuthorizationRule, ToolPermission } from './policy/authorization';
export * from './policy/authz-config';
export * from './policy/principal';
export * from './policy/condition';
export type { PolicyOptions } from './policy/level-policy';
export * from './policy/rate-limit';
export * from './references';
export * from './reports/mcp-report';
import './reports/requested-report';
export * from './reports/permission-report';
export * from './reports/report-parts';
export * from './synthesis/object-hooks';
export type { IObjectHook } from './synthesis/visits';
export * from './route/request-match';
export * from './route/route-options';
export type { FromMcpRouteNameOptions, IMcpRoute } from './route/imported-route';
export * from './route/mcp-route';
export * from './server/allowed-namespaces';
export * from './server/backend-credential';
export * from './server/cluster-mcp-server';
export type { ImportedMcpServerOptions } from './server/imported-server';
export * from './server/mcp-server';
export * from './server/mcp-server-base';
export * from './server/oidc-config';
export * from './server/server-options';
export * from './server/source';
export * from './server/source-options';
export { McpSessions, McpTransport } from './server/source-config';
export { McpDiagnostics } from './synthesis/diagnostics';
export type { McpFinding } from './synthesis/diagnostics';
export * from './tenant/mcp-tenant';
export type { McpServerMetrics } from './server/server-metrics';
export type { VolumeClaimTemplate } from './workload/claims';
export type { AutoscalingOptions, DisruptionBudgetOptions } from './workload/replicas';
export type { PodOptions } from './workload/pod-options';
export { AntiAffinity } from './workload/spread';
export type { SpreadOptions } from './workload/spread';

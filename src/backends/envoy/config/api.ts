/*
 * Messages of Envoy's API, as far as they are emitted: made by `npm run envoy-api` from scripts/envoy-api/in-use.ts.
 */

/** Seconds. */
export type Duration = `${number}s`;

/** JSON that is nobody's message. */
export type Struct = { readonly [key: string]: unknown };

/** A message that is there, and says no more. */
export type Nothing = { readonly [key: string]: never };

/** A message of a type that it names. */
export type Any = { readonly '@type': `type.googleapis.com/${keyof Messages}` };

/** Exactly one of several fields. */
type OneOf<T> = {
  [Name in keyof T]: { readonly [Chosen in Name]: T[Chosen] } & {
    readonly [Other in Exclude<keyof T, Name>]?: undefined;
  };
}[keyof T];

/** One of several fields, or none. */
type AtMostOne<T> = OneOf<T> | { readonly [Name in keyof T]?: undefined };

/** The messages of files, and those that may stand where any may. */
export interface Messages {
  readonly 'envoy.config.bootstrap.v3.Bootstrap': Bootstrap;
  readonly 'envoy.config.cluster.v3.Cluster': Cluster;
  readonly 'envoy.config.listener.v3.Listener': Listener;
  readonly 'envoy.config.overload.v3.ScaleTimersOverloadActionConfig': ScaleTimersOverloadActionConfig;
  readonly 'envoy.config.route.v3.FilterConfig': FilterConfig;
  readonly 'envoy.config.route.v3.RouteConfiguration': RouteConfiguration;
  readonly 'envoy.config.route.v3.RouteList': RouteList;
  readonly 'envoy.config.trace.v3.OpenTelemetryConfig': OpenTelemetryConfig;
  readonly 'envoy.extensions.access_loggers.stream.v3.StdoutAccessLog': StdoutAccessLog;
  readonly 'envoy.extensions.bootstrap.internal_listener.v3.InternalListener': InternalListener;
  readonly 'envoy.extensions.clusters.dns.v3.DnsCluster': DnsCluster;
  readonly 'envoy.extensions.filters.http.cors.v3.Cors': Cors;
  readonly 'envoy.extensions.filters.http.cors.v3.CorsPolicy': CorsPolicy;
  readonly 'envoy.extensions.filters.http.health_check.v3.HealthCheck': HealthCheckHealthCheck;
  readonly 'envoy.extensions.filters.http.jwt_authn.v3.JwtAuthentication': JwtAuthentication;
  readonly 'envoy.extensions.filters.http.jwt_authn.v3.PerRouteConfig': PerRouteConfig;
  readonly 'envoy.extensions.filters.http.lua.v3.Lua': Lua;
  readonly 'envoy.extensions.filters.http.lua.v3.LuaPerRoute': LuaPerRoute;
  readonly 'envoy.extensions.filters.http.mcp.v3.Mcp': Mcp;
  readonly 'envoy.extensions.filters.http.mcp_json_rest_bridge.v3.McpJsonRestBridge': McpJsonRestBridge;
  readonly 'envoy.extensions.filters.http.mcp_json_rest_bridge.v3.McpJsonRestBridgePerRoute': McpJsonRestBridgePerRoute;
  readonly 'envoy.extensions.filters.http.ratelimit.v3.RateLimit': RatelimitRateLimit;
  readonly 'envoy.extensions.filters.http.rbac.v3.RBAC': HttpRbacRBAC;
  readonly 'envoy.extensions.filters.http.rbac.v3.RBACPerRoute': RBACPerRoute;
  readonly 'envoy.extensions.filters.http.router.v3.Router': Router;
  readonly 'envoy.extensions.filters.http.set_filter_state.v3.Config': Config;
  readonly 'envoy.extensions.filters.http.stateful_session.v3.StatefulSession': StatefulSession;
  readonly 'envoy.extensions.filters.http.stateful_session.v3.StatefulSessionPerRoute': StatefulSessionPerRoute;
  readonly 'envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager': HttpConnectionManager;
  readonly 'envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy': TcpProxy;
  readonly 'envoy.extensions.http.early_header_mutation.header_mutation.v3.HeaderMutation': HeaderMutationHeaderMutation;
  readonly 'envoy.extensions.http.original_ip_detection.xff.v3.XffConfig': XffConfig;
  readonly 'envoy.extensions.http.stateful_session.envelope.v3.EnvelopeSessionState': EnvelopeSessionState;
  readonly 'envoy.extensions.rate_limit_descriptors.expr.v3.Descriptor': Descriptor;
  readonly 'envoy.extensions.resource_monitors.downstream_connections.v3.DownstreamConnectionsConfig': DownstreamConnectionsConfig;
  readonly 'envoy.extensions.resource_monitors.fixed_heap.v3.FixedHeapConfig': FixedHeapConfig;
  readonly 'envoy.extensions.resource_monitors.injected_resource.v3.InjectedResourceConfig': InjectedResourceConfig;
  readonly 'envoy.extensions.retry.host.previous_hosts.v3.PreviousHostsPredicate': PreviousHostsPredicate;
  readonly 'envoy.extensions.router.cluster_specifiers.matcher.v3.ClusterAction': ClusterAction;
  readonly 'envoy.extensions.router.cluster_specifiers.matcher.v3.MatcherClusterSpecifier': MatcherClusterSpecifier;
  readonly 'envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext': DownstreamTlsContext;
  readonly 'envoy.extensions.transport_sockets.tls.v3.Secret': Secret;
  readonly 'envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext': UpstreamTlsContext;
  readonly 'envoy.extensions.upstreams.http.v3.HttpProtocolOptions': HttpHttpProtocolOptions;
  readonly 'envoy.service.discovery.v3.DiscoveryResponse': DiscoveryResponse;
  readonly 'envoy.type.matcher.v3.HttpRequestHeaderMatchInput': HttpRequestHeaderMatchInput;
}

/** envoy.config.accesslog.v3.AccessLog */
export interface AccessLog {
  readonly name?: string;
  readonly typed_config?: Any;
}

/** envoy.config.accesslog.v3.AccessLogFilter */
export type AccessLogFilter = OneOf<{ readonly and_filter: AndFilter; readonly metadata_filter: MetadataFilter }>;

/** envoy.config.accesslog.v3.AndFilter */
export interface AndFilter {
  readonly filters: readonly AccessLogFilter[];
}

/** envoy.config.accesslog.v3.MetadataFilter */
export interface MetadataFilter {
  readonly matcher?: MetadataMatcher;
  readonly match_if_key_not_found?: boolean;
}

/** envoy.config.bootstrap.v3.Admin */
export interface Admin {
  readonly address?: Address;
  readonly ignore_global_conn_limit?: boolean;
}

/** envoy.config.bootstrap.v3.Bootstrap */
export interface Bootstrap {
  readonly node?: Node;
  readonly static_resources?: BootstrapStaticResources;
  readonly dynamic_resources?: BootstrapDynamicResources;
  readonly layered_runtime?: LayeredRuntime;
  readonly admin?: Admin;
  readonly bootstrap_extensions?: readonly TypedExtensionConfig[];
  readonly application_log_config?: BootstrapApplicationLogConfig;
  readonly overload_manager?: OverloadManager;
  readonly stats_config?: StatsConfig;
}

/** envoy.config.bootstrap.v3.Bootstrap.ApplicationLogConfig */
export interface BootstrapApplicationLogConfig {
  readonly log_format?: BootstrapApplicationLogConfigLogFormat;
}

/** envoy.config.bootstrap.v3.Bootstrap.ApplicationLogConfig.LogFormat */
export interface BootstrapApplicationLogConfigLogFormat {
  readonly json_format: Struct;
}

/** envoy.config.bootstrap.v3.Bootstrap.DynamicResources */
export interface BootstrapDynamicResources {
  readonly lds_config?: ConfigSource;
  readonly cds_config?: ConfigSource;
}

/** envoy.config.bootstrap.v3.Bootstrap.StaticResources */
export interface BootstrapStaticResources {
  readonly listeners?: readonly Listener[];
  readonly clusters?: readonly Cluster[];
}

/** envoy.config.bootstrap.v3.LayeredRuntime */
export interface LayeredRuntime {
  readonly layers?: readonly RuntimeLayer[];
}

/** envoy.config.bootstrap.v3.RuntimeLayer */
export interface RuntimeLayer {
  readonly name: string;
  readonly static_layer: Struct;
}

/** envoy.config.cluster.v3.CircuitBreakers */
export interface CircuitBreakers {
  readonly thresholds?: readonly CircuitBreakersThresholds[];
}

/** envoy.config.cluster.v3.CircuitBreakers.Thresholds */
export interface CircuitBreakersThresholds {
  readonly max_connections?: number;
  readonly max_pending_requests?: number;
  readonly max_requests?: number;
  readonly max_retries?: number;
}

/** envoy.config.cluster.v3.Cluster */
export type Cluster = {
  readonly transport_socket_matches?: readonly ClusterTransportSocketMatch[];
  readonly name: string;
  readonly connect_timeout?: Duration;
  readonly lb_policy?: ClusterLbPolicy;
  readonly load_assignment?: ClusterLoadAssignment;
  readonly health_checks?: readonly CoreHealthCheck[];
  readonly circuit_breakers?: CircuitBreakers;
  readonly typed_extension_protocol_options?: { readonly [key: string]: Any };
  readonly dns_lookup_family?: ClusterDnsLookupFamily;
  readonly outlier_detection?: OutlierDetection;
  readonly common_lb_config?: ClusterCommonLbConfig;
  readonly transport_socket?: TransportSocket;
  readonly ignore_health_on_host_removal?: boolean;
} & AtMostOne<{ readonly type: ClusterDiscoveryType; readonly cluster_type: ClusterCustomClusterType }>;

/** envoy.config.cluster.v3.Cluster.CommonLbConfig */
export interface ClusterCommonLbConfig {
  readonly healthy_panic_threshold?: Percent;
  readonly locality_weighted_lb_config?: ClusterCommonLbConfigLocalityWeightedLbConfig;
  readonly update_merge_window?: Duration;
  readonly override_host_status?: HealthStatusSet;
}

/** envoy.config.cluster.v3.Cluster.CommonLbConfig.LocalityWeightedLbConfig */
export type ClusterCommonLbConfigLocalityWeightedLbConfig = Nothing;

/** envoy.config.cluster.v3.Cluster.CustomClusterType */
export interface ClusterCustomClusterType {
  readonly name: string;
  readonly typed_config?: Any;
}

/** envoy.config.cluster.v3.Cluster.TransportSocketMatch */
export interface ClusterTransportSocketMatch {
  readonly name: string;
  readonly match?: Struct;
  readonly transport_socket?: TransportSocket;
}

/** envoy.config.cluster.v3.OutlierDetection */
export interface OutlierDetection {
  readonly consecutive_5xx?: number;
  readonly interval?: Duration;
  readonly base_ejection_time?: Duration;
  readonly max_ejection_percent?: number;
  readonly enforcing_consecutive_5xx?: number;
  readonly enforcing_success_rate?: number;
  readonly split_external_local_origin_errors?: boolean;
  readonly consecutive_local_origin_failure?: number;
  readonly enforcing_local_origin_success_rate?: number;
  readonly failure_percentage_threshold?: number;
  readonly enforcing_failure_percentage?: number;
  readonly failure_percentage_minimum_hosts?: number;
  readonly failure_percentage_request_volume?: number;
  readonly max_ejection_time?: Duration;
}

/** envoy.config.common.mutation_rules.v3.HeaderMutation */
export type MutationRulesHeaderMutation = OneOf<{
  readonly remove: string;
  readonly remove_on_match: HeaderMutationRemoveOnMatch;
}>;

/** envoy.config.common.mutation_rules.v3.HeaderMutation.RemoveOnMatch */
export interface HeaderMutationRemoveOnMatch {
  readonly key_matcher: StringMatcher;
}

/** envoy.config.core.v3.Address */
export type Address = OneOf<{
  readonly socket_address: SocketAddress;
  readonly pipe: Pipe;
  readonly envoy_internal_address: EnvoyInternalAddress;
}>;

/** envoy.config.core.v3.CidrRange */
export interface CidrRange {
  readonly address_prefix: string;
  readonly prefix_len?: number;
}

/** envoy.config.core.v3.ConfigSource */
export interface ConfigSource {
  readonly path_config_source: PathConfigSource;
  readonly resource_api_version?: ApiVersion;
}

/** envoy.config.core.v3.DataSource */
export type DataSource = OneOf<{ readonly filename: string; readonly inline_string: string }>;

/** envoy.config.core.v3.EnvoyInternalAddress */
export interface EnvoyInternalAddress {
  readonly server_listener_name: string;
  readonly endpoint_id?: string;
}

/** envoy.config.core.v3.GrpcService */
export interface GrpcService {
  readonly envoy_grpc: GrpcServiceEnvoyGrpc;
  readonly timeout?: Duration;
}

/** envoy.config.core.v3.GrpcService.EnvoyGrpc */
export interface GrpcServiceEnvoyGrpc {
  readonly cluster_name: string;
}

/** envoy.config.core.v3.HeaderValue */
export interface HeaderValue {
  readonly key: string;
  readonly value?: string;
}

/** envoy.config.core.v3.HeaderValueOption */
export interface HeaderValueOption {
  readonly header: HeaderValue;
  readonly append_action?: HeaderValueOptionHeaderAppendAction;
  readonly keep_empty_value?: boolean;
}

/** envoy.config.core.v3.HealthCheck */
export interface CoreHealthCheck {
  readonly timeout: Duration;
  readonly interval: Duration;
  readonly unhealthy_threshold: number;
  readonly healthy_threshold: number;
  readonly tcp_health_check: HealthCheckTcpHealthCheck;
  readonly no_traffic_interval?: Duration;
  readonly no_traffic_healthy_interval?: Duration;
  readonly unhealthy_interval?: Duration;
}

/** envoy.config.core.v3.HealthCheck.TcpHealthCheck */
export type HealthCheckTcpHealthCheck = Nothing;

/** envoy.config.core.v3.HealthStatusSet */
export interface HealthStatusSet {
  readonly statuses?: readonly HealthStatus[];
}

/** envoy.config.core.v3.Http1ProtocolOptions */
export type Http1ProtocolOptions = Nothing;

/** envoy.config.core.v3.Http2ProtocolOptions */
export interface Http2ProtocolOptions {
  readonly max_concurrent_streams?: number;
  readonly initial_stream_window_size?: number;
  readonly initial_connection_window_size?: number;
}

/** envoy.config.core.v3.HttpProtocolOptions */
export interface CoreHttpProtocolOptions {
  readonly idle_timeout?: Duration;
  readonly max_connection_duration?: Duration;
  readonly max_requests_per_connection?: number;
  readonly max_stream_duration?: Duration;
  readonly headers_with_underscores_action?: HttpProtocolOptionsHeadersWithUnderscoresAction;
}

/** envoy.config.core.v3.HttpService */
export interface HttpService {
  readonly http_uri?: HttpUri;
}

/** envoy.config.core.v3.HttpUri */
export interface HttpUri {
  readonly uri: string;
  readonly cluster: string;
  readonly timeout: Duration;
}

/** envoy.config.core.v3.Locality */
export interface Locality {
  readonly zone?: string;
}

/** envoy.config.core.v3.Metadata */
export interface Metadata {
  readonly filter_metadata?: { readonly [key: string]: Struct };
}

/** envoy.config.core.v3.Node */
export interface Node {
  readonly id?: string;
  readonly cluster?: string;
}

/** envoy.config.core.v3.PathConfigSource */
export interface PathConfigSource {
  readonly path: string;
  readonly watched_directory?: WatchedDirectory;
}

/** envoy.config.core.v3.Pipe */
export interface Pipe {
  readonly path: string;
}

/** envoy.config.core.v3.SocketAddress */
export interface SocketAddress {
  readonly address: string;
  readonly port_value: number;
  readonly ipv4_compat?: boolean;
}

/** envoy.config.core.v3.SubstitutionFormatString */
export type SubstitutionFormatString = { readonly omit_empty_values?: boolean } & OneOf<{
  readonly json_format: Struct;
  readonly text_format_source: DataSource;
}>;

/** envoy.config.core.v3.TransportSocket */
export interface TransportSocket {
  readonly name: string;
  readonly typed_config?: Any;
}

/** envoy.config.core.v3.TypedExtensionConfig */
export interface TypedExtensionConfig {
  readonly name: string;
  readonly typed_config: Any;
}

/** envoy.config.core.v3.WatchedDirectory */
export interface WatchedDirectory {
  readonly path: string;
}

/** envoy.config.endpoint.v3.ClusterLoadAssignment */
export interface ClusterLoadAssignment {
  readonly cluster_name: string;
  readonly endpoints?: readonly LocalityLbEndpoints[];
  readonly policy?: ClusterLoadAssignmentPolicy;
}

/** envoy.config.endpoint.v3.ClusterLoadAssignment.Policy */
export interface ClusterLoadAssignmentPolicy {
  readonly overprovisioning_factor?: number;
}

/** envoy.config.endpoint.v3.Endpoint */
export interface Endpoint {
  readonly address?: Address;
  readonly hostname?: string;
}

/** envoy.config.endpoint.v3.LbEndpoint */
export interface LbEndpoint {
  readonly endpoint?: Endpoint;
  readonly metadata?: Metadata;
}

/** envoy.config.endpoint.v3.LocalityLbEndpoints */
export interface LocalityLbEndpoints {
  readonly locality?: Locality;
  readonly lb_endpoints?: readonly LbEndpoint[];
  readonly load_balancing_weight?: number;
}

/** envoy.config.listener.v3.Filter */
export interface Filter {
  readonly name: string;
  readonly typed_config?: Any;
}

/** envoy.config.listener.v3.FilterChain */
export interface FilterChain {
  readonly filters?: readonly Filter[];
  readonly transport_socket?: TransportSocket;
  readonly transport_socket_connect_timeout?: Duration;
}

/** envoy.config.listener.v3.Listener */
export interface Listener {
  readonly name?: string;
  readonly address?: Address;
  readonly filter_chains?: readonly FilterChain[];
  readonly per_connection_buffer_limit_bytes?: number;
  readonly internal_listener?: ListenerInternalListenerConfig;
  readonly ignore_global_conn_limit?: boolean;
}

/** envoy.config.listener.v3.Listener.InternalListenerConfig */
export type ListenerInternalListenerConfig = Nothing;

/** envoy.config.metrics.v3.StatsConfig */
export interface StatsConfig {
  readonly stats_tags?: readonly TagSpecifier[];
  readonly use_all_default_tags?: boolean;
  readonly stats_matcher?: StatsMatcher;
}

/** envoy.config.metrics.v3.StatsMatcher */
export interface StatsMatcher {
  readonly inclusion_list: ListStringMatcher;
}

/** envoy.config.metrics.v3.TagSpecifier */
export interface TagSpecifier {
  readonly tag_name?: string;
  readonly regex?: string;
}

/** envoy.config.overload.v3.BufferFactoryConfig */
export interface BufferFactoryConfig {
  readonly minimum_account_to_track_power_of_two?: number;
}

/** envoy.config.overload.v3.LoadShedPoint */
export interface LoadShedPoint {
  readonly name: string;
  readonly triggers: readonly Trigger[];
}

/** envoy.config.overload.v3.OverloadAction */
export interface OverloadAction {
  readonly name: string;
  readonly triggers: readonly Trigger[];
  readonly typed_config?: Any;
}

/** envoy.config.overload.v3.OverloadManager */
export interface OverloadManager {
  readonly refresh_interval?: Duration;
  readonly resource_monitors: readonly ResourceMonitor[];
  readonly actions?: readonly OverloadAction[];
  readonly buffer_factory_config?: BufferFactoryConfig;
  readonly loadshed_points?: readonly LoadShedPoint[];
}

/** envoy.config.overload.v3.ResourceMonitor */
export interface ResourceMonitor {
  readonly name: string;
  readonly typed_config?: Any;
}

/** envoy.config.overload.v3.ScaleTimersOverloadActionConfig */
export interface ScaleTimersOverloadActionConfig {
  readonly timer_scale_factors: readonly ScaleTimersOverloadActionConfigScaleTimer[];
}

/** envoy.config.overload.v3.ScaleTimersOverloadActionConfig.ScaleTimer */
export interface ScaleTimersOverloadActionConfigScaleTimer {
  readonly timer?: ScaleTimersOverloadActionConfigTimerType;
  readonly min_timeout: Duration;
}

/** envoy.config.overload.v3.ScaledTrigger */
export interface ScaledTrigger {
  readonly scaling_threshold?: number;
  readonly saturation_threshold?: number;
}

/** envoy.config.overload.v3.ThresholdTrigger */
export interface ThresholdTrigger {
  readonly value?: number;
}

/** envoy.config.overload.v3.Trigger */
export type Trigger = { readonly name: string } & OneOf<{
  readonly threshold: ThresholdTrigger;
  readonly scaled: ScaledTrigger;
}>;

/** envoy.config.ratelimit.v3.RateLimitServiceConfig */
export interface RateLimitServiceConfig {
  readonly grpc_service: GrpcService;
  readonly transport_api_version?: ApiVersion;
}

/** envoy.config.rbac.v3.Permission */
export type Permission = OneOf<{
  readonly and_rules: PermissionSet;
  readonly any: boolean;
  readonly header: HeaderMatcher;
  readonly not_rule: Permission;
  readonly sourced_metadata: SourcedMetadata;
}>;

/** envoy.config.rbac.v3.Permission.Set */
export interface PermissionSet {
  readonly rules: readonly Permission[];
}

/** envoy.config.rbac.v3.Policy */
export interface Policy {
  readonly permissions: readonly Permission[];
  readonly principals: readonly Principal[];
}

/** envoy.config.rbac.v3.Principal */
export type Principal = OneOf<{
  readonly and_ids: PrincipalSet;
  readonly or_ids: PrincipalSet;
  readonly any: boolean;
  readonly remote_ip: CidrRange;
  readonly header: HeaderMatcher;
  readonly filter_state: FilterStateMatcher;
  readonly not_id: Principal;
  readonly sourced_metadata: SourcedMetadata;
}>;

/** envoy.config.rbac.v3.Principal.Set */
export interface PrincipalSet {
  readonly ids: readonly Principal[];
}

/** envoy.config.rbac.v3.RBAC */
export interface ConfigRbacRBAC {
  readonly action?: RBACAction;
  readonly policies?: { readonly [key: string]: Policy };
}

/** envoy.config.rbac.v3.SourcedMetadata */
export interface SourcedMetadata {
  readonly metadata_matcher: MetadataMatcher;
}

/** envoy.config.route.v3.ClusterSpecifierPlugin */
export interface ClusterSpecifierPlugin {
  readonly extension: TypedExtensionConfig;
}

/** envoy.config.route.v3.DirectResponseAction */
export interface DirectResponseAction {
  readonly status?: number;
  readonly body?: DataSource;
  readonly body_format?: SubstitutionFormatString;
}

/** envoy.config.route.v3.FilterConfig */
export interface FilterConfig {
  readonly disabled?: boolean;
}

/** envoy.config.route.v3.HeaderMatcher */
export type HeaderMatcher = { readonly name: string; readonly invert_match?: boolean } & AtMostOne<{
  readonly present_match: boolean;
  readonly string_match: StringMatcher;
}>;

/** envoy.config.route.v3.RateLimit */
export interface RouteRateLimit {
  readonly actions: readonly RateLimitAction[];
}

/** envoy.config.route.v3.RateLimit.Action */
export type RateLimitAction = OneOf<{
  readonly generic_key: RateLimitActionGenericKey;
  readonly metadata: RateLimitActionMetaData;
  readonly extension: TypedExtensionConfig;
  readonly remote_address_match: RateLimitActionRemoteAddressMatch;
}>;

/** envoy.config.route.v3.RateLimit.Action.GenericKey */
export interface RateLimitActionGenericKey {
  readonly descriptor_value: string;
  readonly descriptor_key?: string;
}

/** envoy.config.route.v3.RateLimit.Action.MetaData */
export interface RateLimitActionMetaData {
  readonly descriptor_key: string;
  readonly metadata_key: MetadataKey;
  readonly default_value?: string;
  readonly source?: RateLimitActionMetaDataSource;
}

/** envoy.config.route.v3.RateLimit.Action.RemoteAddressMatch */
export interface RateLimitActionRemoteAddressMatch {
  readonly descriptor_value: string;
  readonly descriptor_key?: string;
  readonly address_matcher: AddressMatcher;
}

/** envoy.config.route.v3.RetryPolicy */
export interface RetryPolicy {
  readonly retry_on?: string;
  readonly num_retries?: number;
  readonly per_try_timeout?: Duration;
  readonly retry_host_predicate?: readonly RetryPolicyRetryHostPredicate[];
  readonly host_selection_retry_max_attempts?: number;
  readonly retriable_status_codes?: readonly number[];
  readonly retry_back_off?: RetryPolicyRetryBackOff;
  readonly retriable_request_headers?: readonly HeaderMatcher[];
}

/** envoy.config.route.v3.RetryPolicy.RetryBackOff */
export interface RetryPolicyRetryBackOff {
  readonly base_interval: Duration;
  readonly max_interval?: Duration;
}

/** envoy.config.route.v3.RetryPolicy.RetryHostPredicate */
export interface RetryPolicyRetryHostPredicate {
  readonly name: string;
  readonly typed_config?: Any;
}

/** envoy.config.route.v3.Route */
export type Route = {
  readonly name?: string;
  readonly match: RouteMatch;
  readonly typed_per_filter_config?: { readonly [key: string]: Any };
  readonly request_headers_to_add?: readonly HeaderValueOption[];
  readonly request_headers_to_remove?: readonly string[];
  readonly response_headers_to_add?: readonly HeaderValueOption[];
  readonly response_headers_to_remove?: readonly string[];
} & OneOf<{ readonly route: RouteAction; readonly direct_response: DirectResponseAction }>;

/** envoy.config.route.v3.RouteAction */
export type RouteAction = {
  readonly prefix_rewrite?: string;
  readonly regex_rewrite?: RegexMatchAndSubstitute;
  readonly auto_host_rewrite?: boolean;
  readonly timeout?: Duration;
  readonly idle_timeout?: Duration;
  readonly retry_policy?: RetryPolicy;
  readonly rate_limits?: readonly RouteRateLimit[];
  readonly hash_policy?: readonly RouteActionHashPolicy[];
} & OneOf<{ readonly cluster: string; readonly inline_cluster_specifier_plugin: ClusterSpecifierPlugin }>;

/** envoy.config.route.v3.RouteAction.HashPolicy */
export type RouteActionHashPolicy = { readonly terminal?: boolean } & OneOf<{
  readonly connection_properties: RouteActionHashPolicyConnectionProperties;
  readonly filter_state: RouteActionHashPolicyFilterState;
}>;

/** envoy.config.route.v3.RouteAction.HashPolicy.ConnectionProperties */
export interface RouteActionHashPolicyConnectionProperties {
  readonly source_ip?: boolean;
}

/** envoy.config.route.v3.RouteAction.HashPolicy.FilterState */
export interface RouteActionHashPolicyFilterState {
  readonly key: string;
}

/** envoy.config.route.v3.RouteConfiguration */
export interface RouteConfiguration {
  readonly name?: string;
  readonly virtual_hosts?: readonly VirtualHost[];
}

/** envoy.config.route.v3.RouteList */
export interface RouteList {
  readonly routes?: readonly Route[];
}

/** envoy.config.route.v3.RouteMatch */
export interface RouteMatch {
  readonly path: string;
  readonly headers?: readonly HeaderMatcher[];
  readonly dynamic_metadata?: readonly MetadataMatcher[];
}

/** envoy.config.route.v3.VirtualHost */
export interface VirtualHost {
  readonly name: string;
  readonly domains: readonly string[];
  readonly routes?: readonly Route[];
  readonly matcher?: XdsMatcher;
  readonly typed_per_filter_config?: { readonly [key: string]: Any };
  readonly request_body_buffer_limit?: number;
}

/** envoy.config.trace.v3.OpenTelemetryConfig */
export interface OpenTelemetryConfig {
  readonly grpc_service?: GrpcService;
  readonly http_service?: HttpService;
  readonly service_name?: string;
}

/** envoy.config.trace.v3.Tracing.Http */
export interface TracingHttp {
  readonly name: string;
  readonly typed_config?: Any;
}

/** envoy.extensions.access_loggers.stream.v3.StdoutAccessLog */
export interface StdoutAccessLog {
  readonly log_format?: SubstitutionFormatString;
}

/** envoy.extensions.bootstrap.internal_listener.v3.InternalListener */
export type InternalListener = Nothing;

/** envoy.extensions.filters.common.set_filter_state.v3.FilterStateValue */
export interface FilterStateValue {
  readonly object_key: string;
  readonly factory_key?: string;
  readonly format_string: SubstitutionFormatString;
  readonly skip_if_empty?: boolean;
}

/** envoy.extensions.clusters.dns.v3.DnsCluster */
export interface DnsCluster {
  readonly dns_refresh_rate?: Duration;
  readonly dns_failure_refresh_rate?: DnsClusterRefreshRate;
  readonly respect_dns_ttl?: boolean;
  readonly dns_lookup_family?: DnsLookupFamily;
  readonly all_addresses_in_single_endpoint?: boolean;
}

/** envoy.extensions.clusters.dns.v3.DnsCluster.RefreshRate */
export interface DnsClusterRefreshRate {
  readonly base_interval: Duration;
  readonly max_interval?: Duration;
}

/** envoy.extensions.filters.http.cors.v3.Cors */
export type Cors = Nothing;

/** envoy.extensions.filters.http.cors.v3.CorsPolicy */
export interface CorsPolicy {
  readonly allow_origin_string_match?: readonly StringMatcher[];
  readonly allow_methods?: string;
  readonly allow_headers?: string;
  readonly expose_headers?: string;
  readonly max_age?: string;
}

/** envoy.extensions.filters.http.health_check.v3.HealthCheck */
export interface HealthCheckHealthCheck {
  readonly pass_through_mode: boolean;
  readonly cluster_min_healthy_percentages?: { readonly [key: string]: Percent };
  readonly headers?: readonly HeaderMatcher[];
}

/** envoy.extensions.filters.http.jwt_authn.v3.JwksAsyncFetch */
export interface JwksAsyncFetch {
  readonly failed_refetch_duration?: Duration;
}

/** envoy.extensions.filters.http.jwt_authn.v3.JwtAuthentication */
export interface JwtAuthentication {
  readonly providers?: { readonly [key: string]: JwtProvider };
  readonly requirement_map?: { readonly [key: string]: JwtRequirement };
}

/** envoy.extensions.filters.http.jwt_authn.v3.JwtHeader */
export interface JwtHeader {
  readonly name: string;
  readonly value_prefix?: string;
}

/** envoy.extensions.filters.http.jwt_authn.v3.JwtCacheConfig */
export interface JwtCacheConfig {
  readonly jwt_cache_size?: number;
}

/** envoy.extensions.filters.http.jwt_authn.v3.JwtProvider */
export type JwtProvider = {
  readonly issuer?: string;
  readonly audiences?: readonly string[];
  readonly require_expiration?: boolean;
  readonly forward?: boolean;
  readonly from_headers?: readonly JwtHeader[];
  readonly payload_in_metadata?: string;
  readonly jwt_cache_config?: JwtCacheConfig;
} & OneOf<{ readonly remote_jwks: RemoteJwks; readonly local_jwks: DataSource }>;

/** envoy.extensions.filters.http.jwt_authn.v3.JwtRequirement */
export type JwtRequirement = AtMostOne<{
  readonly provider_name: string;
  readonly requires_any: JwtRequirementOrList;
  readonly requires_all: JwtRequirementAndList;
  readonly allow_missing_or_failed: Nothing;
}>;

/** envoy.extensions.filters.http.jwt_authn.v3.JwtRequirementAndList */
export interface JwtRequirementAndList {
  readonly requirements: readonly JwtRequirement[];
}

/** envoy.extensions.filters.http.jwt_authn.v3.JwtRequirementOrList */
export interface JwtRequirementOrList {
  readonly requirements: readonly JwtRequirement[];
}

/** envoy.extensions.filters.http.jwt_authn.v3.PerRouteConfig */
export interface PerRouteConfig {
  readonly requirement_name: string;
}

/** envoy.extensions.filters.http.jwt_authn.v3.RemoteJwks */
export interface RemoteJwks {
  readonly http_uri: HttpUri;
  readonly cache_duration?: Duration;
  readonly async_fetch?: JwksAsyncFetch;
}

/** envoy.extensions.filters.http.lua.v3.Lua */
export interface Lua {
  readonly source_codes?: { readonly [key: string]: DataSource };
  readonly default_source_code?: DataSource;
  readonly clear_route_cache?: boolean;
}

/** envoy.extensions.filters.http.lua.v3.LuaPerRoute */
export interface LuaPerRoute {
  readonly name?: string;
  readonly filter_context?: Struct;
}

/** envoy.extensions.filters.http.mcp.v3.Mcp */
export interface Mcp {
  readonly traffic_mode?: McpTrafficMode;
  readonly clear_route_cache?: boolean;
  readonly max_request_body_size?: number;
  readonly parser_config?: ParserConfig;
  readonly reject_duplicate_keys?: boolean;
}

/** envoy.extensions.filters.http.mcp.v3.ParserConfig */
export interface ParserConfig {
  readonly methods?: readonly ParserConfigMethodConfig[];
}

/** envoy.extensions.filters.http.mcp.v3.ParserConfig.AttributeExtractionRule */
export interface ParserConfigAttributeExtractionRule {
  readonly path: string;
}

/** envoy.extensions.filters.http.mcp.v3.ParserConfig.MethodConfig */
export interface ParserConfigMethodConfig {
  readonly method: string;
  readonly extraction_rules?: readonly ParserConfigAttributeExtractionRule[];
}

/** envoy.extensions.filters.http.mcp_json_rest_bridge.v3.HttpRule */
export interface HttpRule {
  readonly get?: string;
  readonly put?: string;
  readonly post?: string;
  readonly delete?: string;
  readonly patch?: string;
  readonly body?: string;
  readonly bindings?: readonly HttpRuleParameterBinding[];
}

/** envoy.extensions.filters.http.mcp_json_rest_bridge.v3.HttpRule.ParameterBinding */
export interface HttpRuleParameterBinding {
  readonly type?: HttpRuleParameterBindingType;
  readonly name: string;
  readonly argument_path: string;
}

/** envoy.extensions.filters.http.mcp_json_rest_bridge.v3.McpJsonRestBridge */
export interface McpJsonRestBridge {
  readonly max_request_body_size?: number;
  readonly max_response_body_size?: number;
  readonly disable_clear_route_cache?: boolean;
  readonly per_route_only?: boolean;
}

/** envoy.extensions.filters.http.mcp_json_rest_bridge.v3.McpJsonRestBridgePerRoute */
export interface McpJsonRestBridgePerRoute {
  readonly tool_config?: readonly ServerToolConfig[];
}

/** envoy.extensions.filters.http.mcp_json_rest_bridge.v3.McpServerInfo */
export interface McpServerInfo {
  readonly path?: string;
}

/** envoy.extensions.filters.http.mcp_json_rest_bridge.v3.ServerToolConfig */
export interface ServerToolConfig {
  readonly tools?: readonly ToolConfig[];
  readonly tool_list_local?: ToolsListLocal;
  readonly default_server_info?: McpServerInfo;
}

/** envoy.extensions.filters.http.mcp_json_rest_bridge.v3.ToolConfig */
export interface ToolConfig {
  readonly name: string;
  readonly http_rule?: HttpRule;
  readonly tool_list_config?: ToolsListSpecificConfig;
}

/** envoy.extensions.filters.http.mcp_json_rest_bridge.v3.ToolsListLocal */
export type ToolsListLocal = Nothing;

/** envoy.extensions.filters.http.mcp_json_rest_bridge.v3.ToolsListSpecificConfig */
export interface ToolsListSpecificConfig {
  readonly title?: string;
  readonly description?: string;
  readonly input_schema?: string;
}

/** envoy.extensions.filters.http.ratelimit.v3.RateLimit */
export interface RatelimitRateLimit {
  readonly domain: string;
  readonly timeout?: Duration;
  readonly failure_mode_deny?: boolean;
  readonly rate_limit_service: RateLimitServiceConfig;
  readonly enable_retry_after_header?: boolean;
}

/** envoy.extensions.filters.http.rbac.v3.RBAC */
export interface HttpRbacRBAC {
  readonly rules?: ConfigRbacRBAC;
  readonly shadow_rules?: ConfigRbacRBAC;
  readonly shadow_rules_stat_prefix?: string;
}

/** envoy.extensions.filters.http.rbac.v3.RBACPerRoute */
export interface RBACPerRoute {
  readonly rbac?: HttpRbacRBAC;
}

/** envoy.extensions.filters.http.router.v3.Router */
export interface Router {
  readonly suppress_envoy_headers?: boolean;
}

/** envoy.extensions.filters.http.set_filter_state.v3.Config */
export interface Config {
  readonly on_request_headers?: readonly FilterStateValue[];
}

/** envoy.extensions.filters.http.stateful_session.v3.StatefulSession */
export interface StatefulSession {
  readonly session_state?: TypedExtensionConfig;
  readonly strict?: boolean;
  readonly status_on_strict_destination_not_found?: number;
}

/** envoy.extensions.filters.http.stateful_session.v3.StatefulSessionPerRoute */
export interface StatefulSessionPerRoute {
  readonly stateful_session: StatefulSession;
}

/** envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager */
export type HttpConnectionManager = {
  readonly stat_prefix: string;
  readonly http_filters?: readonly HttpFilter[];
  readonly tracing?: HttpConnectionManagerTracing;
  readonly common_http_protocol_options?: CoreHttpProtocolOptions;
  readonly http2_protocol_options?: Http2ProtocolOptions;
  readonly stream_idle_timeout?: Duration;
  readonly request_timeout?: Duration;
  readonly request_headers_timeout?: Duration;
  readonly drain_timeout?: Duration;
  readonly access_log?: readonly AccessLog[];
  readonly local_reply_config?: LocalReplyConfig;
  readonly use_remote_address?: boolean;
  readonly xff_num_trusted_hops?: number;
  readonly original_ip_detection_extensions?: readonly TypedExtensionConfig[];
  readonly early_header_mutation_extensions?: readonly TypedExtensionConfig[];
  readonly normalize_path?: boolean;
  readonly merge_slashes?: boolean;
  readonly path_with_escaped_slashes_action?: HttpConnectionManagerPathWithEscapedSlashesAction;
} & OneOf<{ readonly rds: Rds; readonly route_config: RouteConfiguration }>;

/** envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager.Tracing */
export interface HttpConnectionManagerTracing {
  readonly client_sampling?: Percent;
  readonly random_sampling?: Percent;
  readonly overall_sampling?: Percent;
  readonly custom_tags?: readonly CustomTag[];
  readonly provider?: TracingHttp;
  readonly spawn_upstream_span?: boolean;
}

/** envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter */
export interface HttpFilter {
  readonly name: string;
  readonly typed_config?: Any;
}

/** envoy.extensions.filters.network.http_connection_manager.v3.LocalReplyConfig */
export interface LocalReplyConfig {
  readonly mappers?: readonly ResponseMapper[];
}

/** envoy.extensions.filters.network.http_connection_manager.v3.ResponseMapper */
export interface ResponseMapper {
  readonly filter: AccessLogFilter;
  readonly headers_to_add?: readonly HeaderValueOption[];
}

/** envoy.extensions.filters.network.http_connection_manager.v3.Rds */
export interface Rds {
  readonly config_source?: ConfigSource;
  readonly route_config_name?: string;
}

/** envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy */
export interface TcpProxy {
  readonly stat_prefix: string;
  readonly cluster: string;
  readonly idle_timeout?: Duration;
  readonly tunneling_config?: TcpProxyTunnelingConfig;
}

/** envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy.TunnelingConfig */
export interface TcpProxyTunnelingConfig {
  readonly hostname: string;
}

/** envoy.extensions.http.early_header_mutation.header_mutation.v3.HeaderMutation */
export interface HeaderMutationHeaderMutation {
  readonly mutations: readonly MutationRulesHeaderMutation[];
}

/** envoy.extensions.http.original_ip_detection.xff.v3.XffConfig */
export interface XffConfig {
  readonly xff_trusted_cidrs?: XffTrustedCidrs;
  readonly skip_xff_append?: boolean;
}

/** envoy.extensions.http.original_ip_detection.xff.v3.XffTrustedCidrs */
export interface XffTrustedCidrs {
  readonly cidrs?: readonly CidrRange[];
}

/** envoy.extensions.http.stateful_session.envelope.v3.EnvelopeSessionState */
export interface EnvelopeSessionState {
  readonly header: EnvelopeSessionStateHeader;
}

/** envoy.extensions.http.stateful_session.envelope.v3.EnvelopeSessionState.Header */
export interface EnvelopeSessionStateHeader {
  readonly name: string;
}

/** envoy.extensions.rate_limit_descriptors.expr.v3.Descriptor */
export interface Descriptor {
  readonly descriptor_key: string;
  readonly text?: string;
}

/** envoy.extensions.resource_monitors.downstream_connections.v3.DownstreamConnectionsConfig */
export interface DownstreamConnectionsConfig {
  readonly max_active_downstream_connections?: number;
}

/** envoy.extensions.resource_monitors.fixed_heap.v3.FixedHeapConfig */
export interface FixedHeapConfig {
  readonly max_heap_size_bytes?: number;
}

/** envoy.extensions.resource_monitors.injected_resource.v3.InjectedResourceConfig */
export interface InjectedResourceConfig {
  readonly filename: string;
}

/** envoy.extensions.retry.host.previous_hosts.v3.PreviousHostsPredicate */
export type PreviousHostsPredicate = Nothing;

/** envoy.extensions.router.cluster_specifiers.matcher.v3.ClusterAction */
export interface ClusterAction {
  readonly cluster: string;
}

/** envoy.extensions.router.cluster_specifiers.matcher.v3.MatcherClusterSpecifier */
export interface MatcherClusterSpecifier {
  readonly cluster_matcher: XdsMatcher;
}

/** envoy.extensions.transport_sockets.tls.v3.CertificateValidationContext */
export interface CertificateValidationContext {
  readonly trusted_ca?: DataSource;
  readonly watched_directory?: WatchedDirectory;
  readonly match_typed_subject_alt_names?: readonly SubjectAltNameMatcher[];
}

/** envoy.extensions.transport_sockets.tls.v3.CommonTlsContext */
export type CommonTlsContext = {
  readonly tls_certificate_sds_secret_configs?: readonly SdsSecretConfig[];
  readonly alpn_protocols?: readonly string[];
} & AtMostOne<{
  readonly validation_context: CertificateValidationContext;
  readonly validation_context_sds_secret_config: SdsSecretConfig;
}>;

/** envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext */
export interface DownstreamTlsContext {
  readonly common_tls_context?: CommonTlsContext;
  readonly require_client_certificate?: boolean;
  readonly disable_stateless_session_resumption?: boolean;
  readonly disable_stateful_session_resumption?: boolean;
}

/** envoy.extensions.transport_sockets.tls.v3.SdsSecretConfig */
export interface SdsSecretConfig {
  readonly name: string;
  readonly sds_config?: ConfigSource;
}

/** envoy.extensions.transport_sockets.tls.v3.Secret */
export type Secret = { readonly name?: string } & AtMostOne<{
  readonly tls_certificate: TlsCertificate;
  readonly validation_context: CertificateValidationContext;
}>;

/** envoy.extensions.transport_sockets.tls.v3.SubjectAltNameMatcher */
export interface SubjectAltNameMatcher {
  readonly san_type?: SubjectAltNameMatcherSanType;
  readonly matcher: StringMatcher;
}

/** envoy.extensions.transport_sockets.tls.v3.TlsCertificate */
export interface TlsCertificate {
  readonly certificate_chain?: DataSource;
  readonly private_key?: DataSource;
  readonly watched_directory?: WatchedDirectory;
}

/** envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext */
export interface UpstreamTlsContext {
  readonly common_tls_context?: CommonTlsContext;
  readonly sni?: string;
}

/** envoy.extensions.upstreams.http.v3.HttpProtocolOptions */
export interface HttpHttpProtocolOptions {
  readonly common_http_protocol_options?: CoreHttpProtocolOptions;
  readonly explicit_http_config: HttpProtocolOptionsExplicitHttpConfig;
}

/** envoy.extensions.upstreams.http.v3.HttpProtocolOptions.ExplicitHttpConfig */
export type HttpProtocolOptionsExplicitHttpConfig = OneOf<{
  readonly http_protocol_options: Http1ProtocolOptions;
  readonly http2_protocol_options: Http2ProtocolOptions;
}>;

/** envoy.service.discovery.v3.DiscoveryResponse */
export interface DiscoveryResponse {
  readonly resources?: readonly Any[];
}

/** envoy.type.matcher.v3.AddressMatcher */
export interface AddressMatcher {
  readonly ranges?: readonly XdsCidrRange[];
}

/** envoy.type.matcher.v3.FilterStateMatcher */
export interface FilterStateMatcher {
  readonly key: string;
  readonly string_match: StringMatcher;
}

/** envoy.type.matcher.v3.HttpRequestHeaderMatchInput */
export interface HttpRequestHeaderMatchInput {
  readonly header_name?: string;
}

/** envoy.type.matcher.v3.ListMatcher */
export interface ListMatcher {
  readonly one_of: ValueMatcher;
}

/** envoy.type.matcher.v3.ListStringMatcher */
export interface ListStringMatcher {
  readonly patterns: readonly StringMatcher[];
}

/** envoy.type.matcher.v3.MetadataMatcher */
export interface MetadataMatcher {
  readonly filter: string;
  readonly path: readonly MetadataMatcherPathSegment[];
  readonly value: ValueMatcher;
}

/** envoy.type.matcher.v3.MetadataMatcher.PathSegment */
export interface MetadataMatcherPathSegment {
  readonly key: string;
}

/** envoy.type.matcher.v3.OrMatcher */
export interface OrMatcher {
  readonly value_matchers: readonly ValueMatcher[];
}

/** envoy.type.matcher.v3.RegexMatchAndSubstitute */
export interface RegexMatchAndSubstitute {
  readonly pattern: RegexMatcher;
  readonly substitution?: string;
}

/** envoy.type.matcher.v3.RegexMatcher */
export interface RegexMatcher {
  readonly regex: string;
}

/** envoy.type.matcher.v3.StringMatcher */
export type StringMatcher = OneOf<{
  readonly exact: string;
  readonly prefix: string;
  readonly safe_regex: RegexMatcher;
}>;

/** envoy.type.matcher.v3.ValueMatcher */
export type ValueMatcher = OneOf<{
  readonly string_match: StringMatcher;
  readonly bool_match: boolean;
  readonly list_match: ListMatcher;
  readonly or_match: OrMatcher;
}>;

/** envoy.type.metadata.v3.MetadataKey */
export interface MetadataKey {
  readonly key: string;
  readonly path: readonly MetadataKeyPathSegment[];
}

/** envoy.type.metadata.v3.MetadataKey.PathSegment */
export interface MetadataKeyPathSegment {
  readonly key: string;
}

/** envoy.type.metadata.v3.MetadataKind */
export interface MetadataKind {
  readonly request: MetadataKindRequest;
}

/** envoy.type.metadata.v3.MetadataKind.Request */
export type MetadataKindRequest = Nothing;

/** envoy.type.tracing.v3.CustomTag */
export interface CustomTag {
  readonly tag: string;
  readonly metadata: CustomTagMetadata;
}

/** envoy.type.tracing.v3.CustomTag.Metadata */
export interface CustomTagMetadata {
  readonly kind?: MetadataKind;
  readonly metadata_key?: MetadataKey;
}

/** envoy.type.v3.Percent */
export interface Percent {
  readonly value?: number;
}

/** xds.core.v3.CidrRange */
export interface XdsCidrRange {
  readonly address_prefix: string;
  readonly prefix_len?: number;
}

/** xds.core.v3.TypedExtensionConfig */
export interface XdsTypedExtensionConfig {
  readonly name: string;
  readonly typed_config: Any;
}

/** xds.type.matcher.v3.Matcher */
export type XdsMatcher = { readonly on_no_match?: XdsMatcherOnMatch } & AtMostOne<{
  readonly matcher_list: XdsMatcherMatcherList;
  readonly matcher_tree: XdsMatcherMatcherTree;
}>;

/** xds.type.matcher.v3.Matcher.MatcherList */
export interface XdsMatcherMatcherList {
  readonly matchers: readonly XdsMatcherMatcherListFieldMatcher[];
}

/** xds.type.matcher.v3.Matcher.MatcherList.FieldMatcher */
export interface XdsMatcherMatcherListFieldMatcher {
  readonly predicate: XdsMatcherMatcherListPredicate;
  readonly on_match: XdsMatcherOnMatch;
}

/** xds.type.matcher.v3.Matcher.MatcherList.Predicate */
export interface XdsMatcherMatcherListPredicate {
  readonly single_predicate: XdsMatcherMatcherListPredicateSinglePredicate;
}

/** xds.type.matcher.v3.Matcher.MatcherList.Predicate.SinglePredicate */
export interface XdsMatcherMatcherListPredicateSinglePredicate {
  readonly input: XdsTypedExtensionConfig;
  readonly value_match: XdsStringMatcher;
}

/** xds.type.matcher.v3.Matcher.MatcherTree */
export interface XdsMatcherMatcherTree {
  readonly input: XdsTypedExtensionConfig;
  readonly prefix_match_map: XdsMatcherMatcherTreeMatchMap;
}

/** xds.type.matcher.v3.Matcher.MatcherTree.MatchMap */
export interface XdsMatcherMatcherTreeMatchMap {
  readonly map: { readonly [key: string]: XdsMatcherOnMatch };
}

/** xds.type.matcher.v3.Matcher.OnMatch */
export interface XdsMatcherOnMatch {
  readonly action: XdsTypedExtensionConfig;
}

/** xds.type.matcher.v3.RegexMatcher */
export interface XdsRegexMatcher {
  readonly google_re2: XdsRegexMatcherGoogleRE2;
  readonly regex: string;
}

/** xds.type.matcher.v3.RegexMatcher.GoogleRE2 */
export type XdsRegexMatcherGoogleRE2 = Nothing;

/** xds.type.matcher.v3.StringMatcher */
export interface XdsStringMatcher {
  readonly safe_regex: XdsRegexMatcher;
}

/** envoy.config.cluster.v3.Cluster.DiscoveryType */
export type ClusterDiscoveryType = 'STATIC' | 'STRICT_DNS' | 'LOGICAL_DNS' | 'EDS' | 'ORIGINAL_DST';

/** envoy.config.cluster.v3.Cluster.DnsLookupFamily */
export type ClusterDnsLookupFamily = 'AUTO' | 'V4_ONLY' | 'V6_ONLY' | 'V4_PREFERRED' | 'ALL';

/** envoy.config.cluster.v3.Cluster.LbPolicy */
export type ClusterLbPolicy =
  | 'ROUND_ROBIN'
  | 'LEAST_REQUEST'
  | 'RING_HASH'
  | 'RANDOM'
  | 'MAGLEV'
  | 'CLUSTER_PROVIDED'
  | 'LOAD_BALANCING_POLICY_CONFIG';

/** envoy.config.core.v3.ApiVersion */
export type ApiVersion = 'AUTO' | 'V3';

/** envoy.config.core.v3.HeaderValueOption.HeaderAppendAction */
export type HeaderValueOptionHeaderAppendAction =
  'APPEND_IF_EXISTS_OR_ADD' | 'ADD_IF_ABSENT' | 'OVERWRITE_IF_EXISTS_OR_ADD' | 'OVERWRITE_IF_EXISTS';

/** envoy.config.core.v3.HealthStatus */
export type HealthStatus = 'UNKNOWN' | 'HEALTHY' | 'UNHEALTHY' | 'DRAINING' | 'TIMEOUT' | 'DEGRADED';

/** envoy.config.core.v3.HttpProtocolOptions.HeadersWithUnderscoresAction */
export type HttpProtocolOptionsHeadersWithUnderscoresAction = 'ALLOW' | 'REJECT_REQUEST' | 'DROP_HEADER';

/** envoy.config.overload.v3.ScaleTimersOverloadActionConfig.TimerType */
export type ScaleTimersOverloadActionConfigTimerType =
  | 'UNSPECIFIED'
  | 'HTTP_DOWNSTREAM_CONNECTION_IDLE'
  | 'HTTP_DOWNSTREAM_STREAM_IDLE'
  | 'TRANSPORT_SOCKET_CONNECT'
  | 'HTTP_DOWNSTREAM_CONNECTION_MAX'
  | 'HTTP_DOWNSTREAM_STREAM_FLUSH';

/** envoy.config.rbac.v3.RBAC.Action */
export type RBACAction = 'ALLOW' | 'DENY' | 'LOG';

/** envoy.config.route.v3.RateLimit.Action.MetaData.Source */
export type RateLimitActionMetaDataSource = 'DYNAMIC' | 'ROUTE_ENTRY' | 'CLUSTER_ENTRY' | 'CLUSTER_LOCALITY_ENTRY';

/** envoy.extensions.clusters.common.dns.v3.DnsLookupFamily */
export type DnsLookupFamily = 'UNSPECIFIED' | 'AUTO' | 'V4_ONLY' | 'V6_ONLY' | 'V4_PREFERRED' | 'ALL';

/** envoy.extensions.filters.http.mcp.v3.Mcp.TrafficMode */
export type McpTrafficMode = 'PASS_THROUGH' | 'REJECT_NO_MCP' | 'NOOP';

/** envoy.extensions.filters.http.mcp_json_rest_bridge.v3.HttpRule.ParameterBinding.Type */
export type HttpRuleParameterBindingType = 'TYPE_UNSPECIFIED' | 'HEADER' | 'COOKIE';

/** envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager.PathWithEscapedSlashesAction */
export type HttpConnectionManagerPathWithEscapedSlashesAction =
  | 'IMPLEMENTATION_SPECIFIC_DEFAULT'
  | 'KEEP_UNCHANGED'
  | 'REJECT_REQUEST'
  | 'UNESCAPE_AND_REDIRECT'
  | 'UNESCAPE_AND_FORWARD';

/** envoy.extensions.transport_sockets.tls.v3.SubjectAltNameMatcher.SanType */
export type SubjectAltNameMatcherSanType =
  'SAN_TYPE_UNSPECIFIED' | 'EMAIL' | 'DNS' | 'URI' | 'IP_ADDRESS' | 'OTHER_NAME';

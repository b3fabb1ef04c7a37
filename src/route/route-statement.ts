import { IConstruct } from 'constructs';
import { HeaderModifierOptions, McpBackend, McpMatchOptions, McpRouteProps } from './route-options';
import { changesNothing, formatHeader, HeaderChanges, headerModifierModel } from '../api/header-filters';
import { retryModel, RouteValue, timeoutsModel } from '../api/mcp-route';
import { Place, placeIn } from '../api/place';
import { backendModel, BackendValue, matchModel, MatchValue } from '../api/route-match';
import { InputCheck } from '../model/findings';
import { GatewayKind, GatewayRef, HeaderModifier, Route } from '../model/route';
import { ServerKind } from '../model/server';
import { emptyList, LIST_EMPTY, OPTION_TYPE } from '../model/validation';
import { levelPolicy, NO_POLICY, PolicyState, policyState } from '../policy/level-policy';
import { IMcpGateway } from '../references';
import { checkSameApp } from '../synthesis/placement';
import { plain, Statement } from '../synthesis/statement';
import { compact, Json } from '../values/json';
import { formatPath } from '../values/paths';

/** What a route is made of. */
export interface RouteStatement extends Statement<RouteValue> {
  readonly namespace: string;
  /** The gateway of the value. */
  readonly gateway?: IMcpGateway;
  readonly policy: PolicyState;
  /** Policies of an operator's document, which are written as they stand and not judged: upstream's definition allows more. */
  readonly operated?: Json;
}

/**
 * Checks that backends are what they are declared to be, before anything is read of them.
 *
 * @throws InputError when one is not
 */
export function checkBackendTypes(path: string, property: string, backends: unknown): void {
  const input = new InputCheck(path);
  const list = { expected: 'a list of backends', example: 'a list such as [{ server }]' };
  input.report(OPTION_TYPE, property, backends, backends === undefined || Array.isArray(backends) ? undefined : list);
  const example = 'the server in an object: { server }, or { server, weight: 10 }';
  (Array.isArray(backends) ? backends : []).forEach((backend, i) => {
    const found = isServer(backend?.server) ? undefined : { expected: 'a backend', example };
    input.report(OPTION_TYPE, `${property}[${i}]`, shown(backend), found);
  });
  input.throwIfAny();
}

/**
 * Checks that a server is one, before anything is read of it.
 *
 * @throws InputError when it is not
 */
export function checkServerType(path: string, property: string, server: unknown): void {
  const input = new InputCheck(path);
  const found = {
    expected: 'a server',
    example: 'an McpServer or ClusterMcpServer, or what fromMcpServerName returns',
  };
  input.report(OPTION_TYPE, property, shown(server), isServer(server) ? undefined : found);
  input.throwIfAny();
}

function isServer(value: any): boolean {
  return typeof value?.kind === 'string' && typeof value.name === 'string';
}

/** A value for a message; constructs by their path. */
function shown(value: any): unknown {
  return value?.node?.path ?? value;
}

/** What options of a route say. */
export function routeStatement(name: string, namespace: string, props: McpRouteProps): RouteStatement {
  const {
    gateway,
    affinity,
    allowedOrigins,
    backends = [],
    matches = [],
    requestHeaders,
    responseHeaders,
    timeouts,
    retry,
  } = props;
  return {
    name,
    namespace,
    labels: props.labels,
    annotations: props.annotations,
    gateway,
    policy: policyState(props),
    value: {
      gateway: gateway && { kind: gateway.kind as GatewayKind, name: gateway.name, namespace: gateway.namespace },
      affinity,
      allowedOrigins: allowedOrigins?.length ? allowedOrigins : undefined,
      backends: backends.map(backendValue),
      matches: matches.map(matchValue),
      requestHeaders: headerChanges(requestHeaders),
      responseHeaders: headerChanges(responseHeaders),
      timeouts: plain(timeouts),
      retry: plain(retry),
    },
  };
}

/** A backend as a route states it. */
export function backendValue({ server, weight }: McpBackend): BackendValue {
  return { server: { kind: server.kind as ServerKind, name: server.name, namespace: server.namespace }, weight };
}

/** A rule as a route states it. */
export function matchValue({ tools, method, headers = [], backends = [] }: McpMatchOptions): MatchValue {
  return {
    ...tools?._value,
    method,
    ...(headers.length === 0 ? {} : { headers: headers.map(header => header._value) }),
    ...(backends.length === 0 ? {} : { backends: backends.map(backendValue) }),
  };
}

/** Changes of headers as a route states them; undefined when there are none. */
export function headerChanges(options: HeaderModifierOptions | undefined): HeaderChanges | undefined {
  return options === undefined || changesNothing(options) ? undefined : options;
}

/** The place of a route's value, for what is wrong with options: by their names. */
export const routePlace = (input: InputCheck): Place =>
  placeIn(input, path =>
    path.length === 3 && (path[1] === 'set' || path[1] === 'add') ? formatHeader(path) : formatPath(path),
  );

/** A route as plain data, of the construct at a path. */
export function routeModel(
  path: string,
  rendered: boolean,
  { name, namespace, gateway, operated, policy, value }: RouteStatement,
): Route {
  return {
    path,
    name,
    namespace,
    rendered,
    gateway: gateway && { kind: gateway.kind as GatewayKind, name: gateway.name, namespace: gateway.namespace },
    backends: value.backends.map(backend => backendModel(backend, namespace)),
    matches: (value.matches ?? []).map(match => matchModel(match, namespace)),
    requestHeaders: headersModel(value.requestHeaders),
    responseHeaders: headersModel(value.responseHeaders),
    timeouts: value.timeouts && timeoutsModel(value.timeouts),
    retry: value.retry && retryModel(value.retry),
    affinity: value.affinity,
    allowedOrigins: value.allowedOrigins?.length ? value.allowedOrigins : undefined,
    // What is added to an operator's policies is the operator's to judge with them.
    policy: levelPolicy('route', path, operated === undefined ? policy : NO_POLICY),
  };
}

function headersModel(changes: HeaderChanges | undefined): HeaderModifier | undefined {
  return changes === undefined || changesNothing(changes) ? undefined : headerModifierModel(changes);
}

/** A gateway as plain data. */
export function gatewayRefOf({ kind, name, namespace }: IMcpGateway): GatewayRef {
  return { kind: kind as GatewayKind, name, namespace };
}

/** Checks what code alone can get wrong about backends. */
export function checkBackends(
  input: InputCheck,
  property: string,
  route: IConstruct,
  backends: readonly McpBackend[] | undefined,
): void {
  backends?.forEach(({ server }, i) => checkSameApp(input, `${property}[${i}].server`, route, server));
}

/** Checks what code alone can get wrong about a match. */
export function checkMatch(
  input: InputCheck,
  property: string,
  route: IConstruct,
  { backends, headers }: McpMatchOptions,
): void {
  const ownServers = emptyList(backends, 'server', "for the route's own");
  input.report(LIST_EMPTY, `${property}.backends`, backends, ownServers);
  input.report(LIST_EMPTY, `${property}.headers`, headers, emptyList(headers, 'header', 'to match whatever they are'));
  checkBackends(input, `${property}.backends`, route, backends);
}

/** Policies of an operator's document, and after them what code adds: both are granted, and limits of both hold. */
export function operatedSpec(operated: Json, added: Json): Json {
  const joined = (field: string, list: string): Json => {
    const items = [operated, added].flatMap(spec => spec[field]?.[list] ?? []);
    return items.length === 0 ? {} : { [field]: { [list]: items } };
  };
  return {
    ...compact({ authentication: { ...operated.authentication, ...added.authentication } }),
    ...joined('authorization', 'rules'),
    ...joined('rateLimit', 'limits'),
  };
}

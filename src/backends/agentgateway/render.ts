import { BUCKET_DIGITS } from './buckets';
import { AgwConfig, AgwRoute, formatConfig, MessageChanges } from './config/config';
import {
  CONFIG_FILE,
  DRAIN_MAX_SECONDS,
  DRAIN_MIN_SECONDS,
  INNER_LISTENER,
  OUTER_LISTENER,
  SESSION_KEY_VARIABLE,
  familiesOf,
} from './config/container';
import { EnvReference } from './config/escape';
import { headerValue } from './dialect/condition';
import { presentedCaller } from './dialect/presented-caller';
import { BUCKET_HEADER, compileEntry, EntryRoutes, MATCH_HEADER, NO_MATCH } from './entry';
import { innerBind } from './inner';
import { fromParts, mergedParts, PARTS } from './parts';
import { onLineOfText } from './parts/observability';
import { GUARD, stdioTarget } from './server-proxy';
import { lookedUp } from '../../cel/balance';
import { celString } from '../../cel/terms';
import { isIpv4Alone } from '../../model/cluster';
import { Gateway } from '../../model/gateway';
import { GatewayPlan } from '../../model/plan';
import { compareText } from '../../values/text';
import { StdioProgram } from '../interface/data-plane';

/** The configuration files of a gateway, by name. */
export function render(plan: GatewayPlan): Readonly<Record<string, string>> {
  return { [CONFIG_FILE]: formatConfig(configOf(plan)), ...mergedParts(part => part.files?.(plan)) };
}

/** The configuration as an object. */
export function configOf(plan: GatewayPlan): AgwConfig {
  const { gateway } = plan;
  const entries = plan.entries.map(entry => ({
    path: entry.path,
    callers: presentedCaller(entry),
    ...compileEntry(entry, gateway),
  }));
  const inner = entries.flatMap(entry => entry.inner);
  const set = headersToSet(gateway, entries);
  const noted = listenerChanges(
    set,
    mergedParts(part => part.notes?.(gateway)),
  );
  return {
    config: {
      // It listens on loopback, where servers may be whose names resolve to the pod.
      adminAddr: 'off',
      ...familiesOf(isIpv4Alone(gateway.profile)),
      session: { key: new EnvReference(SESSION_KEY_VARIABLE) },
      logging: { level: logLevel(gateway), format: gateway.logFormat },
      ...mergedParts(part => part.config?.(gateway)),
      connectionMinTerminationDeadline: `${DRAIN_MIN_SECONDS}s`,
      connectionTerminationDeadline: `${DRAIN_MAX_SECONDS}s`,
    },
    frontendPolicies: frontendPolicies(plan, inner.length > 0),
    binds: [
      {
        port: gateway.port,
        listeners: [
          {
            name: OUTER_LISTENER,
            protocol: 'HTTP',
            ...mergedParts(part => part.listener?.(plan)),
            ...(noted === undefined ? {} : { policies: { transformations: { request: noted } } }),
            routes: entries.flatMap(entry => entry.outer).map(route => withoutHeaders(route, Object.keys(set))),
          },
        ],
      },
      ...(inner.length === 0 ? [] : [innerBind(inner)]),
    ],
    ...withoutEmpty({
      routeGroups: entries.flatMap(entry => entry.routeGroups),
      backends: entries.flatMap(entry => entry.backends),
    }),
  };
}

function withoutEmpty<T extends Readonly<Record<string, readonly unknown[]>>>(lists: T): Partial<T> {
  return Object.fromEntries(Object.entries(lists).filter(([, list]) => list.length > 0)) as Partial<T>;
}

/** Logs a client's request once, at the listener it reached: the gateway's requests to itself show at level `debug` alone. */
const FROM_CLIENTS = `default(proxy.listener.name, "") != ${celString(INNER_LISTENER)}`;

function frontendPolicies(plan: GatewayPlan, composes: boolean): AgwConfig['frontendPolicies'] {
  const { gateway } = plan;
  const fields = mergedParts(part => part.logFields?.(plan));
  const remove = fromParts(part => part.withheldFields?.(gateway));
  const add =
    gateway.logFormat === 'json'
      ? fields
      : Object.fromEntries(
          Object.entries(fields)
            .filter(([name]) => !remove.includes(name))
            .map(([name, expression]) => [name, onLineOfText(expression)]),
        );
  const accessLog = {
    ...(composes && gateway.logLevel !== 'debug' ? { filter: FROM_CLIENTS } : {}),
    ...(Object.keys(add).length === 0 ? {} : { add }),
    ...(remove.length === 0 ? {} : { remove }),
  };
  return {
    ...(Object.keys(accessLog).length === 0 ? {} : { accessLog }),
    ...mergedParts(part => part.frontend?.(gateway)),
    http: mergedParts(part => part.http?.(gateway)),
  };
}

/** Lines for requests are of the level `info`: a record of them must not depend on how much else is logged. */
function logLevel(gateway: Gateway): string | readonly string[] {
  const { logLevel: level } = gateway;
  const records = PARTS.some(part => part.recordsRequests?.(gateway) === true);
  return records && (level === 'error' || level === 'warn') ? [level, 'request=info'] : level;
}

function listenerChanges(
  set: Readonly<Record<string, string>>,
  metadata: Readonly<Record<string, string>>,
): MessageChanges | undefined {
  const changes = {
    ...(Object.keys(metadata).length === 0 ? {} : { metadata }),
    ...(Object.keys(set).length === 0 ? {} : { set }),
  };
  return Object.keys(changes).length === 0 ? undefined : changes;
}

type CompiledEntry = EntryRoutes & {
  readonly path: string;
  /** Who a caller says it is. */
  readonly callers: readonly string[];
};

/** Headers that routes match. The listener sets them before a route is selected, and overwrites what a client sent. */
function headersToSet(gateway: Gateway, entries: readonly CompiledEntry[]): Record<string, string> {
  return {
    ...(entries.some(entry => entry.needsBucket) ? { [BUCKET_HEADER]: bucketExpression(gateway, entries) } : {}),
    ...(entries.some(entry => entry.matchExpression !== undefined) ? { [MATCH_HEADER]: matchExpression(entries) } : {}),
  };
}

/** Keeps what the listener set for itself from the servers. */
function withoutHeaders(route: AgwRoute, remove: readonly string[]): AgwRoute {
  const { requestHeaderModifier, ...policies } = route.policies ?? {};
  const removed = [...(requestHeaderModifier?.remove ?? []), ...remove];
  return remove.length === 0
    ? route
    : { ...route, policies: { requestHeaderModifier: { ...requestHeaderModifier, remove: removed }, ...policies } };
}

/** By the header that the gateway names, else by who the caller says it is, else by its address. */
function bucketExpression({ affinity: { header } }: Gateway, entries: readonly CompiledEntry[]): string {
  const bucketOf = (callers: readonly string[]): string => {
    const ways = [...(header === undefined ? [] : [headerValue(header)]), ...callers, ADDRESS];
    return `sha256.encode(${ways.length === 1 ? ADDRESS : `coalesce(${ways.join(', ')})`}).substring(0, ${BUCKET_DIGITS})`;
  };
  const sharing = entries
    .filter(({ needsBucket }) => needsBucket)
    .map(({ callers, path }) => ({ path, bucket: bucketOf(callers) }));
  return sharing.every(({ bucket }) => bucket === sharing[0].bucket)
    ? sharing[0].bucket
    : byPath(
        sharing.map(({ bucket, path }) => ({ path, value: bucket })),
        bucketOf([]),
      );
}

/** The address that a caller connects from. */
const ADDRESS = 'source.address';

/** A value for each of several paths, else another. */
function byPath(values: readonly { readonly path: string; readonly value: string }[], otherwise: string): string {
  return lookedUp(
    'request.path',
    [...values].sort((a, b) => compareText(a.path, b.path)).map(({ path, value }) => [celString(path), value]),
    otherwise,
  );
}

/** Bodies are parsed for the entries that need it alone: the expression looks at the path first. */
function matchExpression(entries: readonly CompiledEntry[]): string {
  return byPath(
    entries.flatMap(({ path, matchExpression: value }) => (value === undefined ? [] : [{ path, value }])),
    celString(NO_MATCH),
  );
}

/*
 * What stands in front of a server has no Secret, so no key for session ids: they hold the server's own session id and
 * nothing else, as good a secret as without the guard.
 */

/** Configuration of the guard of a server that listens on HTTP. Its pod's other containers have no business at its admin port. */
export function renderGuard(plan: GatewayPlan): string {
  const {
    config: { logging },
    ...rest
  } = configOf(plan);
  const ipv4Alone = isIpv4Alone(plan.gateway.profile);
  return formatConfig({
    config: {
      adminAddr: 'off',
      statsAddr: 'off',
      readinessAddr: `${ipv4Alone ? '0.0.0.0' : '[::]'}:${GUARD.readinessPort}`,
      ...familiesOf(ipv4Alone),
      logging,
    },
    ...rest,
  });
}

/** Configuration of the adapter of a stdio program that is protected: the guard, with the program in the place of the server's address. */
export function renderStdioGuard(plan: GatewayPlan, program: StdioProgram): string {
  const { binds, backends = [] } = configOf(plan);
  const targets = [stdioTarget(program)];
  return formatConfig({
    config: familiesOf(program.ipv4Alone === true),
    binds,
    backends: backends.map(({ name, mcp }) => ({ name, mcp: { ...mcp, targets } })),
  });
}

import { apportion, BucketRange, ownerOf, rangeRegex, segments } from './buckets';
import { Access, accessOf } from './client-policies';
import {
  AgwRoute,
  HeaderCondition,
  McpBackend,
  McpTarget,
  NamedBackend,
  RouteBackend,
  RouteGroup,
  RouteMatch,
  RoutePolicies,
  Rule,
  Rules,
} from './config/config';
import { INNER_PORT, routeName, serverLabels } from './config/container';
import { escapeDollars } from './config/escape';
import { isSticky, Member, membersOf, target } from './config/members';
import { afterListener, groupGets, hasMethod, showsItem } from './dialect/matches';
import { hasRetryHop, reach } from './hops';
import { withProof } from './inner';
import { fromParts } from './parts';
import { CALLER_TOKEN } from './parts/server-credentials';
import { firstOf } from '../../cel/balance';
import { celString } from '../../cel/terms';
import { Gateway } from '../../model/gateway';
import { BackendGroup, Entry } from '../../model/plan';
import { wantsCallerToken } from '../../passes/servers/credentials';
import { canonicalText } from '../../values/json';
import { digest } from '../../values/text';

/** Header that holds the caller's bucket, set by the outer listener. */
export const BUCKET_HEADER = 'x-mcp-bucket';
/** Header that holds the id of the group that a request's method selects, set by the outer listener. */
export const MATCH_HEADER = 'x-mcp-match';
/** Its value for requests that no method selects. */
export const NO_MATCH = 'default';

/** What one entry of the plan becomes. */
export interface EntryRoutes {
  /** Routes of the listener that clients reach. */
  readonly outer: readonly AgwRoute[];
  /** Routes of the listener that only the gateway itself reaches. */
  readonly inner: readonly AgwRoute[];
  /** Routes that outer ones leave the choice among servers to. */
  readonly routeGroups: readonly RouteGroup[];
  /** The servers of all these routes. */
  readonly backends: readonly NamedBackend[];
  /** Whether routes match the bucket header. */
  readonly needsBucket: boolean;
  /** CEL that yields the value of the match header; undefined when no route matches it. */
  readonly matchExpression?: string;
}

/** Groups that share the requests of one header value. */
interface Variant {
  readonly name: string;
  readonly headers: readonly HeaderCondition[];
  readonly groups: readonly BackendGroup[];
}

/** Compiles one entry of a gateway. */
export function compileEntry(entry: Entry, gateway: Gateway): EntryRoutes {
  const compiler = new EntryCompiler(entry, gateway);
  const outer = variantsOf(entry).map(variant => compiler.compile(variant));
  return {
    outer: [...outer, ...fromParts(part => part.routes?.(entry))],
    inner: [...compiler.inner.values()],
    routeGroups: compiler.routeGroups,
    backends: [...compiler.backends].map(([backend, mcp]) => ({ name: backend, mcp })),
    needsBucket: compiler.needsBucket,
    matchExpression: matchExpression(entry.groups),
  };
}

/**
 * Splits an entry by what only the listener can see, the JSON-RPC method: each group that asks for one has a route of
 * its own, and the rest are served together, by whatever an item's name and the request's headers say.
 */
function variantsOf(entry: Entry): Variant[] {
  const name = routeName(entry);
  const byMethod = entry.groups.filter(hasMethod);
  const rest = entry.groups.filter(group => !hasMethod(group));
  if (byMethod.length === 0) {
    return [{ name, headers: [], groups: rest }];
  }
  return [
    // The listener has evaluated their conditions already.
    ...byMethod.map(group => ({
      name: `${name}/${group.id}`,
      headers: [{ name: MATCH_HEADER, value: { exact: group.id } }],
      groups: [afterListener(group)],
    })),
    // Requests that meet a condition on methods never come here, so that the condition need not be repeated (nor could it be).
    // Without a match of its own, it gets what has no body to read, too: a route with more header matches goes before it.
    ...(rest.length === 0
      ? []
      : [
          {
            name,
            headers: [],
            groups: rest.map(afterListener),
          },
        ]),
  ];
}

function matchExpression(groups: readonly BackendGroup[]): string | undefined {
  const byMethod = groups.filter(hasMethod);
  if (byMethod.length === 0) {
    return undefined;
  }
  return firstOf(
    byMethod.map(group => ({ when: groupGets(group), value: celString(group.id) })),
    celString(NO_MATCH),
  );
}

/** Turns the variants of one entry into routes, and collects what they need: inner routes, groups of routes, backends. */
class EntryCompiler {
  readonly inner = new Map<string, AgwRoute>();
  readonly routeGroups: RouteGroup[] = [];
  readonly backends = new Map<string, McpBackend>();
  needsBucket = false;

  private readonly name: string;
  private readonly labels: ReadonlyMap<string, string>;
  /** With methods to tell apart, the requests of one client go to several backends, and none of them may keep a session. */
  private readonly sessionless: boolean;
  /** The limit on a request to a server, where the route of its MCP backend sets it. */
  private readonly backendTimeout: string | undefined;
  /** Who may use the entry, for what and how often: on every route that clients reach. */
  private readonly access: Access;

  constructor(
    private readonly entry: Entry,
    gateway: Gateway,
  ) {
    this.name = routeName(entry);
    this.labels = serverLabels(entry.groups.flatMap(group => group.servers.map(({ server }) => server)));
    this.sessionless = entry.groups.some(hasMethod);
    this.backendTimeout = hasRetryHop(entry) ? undefined : entry.timeouts?.backendRequest;
    this.access = accessOf(entry, gateway);
  }

  /** The route of a variant. Where sticky groups choose by ranges of buckets, it has a group of routes, one for each range in which none changes its endpoint. */
  compile(variant: Variant): AgwRoute {
    const groups = variant.groups.map(group => ({ group, members: membersOf(group, this.labels) }));
    const shares = new Map(
      groups
        .filter(({ group, members }) => isSticky(group, members))
        .map(({ group, members }) => [group, apportion(members.map(({ weight }) => weight))]),
    );
    const ranges = segments([...shares.values()]);
    this.needsBucket ||= ranges.length > 1;

    const chosenIn = (range: BucketRange): ChosenGroup[] =>
      groups.map(({ group, members }) => ({
        group,
        members: shares.has(group) ? [members[ownerOf(range.from, shares.get(group)!)]] : members,
        sticky: shares.has(group),
      }));
    const [first, ...others] = ranges;
    return {
      name: variant.name,
      matches: [this.match(variant.headers)],
      ...this.policies(variant),
      backends:
        others.length === 0
          ? this.serving(variant, chosenIn(first))
          : [
              {
                routeGroup: this.routeGroup(
                  variant,
                  ranges.map(range => this.rangeRoute(variant, range, chosenIn(range))),
                ),
              },
            ],
    };
  }

  private match(headers: readonly HeaderCondition[]): RouteMatch {
    return { path: { exact: this.entry.path }, ...(headers.length > 0 ? { headers } : {}) };
  }

  private policies(variant: Variant): { policies?: RoutePolicies } {
    const composed = isComposed(variant);
    return policiesOf({
      ...this.access.policies,
      ...(composed ? {} : groupRules(variant.groups[0], this.access.policies.authorization)),
      timeout: timeoutPolicy(this.entry.timeouts?.request, composed ? undefined : this.backendTimeout),
    });
  }

  /** A route for a range of buckets, named after the servers that the range belongs to. */
  private rangeRoute(variant: Variant, range: BucketRange, groups: readonly ChosenGroup[]): AgwRoute {
    const owners = groups.flatMap(({ members, sticky }) => (sticky ? [members[0].label] : []));
    return {
      name: `${variant.name}/${owners.join('+')}`,
      matches: [this.match([...variant.headers, { name: BUCKET_HEADER, value: { regex: rangeRegex(range) } }])],
      backends: this.serving(variant, groups),
    };
  }

  private routeGroup(variant: Variant, routes: readonly AgwRoute[]): string {
    const name = `${variant.name}-${contentDigest(routes)}`;
    this.routeGroups.push({ name, routes });
    return name;
  }

  /** What serves a variant, to those who may use it. Here and not on inner routes: credentials end at the outer one, and with them what was verified. */
  private serving(variant: Variant, groups: readonly ChosenGroup[]): RouteBackend[] {
    const backends = isComposed(variant) ? [this.composition(variant, groups)] : this.backendsOf(groups[0]);
    return backends.map(backend => withRules(backend, this.access.items));
  }

  /** Several groups as one virtual server: each behind an inner route that shows only what the group serves. */
  private composition(variant: Variant, groups: readonly ChosenGroup[]): RouteBackend {
    const mcp: McpBackend = {
      targets: groups.map(chosen => this.innerTarget(chosen)),
      // With the default mode, tools would be renamed as soon as there are two targets.
      prefixMode: 'never',
      ...(this.sessionless ? { statefulMode: 'stateless' } : {}),
      ...(this.entry.skipUnavailable ? { failureMode: 'failOpen' } : {}),
    };
    // A session is one with each of these servers as well: it ends where one of theirs does.
    const kept = groups
      .flatMap(({ members }) => members)
      .filter(({ server }) => server.sessions === 'stateful')
      .map(member => this.memberBackend(member));
    return { backend: this.named(`${variant.name}/composed`, mcp, kept) };
  }

  private innerTarget(chosen: ChosenGroup): McpTarget {
    const id = [chosen.group.id, ...(chosen.sticky ? [chosen.members[0].label] : [])];
    const name = [this.name, ...id].join('/');
    const path = `/${this.entry.id}/${id.join('/')}`;
    this.inner.set(name, {
      name,
      matches: [{ path: { exact: path } }],
      ...policiesOf({ ...groupRules(chosen.group), timeout: timeoutPolicy(undefined, this.backendTimeout) }),
      backends: this.backendsOf(chosen),
    });
    // What verified the caller's token ends here: the rest of the way it is a header.
    const backendAuth = chosen.group.servers.some(({ server }) => wantsCallerToken(server)) ? CALLER_TOKEN : undefined;
    return target(
      chosen.group.id,
      'streamable-http',
      { host: '127.0.0.1', port: INNER_PORT, path },
      withProof({ backendAuth }),
    );
  }

  /** The backends of a route that serves one group: one, or several weighted ones among which each request is free to choose. */
  private backendsOf({ group, members }: ChosenGroup): RouteBackend[] {
    return members.map(member => {
      const rules = showsItem(group, member.server).map((expression): Rule => ({ require: expression }));
      return {
        ...(members.length > 1 ? { weight: member.weight } : {}),
        backend: this.memberBackend(member),
        // On the backend, not the route: servers that share a route may show different tools.
        ...(rules.length > 0 ? { policies: { mcpAuthorization: { rules } } } : {}),
      };
    });
  }

  private memberBackend(member: Member): string {
    const { endpoint, label, server } = member;
    const mcp: McpBackend = {
      targets: [this.reach(member)],
      ...(server.sessions === 'stateless' ? { statefulMode: 'stateless' } : {}),
    };
    const { authority: _, ...address } = endpoint;
    return this.named(`${this.name}/${label}`, mcp, [address, server.credentials ?? []]);
  }

  /**
   * Refers to a backend. Its name has a digest of what its sessions keep as long as they are open, the connection to the server with
   * its address, TLS and credentials: where that changes they are 404, on which clients open new ones, and where it stays they
   * go on, whatever else becomes of the route.
   */
  private named(label: string, mcp: McpBackend, kept: unknown): string {
    const name = `${label}-${contentDigest([mcp, kept])}`;
    this.backends.set(name, mcp);
    return `/${name}`;
  }

  private reach(member: Member): McpTarget {
    const { target: found, routes } = reach(this.entry, member);
    routes.forEach(route => this.inner.set(route.name, route));
    return found;
  }
}

/** Several groups are one virtual server. */
function isComposed({ groups }: Variant): boolean {
  return groups.length > 1;
}

function contentDigest(content: unknown): string {
  return digest(canonicalText(escapeDollars(content)), 8);
}

/** A group with the members that serve it in one range of buckets. */
interface ChosenGroup {
  readonly group: BackendGroup;
  readonly members: readonly Member[];
  readonly sticky: boolean;
}

/** What is asked of requests to a group, beside other rules of their route. */
function groupRules(group: BackendGroup, others?: Rules): Pick<RoutePolicies, 'authorization'> {
  const rules = fromParts(part => part.groupRules?.(group)).map((expression): Rule => ({ require: expression }));
  return rules.length === 0 ? {} : { authorization: { rules: [...(others?.rules ?? []), ...rules] } };
}

/** A backend with further rules on its items. */
function withRules(backend: RouteBackend, added: Rules | undefined): RouteBackend {
  const rules = [...(backend.policies?.mcpAuthorization?.rules ?? []), ...(added?.rules ?? [])];
  return added === undefined ? backend : { ...backend, policies: { ...backend.policies, mcpAuthorization: { rules } } };
}

function timeoutPolicy(
  requestTimeout: string | undefined,
  backendRequestTimeout: string | undefined,
): RoutePolicies['timeout'] {
  return requestTimeout === undefined && backendRequestTimeout === undefined
    ? undefined
    : { requestTimeout, backendRequestTimeout };
}

function policiesOf(policies: RoutePolicies): { policies?: RoutePolicies } {
  return Object.values(policies).some(policy => policy !== undefined) ? { policies } : {};
}

import { App, Chart } from 'cdk8s';
import * as fc from 'fast-check';
import {
  AllowedNamespaces,
  Authentication,
  AuthzConfig,
  ClusterMcpServer,
  HeaderMatch,
  IMcpServer,
  McpGateway,
  McpRoute,
  McpServer,
  McpServerSource,
  ToolMatch,
} from '../../src';
import { CedarPolicies, evaluateCedar, parseCedar } from '../../src/cedar';
import { CedarRequest } from '../../src/cedar/evaluate';
import { entitiesArbitrary, policiesArbitrary } from '../cedar/arbitrary';

/*
 * Apps with random Cedar policies, as plain data, and what they must decide as one reads it in the documentation.
 */

/** A server. */
export interface CedarServer {
  /** As policies name it. */
  readonly name: 'finance/ledger' | 'finance/crm' | 'shared';
  readonly tools: readonly string[];
  /** Tools that are exposed; all when undefined. */
  readonly filter?: readonly string[];
}

/** Policies of one level. */
export interface CedarLevelProgram {
  readonly policies: readonly string[];
  readonly entities: readonly unknown[];
}

/** A route of a gateway. */
export interface CedarProgram {
  readonly backends: readonly CedarServer[];
  /** Sends calls of one tool, or requests with one header, to a server of their own. */
  readonly match?: {
    readonly tool?: string;
    readonly header?: { readonly name: string; readonly value: string };
    readonly server: CedarServer;
  };
  readonly gateway?: CedarLevelProgram;
  readonly route?: CedarLevelProgram;
}

/** What the constructs of a program are given from outside. */
export interface CedarProgramOptions {
  readonly authentication?: Authentication;
  readonly source?: (server: CedarServer) => McpServerSource;
}

/** The app of a program. */
export function buildCedarApp({ backends, match, gateway, route }: CedarProgram, options: CedarProgramOptions = {}) {
  const app = new App();
  const platform = new Chart(app, 'platform', { namespace: 'mcp-system' });
  const team = new Chart(app, 'finance', { namespace: 'finance' });
  const source = options.source ?? (() => McpServerSource.image('ghcr.io/acme/server-mcp:1.0.0'));
  const made = new Map<string, IMcpServer>();
  const construct = (server: CedarServer): IMcpServer => {
    const { name, tools, filter } = server;
    const shared = { source: source(server), tools: [...tools], toolsFilter: filter && [...filter] };
    const known =
      made.get(name) ??
      (name === 'shared'
        ? new ClusterMcpServer(platform, 'shared', { ...shared, allowedNamespaces: AllowedNamespaces.all() })
        : new McpServer(team, name.split('/')[1], shared));
    made.set(name, known);
    return known;
  };
  const front = new McpGateway(platform, 'gateway', {
    authentication: [
      options.authentication ??
        Authentication.jwt({
          issuer: 'https://auth.acme.dev',
          audiences: ['mcp'],
          jwksUri: 'https://auth.acme.dev/jwks.json',
        }),
    ],
    authzConfig: gateway && configOf(gateway),
  });
  return {
    app,
    gateway: front,
    route: new McpRoute(team, 'books', {
      gateway: front,
      backends: backends.map(server => ({ server: construct(server) })),
      matches: match && [
        {
          tools: match.tool === undefined ? undefined : ToolMatch.exact(match.tool),
          headers: match.header && [HeaderMatch.exact(match.header.name, match.header.value)],
          backends: [{ server: construct(match.server) }],
        },
      ],
      authzConfig: route && configOf(route),
    }),
  };
}

function configOf({ policies, entities }: CedarLevelProgram): AuthzConfig {
  return AuthzConfig.inline({ policies: [...policies], entitiesJson: JSON.stringify(entities) });
}

/** The policies of each level as Cedar has them; undefined when some level's have an error. */
export function cedarSets({ gateway, route }: CedarProgram): CedarPolicies[] | undefined {
  const sets = [gateway, route].flatMap(level =>
    level === undefined ? [] : [parseCedar(level.policies, JSON.stringify(level.entities)).set],
  );
  return sets.includes(undefined) ? undefined : (sets as CedarPolicies[]);
}

/** What a program must decide: a server has to offer the tool to the request, and Cedar has to permit it at each level. */
export function plainDecisions(
  program: CedarProgram,
  sets: readonly CedarPolicies[],
  requests: readonly CedarRequest[],
): boolean[] {
  const { backends, match } = program;
  const several =
    new Set([...backends, ...(match === undefined ? [] : [match.server])].map(({ name }) => name)).size > 1;
  const placed = requests.map(request => {
    const matched =
      match !== undefined &&
      (match.tool === undefined || match.tool === request.tool) &&
      (match.header === undefined || request.headers?.[match.header.name] === match.header.value);
    const offering = (matched ? [match.server] : backends).filter(
      ({ filter }) => filter === undefined || filter.includes(request.tool),
    );
    const serving = several ? offering.filter(({ tools }) => tools.includes(request.tool)) : offering;
    return { ...request, offered: offering.length > 0, servers: serving.map(({ name }) => name) };
  });
  // Level by level: Cedar keeps the policies that it was asked about last.
  const permitted = sets.map(set => {
    const asksForServers = set.policies.some(({ text }) => text.includes('Server::'));
    return placed.map(
      request => !(asksForServers && request.servers.length === 0) && evaluateCedar(set, request).allowed,
    );
  });
  return placed.map(({ offered }, i) => offered && permitted.every(level => level[i]));
}

const serverArbitrary = (name: CedarServer['name']): fc.Arbitrary<CedarServer> =>
  fc.subarray(['db_query', 'db_drop', 'report'], { minLength: 1 }).chain(tools =>
    fc.record({
      name: fc.constant(name),
      tools: fc.constant(tools),
      filter: fc.option(fc.subarray(tools, { minLength: 1 }), { nil: undefined, freq: 2 }),
    }),
  );

const levelArbitrary: fc.Arbitrary<CedarLevelProgram> = fc.record({
  policies: policiesArbitrary.map(policies => [...new Set(policies)]),
  entities: entitiesArbitrary,
});

/** Random programs; one in three has policies at both levels. */
export const cedarProgramArbitrary: fc.Arbitrary<CedarProgram> = fc
  .tuple(serverArbitrary('finance/ledger'), serverArbitrary('finance/crm'), serverArbitrary('shared'))
  .chain(servers =>
    fc.record({
      backends: fc.subarray([...servers], { minLength: 1, maxLength: 2 }),
      match: fc.option(
        fc.constantFrom(...servers).chain(server =>
          fc.oneof(
            fc.constantFrom(...(server.filter ?? server.tools)).map(tool => ({ tool, server })),
            fc.constantFrom('red', 'blue').map(value => ({ header: { name: 'x-team', value }, server })),
          ),
        ),
        { nil: undefined, freq: 2 },
      ),
      levels: fc.oneof(
        levelArbitrary.map(route => ({ route })),
        levelArbitrary.map(gateway => ({ gateway })),
        fc.record({ gateway: levelArbitrary, route: levelArbitrary }),
      ),
    }),
  )
  .map(({ backends, match, levels }) => ({ backends, match, ...levels }));

import { Diagnostic, errorKind, findingOf, warningKind } from '../../model/findings';
import { BackendGroup, Entry } from '../../model/plan';
import { MatchConditions, Route } from '../../model/route';
import { exposedTools, formatServerRef, Server, serverKey } from '../../model/server';
import { formatToolPattern, matchesAnyTool, matchesTool } from '../../model/tool-pattern';
import { Index } from '../../model/topology';
import { compareText } from '../../values/text';

const TOOL_OFFERED_TWICE = errorKind(
  'tool-offered-twice',
  '{first} and {second} both offer this tool at {entry}',
  'Exclude it from one of them with toolsFilter, or serve them by routes of their own',
);
const DISCOVERY_TOOLS_UNDECLARED = warningKind(
  'discovery-tools-undeclared',
  'these servers declare no tools, so equal tool names at {entry} would go unnoticed',
  'Declare their `tools`',
);
const WEIGHTED_SERVER_LACKS_TOOLS = warningKind(
  'weighted-server-lacks-tools',
  '{server} does not offer these tools, but shares its requests by weight with servers that do',
  'Match the tools to the servers that have them with addMatch, or declare the same tools on each',
);
const MATCH_MATCHES_NO_TOOL = errorKind(
  'match-matches-no-tool',
  'matches none of the tools that its servers offer ({offered})',
  'Correct the pattern, or the `tools` of the servers',
);
const TOOLS_FILTER_MATCHES_NOTHING = errorKind(
  'tools-filter-matches-nothing',
  'matches none of the declared tools ({declared})',
  'Correct the filter, or add the tool to `tools`',
);

const TOOLS_FILTER_EMPTY = warningKind(
  'tools-filter-empty',
  'is an empty list, so that no tool of the server is exposed',
  'Name tools to expose, or remove it to expose all',
);

/** Whether conditions depend on nothing but the tool. */
function toolsOnly(conditions: MatchConditions): boolean {
  return conditions.method === undefined && conditions.headers.length === 0;
}

/** Whether a group can get calls of a tool, whatever the other parts of the request. */
function mayServe(group: BackendGroup, tool: string): boolean {
  const when = group.when;
  return (
    (when === undefined || matchesAnyTool(when.tools, tool)) &&
    !group.unless.some(conditions => toolsOnly(conditions) && matchesAnyTool(conditions.tools, tool))
  );
}

/** Whether the same request could reach two groups: not when matches order them. */
function compete(a: BackendGroup, b: BackendGroup): boolean {
  return a.unless.length === 0 && b.unless.length === 0 && a.when === undefined && b.when === undefined;
}

/**
 * Tool names that two groups of an entry would both offer.
 *
 * Groups of a route are ordered by its matches and never clash; those of a
 * discovered set are not, and the client could not tell the two tools apart.
 */
export function toolClashes(entry: Entry): Diagnostic[] {
  const findings: Diagnostic[] = [];
  const owners = new Map<string, Server>();
  const groups = entry.groups.filter((group, i) => entry.groups.some((other, j) => i !== j && compete(group, other)));
  const silent = groups
    .flatMap(group => group.servers)
    .map(({ server }) => server)
    .filter(server => server.tools === undefined);
  for (const { server } of groups.flatMap(group => group.servers)) {
    for (const tool of exposedTools(server) ?? []) {
      const owner = owners.get(tool);
      if (owner === undefined) {
        owners.set(tool, server);
      } else {
        findings.push(
          findingOf(TOOL_OFFERED_TWICE, entry.origin, 'discovery', tool, {
            first: formatServerRef(owner),
            second: formatServerRef(server),
            entry: entry.path,
          }),
        );
      }
    }
  }
  if (silent.length > 0 && groups.length > 1) {
    const names = silent.map(formatServerRef).sort(compareText);
    findings.push(findingOf(DISCOVERY_TOOLS_UNDECLARED, entry.origin, 'discovery', names, { entry: entry.path }));
  }
  return findings;
}

/**
 * Differences between the tools of servers that share the same requests by
 * weight: a caller would find or miss a tool by chance.
 */
export function unevenTools(entry: Entry): Diagnostic[] {
  return entry.groups.flatMap(group => {
    const declared = group.servers.filter(({ server }) => server.tools !== undefined);
    if (declared.length < 2) {
      return [];
    }
    const everything = [...new Set(declared.flatMap(({ server }) => exposedTools(server) ?? []))]
      .filter(tool => mayServe(group, tool))
      .sort(compareText);
    return declared.flatMap(({ server }) => {
      const missing = everything.filter(tool => !exposedTools(server)!.includes(tool));
      return missing.length === 0
        ? []
        : [
            findingOf(
              WEIGHTED_SERVER_LACKS_TOOLS,
              entry.origin,
              group.id === 'default' ? 'backends' : group.id,
              missing,
              { server: formatServerRef(server) },
            ),
          ];
    });
  });
}

/** Patterns of a route that select no tool of the servers they route to, all of which declare their tools. */
export function idlePatterns(route: Route, index: Index): Diagnostic[] {
  return route.matches.flatMap((match, m) => {
    const backends = match.backends.length > 0 ? match.backends : route.backends;
    const servers = backends.map(backend => index.servers.get(serverKey(backend.server)));
    if (servers.some(server => server?.tools === undefined)) {
      return [];
    }
    const offered = [...new Set(servers.flatMap(server => exposedTools(server!) ?? []))].sort(compareText);
    return (match.tools ?? []).flatMap((pattern, p) =>
      offered.some(tool => matchesTool(pattern, tool))
        ? []
        : [
            findingOf(MATCH_MATCHES_NO_TOOL, route.path, `matches[${m}].tools[${p}]`, formatToolPattern(pattern), {
              offered: offered.join(', ') || 'none',
            }),
          ],
    );
  });
}

/** A server's filter that lets no tool through, or patterns of it that select none of the tools it declares. */
export function idleFilters(server: Server): Diagnostic[] {
  const { tools, toolsFilter } = server;
  if (toolsFilter?.length === 0) {
    return [findingOf(TOOLS_FILTER_EMPTY, server.path, 'toolsFilter', toolsFilter)];
  }
  if (tools === undefined) {
    return [];
  }
  return (toolsFilter ?? []).flatMap((pattern, i) =>
    tools.some(tool => matchesTool(pattern, tool.name))
      ? []
      : [
          findingOf(TOOLS_FILTER_MATCHES_NOTHING, server.path, `toolsFilter[${i}]`, formatToolPattern(pattern), {
            declared: tools.map(tool => tool.name).join(', '),
          }),
        ],
  );
}

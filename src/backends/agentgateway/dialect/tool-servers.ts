import { CedarPlace } from './cedar';
import { IS_CALL, METHOD_OR_EMPTY } from './json-message';
import { hasMethod, headersMeet } from './matches';
import { sumOf } from '../../../cel/balance';
import { allOf, anyOf, not, Predicate } from '../../../cel/predicates';
import { celList, celString } from '../../../cel/terms';
import { BackendGroup, Entry, serversOf } from '../../../model/plan';
import { MatchConditions } from '../../../model/route';
import { cedarServerName, exposedTools } from '../../../model/server';
import { matchesAnyTool } from '../../../model/tool-pattern';
import { compareText } from '../../../values/text';

/*
 * Which servers serve a tool at an entry, as Cedar policies ask it: of several servers by the tools they declare and by the groups that
 * a request goes to. What depends on the tool alone is worked out here, so that headers and methods are all that is left to ask.
 */

/** The servers that serve the tool whose name is a CEL expression. */
export function toolServers(entry: Entry, tool: string): CedarPlace {
  const servers = serversOf(entry);
  if (servers.length < 2) {
    return { tool, servers: celList(servers.map(cedarServerName)) };
  }
  const shares = sharesOf(entry);
  const serves = ({ when, tools }: Pick<Share, 'when' | 'tools'>): Predicate =>
    allOf([...when, `${tool} in ${celList(tools)}`]);
  const always = {
    when: [],
    tools: [...new Set(shares.filter(({ when }) => when.length === 0).flatMap(({ tools }) => tools))].sort(compareText),
  };
  return {
    tool,
    servers:
      shares.length === 0
        ? '[]'
        : sumOf(shares.map(share => `(${serves(share)} ? ${celList([...share.servers].sort(compareText))} : [])`)),
    known: anyOf([
      ...(always.tools.length === 0 ? [] : [serves(always)]),
      ...shares.filter(({ when }) => when.length > 0).map(serves),
    ]),
  };
}

/** Servers that serve the same tools under the same conditions. */
interface Share {
  readonly when: readonly Predicate[];
  readonly tools: readonly string[];
  readonly servers: string[];
}

function sharesOf(entry: Entry): Share[] {
  const shares = new Map<string, Share>();
  for (const group of entry.groups) {
    for (const { server } of group.servers) {
      for (const { when, tools } of waysTo(
        group,
        entry.groups.filter(hasMethod),
        [...(exposedTools(server) ?? [])].sort(compareText),
      )) {
        const key = JSON.stringify([when, tools]);
        const known = shares.get(key);
        if (known === undefined) {
          shares.set(key, { when, tools, servers: [cedarServerName(server)] });
        } else if (!known.servers.includes(cedarServerName(server))) {
          known.servers.push(cedarServerName(server));
        }
      }
    }
  }
  return [...shares.values()];
}

/** Tools that a group serves, by the conditions under which it does. */
function waysTo(
  group: BackendGroup,
  byMethod: readonly BackendGroup[],
  tools: readonly string[],
): { readonly when: readonly Predicate[]; readonly tools: readonly string[] }[] {
  const ways = new Map<string, { readonly when: readonly Predicate[]; readonly tools: string[] }>();
  for (const tool of tools) {
    const when = groupServes(group, byMethod, tool).filter(predicate => predicate !== 'true');
    if (!when.includes('false')) {
      const key = JSON.stringify(when);
      ways.set(key, { when, tools: [...(ways.get(key)?.tools ?? []), tool] });
    }
  }
  return [...ways.values()];
}

/** Predicates that all hold when a group serves a tool: the listener sends requests to it by their method, or else it is asked for each item. */
function groupServes(group: BackendGroup, byMethod: readonly BackendGroup[], tool: string): Predicate[] {
  return hasMethod(group)
    ? [getsRequest(group, tool)]
    : [
        ...byMethod.map(other => negated(getsRequest(other, tool))),
        ...(group.when === undefined ? [] : [itemMeets(group.when, tool)]),
        ...group.unless
          .filter(({ method }) => method === undefined)
          .map(conditions => negated(itemMeets(conditions, tool))),
      ];
}

function getsRequest({ when, unless }: BackendGroup, tool: string): Predicate {
  return every([requestMeets(when!, tool), ...unless.map(conditions => negated(requestMeets(conditions, tool)))]);
}

function requestMeets(conditions: MatchConditions, tool: string): Predicate {
  return every([
    ...(conditions.method === undefined ? [] : [`${METHOD_OR_EMPTY} == ${celString(conditions.method)}`]),
    // Only a call names a tool.
    ...(conditions.tools === undefined ? [] : [matchesAnyTool(conditions.tools, tool) ? IS_CALL : 'false']),
    headersMeet(conditions),
  ]);
}

function itemMeets(conditions: MatchConditions, tool: string): Predicate {
  return every([String(matchesAnyTool(conditions.tools, tool)), headersMeet(conditions)]);
}

function every(predicates: readonly Predicate[]): Predicate {
  return predicates.includes('false') ? 'false' : allOf(predicates.filter(predicate => predicate !== 'true'));
}

function negated(predicate: Predicate): Predicate {
  return predicate === 'true' ? 'false' : predicate === 'false' ? 'true' : not(predicate);
}

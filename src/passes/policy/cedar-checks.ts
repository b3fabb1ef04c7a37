import { alwaysYieldsUser, sourcesOf, yieldsUser } from './authentication';
import { cedarFindings, cedarLibrary, cedarPolicies, propertyOf } from './cedar-policies';
import { trustedMethods } from './merge';
import { formatPrincipal, listAnd } from './words';
import type { CedarPolicies, CedarPolicy } from '../../cedar';
import { Diagnostic, errorKind, findingOf, warningKind } from '../../model/findings';
import { Entry, serversOf } from '../../model/plan';
import { alternatives, AuthzConfig, EffectivePolicy, LevelPolicy, Principal } from '../../model/policy';
import { formatServerRef, cedarServerName } from '../../model/server';
import { compareText } from '../../values/text';

const CEDAR_WITHOUT_AUTHENTICATION = errorKind(
  'cedar-without-authentication',
  'the principal of Cedar is the caller, and callers are not authenticated, so that nothing can be permitted',
  'Add an authentication to {levels}',
);
const CEDAR_LEVEL_WITHOUT_AUTHENTICATION = errorKind(
  'cedar-level-without-authentication',
  "the principal of Cedar is the caller, and the {level} does not authenticate it: names that only a route verifies are the route's to choose",
  'Add an authentication to the {level}',
);
const CEDAR_SOME_CALLERS_NAMELESS = warningKind(
  'cedar-some-callers-nameless',
  'some callers pass with an API key that names no user, and Cedar denies them whatever its policies say',
  'Give each API key a user',
);
const CEDAR_CALLERS_NAMELESS = errorKind(
  'cedar-callers-nameless',
  'the principal of Cedar is a user, and callers pass with API keys that name none, so that nothing can be permitted',
  'Give each API key a user',
);
const CEDAR_SERVER_TOOLS_UNKNOWN = errorKind(
  'cedar-server-tools-unknown',
  'policy {policy} asks which server serves a tool, and of the servers at {entry} {names} {verb} not declare tools',
  'Declare the `tools` of the server, or serve it by a route of its own',
);
const CEDAR_TOOL_UNKNOWN = warningKind(
  'cedar-tool-unknown',
  'policy {policy} names a tool that {entry} does not serve ({offered})',
  'Correct the name, or the `tools` of the servers',
);
const CEDAR_SERVER_UNKNOWN = warningKind(
  'cedar-server-unknown',
  'policy {policy} names a server that {entry} does not serve ({offered})',
  'Correct the name: it is namespace/name, or the name of a ClusterMCPServer',
);
const CEDAR_NAME_AMBIGUOUS = warningKind(
  'cedar-name-ambiguous',
  'policy {policy} names {principal}, which can be verified by {sources}: they may give the name to different callers',
  'Ask for the issuer of the token too (principal.claims.iss), or state a rule, which can say what verifies the name',
);
const CEDAR_PERMITS_EVERYTHING = warningKind(
  'cedar-permits-everything',
  'every caller with a name may call every tool, those that servers add later included',
  'Name the tools, or the callers',
);

/** A level with Cedar policies. */
type CedarLevel = LevelPolicy & { readonly authzConfig: AuthzConfig };

/** Findings about the Cedar policies in force at one entry, whose tools are known when all its servers declare theirs. */
export function checkCedar(policy: EffectivePolicy, entry: Entry, tools: readonly string[] | undefined): Diagnostic[] {
  return policy.levels
    .filter((level): level is CedarLevel => level.authzConfig !== undefined)
    .flatMap(level => {
      const set = cedarPolicies(level.authzConfig);
      return [
        ...cedarFindings(level.authzConfig),
        ...callersWithoutName(policy, level),
        ...(set === undefined
          ? []
          : [
              ...undeclaredTools(set, level, entry),
              ...idleEntities(set, level, entry, tools),
              ...ambiguousNames(policy, set, level),
              ...everythingForEveryone(set, level),
            ]),
      ];
    });
}

/** Users and groups that policies name and several methods can yield. The caller of Cedar has one name: that of the first method that yields one. */
function ambiguousNames(policy: EffectivePolicy, set: CedarPolicies, level: CedarLevel): Diagnostic[] {
  const methods = trustedMethods(policy, level);
  return set.policies.flatMap(one =>
    cedarLibrary()
      .mentionedEntities([one])
      .flatMap(({ type, id }): Principal[] =>
        type === 'User' || type === 'Group' ? [{ kind: type === 'User' ? 'user' : 'group', name: id }] : [],
      )
      .map(principal => ({ principal, sources: sourcesOf(methods, principal) }))
      .filter(({ sources }) => sources.length > 1)
      .map(({ principal, sources }) =>
        findingOf(
          CEDAR_NAME_AMBIGUOUS,
          level.authzConfig.origin.path,
          propertyOf(one.property, level.authzConfig.origin.property),
          formatPrincipal(principal),
          { policy: JSON.stringify(one.id), principal: formatPrincipal(principal), sources: listAnd(sources) },
        ),
      ),
  );
}

/** Callers that have no name, whom Cedar cannot judge and so denies. */
function callersWithoutName(policy: EffectivePolicy, level: CedarLevel): Diagnostic[] {
  const { path, property } = level.authzConfig.origin;
  const methods = trustedMethods(policy, level);
  if (methods.length === 0) {
    return [
      policy.authentication.length === 0
        ? findingOf(CEDAR_WITHOUT_AUTHENTICATION, path, property, undefined, { levels: AUTHENTICATING[level.level] })
        : findingOf(CEDAR_LEVEL_WITHOUT_AUTHENTICATION, path, property, undefined, { level: level.level }),
    ];
  }
  if (alwaysYieldsUser(methods)) {
    return [];
  }
  return [
    methods.flatMap(alternatives).some(yieldsUser)
      ? findingOf(CEDAR_SOME_CALLERS_NAMELESS, path, property, undefined)
      : findingOf(CEDAR_CALLERS_NAMELESS, path, property, undefined),
  ];
}

/** Where callers of a level are authenticated. */
const AUTHENTICATING: Readonly<Record<LevelPolicy['level'], string>> = {
  gateway: 'the gateway',
  route: 'the gateway or the route',
  server: 'the server',
};

/** Servers among several whose tools are not known, where policies ask which server serves a tool. */
function undeclaredTools(set: CedarPolicies, { authzConfig: { origin } }: CedarLevel, entry: Entry): Diagnostic[] {
  const servers = serversOf(entry);
  const silent = servers.filter(server => server.tools === undefined);
  const asking = set.policies.find(policy => mentions(policy, 'Server').length > 0);
  if (asking === undefined || servers.length < 2 || silent.length === 0) {
    return [];
  }
  const names = silent.map(formatServerRef).sort(compareText).join(', ');
  return [
    findingOf(
      CEDAR_SERVER_TOOLS_UNKNOWN,
      origin.path,
      propertyOf(asking.property, origin.property),
      mentions(asking, 'Server').map(({ id }) => id),
      { policy: JSON.stringify(asking.id), entry: entry.path, names, verb: silent.length === 1 ? 'does' : 'do' },
    ),
  ];
}

/** Tools and servers that policies name and the entry does not have. A gateway has other entries. */
function idleEntities(
  set: CedarPolicies,
  { level, authzConfig: { origin } }: CedarLevel,
  entry: Entry,
  tools: readonly string[] | undefined,
): Diagnostic[] {
  if (level === 'gateway') {
    return [];
  }
  const servers = serversOf(entry).map(cedarServerName);
  const warn = (
    policy: CedarPolicy,
    kind: typeof CEDAR_TOOL_UNKNOWN,
    name: string,
    offered: readonly string[],
  ): Diagnostic =>
    findingOf(kind, origin.path, propertyOf(policy.property, origin.property), name, {
      policy: JSON.stringify(policy.id),
      entry: entry.path,
      offered: offered.join(', ') || 'none is declared',
    });
  return set.policies.flatMap(policy => [
    ...(tools === undefined
      ? []
      : mentions(policy, 'Tool')
          .filter(({ id }) => !tools.includes(id))
          .map(({ id }) => warn(policy, CEDAR_TOOL_UNKNOWN, id, tools))),
    ...mentions(policy, 'Server')
      .filter(({ id }) => !servers.includes(id))
      .map(({ id }) => warn(policy, CEDAR_SERVER_UNKNOWN, id, servers)),
  ]);
}

/** A policy by which every caller may call every tool, where nothing else at its level restricts it. */
function everythingForEveryone(
  { policies }: CedarPolicies,
  { rules, authzConfig: { origin } }: CedarLevel,
): Diagnostic[] {
  return rules.length > 0 || policies.some(({ json }) => json.effect === 'forbid')
    ? []
    : policies
        .filter(
          ({ json: { principal, action, resource, conditions } }) =>
            [principal, action, resource].every(({ op }) => op === 'All') && conditions.length === 0,
        )
        .map(({ id, property }) =>
          findingOf(CEDAR_PERMITS_EVERYTHING, origin.path, propertyOf(property, origin.property), id),
        );
}

function mentions(policy: CedarPolicy, type: 'Tool' | 'Server') {
  return cedarLibrary()
    .mentionedEntities([policy])
    .filter(entity => entity.type === type);
}

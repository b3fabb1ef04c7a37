import { alternatives } from './alternatives';
import { cedarFindings, cedarLibrary, cedarPolicies, propertyOf } from './cedar-policies';
import { trustedMethods } from './merge';
import { alwaysYieldsUser, yieldsUser } from './yields';
import type { CedarPolicies, CedarPolicy } from '../../cedar';
import { Diagnostic, errorAt, warningAt } from '../../model/diagnostic';
import { Entry, serversOf } from '../../model/plan';
import { AuthzConfig, EffectivePolicy, LevelPolicy } from '../../model/policy';
import { formatServerRef, cedarServerName } from '../../model/server';
import { compareText } from '../../values/text';

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
              ...everythingForEveryone(set, level),
            ]),
      ];
    });
}

/** Callers that have no name, whom Cedar cannot judge and so denies. */
function callersWithoutName(policy: EffectivePolicy, level: CedarLevel): Diagnostic[] {
  const { path, property } = level.authzConfig.origin;
  const methods = trustedMethods(policy, level);
  if (methods.length === 0) {
    return [
      policy.authentication.length === 0
        ? errorAt(
            path,
            property,
            undefined,
            'the principal of Cedar is the caller, and callers are not authenticated, so that nothing can be permitted',
            WITHOUT_METHOD[level.level],
          )
        : errorAt(
            path,
            property,
            undefined,
            `the principal of Cedar is the caller, and the ${level.level} does not authenticate it: names that only a route verifies are the route's to choose`,
            `Add an authentication to the ${level.level}`,
          ),
    ];
  }
  if (alwaysYieldsUser(methods)) {
    return [];
  }
  return [
    methods.flatMap(alternatives).some(yieldsUser)
      ? warningAt(
          path,
          property,
          undefined,
          'some callers pass with an API key that names no user, and Cedar denies them whatever its policies say',
          'Give each API key a user',
        )
      : errorAt(
          path,
          property,
          undefined,
          'the principal of Cedar is a user, and callers pass with API keys that name none, so that nothing can be permitted',
          'Give each API key a user',
        ),
  ];
}

const WITHOUT_METHOD: Readonly<Record<LevelPolicy['level'], string>> = {
  gateway: 'Add an authentication to the gateway',
  route: 'Add an authentication to the gateway or the route',
  server: 'Add an authentication to the server',
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
    errorAt(
      origin.path,
      propertyOf(asking.property, origin.property),
      mentions(asking, 'Server').map(({ id }) => id),
      `policy ${JSON.stringify(asking.id)} asks which server serves a tool, and of the servers at ${entry.path} ${names} ${silent.length === 1 ? 'does' : 'do'} not declare tools`,
      'Declare the `tools` of the server, or serve it by a route of its own',
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
  const warn = (policy: CedarPolicy, kind: string, name: string, offered: readonly string[]): Diagnostic =>
    warningAt(
      origin.path,
      propertyOf(policy.property, origin.property),
      name,
      `policy ${JSON.stringify(policy.id)} names a ${kind} that ${entry.path} does not serve (${offered.join(', ') || 'none is declared'})`,
      kind === 'tool'
        ? 'Correct the name, or the `tools` of the servers'
        : 'Correct the name: it is namespace/name, or the name of a ClusterMCPServer',
    );
  return set.policies.flatMap(policy => [
    ...(tools === undefined
      ? []
      : mentions(policy, 'Tool')
          .filter(({ id }) => !tools.includes(id))
          .map(({ id }) => warn(policy, 'tool', id, tools))),
    ...mentions(policy, 'Server')
      .filter(({ id }) => !servers.includes(id))
      .map(({ id }) => warn(policy, 'server', id, servers)),
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
          warningAt(
            origin.path,
            propertyOf(property, origin.property),
            id,
            'every caller with a name may call every tool, those that servers add later included',
            'Name the tools, or the callers',
          ),
        );
}

function mentions(policy: CedarPolicy, type: 'Tool' | 'Server') {
  return cedarLibrary()
    .mentionedEntities([policy])
    .filter(entity => entity.type === type);
}

import { toolServers } from '../../../../src/backends/agentgateway/dialect/tool-servers';
import { authorizationRules } from '../../../../src/backends/agentgateway/parts/authorization';
import { nesting } from '../../../../src/cel/terms';
import { BackendGroup } from '../../../../src/model/plan';
import { AuthzConfig } from '../../../../src/model/policy';
import { MatchConditions } from '../../../../src/model/route';
import { Server } from '../../../../src/model/server';
import { toolGlob } from '../../../../src/model/tool-pattern';
import { entryOf, groupOf, serverOf } from '../../../support/literals';
import { apiKeyOf, jwtOf, LevelOptions, policyOf } from '../policy-fixtures';

const cedar = (...policies: string[]): AuthzConfig => ({
  policies,
  origin: { path: 'app/smart', property: 'authzConfig' },
});
const declaring = (name: string, tools: readonly string[], rest: Partial<Server> = {}) =>
  serverOf(name, { tools: tools.map(tool => ({ name: tool })), ...rest });
const when = (tools: string | undefined, rest: Partial<MatchConditions> = {}): MatchConditions => ({
  tools: tools === undefined ? undefined : [toolGlob(tools)],
  headers: [],
  ...rest,
});

const LEDGER = declaring('ledger', ['db_query', 'db_drop']);
const CRM = declaring('crm', ['crm_find', 'db_query']);

describe('rules', () => {
  const rules = (level: LevelOptions, groups: readonly BackendGroup[] = [groupOf('default', [LEDGER])]) =>
    authorizationRules(entryOf(groups, { policy: policyOf({ authentication: [jwtOf()], ...level }) })).map(
      ({ level: name, stage, expression }) => ({ level: name, stage, expression }),
    );

  it('stand on each request and on each item, for either action', () => {
    expect(
      rules({
        authzConfig: cedar(
          'permit(principal == User::"alice", action == Action::"call_tool", resource == Tool::"db_query");',
          'permit(principal == User::"bob", action, resource);',
        ),
      }),
    ).toEqual([
      {
        level: 'route',
        stage: 'request',
        expression:
          '(request.method != "POST") || (!has(json(request.body).method)) || (json(request.body).method != "tools/call")' +
          ' || ([json(request.body).params.name].exists(tool, type(jwt.sub) == string && jwt.sub != "" && (jwt.sub == "alice" && tool == "db_query" || jwt.sub == "bob")))',
      },
      {
        level: 'route',
        stage: 'item',
        expression:
          '(has(mcp.tool)) && (json(request.body).method == "tools/call"' +
          ' ? (type(jwt.sub) == string && jwt.sub != "" && (jwt.sub == "alice" && mcp.tool.name == "db_query" || jwt.sub == "bob"))' +
          ' : (type(jwt.sub) == string && jwt.sub != "" && jwt.sub == "bob"))',
      },
    ]);
  });

  it('stand beside those of the level, and at every level', () => {
    const levels = authorizationRules(
      entryOf([groupOf('default', [LEDGER])], {
        policy: policyOf(
          { level: 'gateway', authentication: [jwtOf()], authzConfig: cedar('permit(principal, action, resource);') },
          { level: 'server', authzConfig: cedar('permit(principal == User::"x", action, resource);') },
        ),
      }),
    );
    expect(levels.map(({ level, stage }) => `${level} ${stage}`)).toEqual([
      'gateway request',
      'gateway item',
      'server request',
      'server item',
    ]);
  });

  it('permit nothing where the policies cannot be read', () => {
    for (const authzConfig of [cedar('permit;'), { ...cedar(), problems: [] }]) {
      expect(rules({ authzConfig }).map(({ expression }) => expression)).toEqual([
        '(request.method != "POST") || (!has(json(request.body).method)) || (json(request.body).method != "tools/call") || (false)',
        '(has(mcp.tool)) && (false)',
      ]);
    }
  });

  it('read claims of tokens that the level verifies alone', () => {
    const authzConfig = cedar(
      'permit(principal, action, resource) when { principal.claims has level && principal.claims.level > 1 };',
    );
    const expressions = (gateway: LevelOptions, route: LevelOptions) =>
      authorizationRules(
        entryOf([groupOf('default', [LEDGER])], { policy: policyOf({ level: 'gateway', ...gateway }, route) }),
      )
        .map(({ expression }) => expression)
        .join();
    expect(expressions({ authentication: [apiKeyOf()], authzConfig }, { authentication: [jwtOf()] })).not.toContain(
      'jwt',
    );
    expect(
      expressions(
        { authentication: [jwtOf()], authzConfig },
        { authentication: [jwtOf({ issuer: 'https://other.dev', header: { name: 'x-token', prefix: '' } })] },
      ),
    ).toContain('(has(jwt.iss)) && (jwt.iss == "https://auth.acme.dev")');
  });

  it('nest no deeper than agentgateway reads, which is 48 brackets', () => {
    const all =
      'principal.claims has a && principal.claims.a == 1 && context.arguments has b && context.arguments.b == 1 && context.headers has c && context.headers.c == "1"' +
      ' && context.time > datetime("2026-01-01") && context.sourceIp.isLoopback() && principal in Group::"g"';
    // As deep as a policy may be.
    const deepest = Array.from({ length: 32 }, (_, i) => 32 - i)
      .map(depth =>
        cedar(
          `permit(principal, action == Action::"call_tool", resource in Server::"finance/crm") when { ${nested(depth)} && ${all} };`,
        ),
      )
      .find(candidate => rules({ authzConfig: candidate })[0].expression.includes('exists'))!;
    const several = [
      groupOf('match-0', [CRM], { when: when('crm_*') }),
      groupOf('default', [LEDGER], { unless: [when('crm_*')] }),
    ];
    const depths = rules({ authentication: [jwtOf(), apiKeyOf()], authzConfig: deepest }, several).map(
      ({ expression }) => nesting(expression),
    );
    expect(Math.max(...depths)).toBeGreaterThan(32);
    expect(Math.max(...depths)).toBeLessThanOrEqual(48);
  });
});

function nested(depth: number): string {
  return depth === 0 ? 'principal.name == "alice"' : `!(${nested(depth - 1)} && resource.name != "x${depth}")`;
}

describe('the servers of a tool', () => {
  const servers = (...groups: BackendGroup[]) => toolServers(entryOf(groups), 'NAME');

  it('are the only one of the entry, whatever the tool', () => {
    expect(
      servers(
        groupOf('match-0', [serverOf('ledger')], { when: when('db_*') }),
        groupOf('default', [serverOf('ledger')], { unless: [when('db_*')] }),
      ),
    ).toEqual({ tool: 'NAME', servers: '["finance/ledger"]' });
    expect(
      servers(groupOf('default', [serverOf('shared', { kind: 'ClusterMCPServer', namespace: undefined })])).servers,
    ).toBe('["shared"]');
  });

  it('are those that declare it and expose it', () => {
    expect(
      servers(
        groupOf('default', [
          [LEDGER, 90],
          [declaring('canary', ['db_query', 'secret'], { toolsFilter: [toolGlob('db_*')] }), 10],
        ]),
      ),
    ).toEqual({
      tool: 'NAME',
      servers:
        '(NAME in ["db_drop", "db_query"] ? ["finance/ledger"] : []) + (NAME in ["db_query"] ? ["finance/canary"] : [])',
      known: 'NAME in ["db_drop", "db_query"]',
    });
    expect(servers(groupOf('default', [LEDGER, declaring('twin', ['db_drop', 'db_query'])])).servers).toBe(
      '(NAME in ["db_drop", "db_query"] ? ["finance/ledger", "finance/twin"] : [])',
    );
  });

  it('are those of the group that a tool belongs to', () => {
    expect(
      servers(
        groupOf('match-0', [CRM], { when: when('crm_*') }),
        groupOf('default', [LEDGER], { unless: [when('crm_*')] }),
      ),
    ).toEqual({
      tool: 'NAME',
      servers:
        '(NAME in ["crm_find"] ? ["finance/crm"] : []) + (NAME in ["db_drop", "db_query"] ? ["finance/ledger"] : [])',
      known: 'NAME in ["crm_find", "db_drop", "db_query"]',
    });
  });

  it('depend on headers where groups do', () => {
    const beta = when(undefined, { headers: [{ kind: 'Exact', name: 'x-release', value: 'beta' }] });
    const meets = 'default(request.headers.join()["x-release"] == "beta", false)';
    expect(
      servers(groupOf('match-0', [CRM], { when: beta }), groupOf('default', [LEDGER], { unless: [beta] })),
    ).toEqual({
      tool: 'NAME',
      servers: `((${meets}) && (NAME in ["crm_find", "db_query"]) ? ["finance/crm"] : []) + ((!(${meets})) && (NAME in ["db_drop", "db_query"]) ? ["finance/ledger"] : [])`,
      known: `((${meets}) && (NAME in ["crm_find", "db_query"])) || ((!(${meets})) && (NAME in ["db_drop", "db_query"]))`,
    });
  });

  it('depend on the method where groups do: of a group for calls of some tools, a list goes elsewhere', () => {
    const calls = when('db_*', { method: 'tools/call' });
    expect(
      servers(groupOf('match-0', [CRM], { when: calls }), groupOf('default', [LEDGER], { unless: [calls] })).servers,
    ).toBe(
      '(((default(json(request.body).method, "") == "tools/call") && (json(request.body).method == "tools/call")) && (NAME in ["db_query"]) ? ["finance/crm"] : [])' +
        ' + ((!((default(json(request.body).method, "") == "tools/call") && (json(request.body).method == "tools/call"))) && (NAME in ["db_drop", "db_query"]) ? ["finance/ledger"] : [])',
    );
  });
});

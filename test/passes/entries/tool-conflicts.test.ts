import { Entry } from '../../../src/model/plan';
import { exposedTools } from '../../../src/model/server';
import { toolGlob } from '../../../src/model/tool-pattern';
import { indexTopology } from '../../../src/model/topology';
import { planRoute } from '../../../src/passes/entries/routes';
import { idleFilters, idlePatterns, toolClashes, unevenTools } from '../../../src/passes/entries/tool-conflicts';
import { backendOf, findingsInShort, matchOf, routeOf, serverOf, topologyOf } from '../../support/literals';

const servers = [
  serverOf('ledger', { exposes: 'db_query db_insert' }),
  serverOf('canary', { exposes: 'db_query db_insert db_new' }),
  serverOf('filtered', { exposes: 'db_query secret', toolsFilter: [toolGlob('db_*')] }),
  serverOf('silent'),
];
const index = indexTopology(topologyOf({ servers }));
const discovered = (...names: string[]): Entry => ({
  origin: 'app/gateway',
  id: 'mcp',
  path: '/mcp',
  groups: names.map(name => ({
    id: name,
    unless: [],
    servers: [{ server: servers.find(candidate => candidate.name === name)!, weight: 1 }],
  })),
  skipUnavailable: true,
  counters: [],
});
const routed = (...args: Parameters<typeof routeOf>): Entry => planRoute(routeOf(...args), index).entry;

it('exposes what the filter lets through', () => {
  expect(servers.map(exposedTools)).toEqual([
    ['db_query', 'db_insert'],
    ['db_query', 'db_insert', 'db_new'],
    ['db_query'],
    undefined,
  ]);
});

describe('clashes', () => {
  it('are tools that two discovered servers expose', () => {
    expect(findingsInShort(toolClashes(discovered('ledger', 'filtered')))).toEqual([
      'error app/gateway discovery: MCPServer finance/ledger and MCPServer finance/filtered both offer this tool at /mcp',
    ]);
    expect(toolClashes(discovered('ledger', 'canary')).map(({ value }) => value)).toEqual(['db_query', 'db_insert']);
  });

  it('may be hidden where servers declare nothing', () => {
    expect(findingsInShort(toolClashes(discovered('ledger', 'silent')))).toEqual([
      'warning app/gateway discovery: these servers declare no tools, so equal tool names at /mcp would go unnoticed',
    ]);
    expect(toolClashes(discovered('silent'))).toEqual([]);
  });

  it('are none within a route, whose matches decide', () => {
    expect(
      toolClashes(routed({ backends: [backendOf('ledger')], matches: [matchOf('db_query', [backendOf('canary')])] })),
    ).toEqual([]);
    expect(toolClashes(routed({ backends: [backendOf('ledger'), backendOf('canary')] }))).toEqual([]);
  });
});

describe('tools that a caller finds or misses by chance', () => {
  it('are those that not all servers of a group have', () => {
    const findings = unevenTools(routed({ backends: [backendOf('ledger'), backendOf('canary')] }));
    expect(findings.map(({ severity, property, value }) => [severity, property, value])).toEqual([
      ['warning', 'backends', ['db_new']],
    ]);
  });

  it('are not those that a match takes away', () => {
    expect(
      unevenTools(
        routed({
          backends: [backendOf('ledger'), backendOf('canary')],
          matches: [matchOf('db_new', [backendOf('canary')])],
        }),
      ),
    ).toEqual([]);
  });

  it('are still those that a match takes away from some callers only', () => {
    const header = { headers: [{ name: 'x', kind: 'Exact' as const, value: 'y' }] };
    expect(
      unevenTools(
        routed({
          backends: [backendOf('ledger'), backendOf('canary')],
          matches: [matchOf('db_new', [backendOf('canary')], header)],
        }),
      ),
    ).toHaveLength(1);
  });

  it('are only those that the group serves', () => {
    expect(
      unevenTools(
        routed({
          backends: [backendOf('silent')],
          matches: [matchOf('db_query', [backendOf('ledger'), backendOf('canary')])],
        }),
      ),
    ).toEqual([]);
  });

  it('are unknown where nothing is declared', () => {
    expect(unevenTools(routed({ backends: [backendOf('ledger'), backendOf('silent')] }))).toEqual([]);
  });
});

describe('patterns that select no tool', () => {
  it.each<[string, Parameters<typeof routeOf>[0], string[]]>([
    [
      'of the servers of the match',
      { backends: [backendOf('ledger')], matches: [matchOf('db_* db_old', [backendOf('canary')])] },
      [
        'error app/smart matches[0].tools[1]: matches none of the tools that its servers offer (db_insert, db_new, db_query)',
      ],
    ],
    [
      'of the backends',
      { backends: [backendOf('ledger')], matches: [matchOf('db_new')] },
      ['error app/smart matches[0].tools[0]: matches none of the tools that its servers offer (db_insert, db_query)'],
    ],
    [
      'after the filter',
      { backends: [backendOf('filtered')], matches: [matchOf('secret')] },
      ['error app/smart matches[0].tools[0]: matches none of the tools that its servers offer (db_query)'],
    ],
    [
      'not where a server declares none',
      { backends: [backendOf('ledger'), backendOf('silent')], matches: [matchOf('db_new')] },
      [],
    ],
    [
      'not where one server has it',
      { backends: [backendOf('ledger'), backendOf('canary')], matches: [matchOf('db_new')] },
      [],
    ],
    ['not where a server is unknown', { backends: [backendOf('nobody')], matches: [matchOf('db_new')] }, []],
  ])('%s', (_, rest, findings) => {
    expect(findingsInShort(idlePatterns(routeOf(rest), index))).toEqual(findings);
  });

  it('of a filter', () => {
    expect(
      findingsInShort(idleFilters(serverOf('a', { exposes: 'x y', toolsFilter: [toolGlob('x'), toolGlob('z*')] }))),
    ).toEqual(['error app/a toolsFilter[1]: matches none of the declared tools (x, y)']);
    expect(idleFilters(serverOf('a', { toolsFilter: [toolGlob('z*')] }))).toEqual([]);
  });
});

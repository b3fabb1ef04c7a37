import { indexTopology } from '../../../src/model/topology';
import { groupsOf, planRoute } from '../../../src/passes/entries/routes';
import {
  backendOf,
  findingsInShort,
  groupsInShort,
  matchOf,
  routeOf,
  serverOf,
  topologyOf,
} from '../../support/literals';

const names = ['ledger', 'canary', 'reports', ...Array.from({ length: 17 }, (_, i) => `s${i}`)];
const index = indexTopology(topologyOf({ servers: names.map(name => serverOf(name)) }));
const plan = (rest: Parameters<typeof routeOf>[0]) => planRoute(routeOf(rest), index);

describe('groups', () => {
  it('share by weight, and leave out weight 0', () => {
    expect(
      groupsInShort(
        plan({ backends: [backendOf('ledger', 90), backendOf('canary', 10), backendOf('reports', 0)] }).entry,
      ),
    ).toEqual(['default: ledger=90 canary=10']);
  });

  it('serve the rest by the backends of the route when every match has its own', () => {
    const { entry } = plan({
      backends: [backendOf('ledger')],
      matches: [matchOf('report_*', [backendOf('reports')]), matchOf('new_*', [backendOf('canary')])],
    });
    expect(groupsInShort(entry)).toEqual(['match-0: reports=1', 'match-1: canary=1', 'default: ledger=1']);
    expect(entry.groups[2].when).toBeUndefined();
    expect(entry.groups[2].unless).toHaveLength(2);
  });

  it('serve nothing else when a match has no servers of its own', () => {
    const { entry } = plan({
      backends: [backendOf('ledger')],
      matches: [matchOf('db_*'), matchOf('report_*', [backendOf('reports')])],
    });
    expect(groupsInShort(entry)).toEqual(['match-0: ledger=1', 'match-1: reports=1']);
  });

  it('never compete: each excludes what earlier ones match', () => {
    const groups = groupsOf(
      routeOf({ backends: [backendOf('ledger')], matches: [matchOf('a'), matchOf('b'), matchOf('c')] }),
      index,
    );
    expect(
      groups.map(({ when, unless }) => [when?.tools?.[0].value, unless.map(({ tools }) => tools?.[0].value)]),
    ).toEqual([
      ['a', []],
      ['b', ['a']],
      ['c', ['a', 'b']],
    ]);
  });
});

it('carries the path and the policies of the route', () => {
  const policies = {
    timeouts: { request: '30s' },
    retry: { attempts: 2, codes: [503] },
    requestHeaders: { set: [], add: [], remove: ['x'] },
    responseHeaders: { set: [], add: [], remove: ['y'] },
  };
  expect(plan({ backends: [backendOf('ledger')], ...policies }).entry).toMatchObject({
    ...policies,
    origin: 'app/smart',
    id: 'finance/smart',
    path: '/routes/finance/smart',
    skipUnavailable: false,
    counters: [],
  });
});

it.each<[string, Parameters<typeof routeOf>[0], string[]]>([
  ['one backend', { backends: [backendOf('ledger')] }, []],
  ['no backend', {}, ['error app/smart backends: a route needs at least one backend']],
  [
    '16 backends',
    {
      backends: names.slice(0, 10).map(name => backendOf(name)),
      matches: [
        matchOf(
          'a',
          names.slice(0, 6).map(name => backendOf(name)),
        ),
      ],
    },
    [],
  ],
  [
    '17 backends',
    {
      backends: names.slice(0, 17).map(name => backendOf(name)),
      matches: [
        matchOf(
          'a',
          names.slice(0, 17).map(name => backendOf(name)),
        ),
      ],
    },
    [
      'error app/smart backends: there are at most 16 backends',
      'error app/smart matches[0].backends: there are at most 16 backends',
    ],
  ],
  [
    'only weights of 0',
    { backends: [backendOf('ledger', 0), backendOf('canary', 0)] },
    ['error app/smart backends: every weight is 0, so no server would get a request'],
  ],
  [
    'only weights of 0 in a match',
    { backends: [backendOf('ledger')], matches: [matchOf('a', [backendOf('canary', 0)])] },
    ['error app/smart matches[0].backends: every weight is 0, so no server would get a request'],
  ],
  [
    'a server twice',
    { backends: [backendOf('ledger'), backendOf('canary'), backendOf('ledger', 2)] },
    ['error app/smart backends[2].server: the server is already a backend here'],
  ],
  ['a server in two groups', { backends: [backendOf('ledger')], matches: [matchOf('a', [backendOf('ledger')])] }, []],
  [
    'an unknown server in a match',
    { backends: [backendOf('ledger')], matches: [matchOf('a', [backendOf('ledger'), backendOf('nobody')])] },
    ['error app/smart matches[0].backends[1].server: no such server in this app'],
  ],
])('%s', (_, rest, findings) => {
  expect(findingsInShort(plan(rest).diagnostics)).toEqual(findings);
});

import { enforcementOf } from './fixtures';
import {
  cellsOf,
  computeMatrix,
  csvParts,
  diff,
  diffToMarkdown,
  MatrixPrincipal,
  MatrixRoute,
  jsonParts,
  toMarkdown,
} from '../../../src/passes/access/matrix';
import { grant, jwt, level } from '../policy/fixtures';

const gateway = level('gateway', { authentication: [jwt()] });
const principals: MatrixPrincipal[] = [
  { name: 'group:finance-admins', caller: { groups: ['finance-admins'] } },
  { name: 'user:alice', caller: { user: 'alice' } },
  { name: 'anonymous' },
];

function routes(aliceMay: string[]): MatrixRoute[] {
  const smart = enforcementOf([
    gateway,
    level('route', {
      rules: [
        grant(['group:finance-admins'], ['db_*']),
        grant(['user:alice'], aliceMay),
        grant(['user:alice'], ['*'], {
          permissions: [{ tools: [{ kind: 'prefix', value: 'db_' }], actions: ['tools/list'] }],
        }),
      ],
    }),
  ]);
  const open = enforcementOf([gateway], { entry: 'finance/a|b' });
  return [
    { enforcement: smart, tools: ['db_query', 'db_insert', 'k8s_get'] },
    { enforcement: open, tools: ['say "hi", x'] },
  ];
}

const matrix = computeMatrix(routes(['db_query']), principals);

test('as a table for each route', () => {
  expect(toMarkdown(matrix)).toMatchInlineSnapshot(`
"### finance/a|b

|  | say "hi", x |
|-|-|
| group:finance-admins | call, list |
| user:alice | call, list |
| anonymous | - |

### finance/smart

|  | db_insert | db_query | k8s_get |
|-|-|-|-|
| group:finance-admins | call, list | call, list | - |
| user:alice | list | call, list | - |
| anonymous | - | - | - |
"
`);
});

test('as a file for spreadsheets', () => {
  expect([...csvParts(matrix)].join('')).toMatchInlineSnapshot(`
"route,principal,tool,call,list
finance/a|b,group:finance-admins,"say ""hi"", x",true,true
finance/a|b,user:alice,"say ""hi"", x",true,true
finance/a|b,anonymous,"say ""hi"", x",false,false
finance/smart,group:finance-admins,db_insert,true,true
finance/smart,group:finance-admins,db_query,true,true
finance/smart,group:finance-admins,k8s_get,false,false
finance/smart,user:alice,db_insert,false,true
finance/smart,user:alice,db_query,true,true
finance/smart,user:alice,k8s_get,false,false
finance/smart,anonymous,db_insert,false,false
finance/smart,anonymous,db_query,false,false
finance/smart,anonymous,k8s_get,false,false
"
`);
});

test('as JSON', () => {
  const text = [...jsonParts(matrix)].join('');
  expect(text).toBe(`${JSON.stringify([...cellsOf(matrix)], undefined, 2)}\n`);
  expect([...jsonParts({ tables: [] })].join('')).toBe('[]\n');
});

test('the order of routes and tools is that of their names', () => {
  const reversed = routes(['db_query'])
    .reverse()
    .map(route => ({ ...route, tools: [...route.tools!].reverse() }));
  expect(computeMatrix(reversed, principals)).toEqual(matrix);
});

test('who gained and who lost', () => {
  const after = computeMatrix(routes(['k8s_*']), principals);
  expect(diffToMarkdown(diff(matrix, after))).toMatchInlineSnapshot(`
"|  | principal | tool | action | route |
|-|-|-|-|-|
| lost | user:alice | db_query | tools/call | finance/smart |
| gained | user:alice | k8s_get | tools/call | finance/smart |
| gained | user:alice | k8s_get | tools/list | finance/smart |
"
`);
  expect(diff(after, matrix).map(({ change }) => change)).toEqual(
    diff(matrix, after).map(({ change }) => (change === 'gained' ? 'lost' : 'gained')),
  );
  expect(diff(matrix, matrix)).toEqual([]);
  expect(diffToMarkdown([])).toBe('No change of access.\n');
});

test('a route that is new or gone is a change for all whom it let in', () => {
  expect(diff({ tables: [] }, matrix).every(({ change }) => change === 'gained')).toBe(true);
  expect(diff({ tables: [] }, matrix)).toHaveLength(
    [...cellsOf(matrix)].reduce((sum, { call, list }) => sum + Number(call) + Number(list), 0),
  );
});

test('routes that enforce the same are asked once', () => {
  const grants = (...tools: readonly string[]) => [gateway, level('route', { rules: [grant(['user:alice'], tools)] })];
  const asked = [
    enforcementOf(grants('db_*'), { entry: 'a/one' }),
    enforcementOf(grants('db_*'), { entry: 'b/two' }),
    enforcementOf(grants('k8s_*'), { entry: 'c/three' }),
  ].map(enforcement => ({ enforcement, tools: ['db_query'] }));
  const [one, two, three] = computeMatrix(asked, principals).tables;
  expect(two.granted).toBe(one.granted);
  expect(three.granted).not.toEqual(one.granted);
  expect([one, two, three].map(({ route }) => route)).toEqual(['a/one', 'b/two', 'c/three']);
});

test('routes differ by what their servers ask, by stage and by authentication', () => {
  const plain = enforcementOf([level('gateway', {})], { entry: 'a/one' });
  const asks = (rule: Partial<(typeof plain)['rules'][number]>, rest = {}) => ({
    ...plain,
    ...rest,
    rules: [
      {
        level: 'route' as const,
        origins: [],
        grants: [],
        expression: 'x',
        holds: () => ({ kind: 'value' as const, value: true }),
        ...rule,
      },
    ],
  });
  const no = () => ({ kind: 'value' as const, value: false });
  const guarded = { ...plain, ways: [{ id: 'a', require: [], guard: asks({ holds: no }) }] };
  const tables = computeMatrix(
    [asks({ stage: 'request' }), asks({ stage: 'item', holds: no }), plain, guarded, enforcementOf([gateway])].map(
      (enforcement, i) => ({ enforcement: { ...enforcement, entry: String(i) }, tools: ['t'] }),
    ),
    [{ name: 'anonymous' }],
  ).tables;
  expect(tables.map(({ granted }) => [...granted])).toEqual([[3], [0], [3], [0], [0]]);
});

it('Markdown reads each answer once, however many there are', () => {
  let read = 0;
  const counting = (cells: number): Uint8Array =>
    new Proxy(new Uint8Array(cells), {
      get(answers, index) {
        read++;
        return answers[Number(index)];
      },
    });
  const names = (what: string, count: number): string[] => Array.from({ length: count }, (_, i) => `${what}-${i}`);
  for (const size of [10, 40]) {
    read = 0;
    const tables = names('route', 5).map(route => ({
      route,
      principals: names('user:user', size),
      columns: names('tool', size).map(name => ({ kind: 'tool' as const, name, label: name })),
      granted: counting(size * size),
    }));
    const text = toMarkdown({ tables });
    expect(text.split('\n').filter(line => line.startsWith('| user:user'))).toHaveLength(5 * size);
    expect(read).toBe(5 * size * size);
  }
});

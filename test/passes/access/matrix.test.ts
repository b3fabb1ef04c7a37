import { enforcementOf } from './fixtures';
import {
  computeMatrix,
  diff,
  diffToMarkdown,
  MatrixPrincipal,
  MatrixRoute,
  toCsv,
  toJson,
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
  expect(toCsv(matrix)).toMatchInlineSnapshot(`
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
  expect(JSON.parse(toJson(matrix))).toEqual(matrix.cells);
});

test('the order of routes and tools is that of their names', () => {
  const reversed = routes(['db_query'])
    .reverse()
    .map(route => ({ ...route, tools: [...route.tools].reverse() }));
  expect(toJson(computeMatrix(reversed, principals))).toBe(toJson(matrix));
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
  expect(diff({ cells: [] }, matrix).every(({ change }) => change === 'gained')).toBe(true);
  expect(diff({ cells: [] }, matrix)).toHaveLength(
    matrix.cells.reduce((sum, { call, list }) => sum + Number(call) + Number(list), 0),
  );
});

import { DONE_WITH, granted, ITEM_KINDS, ItemAction, LISTS, matchesItem, METHODS, USES } from '../../src/model/items';
import { toolGlob } from '../../src/model/tool-pattern';

describe('a glob of resources', () => {
  const below = (uri: string) => matchesItem(toolGlob('file:///reports/*'), 'resource', uri);

  it.each([
    'file:///reports/',
    'file:///reports/sales.txt',
    'file:///reports/..sales',
    'file:///reports/a/b...',
    'file:///reports/.hidden',
    'file:///reports/{name}',
    'file:///reports/%2e%2etxt',
  ])('selects %s', uri => expect(below(uri)).toBe(true));

  it.each([
    'file:///secret',
    'file:///reports',
    'FILE:///reports/sales.txt',
    'file:///reports/../secret',
    'file:///reports/..',
    'file:///reports/./a',
    'file:///reports/a/..',
    'file:///reports/..?a',
    'file:///reports/..#a',
    'file:///reports/%2e%2E/secret',
    'file:///reports/.%2e/secret',
    'file:///reports/..%2Fsecret',
    'file:///reports/..%5csecret',
    'file:///reports/..\\secret',
    'file:///reports/a\n/../secret',
  ])('does not select %j, which is elsewhere or leads there', uri => expect(below(uri)).toBe(false));

  it('selects as it is written what it names as a whole, and all of them where it is *', () => {
    const uri = 'file:///reports/../secret';
    expect(matchesItem(toolGlob(uri), 'resource', uri)).toBe(true);
    expect(matchesItem(toolGlob('*'), 'resource', uri)).toBe(true);
    expect(matchesItem(toolGlob('a/*'), 'tool', 'a/../b')).toBe(true);
  });
});

it('grants of a kind what can be done with it', () => {
  const permission = {
    tools: [toolGlob('a')],
    prompts: [toolGlob('b')],
    actions: Object.keys(METHODS) as ItemAction[],
  };
  for (const action of permission.actions) {
    for (const kind of ITEM_KINDS) {
      const expected = DONE_WITH[action].includes(kind) ? { tool: 1, prompt: 1, resource: 0 }[kind] : 0;
      expect([action, kind, granted([permission], kind, action).length]).toEqual([action, kind, expected]);
    }
  }
  expect(granted([{ ...permission, actions: [] }], 'tool', 'tools/call')).toEqual([]);
  expect(ITEM_KINDS.flatMap(kind => [USES[kind], LISTS[kind]]).every(action => METHODS[action][0] === action)).toBe(
    true,
  );
});

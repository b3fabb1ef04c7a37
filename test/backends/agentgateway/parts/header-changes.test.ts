import { changesOf } from '../../../../src/backends/agentgateway/parts/header-changes';

it('leaves out modifiers that change nothing', () => {
  expect(changesOf(undefined)).toBeUndefined();
  expect(changesOf({ set: [], add: [], remove: [] })).toBeUndefined();
});

it('joins values that are added under one name, and keeps the last that is set', () => {
  expect(
    changesOf({
      set: [
        { name: 'x-a', value: '1' },
        { name: 'x-a', value: '2' },
      ],
      add: [
        { name: 'x-b', value: '1' },
        { name: 'x-b', value: '2' },
      ],
      remove: ['x-c'],
    }),
  ).toEqual({ set: { 'x-a': '2' }, add: { 'x-b': '1, 2' }, remove: ['x-c'] });
});

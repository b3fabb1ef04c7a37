import { headerChanges } from '../../../src/backends/agentgateway/targets';

it('leaves out modifiers that change nothing', () => {
  expect(headerChanges(undefined)).toBeUndefined();
  expect(headerChanges({ set: [], add: [], remove: [] })).toBeUndefined();
});

it('joins values that are added under one name, and keeps the last that is set', () => {
  expect(
    headerChanges({
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

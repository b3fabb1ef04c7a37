import { errorAt } from '../../src/model/diagnostic';
import { InputCheck, InputError } from '../../src/model/input';
import { messageOf } from '../support/synth';

it('throws every finding of one call at once', () => {
  const input = new InputCheck('finance/ledger');
  input.check('name', 'A', 'is wrong', 'Correct it');
  input.check('good', 1, undefined, '');
  input.optional('port', 0, value => `is ${value}`, 'Give another');
  input.optional('absent', undefined, () => 'is never asked', '');
  input.add([errorAt('elsewhere', 'x', 1, 'is also wrong', 'Drop it')]);
  expect(messageOf(() => input.throwIfAny())).toBe(`Invalid input:
  [finance/ledger] name: got "A": is wrong. Correct it.
  [finance/ledger] port: got 0: is 0. Give another.
  [elsewhere] x: got 1: is also wrong. Drop it.`);
  expect(() => input.throwIfAny()).toThrow(InputError);
  expect(input.diagnostics).toHaveLength(3);
});

it('throws nothing when there is nothing', () => {
  expect(() => new InputCheck('a').throwIfAny()).not.toThrow();
});

import { because, errorKind, findingOf } from '../../src/model/finding-kind';
import { InputCheck, InputError } from '../../src/model/input';
import { messageOf } from '../support/synth';

const WRONG = errorKind('test-wrong', 'is wrong', 'Correct it');
const OTHER = errorKind('test-other', '{problem}', 'Give another');
const ALSO = errorKind('test-also', 'is also wrong', 'Drop it');

it('throws every finding of one call at once', () => {
  const input = new InputCheck('finance/ledger');
  input.report(WRONG, 'name', 'A', true);
  input.report(WRONG, 'good', 1, false);
  input.reportGiven(OTHER, 'port', 0, value => because(`is ${value}`));
  input.reportGiven(OTHER, 'absent', undefined, () => because('is never asked'));
  input.add([findingOf(ALSO, 'elsewhere', 'x', 1)]);
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

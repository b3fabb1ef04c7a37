import { InputCheck } from '../model/input';
import { canonicalCidr, cidrContains, cidrProblem } from '../values/cidr';

/** Checks a range of addresses and what is left out of it. */
export function checkRange(input: InputCheck, cidr: string, except: readonly string[] = []): void {
  const problem = cidrProblem(cidr);
  input.check('cidr', cidr, problem, 'Write it as 10.20.0.0/16; a single address as 10.20.0.7/32');
  except.forEach((range, i) => {
    const wrong = cidrProblem(range);
    const outside =
      wrong === undefined &&
      problem === undefined &&
      (!cidrContains(cidr, range) || canonicalCidr(cidr) === canonicalCidr(range));
    input.check(
      `except[${i}]`,
      range,
      wrong ?? (outside ? `is not a part of ${cidr}` : undefined),
      'Leave out parts of the range only',
    );
  });
}

/** A range as plain data. */
export function rangeOf(
  cidr: string,
  except: readonly string[] = [],
): { readonly cidr: string; readonly except: readonly string[] } {
  return { cidr: canonicalCidr(cidr), except: [...new Set(except.map(canonicalCidr))].sort() };
}

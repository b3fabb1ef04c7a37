import { digest } from '../../src/values/digest';

it('starts as the SHA-256 of a text (FIPS 180-2, "abc")', () => {
  expect(digest('abc', 16)).toBe('ba7816bf8f01cfea');
});

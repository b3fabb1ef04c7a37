import * as fc from 'fast-check';
import { regexLiteral } from '../../src/values/regex';
import { nastyText } from '../backends/agentgateway/plan-arbitrary';

describe('regexLiteral', () => {
  it('matches its text and no other', () => {
    fc.assert(
      fc.property(nastyText, nastyText, (text, other) => {
        const regex = new RegExp(`^(?:${regexLiteral(text)})$`, 'u');
        expect(regex.test(text)).toBe(true);
        expect(regex.test(other)).toBe(text === other);
      }),
    );
  });
});

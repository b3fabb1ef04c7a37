/** A construct of Cedar that has no translation. */
export class UnsupportedConstruct extends Error {
  constructor(
    readonly construct: string,
    readonly remedy: string,
  ) {
    super(`${construct} is not supported`);
  }
}

/** What to do instead of a construct, by Cedar's name of its operator. */
const REMEDIES: Readonly<Record<string, readonly [construct: string, remedy: string]>> = {
  '+': [
    'arithmetic (+)',
    'Compare with the number that results; arithmetic can overflow, and an error must not decide',
  ],
  '-': [
    'arithmetic (-)',
    'Compare with the number that results; arithmetic can overflow, and an error must not decide',
  ],
  '*': [
    'arithmetic (*)',
    'Compare with the number that results; arithmetic can overflow, and an error must not decide',
  ],
  neg: [
    'arithmetic (unary -)',
    'Compare with a negative number; arithmetic can overflow, and an error must not decide',
  ],
  Record: ['a record literal', 'Compare the fields one by one'],
  Slot: ['a template (?principal, ?resource)', 'Write the entity itself'],
  getTag: ['tags (getTag)', 'Use an attribute: entities have no tags here'],
  hasTag: ['tags (hasTag)', 'Use an attribute: entities have no tags here'],
  decimal: ['decimal', 'Use whole numbers'],
  lessThan: ['decimal (lessThan)', 'Use whole numbers'],
  lessThanOrEqual: ['decimal (lessThanOrEqual)', 'Use whole numbers'],
  greaterThan: ['decimal (greaterThan)', 'Use whole numbers'],
  greaterThanOrEqual: ['decimal (greaterThanOrEqual)', 'Use whole numbers'],
  offset: [
    'offset',
    'Compare with a datetime that has the offset in it, or context.time.toTime() with a time of day in UTC',
  ],
  durationSince: ['durationSince', 'Compare context.time with a datetime'],
  toDate: ['toDate', 'Compare context.time with a datetime'],
  toMilliseconds: ['toMilliseconds', 'Compare with a duration'],
  toSeconds: ['toSeconds', 'Compare with a duration'],
  toMinutes: ['toMinutes', 'Compare with a duration'],
  toHours: ['toHours', 'Compare with a duration'],
  toDays: ['toDays', 'Compare with a duration'],
};

/** The error for an operator that has no translation. */
export function unsupportedOperator(operator: string): UnsupportedConstruct {
  const [construct, remedy] = REMEDIES[operator] ?? [
    operator,
    'Write the condition with comparisons, in, has, like, contains and is',
  ];
  return new UnsupportedConstruct(construct, remedy);
}

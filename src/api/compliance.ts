import { atomicList, boolean, choice, Codec, text, ValueOf, ruleFor } from './codec';
import { duration, LONGER } from './duration';
import { demanding, only } from './feature';
import { filled, object, switchable } from './object';
import { Place } from './place';
import { because, errorKind } from '../model/findings';
import { Compliance, Encryption, PiiDetection, PLACEHOLDER } from '../model/traffic-policy';
import { formatDuration } from '../values/quantities';
import { finds, findingProblem } from '../values/regex';

const PII_EXPRESSION_MISSING = errorKind(
  'pii-expression-missing',
  'is missing',
  'Give the expression that finds the data',
);
const PII_EXPRESSION_UNWANTED = errorKind(
  'pii-expression-unwanted',
  'is given for data of the kind {type}, which has its own',
  'Drop it, or use PiiType.CUSTOM',
);
const PII_EXPRESSION_INVALID = errorKind(
  'pii-expression-invalid',
  '{problem}',
  'Write it in RE2 syntax, for text of at least one character',
);

const DAY = 86_400_000;

/** A duration that may be in days, which are no unit of Go's: the API's own defaults have them. */
function retention(description: string, byDefault: string) {
  const whole = duration(description, {}, LONGER);
  const field: Codec<number> = {
    ...whole,
    schema: { ...whole.schema, default: byDefault },
    decode: (json, place) => {
      const [, days] = /^([0-9]+)d$/.exec(json) ?? [];
      return days === undefined ? whole.decode(json, place) : Number(days) * DAY;
    },
  };
  return demanding(field, { '': { by: formatDuration } });
}

const pattern = object(
  'One pattern.',
  {
    description: text('What the pattern finds.'),
    pattern: text('Regular expression, for type Custom.'),
    type: choice('Kind of data.', ['SSN', 'CreditCard', 'Email', 'Phone', 'Custom']),
  },
  { required: ['type'] },
);

const detection = switchable(
  'Detection of personal data.',
  {
    action: choice('What is done about it.', ['Log', 'Block', 'Redact'], { default: 'Log' }),
    enabled: boolean('Whether it is detected.', { default: false }),
    patterns: atomicList(
      'What is detected.',
      pattern,
      {},
      ruleFor(
        'pii-patterns-empty',
        patterns => (patterns.length === 0 ? 'is empty, so nothing would be looked for' : undefined),
        'Name kinds of data, or leave it out for all that are known',
      ),
    ),
  },
  (value, place) => checkPatterns(value, place),
);

/** Detection of personal data, as a gateway asks for it. */
export type PiiDetectionValue = ValueOf<typeof detection>;

const detecting = (wanted: PiiDetection['action']) => (value: PiiDetectionValue) => {
  const { enabled, action } = filled(detection, value);
  return enabled && action === wanted ? action : undefined;
};

const piiDetection = demanding(detection, {
  block: { fields: ['action'], by: detecting('Block'), values: 'Block' },
  log: { by: detecting('Log'), values: 'action Log' },
  redact: { fields: ['action'], by: detecting('Redact'), values: 'Redact' },
});

function checkPatterns({ action, patterns }: PiiDetectionValue, place: Place): void {
  patterns?.forEach(({ type, pattern: expression }, i) => {
    const at = place.at('patterns', i, 'pattern');
    const custom = type === 'Custom';
    const again = (value: string) =>
      action === 'Redact' && finds(value, PLACEHOLDER) ? `matches the placeholder ${PLACEHOLDER} itself` : undefined;
    at.report(PII_EXPRESSION_MISSING, expression, custom && expression === undefined);
    at.report(PII_EXPRESSION_UNWANTED, expression, !custom && expression !== undefined ? { type } : undefined);
    at.report(
      PII_EXPRESSION_INVALID,
      expression,
      because(custom && expression !== undefined ? (findingProblem(expression) ?? again(expression)) : undefined),
    );
  });
}

const encryption = object('Encryption.', {
  encryptionAtRest: demanding(boolean('Whether stored data is encrypted.', { default: false }), {
    '': { by: only(true), values: 'true' },
  }),
  encryptionInTransit: boolean('Whether connections are encrypted.', { default: true }),
  requireEncryption: boolean('Whether unencrypted connections are refused.', { default: false }),
});

/** `policy.compliance` of a gateway. */
export const compliance = object('Handling of data.', {
  dataRetention: object('How long data is kept.', {
    auditLogRetention: retention('Audit logs.', '90d'),
    contextRetention: retention('Contexts.', '30d'),
    sessionRetention: retention('Sessions.', '7d'),
  }),
  encryption: demanding(encryption, {
    '': { fields: ['encryptionInTransit', 'requireEncryption'], by: encryptionModel },
  }),
  piiDetection,
});

/** Handling of data, as a gateway asks for it. */
export type ComplianceValue = ValueOf<typeof compliance>;

/** RE2 expressions that find personal data of the known kinds. */
const PII_PATTERNS = {
  SSN: '\\b[0-9]{3}-[0-9]{2}-[0-9]{4}\\b',
  // 13 to 19 digits (ISO/IEC 7812), in groups or not.
  CreditCard: '\\b(?:[0-9][ -]?){12,18}[0-9]\\b',
  Email: '[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\\.[A-Za-z0-9-]+)*\\.[A-Za-z]{2,}',
  Phone: '\\+[1-9](?:[ .()-]{0,2}[0-9]){6,13}\\b|\\(?\\b[0-9]{3}\\)?[ .-][0-9]{3}[ .-][0-9]{4}\\b',
};

/** What a data plane has to do about data. */
export function complianceModel(value: ComplianceValue): Compliance {
  const { auditLogRetention, contextRetention, sessionRetention } = value.dataRetention ?? {};
  const time = (milliseconds: number | undefined) =>
    milliseconds === undefined ? undefined : formatDuration(milliseconds);
  return {
    dataRetention: value.dataRetention && {
      auditLogs: time(auditLogRetention),
      contexts: time(contextRetention),
      sessions: time(sessionRetention),
    },
    encryption: value.encryption && encryptionModel(value.encryption),
    pii: value.piiDetection?.enabled === true ? piiModel(value.piiDetection) : undefined,
  };
}

function encryptionModel(value: ValueOf<typeof encryption>): Encryption {
  const { encryptionAtRest, encryptionInTransit, requireEncryption } = filled(encryption, value);
  return { atRest: encryptionAtRest, inTransit: encryptionInTransit, required: requireEncryption };
}

function piiModel(value: PiiDetectionValue): PiiDetection {
  const { action, patterns } = filled(detection, value);
  return {
    action,
    data:
      patterns === undefined
        ? Object.entries(PII_PATTERNS).map(([name, expression]) => ({ name, pattern: expression }))
        : patterns.map(({ type, pattern: expression, description }) => ({
            name: description ?? type,
            // One of a kind of its own without a pattern is a finding.
            pattern: expression ?? (type === 'Custom' ? '' : PII_PATTERNS[type]),
          })),
  };
}

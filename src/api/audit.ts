import { boolean, bytes, choice, integer, text, texts, ValueOf } from './codec';
import { duration, LONGER } from './duration';
import { demanding } from './feature';
import { filled, object, switchable } from './object';
import { errorKind } from '../model/findings';
import { Audit } from '../model/traffic-policy';

const AUDIT_DESTINATION_OPTIONS = errorKind(
  'audit-destination-options',
  'holds options for another type than {type}',
  'Give those of the type alone',
);
const AUDIT_DESTINATION_MISSING = errorKind(
  'audit-destination-missing',
  'does not say where ({option})',
  'Give {option}',
);

const destination = object(
  'Where the record goes.',
  {
    file: object('A file.', {
      maxBackups: integer('Number of old files kept.', { default: 3, minimum: 0 }, 'Give a whole number of files'),
      maxSize: bytes('Size of the largest file.'),
      path: text('Path of the file.', { default: '/var/log/mcpgateway/audit.log' }),
    }),
    http: object(
      'An HTTP endpoint.',
      {
        endpoint: text('URL of the endpoint.'),
        headers: texts('Headers to send.', { 'x-kubernetes-map-type': 'atomic' }),
        method: choice('HTTP method.', ['POST', 'PUT'], { default: 'POST' }),
        timeout: duration('Time a request may take.', { default: '30s' }, LONGER),
      },
      { required: ['endpoint'] },
    ),
    syslog: object(
      'A syslog server.',
      {
        facility: integer('Facility code.', { default: 16, minimum: 0, maximum: 23 }, 'Give a code from 0 to 23'),
        protocol: choice('Protocol.', ['UDP', 'TCP', 'TLS'], { default: 'UDP' }),
        server: text('Address of the server.'),
      },
      { required: ['server'] },
    ),
    type: choice('Which destination this is.', ['File', 'Syslog', 'HTTP', 'S3', 'Database'], { default: 'File' }),
  },
  {},
  (value, place) => {
    const { type } = filled(destination, value);
    const given = (['file', 'syslog', 'http'] as const).filter(name => value[name] !== undefined);
    place.report(
      AUDIT_DESTINATION_OPTIONS,
      given,
      given.some(name => name !== type.toLowerCase()) ? { type } : undefined,
    );
    place.report(
      AUDIT_DESTINATION_MISSING,
      given,
      ['Syslog', 'HTTP'].includes(type) && given.length === 0 ? { option: type.toLowerCase() } : undefined,
    );
  },
);

const record = switchable('Record of requests.', {
  destination,
  enabled: boolean('Whether requests are recorded.', { default: false }),
  format: choice('Format of the record.', ['JSON', 'CEF', 'SYSLOG'], { default: 'JSON' }),
  includeMetadata: boolean('Whether metadata is recorded.', { default: true }),
  level: choice('How much is recorded.', ['None', 'Request', 'Response', 'Full'], { default: 'Request' }),
});

/** What is said, unless it is what goes without demanding more. */
const other = <T>(said: T | undefined, usual: T): T | undefined => (said === usual ? undefined : said);

/** `policy.audit` of a gateway. */
export const audit = demanding(record, {
  '': { by: value => auditModel(value)?.level, values: 'level None or Request; format JSON' },
  answers: { at: 'level', by: value => other(auditModel(value)?.level, 'Request'), values: 'Response, Full' },
  destination: { at: 'destination', by: value => auditModel(value)?.destination },
  'format.other': { at: 'format', by: value => other(auditModel(value)?.format, 'JSON'), values: 'CEF, SYSLOG' },
});

/** Record of requests, as a gateway asks for it. */
export type AuditValue = ValueOf<typeof record>;

/** What a data plane has to record; undefined when it is nothing. */
export function auditModel(value: AuditValue): Audit | undefined {
  const { enabled, level, format, includeMetadata } = filled(record, value);
  return !enabled || level === 'None'
    ? undefined
    : {
        level,
        format,
        metadata: includeMetadata,
        destination: value.destination && filled(destination, value.destination).type,
      };
}

import { auth } from './gateway-auth';
import {
  atomicList,
  boolean,
  choice,
  int32,
  object,
  Properties,
  quantity,
  Schema,
  string,
  stringMap,
  stringSet,
} from './schema';

/** Policies of a gateway, which hold for all of its routes: shape of upstream's sep2025. */

const audit = object('Record of requests.', {
  destination: object('Where the record goes.', {
    file: object('A file.', {
      maxBackups: int32('Number of old files kept.', { default: 3, minimum: 0 }),
      maxSize: quantity('Size of the largest file.'),
      path: string('Path of the file.', { default: '/var/log/mcpgateway/audit.log' }),
    }),
    http: object(
      'An HTTP endpoint.',
      {
        endpoint: string('URL of the endpoint.'),
        headers: stringMap('Headers to send.', { 'x-kubernetes-map-type': 'atomic' }),
        method: choice('HTTP method.', ['POST', 'PUT'], { default: 'POST' }),
        timeout: string('Time a request may take.', { default: '30s' }),
      },
      { required: ['endpoint'] },
    ),
    syslog: object(
      'A syslog server.',
      {
        facility: int32('Facility code.', { default: 16, minimum: 0, maximum: 23 }),
        protocol: choice('Protocol.', ['UDP', 'TCP', 'TLS'], { default: 'UDP' }),
        server: string('Address of the server.'),
      },
      { required: ['server'] },
    ),
    type: choice('Which destination this is.', ['File', 'Syslog', 'HTTP', 'S3', 'Database'], { default: 'File' }),
  }),
  enabled: boolean('Whether requests are recorded.', { default: false }),
  format: choice('Format of the record.', ['JSON', 'CEF', 'SYSLOG'], { default: 'JSON' }),
  includeMetadata: boolean('Whether metadata is recorded.', { default: true }),
  level: choice('How much is recorded.', ['None', 'Request', 'Response', 'Full'], { default: 'Request' }),
});

const authentication = object('How callers prove who they are.', {
  default: auth('Method of callers that no other applies to.'),
  enabled: boolean('Whether callers are authenticated.', { default: true }),
  methods: atomicList('Accepted methods.', auth('One method.')),
});

const circuitBreaker = object('When a failing server is left alone.', {
  errorRateThreshold: string('Percentage of failures that opens the circuit.', {
    default: '50.0',
    pattern: '^[0-9]+(\\.[0-9]+)?$',
  }),
  failureThreshold: int32('Failures in a row that open the circuit.', { default: 5, minimum: 1 }),
  maxRequestsHalfOpen: int32('Requests let through while half open.', { default: 10, minimum: 1 }),
  minRequestsThreshold: int32('Requests before the error rate counts.', { default: 20, minimum: 1 }),
  openStateTimeout: string('Time the circuit stays open.', { default: '30s' }),
  requestTimeout: string('Time after which a request counts as failed.', { default: '30s' }),
  successThreshold: int32('Successes in a row that close the circuit.', { default: 1, minimum: 1 }),
});

const compliance = object('Handling of data.', {
  dataRetention: object('How long data is kept.', {
    auditLogRetention: string('Audit logs.', { default: '90d' }),
    contextRetention: string('Contexts.', { default: '30d' }),
    sessionRetention: string('Sessions.', { default: '7d' }),
  }),
  encryption: object('Encryption.', {
    encryptionAtRest: boolean('Whether stored data is encrypted.', { default: false }),
    encryptionInTransit: boolean('Whether connections are encrypted.', { default: true }),
    requireEncryption: boolean('Whether unencrypted connections are refused.', { default: false }),
  }),
  piiDetection: object('Detection of personal data.', {
    action: choice('What is done about it.', ['Log', 'Block', 'Redact'], { default: 'Log' }),
    enabled: boolean('Whether it is detected.', { default: false }),
    patterns: atomicList(
      'What is detected.',
      object(
        'One pattern.',
        {
          description: string('What the pattern finds.'),
          pattern: string('Regular expression, for type Custom.'),
          type: choice('Kind of data.', ['SSN', 'CreditCard', 'Email', 'Phone', 'Custom']),
        },
        { required: ['type'] },
      ),
    ),
  }),
});

const elicitation = object('Questions of servers to users.', {
  allowedTypes: stringSet('Types of questions that may be asked.'),
  enabled: boolean('Whether servers may ask.', { default: false }),
  maxConcurrentRequests: int32('Questions open at a time.', { default: 5, minimum: 1 }),
  requireConfirmation: boolean('Whether the user confirms each answer.', { default: true }),
  timeout: string('Time to answer.', { default: '60s' }),
});

const limit = (description: string): Schema =>
  object(description, {
    burst: int32('Requests let through at once.', { minimum: 1 }),
    requestsPerHour: int32('Requests per hour.', { minimum: 1 }),
    requestsPerMinute: int32('Requests per minute.', { minimum: 1 }),
    requestsPerSecond: int32('Requests per second.', { minimum: 1 }),
  });

const rateLimit = object('How often callers may use the gateway.', {
  global: limit('All callers together.'),
  perIP: limit('Each address.'),
  perServer: limit('Each server.'),
  perUser: limit('Each user.'),
});

const filterAction = choice('What is done with a match.', ['Allow', 'Deny', 'Remove', 'Redact']);

const filters: Properties = {
  bodyFilters: atomicList(
    'Filters of the body.',
    object(
      'One filter.',
      {
        action: filterAction,
        pattern: string('What is looked for.'),
        replacement: string('What replaces it.'),
        type: choice('How it is looked for.', ['Regex', 'JSONPath', 'Size']),
      },
      { required: ['action', 'type'] },
    ),
  ),
  headerFilters: atomicList(
    'Filters of headers.',
    object(
      'One filter.',
      {
        action: filterAction,
        name: string('Name of the header.'),
        pattern: string('What the value is compared with.'),
      },
      { required: ['action', 'name'] },
    ),
  ),
  sizeLimit: quantity('Size of the largest body.'),
};

const requestFiltering = object('What requests may contain.', {
  ...filters,
  contentTypeFilter: stringSet('Content types that are accepted.'),
});

const responseFiltering = object('What responses may contain.', {
  ...filters,
  removeInternalHeaders: boolean('Whether internal headers are removed.', { default: true }),
});

const sampling = object("Requests of servers to the client's model.", {
  clientModel: string('Model to use.'),
  enabled: boolean('Whether servers may ask the model.', { default: false }),
  maxTokens: int32('Tokens of the longest answer.', { default: 1000, minimum: 1, maximum: 100000 }),
  rateLimit: object('How often servers may ask.', {
    requestsPerHour: int32('Requests per hour.', { default: 100, minimum: 1 }),
    requestsPerMinute: int32('Requests per minute.', { default: 10, minimum: 1 }),
  }),
  temperature: string('Temperature of the model.', { default: '0.7', pattern: '^[0-9]+(\\.[0-9]+)?$' }),
  timeout: string('Time an answer may take.', { default: '30s' }),
});

const sessionIsolation = object('What sessions share.', {
  allowedCrossSessionData: stringSet('Data that sessions may share.'),
  auditLevel: choice('How much is recorded.', ['None', 'Basic', 'Full'], { default: 'Basic' }),
  contextRetention: string('How long contexts are kept.', { default: '1h' }),
  crossSessionSharing: boolean('Whether sessions share data.', { default: false }),
  enforceResourceBoundaries: boolean('Whether resources are kept apart.', { default: true }),
  mode: choice('How strictly sessions are kept apart.', ['strict', 'relaxed', 'custom'], { default: 'strict' }),
});

export const policy: Schema = object(
  'Policies that hold for all routes of the gateway; routes can only tighten them.',
  {
    audit,
    authentication,
    circuitBreaker,
    compliance,
    elicitation,
    rateLimit,
    requestFiltering,
    responseFiltering,
    sampling,
    sessionIsolation,
  },
);

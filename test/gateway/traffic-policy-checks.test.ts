import { App, Chart, Duration, Size } from 'cdk8s';
import {
  AccessLogField,
  AuditDestinationType,
  BodyFilterType,
  FilterAction,
  GatewayLogFormat,
  McpGateway,
  McpGatewayOptions,
  PiiAction,
  PiiType,
} from '../../src';
import { messageOf } from '../support/synth';

const faults = (options: McpGatewayOptions) =>
  messageOf(() => new McpGateway(new Chart(new App(), 'platform', { namespace: 'mcp-system' }), 'gateway', options))
    .split('\n')
    .slice(1)
    .map(line => line.trim().replace('[platform/gateway] ', ''));

test.each<[string, McpGatewayOptions, string[]]>([
  [
    'a breaker that cannot be',
    {
      circuitBreaker: {
        consecutiveFailures: 0,
        errorRateThreshold: 101,
        successThreshold: 0.5,
        requestTimeout: Duration.seconds(0),
      },
    },
    [
      'circuitBreaker.consecutiveFailures: got 0: is not a whole number from 1 to 2147483647. Give at least 1.',
      'circuitBreaker.successThreshold: got 0.5: is not a whole number from 1 to 2147483647. Give at least 1.',
      'circuitBreaker.errorRateThreshold: got 101: is not a percentage. Give 0 to 100.',
      'circuitBreaker.requestTimeout: got 0: is not above 0. Give a longer time.',
    ],
  ],
  [
    'requests of servers that cannot be',
    {
      sampling: { maxTokens: 0, temperature: -1, rateLimit: { requestsPerHour: 0 } },
      elicitation: { maxConcurrentRequests: 0, timeout: Duration.seconds(0) },
    },
    [
      'sampling.maxTokens: got 0: is not a whole number from 1 to 100000. Give 1 to 100000.',
      'sampling.temperature: got -1: is below 0. Give 0 or more.',
      'sampling.rateLimit.requestsPerHour: got 0: is not a whole number from 1 to 2147483647. Give at least 1.',
      'elicitation.maxConcurrentRequests: got 0: is not a whole number from 1 to 2147483647. Give at least 1.',
      'elicitation.timeout: got 0: is not above 0. Give a longer time.',
    ],
  ],
  [
    'a record that goes nowhere',
    {
      audit: { destination: { type: AuditDestinationType.SYSLOG } },
      observability: { logFormat: GatewayLogFormat.TEXT, accessLog: [AccessLogField.text('audit.user', 'x')] },
    },
    [
      'audit.format: got "JSON": is not the form of the log that the record is written to (observability.logFormat). Use GatewayLogFormat.JSON.',
      'observability.accessLog[0]: got "audit.user": is named like a field of the audit record. Choose another name.',
      'audit.destination: got []: does not say where (syslog). Give syslog.',
    ],
  ],
  [
    'destinations that cannot be',
    {
      audit: {
        destination: {
          type: AuditDestinationType.HTTP,
          http: { endpoint: 'https://x', method: 'GET' },
          file: { maxBackups: -1 },
          syslog: { server: 'x', facility: 24 },
        },
      },
    },
    [
      'audit.destination: got ["file","syslog","http"]: holds options for another type than HTTP. Give those of the type alone.',
      'audit.destination.file.maxBackups: got -1: is not a whole number from 0 to 2147483647. Give a whole number of files.',
      'audit.destination.syslog.facility: got 24: is not a whole number from 0 to 23. Give a code from 0 to 23.',
      'audit.destination.http.method: got "GET": is not POST or PUT. Use one of them.',
    ],
  ],
  [
    'sizes and patterns of nothing',
    {
      requestFiltering: {
        sizeLimit: Size.kibibytes(0),
        bodyFilters: [{ type: BodyFilterType.JSON_PATH, action: FilterAction.DENY, pattern: 'password' }],
      },
      compliance: { piiDetection: { patterns: [] }, dataRetention: { sessionRetention: Duration.seconds(0) } },
    },
    [
      'requestFiltering.sizeLimit: got 0: is not a whole number from 1 to 2147483647. Give a size of whole bytes, up to 2 GiB.',
      'requestFiltering.bodyFilters[0].pattern: got "password": is not a JSONPath. Write it as $.params.arguments.password.',
      'compliance.dataRetention.sessionRetention: got 0: is not above 0. Give a longer time.',
      'compliance.piiDetection.patterns: got []: is empty, so nothing would be looked for. Name kinds of data, or leave it out for all that are known.',
    ],
  ],
  [
    'what would be found in its own place',
    {
      compliance: { piiDetection: { action: PiiAction.REDACT, patterns: [{ type: PiiType.CUSTOM, pattern: 'red' }] } },
      responseFiltering: {
        bodyFilters: [{ type: BodyFilterType.REGEX, action: FilterAction.REDACT, pattern: 'a', replacement: 'bar' }],
      },
    },
    [
      'responseFiltering.bodyFilters[0].replacement: got "bar": matches the pattern itself. Choose one that does not.',
      'compliance.piiDetection.patterns[0].pattern: got "red": matches the placeholder [redacted] itself. Write it in RE2 syntax, for text of at least one character.',
    ],
  ],
])('%s', (_, options, expected) => {
  expect(faults(options).sort()).toEqual([...expected].sort());
});

test('what only logs or refuses may match the placeholder', () => {
  for (const action of [PiiAction.LOG, PiiAction.BLOCK]) {
    const chart = new Chart(new App(), 'platform', { namespace: 'mcp-system' });
    expect(
      () =>
        new McpGateway(chart, 'gateway', {
          compliance: { piiDetection: { action, patterns: [{ type: PiiType.CUSTOM, pattern: 'red' }] } },
        }),
    ).not.toThrow();
  }
});

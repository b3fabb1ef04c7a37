import { Testing } from 'cdk8s';
import {
  chartOf,
  controllerChart,
  documentOf,
  documents,
  faults,
  gatewayOf,
  only,
  readInto,
  serverOf,
  synthesize,
} from './support';
import { Synthesis } from '../../src/synthesis/synthesis';

const AT = '[f.yaml:4 (document 1, MCPGateway finance/gw)]';

function modelOf(fields: string) {
  const chart = chartOf();
  readInto(chart, gatewayOf(fields));
  return Synthesis.of(chart).compile().plans[0].gateway.traffic;
}

test('everything becomes the options of the construct', () => {
  expect(
    modelOf(`
    policy: {
      audit: {enabled: true, level: Full, format: JSON, includeMetadata: false},
      requestFiltering: {sizeLimit: 64Ki, contentTypeFilter: [application/json], headerFilters: [{name: X-A, action: Deny, pattern: b}], bodyFilters: [{type: Regex, action: Redact, pattern: c, replacement: d}]},
      responseFiltering: {sizeLimit: 1000, removeInternalHeaders: true, headerFilters: [{name: x-b, action: Remove}], bodyFilters: [{type: Size, action: Deny, pattern: 1M}]},
      compliance: {encryption: {encryptionInTransit: false}, piiDetection: {enabled: true, action: Block, patterns: [{type: SSN}, {type: Custom, pattern: e, description: f}]}},
      sampling: {enabled: false, maxTokens: 5},
      elicitation: {enabled: false},
      sessionIsolation: {mode: relaxed, contextRetention: 1m30s, auditLevel: None, crossSessionSharing: false, enforceResourceBoundaries: true},
    },
    protocolVersion: {supported: ["2025-06-18"], minVersion: "2025-06-18", maxVersion: "2025-11-25", preferredVersion: "2025-06-18", allowVersionNegotiation: false, strictVersioning: true},
  `),
  ).toEqual({
    path: 'chart/manifest/MCPGateway.finance.gw',
    demands: expect.arrayContaining([
      {
        feature: 'policy.requestFiltering.bodyFilters.regex',
        property: 'requestFiltering.bodyFilters[0]',
        value: { type: 'Regex', action: 'Redact', pattern: 'c', replacement: 'd' },
      },
      { feature: 'protocolVersion.strict', property: 'protocolVersion.strictVersioning', value: true },
    ]),
    audit: { level: 'Full', format: 'JSON', metadata: false, destination: undefined },
    requestFiltering: {
      sizeLimit: 65_536,
      contentTypes: ['application/json'],
      headerFilters: [{ name: 'x-a', action: 'Deny', pattern: 'b' }],
      bodyFilters: [{ type: 'Regex', action: 'Redact', pattern: 'c', replacement: 'd' }],
    },
    responseFiltering: {
      sizeLimit: 1000,
      removeInternalHeaders: true,
      headerFilters: [{ name: 'x-b', action: 'Remove' }],
      bodyFilters: [{ type: 'Size', action: 'Deny', pattern: '1M' }],
    },
    compliance: {
      dataRetention: undefined,
      encryption: { atRest: false, inTransit: false, required: false },
      pii: {
        action: 'Block',
        data: [
          { name: 'SSN', pattern: expect.any(String) },
          { name: 'f', pattern: 'e' },
        ],
      },
    },
    sampling: { enabled: false },
    elicitation: { enabled: false },
    sessionIsolation: {
      mode: 'relaxed',
      lifetime: 90_000,
      sharing: false,
      sharedData: [],
      resourceBoundaries: true,
      auditLevel: 'None',
    },
    protocolVersion: {
      supported: ['2025-06-18'],
      minimum: '2025-06-18',
      maximum: '2025-11-25',
      preferred: '2025-06-18',
      negotiable: false,
      strict: true,
    },
  });
});

test('what is left out is what the API says by default', () => {
  expect(
    modelOf(
      'policy: {audit: {enabled: true}, sessionIsolation: {}, responseFiltering: {}, compliance: {encryption: {encryptionInTransit: false}}}, protocolVersion: {}',
    ),
  ).toMatchObject({
    audit: { level: 'Request', format: 'JSON', metadata: true },
    responseFiltering: { removeInternalHeaders: true },
    sessionIsolation: { mode: 'strict', lifetime: 3_600_000, resourceBoundaries: true, auditLevel: 'Basic' },
    protocolVersion: { minimum: '2025-06-18', preferred: '2026-07-28', negotiable: true, strict: false },
  });
});

test('what an API server fills in is not held against a document', () => {
  const filled = `
    policy: {
      audit: {enabled: false, level: Request, format: JSON, includeMetadata: true},
      sampling: {enabled: false, maxTokens: 1000, temperature: "0.7", timeout: 30s, rateLimit: {requestsPerHour: 100, requestsPerMinute: 10}},
      elicitation: {enabled: false, maxConcurrentRequests: 5, requireConfirmation: true, timeout: 60s},
      compliance: {encryption: {encryptionAtRest: false, encryptionInTransit: false, requireEncryption: false}, piiDetection: {enabled: false, action: Log}},
      authentication: {enabled: false},
    }`;
  expect(
    Synthesis.of(read(filled))
      .diagnostics()
      .filter(({ severity }) => severity === 'error'),
  ).toEqual([]);
});

function read(fields: string) {
  const chart = chartOf();
  readInto(chart, gatewayOf(fields));
  return chart;
}

test.each<[string, string, string[]]>([
  [
    'audit that is described and not switched on',
    'policy: {audit: {level: Full}}',
    [
      `${AT} spec.policy.audit.enabled: got nothing: is missing, and audit is off by default. Write enabled: true, or remove audit.`,
    ],
  ],
  [
    'sampling that is described and not switched on',
    'policy: {sampling: {maxTokens: 5}}',
    [
      `${AT} spec.policy.sampling.enabled: got nothing: is missing, and sampling is off by default. Write enabled: true, or remove sampling.`,
    ],
  ],
  [
    'sizes that are none',
    'policy: {requestFiltering: {sizeLimit: 0}, responseFiltering: {sizeLimit: 100m, bodyFilters: [{type: Size, action: Deny, pattern: big}]}}',
    [
      `${AT} spec.policy.requestFiltering.sizeLimit: got 0: is not a size of whole bytes. Write it as 64Ki.`,
      `${AT} spec.policy.responseFiltering.sizeLimit: got "100m": is not a size of whole bytes. Write it as 64Ki.`,
      `${AT} spec.policy.responseFiltering.bodyFilters[0].pattern: got "big": is not a size of whole bytes. Write it as 64Ki.`,
    ],
  ],
  [
    'filters of nothing',
    'policy: {requestFiltering: {bodyFilters: [{type: Regex, action: Deny}, {type: Regex, action: Deny, pattern: "a*"}], headerFilters: [{name: "a b", action: Deny}, {name: x-a, action: Allow}]}}',
    [
      `${AT} spec.policy.requestFiltering.bodyFilters[0].pattern: got nothing: is missing. Say what is looked for.`,
      `${AT} spec.policy.requestFiltering.headerFilters[0].name: got "a b": is not a header name (RFC 9110 token). Name one header.`,
      `${AT} spec.policy.requestFiltering.headerFilters[1].pattern: got nothing: is missing, so that every value would pass. Say which values may pass.`,
      `${AT} spec.policy.requestFiltering.bodyFilters[1].pattern: got "a*": matches a text of no characters, and so every message. Write it in RE2 syntax, for text of at least one character.`,
    ],
  ],
  [
    'expressions that are none',
    'policy: {requestFiltering: {headerFilters: [{name: x-a, action: Deny, pattern: "("}]}, ' +
      'compliance: {piiDetection: {enabled: true, patterns: [{type: Custom}, {type: SSN, pattern: x}]}}}',
    [
      `${AT} spec.policy.requestFiltering.headerFilters[0].pattern: got "(": is not an RE2 regular expression (error parsing regexp: missing closing ): \`(\`). Write it in RE2 syntax.`,
      `${AT} spec.policy.compliance.piiDetection.patterns[0].pattern: got nothing: is missing. Give the expression that finds the data.`,
      `${AT} spec.policy.compliance.piiDetection.patterns[1].pattern: got "x": is given for data of the kind SSN, which has its own. Drop it, or use PiiType.CUSTOM.`,
    ],
  ],
  [
    'placeholders that would be found again',
    'policy: {responseFiltering: {bodyFilters: [{type: Regex, action: Redact, pattern: "[a-z]+"}, {type: Regex, action: Deny, pattern: x, replacement: z}]}}',
    [
      `${AT} spec.policy.responseFiltering.bodyFilters[0].replacement: got "[redacted]": matches the pattern itself. Choose one that does not.`,
      `${AT} spec.policy.responseFiltering.bodyFilters[1].replacement: got "z": replaces nothing: nothing is redacted. Drop it, or use FilterAction.REDACT.`,
    ],
  ],
  [
    'content types without that of MCP',
    'policy: {requestFiltering: {contentTypeFilter: [text/plain, json]}}',
    [
      `${AT} spec.policy.requestFiltering.contentTypeFilter[1]: got "json": is not a media type. Write it as application/json.`,
      `${AT} spec.policy.requestFiltering.contentTypeFilter: got ["text/plain","json"]: lets no request of MCP pass. Add application/json.`,
    ],
  ],
  [
    'a log in another form',
    'policy: {audit: {enabled: true}}, observability: {logging: {format: Text}}',
    [
      `${AT} spec.policy.audit.format: got "JSON": is not the form of the log that the record is written to (observability.logFormat). Use GatewayLogFormat.JSON.`,
    ],
  ],
  [
    'a destination of another type',
    'policy: {audit: {enabled: true, destination: {type: HTTP, syslog: {server: x}}}}',
    [
      `${AT} spec.policy.audit.destination: got ["syslog"]: holds options for another type than HTTP. Give those of the type alone.`,
    ],
  ],
  [
    'versions that contradict',
    'protocolVersion: {supported: ["2025-03-26", "2025-11-25"], maxVersion: "2025-03-26"}',
    [
      `${AT} spec.protocolVersion.maxVersion: got "2025-03-26": is older than the oldest version accepted (minVersion 2025-06-18). Give a newer one.`,
      `${AT} spec.protocolVersion.supported[0]: got "2025-03-26": is older than the oldest version accepted (minVersion 2025-06-18). Write a version such as 2025-06-18, and give minVersion and maxVersion that include it.`,
      `${AT} spec.protocolVersion.supported[1]: got "2025-11-25": is newer than the newest version accepted (maxVersion 2025-03-26). Write a version such as 2025-06-18, and give minVersion and maxVersion that include it.`,
    ],
  ],
  [
    'no versions, and a preferred one that is not supported',
    'protocolVersion: {supported: []}',
    [
      `${AT} spec.protocolVersion.supported: got []: is empty, so no client could connect. Name versions, or leave it out.`,
    ],
  ],
  [
    'a life of no time',
    'policy: {sessionIsolation: {contextRetention: 0s}}',
    [`${AT} spec.policy.sessionIsolation.contextRetention: got "0s": is not above 0. Give a longer time.`],
  ],
])('%s', (_, fields, expected) => {
  expect(faults(gatewayOf(fields)).sort()).toEqual([...expected].sort());
});

test.each<[string, string, string]>([
  [
    'audit.destination',
    'policy: {audit: {enabled: true, destination: {type: S3}}}',
    'agentgateway cannot write its log anywhere but to the standard output of its pods; no data plane of this library can',
  ],
  [
    'audit.format',
    'policy: {audit: {enabled: true, format: CEF}}',
    'agentgateway cannot write its log in this form; no data plane of this library can',
  ],
  [
    'sampling',
    'policy: {sampling: {enabled: true}}',
    'agentgateway cannot pass requests of servers on to clients of versions before 2026-07-28',
  ],
  [
    'elicitation',
    'policy: {elicitation: {enabled: true}}',
    'agentgateway cannot pass questions of servers on to clients of versions before 2026-07-28',
  ],
  [
    'compliance.dataRetention.sessionRetention',
    'policy: {compliance: {dataRetention: {sessionRetention: 7d}}}',
    'agentgateway cannot say how long sessions are kept',
  ],
  [
    'sessionIsolation.mode',
    'policy: {sessionIsolation: {mode: custom}}',
    'agentgateway cannot isolate sessions in a way that nothing describes',
  ],
  [
    'responseFiltering.headerFilters[0]',
    'policy: {responseFiltering: {headerFilters: [{name: x-a, action: Deny}]}}',
    'agentgateway cannot refuse an answer for its headers',
  ],
  [
    'requestFiltering.bodyFilters[0]',
    'policy: {requestFiltering: {bodyFilters: [{type: JSONPath, action: Deny, pattern: "$..password"}]}}',
    'agentgateway cannot follow such a path',
  ],
  [
    'responseFiltering.sizeLimit',
    'policy: {responseFiltering: {sizeLimit: 4Mi, bodyFilters: [{type: Regex, action: Deny, pattern: a}]}}',
    'agentgateway cannot look into answers above 2 MiB',
  ],
  [
    'requestFiltering.headerFilters[0].name',
    'policy: {requestFiltering: {headerFilters: [{name: Content-Encoding, action: Remove}]}}',
    'agentgateway cannot take this header out: it sets the header itself',
  ],
  [
    'rateLimits[0]',
    'policy: {rateLimit: {global: {requestsPerHour: 5, burst: 2}}}',
    'agentgateway cannot bound how many calls come at once',
  ],
])('what the data plane cannot do is refused: %s', (property, fields, problem) => {
  const found = Synthesis.of(read(fields))
    .diagnostics()
    .filter(({ severity }) => severity === 'error');
  expect(found.map(finding => finding.property)).toEqual([property]);
  expect(found[0].problem).toContain(problem);
});

test('in controller mode all of it reaches the operator as it is', () => {
  const spec = {
    policy: {
      audit: { level: 'Full', destination: { type: 'S3' } },
      rateLimit: { perUser: { requestsPerSecond: 1, requestsPerHour: 2, burst: 3 } },
      authentication: {
        methods: [{ method: 'OAuth2', oAuth2: { clientID: 'x', clientSecret: { value: 'y' }, tokenURL: 'https://z' } }],
      },
      requestFiltering: { sizeLimit: '100m', bodyFilters: [{ type: 'Regex', action: 'Allow' }] },
      compliance: { dataRetention: { auditLogRetention: '90d' } },
      sessionIsolation: { mode: 'custom', contextRetention: 'for ever' },
    },
    protocolVersion: { supported: ['x'] },
  };
  const chart = controllerChart();
  readInto(chart, documents(serverOf('a'), documentOf('MCPGateway', 'gw', JSON.stringify(spec))));
  expect(only(Testing.synth(chart), 'MCPGateway').spec).toMatchObject(spec);
});

test('the resource says what the document says', () => {
  const policy = {
    audit: { enabled: true, level: 'Response' },
    sessionIsolation: { mode: 'relaxed', contextRetention: '90m' },
    requestFiltering: { sizeLimit: '1000' },
  };
  const objects = synthesize(documentOf('MCPGateway', 'gw', JSON.stringify({ policy })));
  expect(only(objects, 'MCPGateway').spec.policy).toEqual(policy);
});

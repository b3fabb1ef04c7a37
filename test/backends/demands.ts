import {
  allow,
  anyOf,
  apiKeyOf,
  BASIC,
  CERTIFICATE,
  LevelOptions,
  limitOf,
  policyOf,
  user,
  verifiableJwt,
} from './agentgateway/policy-fixtures';
import { Gateway } from '../../src/model/gateway';
import { Entry, GatewayPlan } from '../../src/model/plan';
import { BodyFilter, Filtering, HeaderFilter, SessionIsolation, TrafficPolicy } from '../../src/model/traffic-policy';
import { PlaneFeature } from '../../src/passes/demands';
import { entryOf, gatewayOf, groupOf, serverOf } from '../support/literals';
import { apiOf, LIST, restServerOf } from '../support/rest';

/* For each feature a plan that asks for it and for as little else as possible. */

/** Nothing but a route to one server. */
export const PLAIN = plan();

function plan(entry: Partial<Entry> = {}, gateway: Partial<Gateway> = {}): GatewayPlan {
  return { gateway: gatewayOf(gateway), entries: [entryOf([groupOf('default', [serverOf('ledger')])], entry)] };
}

const asking = (...levels: readonly LevelOptions[]) => plan({ policy: policyOf(...levels) });
const CANARY = [
  groupOf('default', [
    [serverOf('a'), 90],
    [serverOf('b'), 10],
  ]),
];
const tls = { certificate: { secretName: 'tls', key: 'tls.crt' }, privateKey: { secretName: 'tls', key: 'tls.key' } };
const stateless = (name: string) => serverOf(name, { sessions: 'stateless' });
const K8S = [{ kind: 'prefix' as const, value: 'k8s_' }];
const matching = (when: Entry['groups'][number]['when']) =>
  plan({
    groups: [
      groupOf('match-0', [stateless('k8s')], { when }),
      groupOf('default', [stateless('ledger')], { unless: [when!] }),
    ],
  });

const traffic = (policy: Omit<TrafficPolicy, 'path'>, gateway: Partial<Gateway> = {}) =>
  plan({ traffic: { path: 'app/gw', ...policy } }, { traffic: { path: 'app/gw', ...policy }, ...gateway });
const NOTHING: Filtering = { headerFilters: [], bodyFilters: [] };
const requests = (filtering: Partial<TrafficPolicy['requestFiltering']>) =>
  traffic({ requestFiltering: { ...NOTHING, ...filtering } });
const answers = (filtering: Partial<TrafficPolicy['responseFiltering']>, removeInternalHeaders = true) =>
  traffic({ responseFiltering: { ...NOTHING, removeInternalHeaders, ...filtering } });
const body = (type: BodyFilter['type'], action: BodyFilter['action'], pattern: string): Partial<Filtering> => ({
  bodyFilters: [{ type, action, pattern }],
});
const header = (action: HeaderFilter['action'], pattern?: string): Partial<Filtering> => ({
  headerFilters: [{ name: 'x-a', action, pattern }],
});
const audit = (options: Partial<TrafficPolicy['audit']> = {}) =>
  traffic({ audit: { level: 'Request', format: 'JSON', metadata: false, ...options } });
const isolated = (options: Partial<SessionIsolation>): GatewayPlan => {
  const sessionIsolation: SessionIsolation = {
    mode: 'relaxed',
    lifetime: 60_000,
    sharing: false,
    sharedData: [],
    resourceBoundaries: true,
    auditLevel: 'None',
    ...options,
  };
  const {
    gateway,
    entries: [entry],
  } = traffic({ sessionIsolation });
  return { gateway, entries: [{ ...entry, policy: policyOf({ authentication: [verifiableJwt()] }) }] };
};
const pii = (action: 'Log' | 'Block' | 'Redact') =>
  traffic({ compliance: { pii: { action, data: [{ name: 'digits', pattern: '[0-9]{9}' }] } } });
const encryption = (atRest: boolean) =>
  traffic({ compliance: { encryption: { atRest, inTransit: true, required: false } } });
const versions = (options: Partial<TrafficPolicy['protocolVersion']> = {}) =>
  traffic({
    protocolVersion: { minimum: '2025-06-18', preferred: '2025-06-18', negotiable: false, strict: false, ...options },
  });

/** Undefined where no chart can ask for it: then it is said for people alone. */
export const DEMANDS: Readonly<Partial<Record<PlaneFeature, GatewayPlan>>> = {
  'affinity.header': plan({ groups: CANARY }, { affinity: { header: 'x-user' } }),
  'authentication.anyOf': asking({ authentication: [anyOf(verifiableJwt(), apiKeyOf())] }),
  'authentication.apiKey': asking({ authentication: [apiKeyOf()] }),
  'authentication.basic': asking({ authentication: [BASIC] }),
  'authentication.clientCertificate': {
    ...plan({ policy: policyOf({ level: 'gateway', authentication: [CERTIFICATE] }) }, { tls }),
  },
  'authentication.jwt': asking({ authentication: [verifiableJwt()] }),
  'authentication.oidc': asking({ authentication: [verifiableJwt({ resource: { scopes: ['mcp'] } })] }),
  'authorization.cedar': asking({
    authentication: [verifiableJwt()],
    authzConfig: {
      policies: ['permit(principal, action, resource);'],
      origin: { path: 'app/smart', property: 'authzConfig' },
    },
  }),
  'authorization.listing': asking({ authentication: [verifiableJwt()], rules: [allow([user('alice')], ['db_*'])] }),
  authorization: asking({ authentication: [verifiableJwt()], rules: [allow([user('alice')], ['*'])] }),
  circuitBreaker: plan({}, { circuitBreaker: { consecutiveFailures: 3, ejection: '30s' } }),
  healthCheck: plan(
    {},
    { healthCheck: { interval: '10s', timeout: '1s', healthyThreshold: 1, unhealthyThreshold: 3 } },
  ),
  'match.headers': matching({ headers: [{ name: 'x-team', kind: 'Exact', value: 'finance' }] }),
  'match.method': matching({ method: 'resources/read', headers: [] }),
  'match.tools': matching({ method: 'tools/call', tools: K8S, headers: [] }),
  'match.tools.listing': matching({ tools: K8S, headers: [] }),
  openApi: plan({ groups: [groupOf('default', [restServerOf('ledger', apiOf(LIST))])] }),
  rateLimits: asking({ rateLimits: [limitOf('ip', 5)] }),
  retry: plan({ groups: [groupOf('default', [stateless('ledger')])], retry: { attempts: 3, codes: [503] } }),
  skipUnavailable: plan({ skipUnavailable: true }),
  sse: plan({ groups: [groupOf('default', [serverOf('old', { protocol: 'sse' })])] }),
  timeouts: plan({ timeouts: { request: '10s' } }),
  tls: plan({}, { tls }),
  toolsFilter: plan({ groups: [groupOf('default', [serverOf('ledger', { toolsFilter: K8S })])] }),
  virtualServers: plan({
    origin: 'app/gw',
    id: 'mcp',
    path: '/mcp',
    groups: [groupOf('finance.a', [serverOf('a')]), groupOf('finance.b', [serverOf('b')])],
  }),
  weights: plan({ groups: CANARY }),

  'policy.audit': audit(),
  'policy.audit.answers': audit({ level: 'Full' }),
  'policy.audit.destination': audit({ destination: 'S3' }),
  'policy.audit.format.other': audit({ format: 'CEF' }),
  'policy.compliance.dataRetention.auditLogRetention': traffic({ compliance: { dataRetention: { auditLogs: '24h' } } }),
  'policy.compliance.dataRetention.contextRetention': traffic({ compliance: { dataRetention: { contexts: '24h' } } }),
  'policy.compliance.dataRetention.sessionRetention': traffic({ compliance: { dataRetention: { sessions: '24h' } } }),
  'policy.compliance.encryption': encryption(false),
  'policy.compliance.encryption.encryptionAtRest': encryption(true),
  'policy.compliance.piiDetection.block': pii('Block'),
  'policy.compliance.piiDetection.log': pii('Log'),
  'policy.compliance.piiDetection.redact': pii('Redact'),
  'policy.elicitation.disabled': traffic({ elicitation: { enabled: false } }),
  'policy.elicitation.enabled': traffic({ elicitation: { enabled: true } }),
  'policy.rateLimit': asking({ level: 'gateway', rateLimits: [limitOf('global', 5)] }),
  'policy.rateLimit.burst': asking({ rateLimits: [limitOf('ip', 5, { burst: 10 })] }),
  'policy.requestFiltering.bodyFilters.allow': requests(body('Regex', 'Allow', 'a')),
  'policy.requestFiltering.bodyFilters.path': requests(body('JSONPath', 'Remove', '$.params.arguments.pin')),
  'policy.requestFiltering.bodyFilters.path.selectors': requests(body('JSONPath', 'Remove', '$..pin')),
  'policy.requestFiltering.bodyFilters.regex': requests(body('Regex', 'Deny', 'secret')),
  'policy.requestFiltering.bodyFilters.size': requests(body('Size', 'Deny', '1Ki')),
  'policy.requestFiltering.bodyFilters.size.change': requests(body('Size', 'Redact', '1Ki')),
  'policy.requestFiltering.contentTypeFilter': requests({ contentTypes: ['application/json'] }),
  'policy.requestFiltering.headerFilters.change': requests(header('Remove')),
  'policy.requestFiltering.headerFilters.refuse': requests(header('Deny', 'a.*')),
  'policy.requestFiltering.sizeLimit': requests({ sizeLimit: 1000 }),
  'policy.responseFiltering.bodyFilters.allow': answers(body('Regex', 'Allow', 'a')),
  'policy.responseFiltering.bodyFilters.path': answers(body('JSONPath', 'Remove', '$.result.pin')),
  'policy.responseFiltering.bodyFilters.path.selectors': answers(body('JSONPath', 'Remove', '$..pin')),
  'policy.responseFiltering.bodyFilters.regex': answers(body('Regex', 'Deny', 'secret')),
  'policy.responseFiltering.bodyFilters.size': answers(body('Size', 'Deny', '1Ki')),
  'policy.responseFiltering.bodyFilters.size.change': answers(body('Size', 'Redact', '1Ki')),
  'policy.responseFiltering.headerFilters.change': answers(header('Remove')),
  'policy.responseFiltering.headerFilters.refuse': answers(header('Deny', 'a.*')),
  'policy.responseFiltering.removeInternalHeaders': answers({}),
  'policy.responseFiltering.removeInternalHeaders.off': answers({}, false),
  'policy.responseFiltering.sizeLimit': answers({ sizeLimit: 1000 }),
  'policy.sampling.disabled': traffic({ sampling: { enabled: false } }),
  'policy.sampling.enabled': traffic({ sampling: { enabled: true } }),
  'policy.sessionIsolation.allowedCrossSessionData': isolated({ sharedData: ['a'] }),
  'policy.sessionIsolation.auditLevel': isolated({ auditLevel: 'Basic' }),
  'policy.sessionIsolation.contextRetention': isolated({}),
  'policy.sessionIsolation.crossSessionSharing': isolated({ sharing: true }),
  'policy.sessionIsolation.enforceResourceBoundaries': isolated({}),
  'policy.sessionIsolation.enforceResourceBoundaries.off': isolated({ resourceBoundaries: false }),
  'policy.sessionIsolation.mode.custom': isolated({ mode: 'custom' }),
  'policy.sessionIsolation.mode.relaxed': isolated({}),
  'policy.sessionIsolation.mode.strict': isolated({ mode: 'strict' }),
  protocolVersion: versions(),
  'protocolVersion.negotiation': versions({ negotiable: true }),
  'protocolVersion.strict': versions({ strict: true }),
};

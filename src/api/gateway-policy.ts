import { audit, auditModel } from './audit';
import { boolean, choice, decimal, integer, named, text, textSet, ValueOf, ruleFor } from './codec';
import { compliance, complianceModel } from './compliance';
import { duration, LONGER } from './duration';
import { Demand, demanding, demandsOf, FeatureFields, FeatureOf, featuresOf, only } from './feature';
import { requestFiltering, requestFilteringModel, responseFiltering, responseFilteringModel } from './filtering';
import { callers } from './gateway-callers';
import { rates } from './gateway-rates';
import { filled, object, switchable } from './object';
import {
  protocolVersion as protocolVersionField,
  protocolVersionsModel,
  ProtocolVersionValue,
} from './protocol-version';
import { CircuitBreaker } from '../model/gateway';
import { ServerRequests, SessionIsolation, TrafficPolicy } from '../model/traffic-policy';
import { formatDuration } from '../values/quantities';
import { compareText } from '../values/text';

/** Policies of a gateway, which hold for all of its routes: shape of upstream's sep2025. */

/** `policy.circuitBreaker` of a gateway. */
const circuitBreaker = object('When a failing server is left alone.', {
  errorRateThreshold: decimal(
    'Percentage of failures that opens the circuit.',
    { default: '50.0', pattern: '^[0-9]+(\\.[0-9]+)?$' },
    ruleFor(
      'error-rate-invalid',
      value => (value >= 0 && value <= 100 ? undefined : 'is not a percentage'),
      'Give 0 to 100',
    ),
  ),
  failureThreshold: named(
    'consecutiveFailures',
    integer('Failures in a row that open the circuit.', { default: 5, minimum: 1 }),
  ),
  maxRequestsHalfOpen: integer('Requests let through while half open.', { default: 10, minimum: 1 }),
  minRequestsThreshold: integer('Requests before the error rate counts.', { default: 20, minimum: 1 }),
  openStateTimeout: named('ejection', duration('Time the circuit stays open.', { default: '30s' })),
  requestTimeout: duration('Time after which a request counts as failed.', { default: '30s' }, LONGER),
  successThreshold: integer('Successes in a row that close the circuit.', { default: 1, minimum: 1 }),
});

/** What requests of servers demand, allowed or not. */
const SERVER_REQUESTS: Readonly<Record<'disabled' | 'enabled', Demand<ServerRequestsValue>>> = {
  disabled: {
    fields: ['enabled'],
    by: value => (value.enabled ? undefined : serverRequestsModel(value)),
    values: 'false',
  },
  enabled: { by: value => (value.enabled ? serverRequestsModel(value) : undefined), values: 'enabled true' },
};

interface ServerRequestsValue {
  readonly enabled?: boolean;
}

function serverRequestsModel({ enabled = false }: ServerRequestsValue): ServerRequests {
  return { enabled };
}

const elicitation = demanding(
  switchable('Questions of servers to users.', {
    allowedTypes: textSet('Types of questions that may be asked.'),
    enabled: boolean('Whether servers may ask.', { default: false }),
    maxConcurrentRequests: integer('Questions open at a time.', { default: 5, minimum: 1 }),
    requireConfirmation: boolean('Whether the user confirms each answer.', { default: true }),
    timeout: duration('Time to answer.', { default: '60s' }, LONGER),
  }),
  SERVER_REQUESTS,
);

/** The limits that the rates become demand it, beside those of routes. */
const byLimits = () => undefined;

const rateLimit = demanding(rates, {
  '': { by: byLimits, values: 'one rate for each dimension' },
  burst: { by: byLimits, fields: Object.keys(rates.fields).map(dimension => `${dimension}.burst`) },
});

const sampling = demanding(
  switchable("Requests of servers to the client's model.", {
    clientModel: text('Model to use.'),
    enabled: boolean('Whether servers may ask the model.', { default: false }),
    maxTokens: integer('Tokens of the longest answer.', { default: 1000, minimum: 1, maximum: 100000 }),
    rateLimit: object('How often servers may ask.', {
      requestsPerHour: integer('Requests per hour.', { default: 100, minimum: 1 }),
      requestsPerMinute: integer('Requests per minute.', { default: 10, minimum: 1 }),
    }),
    temperature: decimal(
      'Temperature of the model.',
      { default: '0.7', pattern: '^[0-9]+(\\.[0-9]+)?$' },
      ruleFor(
        'temperature-invalid',
        value => (value >= 0 && Number.isFinite(value) ? undefined : 'is below 0'),
        'Give 0 or more',
      ),
    ),
    timeout: duration('Time an answer may take.', { default: '30s' }, LONGER),
  }),
  SERVER_REQUESTS,
);

/** `policy.sessionIsolation` of a gateway. */
const sessionIsolation = object('What sessions share.', {
  allowedCrossSessionData: demanding(textSet('Data that sessions may share.'), {
    '': { by: data => (data.length === 0 ? undefined : data) },
  }),
  auditLevel: demanding(choice('How much is recorded.', ['None', 'Basic', 'Full'], { default: 'Basic' }), {
    '': { by: level => (level === 'None' ? undefined : level) },
  }),
  contextRetention: demanding(duration('How long contexts are kept.', { default: '1h' }, LONGER)),
  crossSessionSharing: demanding(boolean('Whether sessions share data.', { default: false }), {
    '': { by: only(true), values: 'true' },
  }),
  enforceResourceBoundaries: demanding(boolean('Whether resources are kept apart.', { default: true }), {
    '': { by: only(true), values: 'true' },
    off: { by: only(false), values: 'false' },
  }),
  mode: demanding(
    choice('How strictly sessions are kept apart.', ['strict', 'relaxed', 'custom'], { default: 'strict' }),
    {
      custom: { by: only('custom'), values: 'custom' },
      relaxed: { by: only('relaxed'), values: 'relaxed' },
      strict: { by: only('strict'), values: 'strict' },
    },
  ),
});

export const gatewayPolicy = object('Policies that hold for all routes of the gateway; routes can only tighten them.', {
  audit,
  authentication: named('clientCredentials', callers),
  circuitBreaker,
  compliance,
  elicitation,
  rateLimit: named('rates', rateLimit),
  requestFiltering,
  responseFiltering,
  sampling,
  sessionIsolation,
});

/** When a failing server is left alone, as a gateway says it. */
export type CircuitBreakerValue = ValueOf<typeof circuitBreaker>;

/** Policies of a gateway, as they are said: what is not said is not there. */
export type GatewayPolicyValue = ValueOf<typeof gatewayPolicy>;

/** Features that fields of a gateway's `policy` and `protocolVersion` demand of data planes. */
export type PolicyFeature =
  FeatureOf<typeof gatewayPolicy, 'policy'> | FeatureOf<typeof protocolVersionField, 'protocolVersion'>;

/** The fields that demand them, by the names of the features in order. */
export const POLICY_FIELDS = Object.fromEntries(
  [...featuresOf(gatewayPolicy, 'policy'), ...featuresOf(protocolVersionField, 'protocolVersion')].sort(([a], [b]) =>
    compareText(a, b),
  ),
) as Readonly<Record<PolicyFeature, FeatureFields>>;

/** Their names, in order. */
export const POLICY_FEATURES = Object.keys(POLICY_FIELDS) as readonly PolicyFeature[];

/** What a gateway says of its traffic: the fields `policy` and `protocolVersion`. */
export interface TrafficValue extends GatewayPolicyValue {
  readonly protocolVersion?: ProtocolVersionValue;
}

/** What a data plane has to do about a gateway's traffic; undefined when that is nothing. The path is that of its construct. */
export function trafficPolicyModel(path: string, policy: TrafficValue): TrafficPolicy | undefined {
  const { protocolVersion } = policy;
  const asked = {
    audit: policy.audit && auditModel(policy.audit),
    requestFiltering: policy.requestFiltering && requestFilteringModel(policy.requestFiltering),
    responseFiltering: policy.responseFiltering && responseFilteringModel(policy.responseFiltering),
    compliance: policy.compliance && complianceModel(policy.compliance),
    sampling: policy.sampling && serverRequestsModel(policy.sampling),
    elicitation: policy.elicitation && serverRequestsModel(policy.elicitation),
    sessionIsolation: policy.sessionIsolation && sessionIsolationModel(policy.sessionIsolation),
    protocolVersion: protocolVersion && protocolVersionsModel(protocolVersion),
  };
  const demands = [
    ...demandsOf(gatewayPolicy, policy, 'policy', []),
    ...(protocolVersion === undefined
      ? []
      : demandsOf(protocolVersionField, protocolVersion, 'protocolVersion', ['protocolVersion'])),
  ];
  return Object.values(asked).every(value => value === undefined) ? undefined : { path, demands, ...asked };
}

function sessionIsolationModel(value: ValueOf<typeof sessionIsolation>): SessionIsolation {
  const said = filled(sessionIsolation, value);
  return {
    mode: said.mode,
    lifetime: said.contextRetention,
    sharing: said.crossSessionSharing,
    sharedData: said.allowedCrossSessionData ?? [],
    resourceBoundaries: said.enforceResourceBoundaries,
    auditLevel: said.auditLevel,
  };
}

/** When a data plane has to leave a failing server alone. */
export function circuitBreakerModel(value: CircuitBreakerValue): CircuitBreaker {
  const { consecutiveFailures, ejection } = filled(circuitBreaker, value);
  return {
    consecutiveFailures,
    ejection: formatDuration(ejection),
    errorRate: value.errorRateThreshold,
    minimumRequests: value.minRequestsThreshold,
    trialRequests: value.maxRequestsHalfOpen,
    trialSuccesses: value.successThreshold,
    requestTimeout: value.requestTimeout === undefined ? undefined : formatDuration(value.requestTimeout),
  };
}

/** What leaves a server out, said in full: the numbers are what people look for. */
export function explicitBreaker(value: CircuitBreakerValue): CircuitBreakerValue {
  const { consecutiveFailures, ejection } = filled(circuitBreaker, value);
  return { ...value, consecutiveFailures, ejection };
}

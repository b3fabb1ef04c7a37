import { capability } from '../src/backends/agentgateway/capabilities';
import { POLICY_CAPABILITIES } from '../src/backends/agentgateway/policy-capabilities';
import { PlaneFeature } from '../src/backends/features';
import { REFUSED_CREDENTIALS } from '../src/manifest/gateway-authentication-document';

/** What becomes of fields of a gateway's `policy` and `protocolVersion`, by the default data plane where they are told apart. */
export interface PolicyRow {
  /** What a data plane is asked for; undefined where it is the same for all. */
  readonly feature?: PlaneFeature;
  /** Paths in the spec; what stands below them is meant too. */
  readonly fields: readonly string[];
  /** The values that it is about; undefined means all. */
  readonly values?: string;
  readonly supported: boolean;
  readonly reason: string;
  readonly remedy?: string;
}

/** `policy.authentication`, which says what a client holds: the little of it that says what to verify is, whatever the data plane. */
const AUTHENTICATION: readonly PolicyRow[] = [
  {
    fields: ['policy.authentication.enabled', 'policy.authentication.default', 'policy.authentication.methods'],
    values: 'methods ApiKey and Bearer with token.secretRef, None',
    supported: true,
    reason: 'as API keys, one of which has to be presented; the fields `authentication` of this library say more',
  },
  ...Object.entries(REFUSED_CREDENTIALS).map(([part, { problem, remedy }]) => ({
    fields: ['default', 'methods'].map(
      holder => `policy.authentication.${holder}${holder === 'methods' ? '[]' : ''}.${part}`,
    ),
    supported: false,
    reason: problem,
    remedy,
  })),
];

/** Everything that is said of these fields. */
export function policyRows(): PolicyRow[] {
  return [
    ...AUTHENTICATION,
    { fields: ['policy.circuitBreaker'], ...capability('circuitBreaker'), feature: 'circuitBreaker' },
    ...Object.entries(POLICY_CAPABILITIES).map(([feature, row]) => ({ feature: feature as PlaneFeature, ...row })),
  ];
}

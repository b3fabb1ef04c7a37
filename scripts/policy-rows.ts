import { FeatureFields } from '../src/api/feature';
import { REFUSED_CREDENTIALS } from '../src/api/gateway-callers';
import { POLICY_FEATURES, POLICY_FIELDS } from '../src/api/gateway-policy';
import { DataPlane } from '../src/backends/interface/data-plane';
import { Enforced, PlaneFeature, Refused } from '../src/backends/interface/standing';
import { planes } from '../src/backends/planes';

/** What is said of how a data plane stands to fields. */
export type SaidOf = Enforced | Omit<Refused, 'kind'>;

/** What becomes of fields of a gateway's `policy` and `protocolVersion`. */
export interface PolicyRow extends FeatureFields {
  /** Whether the default data plane enforces them. */
  readonly supported: boolean;
  /** What a data plane makes of them. */
  on(plane: DataPlane): SaidOf;
}

/** `policy.authentication`, which says what a client holds: the little of it that says what to verify is, whatever the data plane. */
const AUTHENTICATION: readonly PolicyRow[] = [
  everywhere(
    {
      fields: ['policy.authentication.enabled', 'policy.authentication.default', 'policy.authentication.methods'],
      values: 'methods ApiKey and Bearer with token.secretRef, None',
    },
    {
      supported: true,
      reason: 'as API keys, one of which has to be presented; the fields `authentication` of this library say more',
    },
  ),
  ...Object.entries(REFUSED_CREDENTIALS).map(([part, { problem, remedy }]) =>
    everywhere(
      {
        fields: ['default', 'methods'].map(
          holder => `policy.authentication.${holder}${holder === 'methods' ? '[]' : ''}.${part}`,
        ),
      },
      { supported: false, reason: problem, remedy },
    ),
  ),
];

function everywhere(fields: FeatureFields, standing: SaidOf): PolicyRow {
  return { ...fields, on: () => standing, supported: standing.supported };
}

function asked(fields: FeatureFields, feature: PlaneFeature): PolicyRow {
  const on = ({ features }: DataPlane) => features[feature];
  return { ...fields, on, supported: on(planes()[0]).supported };
}

/** Everything that is said of these fields. */
export function policyRows(): PolicyRow[] {
  return [
    ...AUTHENTICATION,
    asked({ fields: ['policy.circuitBreaker'] }, 'circuitBreaker'),
    ...POLICY_FEATURES.map(feature => asked(POLICY_FIELDS[feature], feature)),
  ];
}

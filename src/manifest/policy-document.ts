import { readAuthentication } from './authentication-document';
import { readAuthorization } from './authorization-document';
import { readAuthzConfig } from './authz-document';
import { Fields } from './fields';
import { ManifestDocument, ReadContext } from './plan';
import { readRateLimits } from './rate-limit-document';
import { PolicyOptions } from '../policy/policy-options';
import { Carried } from '../synthesis/carried';
import { compact } from '../values/json';

/** Fields of policies, the same on routes and gateways. */
export const POLICY_FIELDS = ['authentication', 'authorization', 'authzConfig', 'rateLimit'];

/** The policy of a document. */
export interface PolicyReading {
  readonly options: PolicyOptions;
  readonly carried: Carried;
}

/** Reads what a document asks of callers; in controller mode that is the operator's, and carried as it is. */
export function readPolicy(
  fields: Fields,
  { check }: ManifestDocument,
  context: ReadContext,
  namespace: string | undefined,
): PolicyReading {
  const [authentication, authorization, authzConfig, rateLimit] = POLICY_FIELDS.map(field => fields.read(field));
  if (!context.rendered) {
    return { options: {}, carried: { spec: compact({ authentication, authorization, rateLimit }), warnings: [] } };
  }
  const { methods, carried } = readAuthentication(authentication, check, namespace);
  return {
    options: {
      authentication: [...methods],
      authorization: readAuthorization(authorization, check, namespace),
      authzConfig: readAuthzConfig(authzConfig, check, namespace, context),
      rateLimits: readRateLimits(rateLimit, check),
    },
    carried,
  };
}

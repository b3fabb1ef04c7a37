import { readAuthzConfig } from './authz-document';
import { ManifestDocument, ReadContext } from './plan';
import { authentication, methodsIn } from '../api/authentication';
import { authorization, routeAuthzConfig, rulesIn } from '../api/authorization';
import { named, ValueOf } from '../api/codec';
import { object } from '../api/object';
import { rateLimit } from '../api/rate-limit';
import { PolicyState } from '../policy/level-policy';

/** Fields of policies, the same on routes and gateways. */
export const policyFields = object('Policies.', {
  authentication,
  authorization,
  authzConfig: routeAuthzConfig,
  rateLimit: named('rateLimits', rateLimit),
});

/** Names of those fields. */
export const POLICY_FIELDS = Object.keys(policyFields.fields);

/** What a document asks of callers. Secrets, service accounts and ConfigMaps are those of a namespace. */
export function policyOf(
  value: ValueOf<typeof policyFields>,
  { check }: ManifestDocument,
  context: ReadContext,
  namespace: string | undefined,
): PolicyState {
  const { methods = [], client } = value.authentication ?? {};
  return {
    authentication: methodsIn(namespace, methods),
    client,
    rules: rulesIn(namespace, value.authorization ?? [], check.placeAt(['spec', 'authorization', 'rules'])),
    rateLimits: value.rateLimits ?? [],
    authzConfig: readAuthzConfig(value.authzConfig, check, namespace, context),
  };
}

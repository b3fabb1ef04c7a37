import { checkAuthentication } from './check';
import { apiKeyVariables } from './credentials';
import { authenticationPolicies, authenticationRules, metadataRoute } from './policies';
import { FEATURES, LIMITS } from './standings';
import { methodsOf } from '../../../../model/plan';
import { methodSecrets } from '../../../../passes/gateways/certificates';
import { Part } from '../part';

/** Who calls. */
export const authentication = {
  features: FEATURES,
  limits: LIMITS,
  check: checkAuthentication,
  rules: ({ policy }) => (policy === undefined ? [] : authenticationRules(policy)),
  policies: ({ policy, publicUrl }) => (policy === undefined ? {} : authenticationPolicies(policy, publicUrl)),
  routes: entry => metadataRoute(entry),
  variables: apiKeyVariables,
  // API keys come as variables.
  secretFiles: plan =>
    methodsOf(plan).flatMap(method => (method.kind === 'apiKey' ? [] : methodSecrets(method, plan.gateway))),
} as const satisfies Part;

import { apiKeyVariables } from './api-keys';
import { checkAuthentication } from './check';
import { authenticationPolicies, metadataRoute } from './policies';
import { authenticationRules } from './rules';
import { FEATURES, LIMITS } from './standings';
import { methodSecrets } from '../../../../passes/gateways/certificates';
import { Part } from '../../part';
import { methodsOf } from '../../secret-files';

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

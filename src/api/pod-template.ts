import { anything } from './codec';

/**
 * A pod template, of which these tables say nothing: the definitions have Kubernetes' own schema in its place, and cdk8s-plus
 * types it.
 */
export const POD_TEMPLATE = anything({
  type: 'object',
  description: 'Template of the pods, as in a Deployment.',
  'x-kubernetes-preserve-unknown-fields': true,
});

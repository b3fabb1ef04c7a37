import { readFileSync } from 'fs';
import { join } from 'path';
import { Schema } from './schema';

export const POD_TEMPLATE_FILE = join(__dirname, 'pod-template-spec.json');

const DESCRIPTION = 'Template of the pods, as in a Deployment.';

/** Kubernetes' own PodTemplateSpec, trimmed by update-pod-template.ts and checked in. */
export const podTemplate = (): Schema => ({
  description: DESCRIPTION,
  ...JSON.parse(readFileSync(POD_TEMPLATE_FILE, 'utf8')),
});

/**
 * A pod template about which nothing is said. The typed L1 is imported with it: cdk8s-plus already types pods,
 * and five more copies of them would cost every user compile and load time.
 */
export const opaquePodTemplate: Schema = {
  type: 'object',
  description: DESCRIPTION,
  'x-kubernetes-preserve-unknown-fields': true,
};

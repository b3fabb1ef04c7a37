import { readFileSync } from 'fs';
import { join } from 'path';
import { POD_TEMPLATE } from '../../src/api/common';
import { Schema } from '../../src/api/schema';

export const POD_TEMPLATE_FILE = join(__dirname, 'pod-template-spec.json');

/** Kubernetes' own PodTemplateSpec, trimmed by update-pod-template.ts and checked in. */
export const podTemplate = (): Schema => ({
  description: POD_TEMPLATE.schema.description,
  ...JSON.parse(readFileSync(POD_TEMPLATE_FILE, 'utf8')),
});

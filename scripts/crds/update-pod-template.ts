/**
 * Writes pod-template-spec.json from the OpenAPI document of a Kubernetes release:
 *
 *   npx ts-node scripts/crds/update-pod-template.ts SWAGGER_FILE
 *
 * SWAGGER_FILE is api/openapi-spec/swagger.json of the release's source. The checked-in file is of v1.34.4.
 */
import { readFileSync, writeFileSync } from 'fs';
import { POD_TEMPLATE_FILE } from './pod-template';
import { podTemplateFromSwagger } from './swagger';

const [swaggerFile] = process.argv.slice(2);
if (swaggerFile === undefined) {
  console.error('usage: update-pod-template.ts SWAGGER_FILE');
  process.exitCode = 2;
} else {
  const schema = podTemplateFromSwagger(JSON.parse(readFileSync(swaggerFile, 'utf8')));
  writeFileSync(POD_TEMPLATE_FILE, JSON.stringify(schema, undefined, 1) + '\n');
}

import type { McpInferenceServiceProps } from './inference-service-options';
import { GROUP } from '../api/resource';
import { objectLabels } from '../backends/kubernetes/labels';
import { errorKind, InputCheck } from '../model/findings';
import { isObjectName, OBJECT_NAME_INVALID } from '../model/validation';
import { isObject, Json } from '../values/json';
import { checkAnnotations, checkLabels } from '../workload/metadata';

/* The InferenceService resource of OME, as far as this library writes it. */

/** Version of OME's own resources. */
export const INFERENCE_API_VERSION = `${GROUP}/v1beta1`;

/** What the route of a service that names servers is called, after its name. */
export const ROUTE_SUFFIX = '-route';

/** Label that OME puts on the pods of a service. */
export const POD_LABEL = 'ome.io/inferenceservice';

const INFERENCE_SPEC_INVALID = errorKind(
  'inference-spec-invalid',
  'is not an object',
  'Pass fields such as { engine: { minReplicas: 1 } }',
);
const INFERENCE_SPEC_OF_OPTION = errorKind(
  'inference-spec-of-option',
  'is what an option says',
  'Use the option: {option}',
);

/** Fields that the construct writes. */
const OWN_FIELDS = ['model', 'runtime', 'mcpServers', 'mcpRoute'];

/** Checks what a service says besides its tools. */
export function checkInferenceResource(
  input: InputCheck,
  name: string,
  { annotations, labels, model, runtime, spec }: McpInferenceServiceProps,
): void {
  checkLabels(input, 'labels', labels, objectLabels('mcp-inference-service', name));
  checkAnnotations(input, 'annotations', annotations);
  input.report(
    OBJECT_NAME_INVALID,
    'model.name',
    model.name,
    isObjectName(model.name) ? undefined : { object: 'a model of OME' },
  );
  input.reportGiven(OBJECT_NAME_INVALID, 'runtime.name', runtime?.name, value =>
    isObjectName(value) ? undefined : { object: 'a runtime of OME' },
  );
  input.report(INFERENCE_SPEC_INVALID, 'spec', spec, spec !== undefined && !isObject(spec));
  for (const field of OWN_FIELDS.filter(candidate => isObject(spec) && candidate in (spec as Json))) {
    input.report(INFERENCE_SPEC_OF_OPTION, `spec.${field}`, (spec as Json)[field], {
      option: field === 'mcpServers' ? 'servers' : field === 'mcpRoute' ? 'route' : field,
    });
  }
}

import { RenderedTemplate } from './rendered-template';
import { podTemplateErrors } from '../api/json-schema';
import { reportSchemaErrors } from '../api/schema-findings';
import { Diagnostic, errorKind, findingIf, InputCheck } from '../model/findings';
import { isObject, Json } from '../values/json';
import { formatPath } from '../values/paths';

/*
 * Pod templates of users, checked as an API server checks pods: by Kubernetes' own schema where they are given, and for what they need
 * of what they are merged over where all of that is known.
 */

const CONTAINER_WITHOUT_IMAGE = errorKind(
  'container-without-image',
  'is no container that the pods have ({others}), and has no image to be one',
  'Write the name of a container that is there, or give it an image',
);
const MOUNT_WITHOUT_VOLUME = errorKind(
  'mount-without-volume',
  'is no volume of the pods ({others})',
  'Add the volume to the template (volumes), or write the name of one that is there',
);

/** Lists whose items may be about what is there already, so that they need not say all of it. */
const COMPLETED = /\/(?:volumeMounts|topologySpreadConstraints)\/\d+$/;

/**
 * Checks a template that is merged over what the library makes; whether it is a plain object is checked elsewhere.
 *
 * @param property where it is given
 */
export function checkPodTemplate(input: InputCheck, property: string, template: unknown): void {
  if (!isObject(template)) {
    return;
  }
  const errors = podTemplateErrors(template).filter(
    ({ keyword, instancePath, params }) =>
      keyword !== 'required' ||
      !(COMPLETED.test(instancePath) || (instancePath === '/spec' && params.missingProperty === 'containers')),
  );
  reportSchemaErrors(
    {
      report: (kind, path, value, found) => {
        const place = formatPath(path);
        input.report(kind, place === '' ? property : `${property}.${place}`, value, found);
      },
    },
    errors,
    template,
    [],
  );
}

/** Containers of a template. */
function containersOf({ spec }: Json): readonly Json[] {
  return [...(spec?.initContainers ?? []), ...(spec?.containers ?? [])];
}

/** What templates of the user's have that pods cannot be started with. Pods are rendered only where something may be missing. */
export function templateFindings(
  path: string,
  templates: readonly (Json | undefined)[],
  rendered: RenderedTemplate,
  replicaVolumes: readonly string[] = [],
): Diagnostic[] {
  const given = templates.filter(template => template !== undefined);
  if (!given.some(template => containersOf(template).some(container => needsOthers(container, template)))) {
    return [];
  }
  const pods = rendered.read();
  const containers = containersOf(pods);
  const withImage = namesOf(containers.filter(({ image }) => image !== undefined));
  const volumes = [...namesOf(pods.spec.volumes ?? []), ...replicaVolumes];
  return containers.flatMap(({ name, image, volumeMounts = [] }) => [
    ...findingIf(
      CONTAINER_WITHOUT_IMAGE,
      path,
      'podTemplate.spec.containers',
      name,
      image === undefined ? { others: withImage.join(', ') } : undefined,
    ),
    ...volumeMounts.flatMap((mount: Json) =>
      findingIf(
        MOUNT_WITHOUT_VOLUME,
        path,
        `podTemplate.spec.containers[${name}].volumeMounts[${mount.mountPath}]`,
        mount.name,
        volumes.includes(mount.name) ? undefined : { others: volumes.join(', ') || 'none' },
      ),
    ),
  ]);
}

/** Whether a container of a template relies on what it is merged over. */
function needsOthers({ image, volumeMounts = [] }: Json, { spec }: Json): boolean {
  const own = namesOf(spec.volumes ?? []);
  return image === undefined || volumeMounts.some(({ name }: Json) => !own.includes(name));
}

function namesOf(items: readonly Json[]): string[] {
  return items.map(({ name }) => name);
}

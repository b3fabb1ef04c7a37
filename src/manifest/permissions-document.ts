import { ConfigMapDocument } from './authz-document';
import { Fields } from './fields';
import { ReadContext } from './plan';
import { DocumentCheck } from './source-document';
import { InputCheck } from '../model/input';
import { PermissionProfile } from '../permissions/permission-profile';
import { readInline } from '../permissions/profile-grants';
import { McpServerOptions } from '../server/server-options';
import { Json } from '../values/json';
import { Path, parsePath } from '../values/property-path';
import { compareText } from '../values/text';

/** Where the profile stands in a document. */
const PLACE = ['spec', 'permissionProfile'];

const inSpec = (property: string): Path => parsePath(`spec.${property}`);

/** Reads what a server, whose pods are in a namespace, may do. */
export function readPermissions(
  fields: Fields,
  check: DocumentCheck,
  namespace: string | undefined,
  context: ReadContext,
): Pick<McpServerOptions, 'permissionProfile' | 'fileSystem'> {
  const fileSystem = fields.read('fileSystem');
  return {
    permissionProfile: readProfile(fields.read('permissionProfile'), check, namespace, context),
    fileSystem: context.rendered ? fileSystem : undefined,
  };
}

function readProfile(
  given: Json | undefined,
  check: DocumentCheck,
  namespace: string | undefined,
  context: ReadContext,
): PermissionProfile | undefined {
  const { builtin, configMap, inline } = given ?? {};
  const allow =
    inline === undefined
      ? undefined
      : check.attempt(inSpec, () => {
          const input = new InputCheck('');
          const grants = readInline(input, 'permissionProfile.inline', inline);
          input.throwIfAny();
          return grants;
        });
  const base =
    builtin !== undefined
      ? readBuiltin(builtin, check)
      : configMap !== undefined
        ? readReference(configMap, check, namespace, context)
        : undefined;
  return base === undefined
    ? allow && PermissionProfile._ofGrants(allow)
    : allow === undefined
      ? base
      : base._with(allow);
}

function readBuiltin(name: string, check: DocumentCheck): PermissionProfile | undefined {
  return check.attempt(inSpec, () => {
    const input = new InputCheck('');
    const profile = PermissionProfile._named(input, 'permissionProfile.builtin', name);
    input.throwIfAny();
    return profile;
  });
}

/** A profile in a ConfigMap: in controller mode the operator reads it. */
function readReference(
  { name, key, optional }: Json,
  check: DocumentCheck,
  namespace: string | undefined,
  { configMaps, rendered }: ReadContext,
): PermissionProfile | undefined {
  if (!rendered) {
    return PermissionProfile._ofConfigMap(name, key, optional, undefined);
  }
  const path = [...PLACE, 'configMap'];
  const found = configMaps.find(candidate => candidate.name === name && candidate.namespace === namespace);
  if (found === undefined) {
    const names = configMaps.map(candidate => placeOf(candidate)).sort(compareText);
    const others = names.length === 0 ? 'and no other ConfigMap' : `only ${names.join(', ')}`;
    check.error(
      [...path, 'name'],
      name,
      `there is no ConfigMap ${placeOf({ name, namespace })} in the manifest, ${others}, so what it allows is not known`,
      'Add the ConfigMap with its namespace to the manifest (with otherKinds: OtherKinds.PASS_THROUGH), or write the permissions in inline',
    );
    return undefined;
  }
  const profile = PermissionProfile._ofConfigMap(name, key, optional, found.data);
  const { problems } = profile._model('document', namespace ?? '');
  problems.forEach(({ property, value, problem, remedy }) =>
    check.error(path, value, `${property.replace(/^permissionProfile\.configMap/, '')}: ${problem}`, remedy),
  );
  return problems.length > 0 ? undefined : profile;
}

function placeOf({ namespace, name }: Pick<ConfigMapDocument, 'name' | 'namespace'>): string {
  return `${namespace ?? '(no namespace)'}/${name}`;
}

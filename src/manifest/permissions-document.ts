import { ConfigMapDocument } from './authz-document';
import { ReadContext } from './plan';
import { DocumentCheck } from './source-document';
import { PermissionProfileValue } from '../api/permission-profile';
import { errorKind, within } from '../model/findings';
import { PermissionProfile } from '../permissions/permission-profile';
import { compareText } from '../values/text';

const PROFILE_CONFIG_MAP_UNKNOWN = errorKind(
  'profile-config-map-unknown',
  'there is no ConfigMap {configMap} in the manifest, {others}, so what it allows is not known',
  'Add the ConfigMap with its namespace to the manifest (with otherKinds: OtherKinds.PASS_THROUGH), or write the permissions in inline',
);

/** Where the profile stands in a document. */
const PLACE = ['spec', 'permissionProfile'];

/** What a server, whose pods are in a namespace, may do. */
export function readProfile(
  value: PermissionProfileValue,
  check: DocumentCheck,
  namespace: string | undefined,
  context: ReadContext,
): PermissionProfile | undefined {
  return value.configMap === undefined || value.builtin !== undefined || !context.rendered
    ? PermissionProfile._of(value)
    : readReference(value, value.configMap, check, namespace, context);
}

/** A profile in a ConfigMap of the manifest. */
function readReference(
  value: PermissionProfileValue,
  { name = '' }: NonNullable<PermissionProfileValue['configMap']>,
  check: DocumentCheck,
  namespace: string | undefined,
  { configMaps }: ReadContext,
): PermissionProfile | undefined {
  const path = [...PLACE, 'configMap'];
  const found = configMaps.find(candidate => candidate.name === name && candidate.namespace === namespace);
  if (found === undefined) {
    const names = configMaps.map(candidate => placeOf(candidate)).sort(compareText);
    const others = names.length === 0 ? 'and no other ConfigMap' : `only ${names.join(', ')}`;
    const configMap = placeOf({ name, namespace });
    check.report(PROFILE_CONFIG_MAP_UNKNOWN, [...path, 'name'], name, { configMap, others });
    return undefined;
  }
  const profile = PermissionProfile._of(value, found.data)!;
  const { problems } = profile._model('document', namespace ?? '');
  problems.forEach(({ property, value: given, ...said }) =>
    check.say(path, given, within(property.replace(/^permissionProfile\.configMap/, ''), said)),
  );
  return problems.length > 0 ? undefined : profile;
}

function placeOf({ namespace, name }: Pick<ConfigMapDocument, 'name' | 'namespace'>): string {
  return `${namespace ?? '(no namespace)'}/${name}`;
}

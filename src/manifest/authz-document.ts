import { DocumentCheck, SourceDocument } from './source-document';
import { errorKind, within } from '../model/findings';
import { cedarFindings } from '../passes/policy/cedar-policies';
import { AuthzConfig } from '../policy/authz-config';
import { Json } from '../values/json';
import { Path, formatPath, parsePath, startsWith } from '../values/paths';
import { compareText } from '../values/text';

const AUTHZ_WITHOUT_POLICIES = errorKind(
  'authz-without-policies',
  'holds no policies',
  'Add inline or configMap, or remove it',
);
const AUTHZ_CONFIG_MAP_OPTIONAL = errorKind(
  'authz-config-map-optional',
  'would leave everything permitted where there is no ConfigMap',
  'Remove it',
);
const AUTHZ_CONFIG_MAP_UNKNOWN = errorKind(
  'authz-config-map-unknown',
  'there is no ConfigMap {configMap} in the manifest, {others}, so its policies are not known',
  'Add the ConfigMap with its namespace to the manifest (with otherKinds: OtherKinds.PASS_THROUGH), or write the policies in inline',
);

/** A ConfigMap of a manifest. */
export interface ConfigMapDocument {
  readonly namespace?: string;
  readonly name: string;
  readonly data: Readonly<Record<string, string>>;
}

/** The ConfigMaps among documents, as far as their form is right. */
export function configMapsOf(documents: readonly SourceDocument[]): ConfigMapDocument[] {
  return documents.flatMap(({ object: { apiVersion, kind, metadata, data } }) =>
    apiVersion !== 'v1' || kind !== 'ConfigMap' || typeof metadata?.name !== 'string'
      ? []
      : [
          {
            name: metadata.name,
            namespace: metadata.namespace,
            data: Object.fromEntries(
              Object.entries(data ?? {}).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
            ),
          },
        ],
  );
}

/** Where `authzConfig` stands in a document. */
const PLACE = ['spec', 'authzConfig'];

/**
 * Reads `authzConfig` of a resource whose namespace, or that of its pods, is given. Cedar validates the policies here already, so that
 * what is wrong is reported with its line.
 */
export function readAuthzConfig(
  authzConfig: Json | undefined,
  check: DocumentCheck,
  namespace: string | undefined,
  { configMaps }: { readonly configMaps: readonly ConfigMapDocument[] },
): AuthzConfig | undefined {
  const { inline, configMap } = authzConfig ?? {};
  check.report(
    AUTHZ_WITHOUT_POLICIES,
    PLACE,
    authzConfig,
    authzConfig !== undefined && inline === undefined && configMap === undefined,
  );
  if (inline !== undefined && configMap !== undefined) {
    return undefined;
  }
  const read =
    inline === undefined
      ? configMap && readReference(configMap, check, namespace, configMaps)
      : check.attempt(
          property => [...PLACE, 'inline', ...parsePath(property)],
          () => AuthzConfig.inline({ policies: inline.policies, entitiesJson: inline.entitiesJSON }),
        );
  if (read !== undefined) {
    cedarFindings(read._model('document'))
      .filter(({ severity }) => severity === 'error')
      .forEach(({ property, value, ...said }) => {
        const place = placeOf(parsePath(property));
        check.say(place.path, value, within(place.within, said));
      });
  }
  return read;
}

function readReference(
  { name, key, optional }: Json,
  check: DocumentCheck,
  namespace: string | undefined,
  configMaps: readonly ConfigMapDocument[],
): AuthzConfig | undefined {
  const path = [...PLACE, 'configMap'];
  check.report(AUTHZ_CONFIG_MAP_OPTIONAL, [...path, 'optional'], optional, optional === true);
  const found = configMaps.find(candidate => candidate.name === name && candidate.namespace === namespace);
  if (found === undefined) {
    const names = configMaps
      .map(candidate => `${candidate.namespace ?? '(no namespace)'}/${candidate.name}`)
      .sort(compareText);
    const others = names.length === 0 ? 'and no other ConfigMap' : `only ${names.join(', ')}`;
    const configMap = `${namespace ?? '(no namespace)'}/${name}`;
    check.report(AUTHZ_CONFIG_MAP_UNKNOWN, [...path, 'name'], name, { configMap, others });
    return undefined;
  }
  return AuthzConfig._fromData(name, key, found.data);
}

/** Where a property of the constructs stands in a document; what is in a ConfigMap stands elsewhere, and is only named. */
function placeOf(property: Path): { readonly path: Path; readonly within: string } {
  if (startsWith(property, ['authzConfig', 'configMap'])) {
    return { path: [...PLACE, 'configMap'], within: formatPath(property.slice(3)) };
  }
  const [, field, ...rest] = property;
  return {
    path: [
      ...PLACE,
      'inline',
      ...(field === undefined ? [] : [field === 'entitiesJson' ? 'entitiesJSON' : field]),
      ...rest,
    ],
    within: '',
  };
}

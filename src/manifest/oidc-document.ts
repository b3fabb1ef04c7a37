import { ConfigMapDocument } from './authz-document';
import { ReadContext } from './plan';
import { DocumentCheck } from './source-document';
import {
  missingSettings,
  oidcField,
  OidcFields,
  OidcForm,
  OidcSettings,
  oidcSettings,
} from '../passes/policy/oidc-settings';
import { OidcConfig } from '../server/oidc-config';
import { Json } from '../values/json';
import { parsePath } from '../values/paths';
import { compareText } from '../values/text';

/** Where `oidcConfig` stands in a document. */
const PLACE = ['spec', 'oidcConfig'];

/** Stands for an issuer that cannot be read, so that the other options are checked in the same run. It is never emitted. */
const UNREADABLE = OidcConfig.inline({
  issuer: 'https://unreadable',
  audiences: ['unreadable'],
  jwksUri: 'https://unreadable/keys',
});

/** Reads `oidcConfig` of a server whose pods are in a namespace. */
export function readOidcConfig(
  oidcConfig: Json | undefined,
  check: DocumentCheck,
  namespace: string | undefined,
  { configMaps }: Pick<ReadContext, 'configMaps'>,
): OidcConfig | undefined {
  if (oidcConfig === undefined) {
    return undefined;
  }
  const { configMap, inline, kubernetes } = oidcConfig;
  const given = Object.keys(oidcConfig).length;
  check.check(
    PLACE,
    oidcConfig,
    given === 0 ? 'names no issuer, so that anyone could call' : undefined,
    'Add inline, kubernetes or configMap, or remove it',
  );
  const read =
    given !== 1
      ? undefined
      : configMap !== undefined
        ? readReference(configMap, check, namespace, configMaps)
        : inline !== undefined
          ? readIssuer('inline', inline, check)
          : readIssuer('kubernetes', kubernetes, check);
  return read ?? UNREADABLE;
}

function readIssuer(form: OidcForm, fields: OidcFields, check: DocumentCheck): OidcConfig | undefined {
  const place = (property: string) => {
    const [setting, ...rest] = parsePath(property);
    return [...PLACE, form, oidcField(setting as keyof OidcSettings, fields), ...rest];
  };
  const { issuer } = fields;
  const { audiences, ...keys } = oidcSettings(fields);
  const settings = { ...keys, audiences: audiences && [...audiences] };
  // The schema has the issuer of the inline form.
  const missing = missingSettings({ issuer: issuer!, ...settings }, form);
  missing.forEach(({ property, value, problem, remedy }) => check.error(place(property), value, problem, remedy));
  const read = check.attempt(place, () => OidcConfig[form]({ issuer: issuer!, ...settings }));
  return missing.length > 0 ? undefined : read;
}

function readReference(
  { name, key }: Json,
  check: DocumentCheck,
  namespace: string | undefined,
  configMaps: readonly ConfigMapDocument[],
): OidcConfig | undefined {
  const path = [...PLACE, 'configMap'];
  const found = configMaps.find(candidate => candidate.name === name && candidate.namespace === namespace);
  if (found === undefined) {
    const names = configMaps
      .map(candidate => `${candidate.namespace ?? '(no namespace)'}/${candidate.name}`)
      .sort(compareText);
    const others = names.length === 0 ? 'and no other ConfigMap' : `only ${names.join(', ')}`;
    check.error(
      [...path, 'name'],
      name,
      `there is no ConfigMap ${namespace ?? '(no namespace)'}/${name} in the manifest, ${others}, so its issuer is not known`,
      'Add the ConfigMap with its namespace to the manifest (with otherKinds: OtherKinds.PASS_THROUGH), or write the issuer in inline',
    );
    return undefined;
  }
  const read = OidcConfig._fromData(name, key, found.data);
  const { findings } = read._read('document');
  findings.forEach(({ property, value, problem, remedy }) =>
    check.error(path, value, `${property.replace(/^oidcConfig\.configMap/, '')}: ${problem}`, remedy),
  );
  return findings.length > 0 ? undefined : read;
}

import { ConfigMapDocument } from './authz-document';
import { ReadContext } from './plan';
import { DocumentCheck } from './source-document';
import { issuerSettings, IssuerValue, missingSettings, OidcConfigValue, OidcForm } from '../api/oidc';
import { errorKind, within } from '../model/findings';
import { OidcConfig } from '../server/oidc-config';
import { Json } from '../values/json';
import { compareText } from '../values/text';

const OIDC_WITHOUT_ISSUER = errorKind(
  'oidc-without-issuer',
  'names no issuer, so that anyone could call',
  'Add inline, kubernetes or configMap, or remove it',
);
const OIDC_CONFIG_MAP_UNKNOWN = errorKind(
  'oidc-config-map-unknown',
  'there is no ConfigMap {configMap} in the manifest, {others}, so its issuer is not known',
  'Add the ConfigMap with its namespace to the manifest (with otherKinds: OtherKinds.PASS_THROUGH), or write the issuer in inline',
);

/** Stands for an issuer that cannot be read, so that the other options are checked in the same run. It is never emitted. */
const UNREADABLE = OidcConfig._of('inline', {
  issuer: 'https://unreadable',
  audiences: ['unreadable'],
  jwksUri: 'https://unreadable/keys',
});

/** Whose tokens a server takes whose pods are in a namespace, by the field of its document and its value. */
export function readOidcConfig(
  json: Json | undefined,
  value: OidcConfigValue | undefined,
  check: DocumentCheck,
  namespace: string | undefined,
  { configMaps }: Pick<ReadContext, 'configMaps'>,
): OidcConfig | undefined {
  if (json === undefined || value === undefined) {
    return undefined;
  }
  const { configMap, inline, kubernetes } = value;
  const given = Object.keys(json).length;
  check.report(OIDC_WITHOUT_ISSUER, ['spec', 'oidcConfig'], json, given === 0);
  const read =
    given !== 1
      ? undefined
      : configMap !== undefined
        ? readReference(configMap, check, namespace, configMaps)
        : inline !== undefined
          ? complete('inline', inline)
          : kubernetes && complete('kubernetes', kubernetes);
  return read ?? UNREADABLE;
}

/** An issuer by which tokens can be verified; undefined where what that takes is missing, which is reported already. */
function complete(form: OidcForm, value: IssuerValue): OidcConfig | undefined {
  return missingSettings(issuerSettings(value), form).length > 0 ? undefined : OidcConfig._of(form, value);
}

function readReference(
  { name, key }: NonNullable<OidcConfigValue['configMap']>,
  check: DocumentCheck,
  namespace: string | undefined,
  configMaps: readonly ConfigMapDocument[],
): OidcConfig | undefined {
  const path = ['spec', 'oidcConfig', 'configMap'];
  const found = configMaps.find(candidate => candidate.name === name && candidate.namespace === namespace);
  if (found === undefined) {
    const names = configMaps
      .map(candidate => `${candidate.namespace ?? '(no namespace)'}/${candidate.name}`)
      .sort(compareText);
    const others = names.length === 0 ? 'and no other ConfigMap' : `only ${names.join(', ')}`;
    const configMap = `${namespace ?? '(no namespace)'}/${name}`;
    check.report(OIDC_CONFIG_MAP_UNKNOWN, [...path, 'name'], name, { configMap, others });
    return undefined;
  }
  const read = OidcConfig._fromData(name, key, found.data);
  const { findings } = read._read('document');
  findings.forEach(({ property, value, ...said }) =>
    check.say(path, value, within(property.replace(/^oidcConfig\.configMap/, ''), said)),
  );
  return findings.length > 0 ? undefined : read;
}

import { Chart } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { errorKind, InputCheck } from '../model/findings';
import { SecretKey } from '../model/policy';

const SECRET_OF_OTHER_NAMESPACE = errorKind(
  'secret-of-other-namespace',
  'is in another namespace than the pods of the gateway ("{namespace}"), which cannot read it there',
  'Keep the Secret in the namespace of the gateway: refer to it in a chart of that namespace',
);

/** Where a Secret is: its own namespace, else that of the chart that defines it or refers to it. */
export function secretNamespace(secret: kplus.ISecret): string | undefined {
  return (secret instanceof kplus.Secret ? secret.metadata.namespace : undefined) ?? Chart.of(secret).namespace;
}

/** A reference to a value of a Secret as plain data. */
export function secretKeyOf(value: kplus.SecretValue): SecretKey {
  return { secretName: value.secret.name, secretNamespace: secretNamespace(value.secret), key: value.key };
}

/** Reports a Secret that the pods of a gateway cannot read. */
export function checkSecretPlace(
  input: InputCheck,
  property: string,
  secret: SecretKey | undefined,
  namespace: string,
): void {
  const place = secret?.secretNamespace;
  input.report(
    SECRET_OF_OTHER_NAMESPACE,
    property,
    `${place}/${secret?.secretName}`,
    place !== undefined && place !== namespace ? { namespace } : undefined,
  );
}

const CONFIG_MAP_UNKNOWN = errorKind(
  'config-map-unknown',
  'is only referred to, so {unknown} not known when the app is synthesized',
  'Pass a ConfigMap that this app defines (new kplus.ConfigMap), or give the {instead} with {factory}.inline',
);
const CONFIG_MAP_KEY_EMPTY = errorKind('config-map-key-empty', 'is empty', 'Name a key, such as {defaultKey}');

/** A document in a ConfigMap of the app; its data is read at synthesis, so that what is added later counts. */
export interface ConfigMapDocument {
  readonly kind: 'configMap';
  readonly name: string;
  readonly namespace?: string;
  readonly key: string;
  readonly data: () => { readonly [key: string]: string };
}

/** What a factory of documents in ConfigMaps calls itself and what it reads, for its errors. */
export interface ConfigMapReader {
  /** Class of the factory. */
  readonly factory: string;
  /** What is not known of a ConfigMap that is only referred to, with its verb: `its issuer is`. */
  readonly unknown: string;
  /** What can be given inline instead. */
  readonly instead: string;
  readonly defaultKey: string;
}

/**
 * The document of a ConfigMap.
 *
 * @throws when the app only refers to the ConfigMap, or the key is empty
 */
export function configMapDocument(
  { factory, unknown, instead, defaultKey }: ConfigMapReader,
  configMap: kplus.IConfigMap,
  key: string | undefined,
): ConfigMapDocument {
  const input = new InputCheck(`${factory}.fromConfigMap`);
  const known = configMap instanceof kplus.ConfigMap ? configMap : undefined;
  input.report(
    CONFIG_MAP_UNKNOWN,
    'configMap',
    configMap.name,
    known === undefined ? { unknown, instead, factory } : undefined,
  );
  input.report(CONFIG_MAP_KEY_EMPTY, 'key', key, key === '' ? { defaultKey } : undefined);
  input.throwIfAny();
  return {
    kind: 'configMap',
    name: known!.name,
    namespace: known!.metadata.namespace ?? Chart.of(known!).namespace,
    key: key ?? defaultKey,
    data: () => known!.data,
  };
}

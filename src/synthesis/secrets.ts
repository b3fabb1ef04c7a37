import { Chart } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { SecretKey } from '../model/policy';

/** Where a Secret is: its own namespace, else that of the chart that defines it or refers to it. */
export function secretNamespace(secret: kplus.ISecret): string | undefined {
  return (secret instanceof kplus.Secret ? secret.metadata.namespace : undefined) ?? Chart.of(secret).namespace;
}

/** A reference to a value of a Secret as plain data. */
export function secretKeyOf(value: kplus.SecretValue): SecretKey {
  return { secretName: value.secret.name, secretNamespace: secretNamespace(value.secret), key: value.key };
}

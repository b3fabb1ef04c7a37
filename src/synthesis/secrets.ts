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

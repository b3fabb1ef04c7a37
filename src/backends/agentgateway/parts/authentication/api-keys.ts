import { GatewayPlan } from '../../../../model/plan';
import { SecretKey } from '../../../../model/policy';
import { digest } from '../../../../values/text';
import { SecretEnv } from '../../../interface/data-plane';
import { methodsOf } from '../../secret-files';

/** Environment variable that holds an API key. A hash: names of Secrets have characters that those of variables have not. */
export function apiKeyVariable({ secretName, key }: SecretKey): string {
  return `API_KEY_${digest(`${secretName}/${key}`, 12).toUpperCase()}`;
}

/** The variables of a plan's keys. */
export function apiKeyVariables(plan: GatewayPlan): SecretEnv[] {
  return methodsOf(plan)
    .flatMap(method => (method.kind === 'apiKey' ? method.keys : []))
    .flatMap(({ secret }) => (secret.kind === 'secret' ? [secret.ref] : []))
    .map(ref => ({ variable: apiKeyVariable(ref), secretName: ref.secretName, secretKey: ref.key }));
}

import { text, textSet, ValueOf } from './codec';
import { configMapKey } from './common';
import { object } from './object';

/** Policies in Cedar, of a server, or as this library has them of routes and gateways. */
export const cedarPolicies = (description: string) =>
  object(
    description,
    {
      configMap: configMapKey('Policies kept in a ConfigMap.'),
      inline: object(
        'Policies written here.',
        {
          entitiesJSON: text('Cedar entities, as a JSON array.', { default: '[]' }),
          policies: textSet('Cedar policies.', { minItems: 1 }),
        },
        { required: ['policies'] },
      ),
    },
    {
      'x-kubernetes-validations': [
        {
          rule: '!(has(self.configMap) && has(self.inline))',
          message: 'set only one of authzConfig.configMap and authzConfig.inline',
        },
      ],
    },
  );

export const authzConfig = cedarPolicies('Authorization of callers that reach the server itself, in Cedar.');

/** `authzConfig` of a route or gateway. */
export const routeAuthzConfig = cedarPolicies('Policies in Cedar, which must permit besides what authorization says.');

/** Policies in Cedar, as resources say them. */
export type AuthzConfigValue = ValueOf<typeof routeAuthzConfig>;

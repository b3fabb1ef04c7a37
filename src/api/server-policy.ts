import { text, textSet } from './codec';
import { configMapKey } from './common';
import { object } from './object';

/** Which callers of a server may do what (authzConfig), and which folders it may use. */

/** Where the server may read and write. */
export const fileSystem = object('Folders the server may use; its root file system is read-only.', {
  read: textSet('Folders on volumes that it may only read.'),
  write: textSet('Folders it may write; an empty volume where the pod template mounts none.'),
});

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

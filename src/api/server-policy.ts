import { HIDDEN, own, text, textList, textSet } from './codec';
import { configMapKey } from './common';
import { object } from './object';
import { CelRule } from './schema';

/** Who may call a server directly (oidcConfig, authzConfig), and which folders it may use. */

/** Where the server may read and write. */
export const fileSystem = object('Folders the server may use; its root file system is read-only.', {
  read: textSet('Folders on volumes that it may only read.'),
  write: textSet('Folders it may write; an empty volume where the pod template mounts none.'),
});

const WEB_URL = '^https?://.*';

const audienceOrAudiences = (form: string): CelRule => ({
  rule: '!has(self.audience) || !has(self.audiences)',
  message: `set only one of oidcConfig.${form}.audience and oidcConfig.${form}.audiences`,
});

export const oidcConfig = object(
  'Authentication of callers that reach the server itself.',
  {
    configMap: own(
      object(
        'An issuer in JSON, kept in a ConfigMap: the fields of inline.',
        {
          key: text('Key within the ConfigMap.', { default: 'oidc.json' }),
          name: text('Name of the ConfigMap.', { minLength: 1 }),
        },
        { required: ['name'] },
      ),
    ),
    inline: object(
      'An OpenID Connect issuer.',
      {
        audience: text('Audience that tokens must carry.'),
        audiences: own(
          textList('Audiences, one of which tokens must carry, in the place of audience.', { minItems: 1 }),
        ),
        issuer: text('URL of the issuer.', { pattern: WEB_URL }),
        jwks: own(text('The signing keys, as a JSON Web Key Set.'), HIDDEN),
        jwksURL: text('URL of the signing keys; discovered from the issuer by default.', { pattern: WEB_URL }),
      },
      { required: ['issuer'], 'x-kubernetes-validations': [audienceOrAudiences('inline')] },
    ),
    kubernetes: object(
      "The cluster's own issuer of service account tokens.",
      {
        audience: own(text('Audience that tokens must carry.')),
        audiences: own(
          textList('Audiences, one of which tokens must carry, in the place of audience.', { minItems: 1 }),
        ),
        issuer: text('URL of the issuer, where it is not the default one.'),
        jwks: own(text("The cluster's signing keys, as a JSON Web Key Set."), HIDDEN),
        jwksURL: own(text("Public URL of the cluster's signing keys.", { pattern: WEB_URL })),
      },
      { 'x-kubernetes-validations': [audienceOrAudiences('kubernetes')] },
    ),
  },
  {
    'x-kubernetes-validations': [
      {
        rule: '[has(self.kubernetes), has(self.inline), has(self.configMap)].filter(set, set).size() <= 1',
        message: 'set only one of oidcConfig.kubernetes, oidcConfig.inline and oidcConfig.configMap',
      },
    ],
  },
);

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

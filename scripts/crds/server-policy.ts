import { configMapKey } from './common';
import { atomicList, object, Schema, string, strings, stringSet } from './schema';

/** What a server may do (permissionProfile) and who may call it directly (oidcConfig, authzConfig). */

const kubeResources = object('Access to the Kubernetes API.', {
  apiGroups: strings('API groups; "" is the core group.'),
  namespaces: strings('Namespaces the grant holds in; the server\'s own when empty.'),
  resources: strings('Resources, in plural.'),
  verbs: strings('Verbs, such as get, list, watch.'),
}, { required: ['apiGroups', 'resources', 'verbs'] });

const network = object('Outbound network access.', {
  allowCIDR: strings('IP ranges the server may connect to.'),
  allowHost: strings('Host names the server may connect to, with an optional :port; wildcards such as *.example.com.'),
});

/** Shape of pr526: `builtin` is a plain string there, an object with an enum in sep2025. */
export const permissionProfile: Schema = object('What the server is allowed to do. Default: nothing.', {
  builtin: string('A profile by name: none, network-only or full-access.'),
  configMap: configMapKey('A profile in JSON, kept in a ConfigMap.'),
  inline: object('A profile written here.', {
    allow: atomicList('Grants; the server may do what any of them allows.', object('One grant.', { kubeResources, network })),
  }, { required: ['allow'] }),
}, {
  'x-kubernetes-validations': [{
    rule: '[has(self.builtin), has(self.configMap), has(self.inline)].filter(set, set).size() <= 1',
    message: 'set only one of permissionProfile.builtin, permissionProfile.configMap and permissionProfile.inline',
  }],
});

const WEB_URL = '^https?://.*';

export const oidcConfig: Schema = object('Authentication of callers that reach the server itself.', {
  inline: object('An OpenID Connect issuer.', {
    audience: string('Audience that tokens must carry.'),
    issuer: string('URL of the issuer.', { pattern: WEB_URL }),
    jwksURL: string('URL of the signing keys; discovered from the issuer by default.', { pattern: WEB_URL }),
  }, { required: ['issuer'] }),
  kubernetes: object('The cluster\'s own issuer of service account tokens.', {
    issuer: string('URL of the issuer, where it is not the default one.'),
  }),
}, {
  'x-kubernetes-validations': [{
    rule: '!(has(self.kubernetes) && has(self.inline))',
    message: 'set only one of oidcConfig.kubernetes and oidcConfig.inline',
  }],
});

export const authzConfig: Schema = object('Authorization of callers that reach the server itself, in Cedar.', {
  configMap: configMapKey('Policies kept in a ConfigMap.'),
  inline: object('Policies written here.', {
    entitiesJSON: string('Cedar entities, as a JSON array.', { default: '[]' }),
    policies: stringSet('Cedar policies.', { minItems: 1 }),
  }, { required: ['policies'] }),
}, {
  'x-kubernetes-validations': [{
    rule: '!(has(self.configMap) && has(self.inline))',
    message: 'set only one of authzConfig.configMap and authzConfig.inline',
  }],
});

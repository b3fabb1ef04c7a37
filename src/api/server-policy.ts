import { atomicList, boolean, choice, HIDDEN, list, own, port, text, textList, textSet } from './codec';
import { configMapKey, labelSelector } from './common';
import { object } from './object';
import { CelRule, Schema } from './schema';

/** What a server may do (permissionProfile) and who may call it directly (oidcConfig, authzConfig). */

/** `clusterWide`, `customVerbs` and `resourceNames` are this library's. */
const kubeResources = object(
  'Access to the Kubernetes API.',
  {
    apiGroups: textList('API groups; "" is the core group.'),
    clusterWide: own(boolean('Whether the grant holds in the whole cluster.'), { instead: 'Name namespaces' }),
    customVerbs: own(textList('Verbs that Kubernetes itself does not know.')),
    namespaces: textList("Namespaces the grant holds in; the server's own when empty."),
    resourceNames: own(textList('Names of single objects; all when empty.'), { instead: 'Grant all objects' }),
    resources: textList('Resources, in plural.'),
    verbs: textList('Verbs, such as get, list, watch.'),
  },
  {
    required: ['apiGroups', 'resources', 'verbs'],
    'x-kubernetes-validations': [
      {
        rule: '!has(self.clusterWide) || !self.clusterWide || !has(self.namespaces)',
        message: 'kubeResources.clusterWide already grants in every namespace: remove namespaces or clusterWide',
      },
    ],
  },
);

const egressPort = object('One port, or a range of them.', {
  endPort: port('Last port of a range.'),
  port: port('Port that clients name; all when missing.'),
  protocol: choice('Protocol. Default: TCP.', ['TCP', 'UDP']),
});

/** What neither `allowHost` nor `allowCIDR` can say. */
const egress = object(
  'One target; exactly one of its fields but except and ports.',
  {
    anywhere: boolean('Everything, inside the cluster and outside.'),
    cidr: text('IP range.'),
    except: textList('Parts of the IP range that stay closed.'),
    host: text('Host name or address; wildcards such as *.example.com.'),
    pods: object('Pods by namespace and labels.', {
      allNamespaces: boolean('Whether pods of every namespace are meant.'),
      namespaceSelector: labelSelector('Namespaces by their labels.'),
      namespaces: textList("Namespaces by name; the server's own when empty."),
      podSelector: labelSelector('Pods by their labels; all when missing.'),
    }),
    ports: list('Ports; all when empty.', egressPort),
    publicInternet: boolean('Every address that is neither private nor special.'),
    server: object(
      'Another server.',
      {
        kind: choice('Kind of the server. Default: MCPServer.', ['MCPServer', 'ClusterMCPServer']),
        name: text('Name of the server.'),
        namespace: text("Namespace of the server; this server's own by default."),
      },
      { required: ['name'] },
    ),
    service: object(
      'The pods of a Service.',
      {
        name: text('Name of the Service.'),
        namespace: text("Namespace of the Service; the server's own by default."),
      },
      { required: ['name'] },
    ),
  },
  {
    // A rule in CEL would be dearer than API servers allow, this deep in lists.
    oneOf: ['anywhere', 'cidr', 'host', 'pods', 'publicInternet', 'server', 'service'].map((field): Schema => ({
      required: [field],
    })),
  },
);

const network = object('Outbound network access.', {
  allowCIDR: textList('IP ranges the server may connect to.'),
  allowHost: textList('Host names the server may connect to, with an optional :port; wildcards such as *.example.com.'),
  egress: own(list('Further targets the server may connect to.', egress), { instead: 'Write allowHost or allowCIDR' }),
});

/** Where the server may read and write. */
export const fileSystem = object('Folders the server may use; its root file system is read-only.', {
  read: textSet('Folders on volumes that it may only read.'),
  write: textSet('Folders it may write; an empty volume where the pod template mounts none.'),
});

/** Shape of pr526: `builtin` is a plain string there, an object with an enum in sep2025. */
export const permissionProfile = object(
  'What the server is allowed to do. Default: nothing.',
  {
    builtin: text('A profile by name: none, network-only or full-access.'),
    configMap: configMapKey('A profile in JSON or YAML, with the fields of inline, kept in a ConfigMap.'),
    inline: object(
      'A profile written here.',
      {
        allow: atomicList(
          'Grants; the server may do what any of them allows.',
          object('One grant.', { kubeResources, network }),
        ),
      },
      { required: ['allow'] },
    ),
  },
  {
    'x-kubernetes-validations': [
      {
        rule: '!(has(self.builtin) && has(self.configMap))',
        message: 'set only one of permissionProfile.builtin and permissionProfile.configMap',
      },
      {
        rule: "!(has(self.inline) && has(self.builtin)) || self.builtin == 'full-access'",
        message:
          'permissionProfile.inline adds nothing to the profiles none and network-only: remove it, or permissionProfile.builtin',
      },
    ],
  },
);

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

import { atomicList, boolean, list, own, text, textList, ValueOf } from './codec';
import { configMapKey } from './common';
import { egress, egressModel, egressValue } from './connections';
import { object } from './object';
import { Place } from './place';
import { KUBERNETES_VERBS, needsClusterScope } from '../model/api-resources';
import { because, errorKind } from '../model/findings';
import { hostProblem, normalizedHost } from '../model/hosts';
import { EgressRule, KubernetesGrant } from '../model/permissions';
import { PolicyOrigin } from '../model/policy';
import { namespaceProblem, portProblem } from '../model/validation';
import { canonicalCidr, cidrProblem, familyOf } from '../values/cidr';
import { compact } from '../values/json';

/* What a server may do (permissionProfile): rights on the Kubernetes API and outbound connections. */

const VERB = /^[a-z]+(-[a-z]+)*$/;
const API_GROUP = /^(\*|[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*)?$/;
const RESOURCE = /^(\*|[a-z][-a-z0-9.]*)(\/[a-z][-a-z0-9]*)?$/;
/** What RBAC takes for a name: it stands in paths of the API. */
const OBJECT_NAME = /^(?!\.\.?$)[^/%\s]+$/;

const GROUPS_EMPTY = errorKind(
  'permission-groups-empty',
  'is empty, so it grants nothing',
  'Name API groups; "" is the core group',
);
const RESOURCES_EMPTY = errorKind(
  'permission-resources-empty',
  'is empty, so it grants nothing',
  'Name resources, such as pods',
);
const VERBS_EMPTY = errorKind(
  'permission-verbs-empty',
  'is empty, so it grants nothing',
  'Name verbs, such as get, list and watch',
);
const VERB_UNKNOWN = errorKind('permission-verb-unknown', 'is not a verb of Kubernetes', '{remedy}');
const CUSTOM_VERB = errorKind(
  'permission-custom-verb-invalid',
  'is not a verb (lower-case letters and "-")',
  'Correct it',
);
const NAMESPACE = errorKind('permission-namespace-invalid', '{problem}', 'Correct it');
const NAMESPACE_WILDCARD = errorKind(
  'permission-namespace-wildcard',
  '{problem}',
  'Name the namespaces, or say clusterWide: true',
);
const NAMESPACES_AND_CLUSTER = errorKind(
  'permission-namespaces-and-cluster',
  'are named, and the whole cluster is asked for (clusterWide)',
  'Keep one of the two',
);
const OBJECT = errorKind(
  'permission-object-name-invalid',
  'is not a name of an object; wildcards are none either',
  'Name single objects',
);
const RESOURCE_INVALID = errorKind(
  'permission-resource-invalid',
  '{problem}',
  'Write the plural in lower case, such as pods or pods/log',
);
const RESOURCE_OF_CLUSTER = errorKind(
  'permission-resource-cluster-scoped',
  'belongs to no namespace, so a Role in a namespace cannot grant it',
  'Say clusterWide: true, if the server needs it in the whole cluster, or leave it out',
);
const RESOURCE_NAMELESS = errorKind(
  'permission-verb-without-object-name',
  'cannot be granted with {verbs} for named objects: such requests carry no name',
  'Grant {verbs} without resourceNames, in a permission of its own',
);
const GROUP_INVALID = errorKind('permission-group-invalid', '{problem}', '{remedy}');

/** What is granted, but for the resources. */
export interface RightsValue {
  readonly verbs: readonly string[];
  readonly customVerbs?: readonly string[];
  readonly namespaces?: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly clusterWide?: boolean;
}

/** Checks everything but the resources. */
export function checkRights(rights: RightsValue, place: Place): void {
  const { verbs, customVerbs = [], namespaces = [], resourceNames = [], clusterWide = false } = rights;
  place.at('verbs').report(VERBS_EMPTY, verbs, verbs.length + customVerbs.length === 0);
  verbs.forEach((verb, i) =>
    place
      .at('verbs', i)
      .report(VERB_UNKNOWN, verb, KUBERNETES_VERBS.includes(verb) ? undefined : { remedy: remedyForVerb(verb) }),
  );
  customVerbs.forEach((verb, i) => place.at('customVerbs', i).report(CUSTOM_VERB, verb, !VERB.test(verb)));
  namespaces.forEach((name, i) =>
    place
      .at('namespaces', i)
      .report(name === '*' ? NAMESPACE_WILDCARD : NAMESPACE, name, because(namespaceProblem(name))),
  );
  place.at('namespaces').report(NAMESPACES_AND_CLUSTER, namespaces, clusterWide && namespaces.length > 0);
  resourceNames.forEach((name, i) => place.at('resourceNames', i).report(OBJECT, name, !OBJECT_NAME.test(name)));
}

function remedyForVerb(verb: string): string {
  const known = KUBERNETES_VERBS.filter(candidate => candidate !== '*').join(', ');
  return `Write one of ${known}${VERB.test(verb) ? '; list a verb of an API of your own in customVerbs' : ''}`;
}

/** Checks one resource in its groups. */
export function checkResource(
  resource: string,
  apiGroups: readonly string[],
  { verbs: known, customVerbs = [], resourceNames = [], clusterWide = false }: RightsValue,
  place: Place,
): void {
  const verbs = [...known, ...customVerbs];
  place.report(RESOURCE_INVALID, resource, because(resourceProblem(resource)));
  const group = clusterWide ? undefined : apiGroups.find(candidate => needsClusterScope(candidate, resource, verbs));
  place.report(RESOURCE_OF_CLUSTER, group ? `${group}/${resource}` : resource, group !== undefined);
  const nameless = resource.includes('/') ? [] : verbs.filter(verb => verb === 'create' || verb === 'deletecollection');
  place.report(
    RESOURCE_NAMELESS,
    resource,
    resourceNames.length > 0 && nameless.length > 0 ? { verbs: nameless.join(' and ') } : undefined,
  );
}

function resourceProblem(resource: string): string | undefined {
  if (resource.endsWith('/*')) {
    return 'is a wildcard that RBAC does not have, and would grant nothing (there are "*" and "*/SUBRESOURCE")';
  }
  return RESOURCE.test(resource) ? undefined : 'is not a resource';
}

/** Checks the name of an API group. */
export function checkApiGroup(group: string, place: Place): void {
  const version = /\/?v[0-9]+((alpha|beta)[0-9]+)?$/;
  const problem =
    group === 'core' || version.test(group)
      ? 'is not an API group, which has no version in it'
      : API_GROUP.test(group)
        ? undefined
        : 'is not an API group';
  const remedy =
    group === 'core' || group.startsWith('v')
      ? 'Write "" for the core API group'
      : `Write ${JSON.stringify(group.replace(version, ''))}, if that is meant`;
  place.report(GROUP_INVALID, group, problem === undefined ? undefined : { problem, remedy });
}

/** `clusterWide`, `customVerbs` and `resourceNames` are this library's. */
export const kubeResources = object(
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
  (value, place) => {
    const { apiGroups, resources } = value;
    place.at('apiGroups').report(GROUPS_EMPTY, apiGroups, apiGroups.length === 0);
    place.at('resources').report(RESOURCES_EMPTY, resources, resources.length === 0);
    checkRights(value, place);
    apiGroups.forEach((group, i) => checkApiGroup(group, place.at('apiGroups', i)));
    resources.forEach((resource, i) => checkResource(resource, apiGroups, value, place.at('resources', i)));
  },
);

/** Rights on the Kubernetes API, as resources say them. An empty list of namespaces or names says no more than none. */
export type KubeResourcesValue = ValueOf<typeof kubeResources>;

/** Rights as plain data, for a server whose pods are in a namespace. */
export function kubernetesGrant(
  {
    apiGroups,
    resources,
    verbs,
    customVerbs = [],
    namespaces = [],
    resourceNames = [],
    clusterWide,
  }: KubeResourcesValue,
  ownNamespace: string,
  origin: PolicyOrigin,
): KubernetesGrant {
  return {
    apiGroups,
    resources,
    verbs: [...verbs, ...customVerbs],
    ...(resourceNames.length === 0 ? {} : { resourceNames }),
    scope: clusterWide
      ? { kind: 'cluster' }
      : { kind: 'namespaces', namespaces: namespaces.length === 0 ? [ownNamespace] : namespaces },
    origin,
  };
}

const HOST = errorKind('egress-allowed-host-invalid', '{problem}', '{remedy}');
const HOST_PORT = errorKind('egress-allowed-host-port-invalid', '{problem}', 'Give a port, or leave it out for all');
const CIDR = errorKind('egress-allowed-cidr-invalid', '{problem}', 'Correct it; hosts belong in allowHost');

/** `host:port`, `host`, `[::1]:port` or `::1`. */
function parseHost(given: string): { readonly host: string; readonly port?: number } {
  const [, host, port] = familyOf(given) === 6 ? [] : (/^(.*):([0-9]+)$/.exec(given) ?? []);
  return host === undefined ? { host: given } : { host, port: Number(port) };
}

export const network = object(
  'Outbound network access.',
  {
    allowCIDR: textList('IP ranges the server may connect to.'),
    allowHost: textList(
      'Host names the server may connect to, with an optional :port; wildcards such as *.example.com.',
    ),
    egress: own(list('Further targets the server may connect to.', egress), {
      instead: 'Write allowHost or allowCIDR',
    }),
  },
  {},
  ({ allowHost = [], allowCIDR = [] }, place) => {
    allowHost.forEach((given, i) => {
      const { host, port } = parseHost(given);
      const at = place.at('allowHost', i);
      at.report(HOST, given, hostProblem(host));
      at.report(HOST_PORT, port, port === undefined ? undefined : because(portProblem(port)));
    });
    allowCIDR.forEach((cidr, i) => place.at('allowCIDR', i).report(CIDR, cidr, because(cidrProblem(cidr))));
  },
);

/** Outbound connections, as resources say them. */
export type NetworkValue = ValueOf<typeof network>;

/** Connections as plain data, for a server whose pods are in a namespace: one rule a host, with all of its ports. */
export function networkRules(
  { allowHost = [], allowCIDR = [], egress: targets = [] }: NetworkValue,
  ownNamespace: string,
  originOf: (field: keyof NetworkValue, i: number) => PolicyOrigin,
): EgressRule[] {
  const hosts = new Map<string, EgressRule>();
  allowHost.forEach((given, i) => {
    const { host, port } = parseHost(given);
    const name = normalizedHost(host);
    const key = port === undefined ? name : `${name}:`;
    const known = hosts.get(key);
    hosts.set(key, {
      target: { kind: 'host', host: name },
      ports: port === undefined ? [] : [...(known?.ports ?? []), { protocol: 'TCP', port }],
      origin: known?.origin ?? originOf('allowHost', i),
    });
  });
  return [
    ...hosts.values(),
    ...allowCIDR.map((cidr, i): EgressRule => ({
      target: { kind: 'cidr', cidr: canonicalCidr(cidr), except: [] },
      ports: [],
      origin: originOf('allowCIDR', i),
    })),
    ...targets.map((target, i) => ({ ...egressModel(target, ownNamespace), origin: originOf('egress', i) })),
  ];
}

/** A rule as resources say it: in the fields that everybody has, where they can say it. */
export function networkValue({ target, ports }: Pick<EgressRule, 'target' | 'ports'>): NetworkValue {
  const plain = ports.every(
    ({ protocol, port, endPort }) => protocol === 'TCP' && port !== undefined && endPort === undefined,
  );
  if (target.kind === 'host' && plain) {
    const host = familyOf(target.host) === 6 && ports.length > 0 ? `[${target.host}]` : target.host;
    return { allowHost: ports.length === 0 ? [host] : ports.map(({ port }) => `${host}:${port}`) };
  }
  if (target.kind === 'cidr' && target.except.length === 0 && ports.length === 0) {
    return { allowCIDR: [target.cidr] };
  }
  return { egress: [egressValue({ target, ports })] };
}

const GRANTS_NOTHING = errorKind('permission-grants-nothing', 'grants nothing', 'Write kubeResources or network');

export const grant = object('One grant.', { kubeResources, network }, {}, (value, place) =>
  place.report(GRANTS_NOTHING, value, Object.keys(value).length === 0),
);

/** One grant of a profile. */
export type GrantValue = ValueOf<typeof grant>;

/** What is allowed: the content of `permissionProfile.inline`, and of a ConfigMap that holds a profile. */
export const inlineProfile = object(
  'A profile written here.',
  {
    allow: atomicList('Grants; the server may do what any of them allows.', grant),
  },
  { required: ['allow'] },
);

/**
 * A grant as the resource says it. What says nothing is left out, and operators know verbs alone, whoever they are known to.
 */
export function grantForResource(
  { kubeResources: rights, network: connections }: GrantValue,
  rendered: boolean,
): GrantValue {
  return compact({
    kubeResources: rights && rightsForResource(rights, rendered),
    network: connections && compact({ ...connections }),
  });
}

function rightsForResource(
  { apiGroups, resources, verbs, customVerbs = [], namespaces, resourceNames, clusterWide }: KubeResourcesValue,
  rendered: boolean,
): KubeResourcesValue {
  return {
    apiGroups,
    resources,
    verbs: rendered ? verbs : [...verbs, ...customVerbs],
    ...compact({
      customVerbs: rendered ? customVerbs : undefined,
      namespaces,
      resourceNames,
      clusterWide: clusterWide === true ? true : undefined,
    }),
  };
}

const PROFILES = ['none', 'network-only', 'full-access'] as const;

const PROFILE = errorKind(
  'permission-profile-unknown',
  'is not a profile',
  `Write one of ${PROFILES.join(', ')}, or what is allowed (inline)`,
);

/** Shape of pr526: `builtin` is a plain string there, an object with an enum in sep2025. */
export const permissionProfile = object(
  'What the server is allowed to do. Default: nothing.',
  {
    builtin: text('A profile by name: none, network-only or full-access.'),
    configMap: configMapKey('A profile in JSON or YAML, with the fields of inline, kept in a ConfigMap.'),
    inline: inlineProfile,
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
  ({ builtin }, place) =>
    place
      .at('builtin')
      .report(PROFILE, builtin, builtin !== undefined && !PROFILES.some(profile => profile === builtin)),
);

/** What a server may do, as resources say it. */
export type PermissionProfileValue = ValueOf<typeof permissionProfile>;

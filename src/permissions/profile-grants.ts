import { checkList, checkObject, checkTexts } from './document-fields';
import { checkEgressItem, ruleOfItem } from './egress-item';
import {
  KubeResources,
  checkApiGroup,
  checkForController,
  checkResource,
  checkScope,
  grantOf,
  kubeResourcesSpec,
} from './kube-resources';
import { checkKubernetesPermission, kubeResourcesOf } from './kubernetes-fields';
import { checkNetworkPermission, egressOf, networkSpec } from './network-fields';
import { NetworkPermission, PermissionGrant } from './permission-grant';
import { OPTION_SPELLING, RESOURCE_SPELLING, Spelling } from './spelling';
import { OWN_FIELD } from '../api/upstream';
import { Diagnostic } from '../model/diagnostic';
import { InputCheck } from '../model/input';
import { BuiltinProfile, EgressRule, KubernetesGrant } from '../model/permissions';
import { compact, Json } from '../values/json';

/** One item of `permissionProfile.inline.allow`. */
export interface ProfileGrant {
  /** Where it was written: a property of the server. */
  readonly property: string;
  readonly spelling: Spelling;
  readonly kubeResources?: KubeResources;
  readonly network?: NetworkPermission;
  /** Items of `network.egress`, as the resource has them. */
  readonly egress?: readonly Json[];
}

/** What a profile says of one server, as plain data. */
export interface ProfileModel {
  readonly builtin?: BuiltinProfile;
  readonly kubernetes: readonly KubernetesGrant[];
  readonly egress: readonly EgressRule[];
  /** Why it cannot be read; it then allows nothing. */
  readonly problems: readonly Diagnostic[];
}

/** Checks what code allows. */
export function checkGrants(input: InputCheck, grants: readonly PermissionGrant[]): void {
  grants.forEach(({ kubernetes, network }, i) => {
    input.check(
      `allow[${i}]`,
      {},
      kubernetes === undefined && network === undefined ? 'grants nothing' : undefined,
      'Give kubernetes or network',
    );
    if (kubernetes !== undefined) {
      checkKubernetesPermission(input, `allow[${i}].kubernetes.`, kubernetes);
    }
    if (network !== undefined) {
      const { allowHost = [], allowCidr = [] } = network;
      input.check(
        `allow[${i}].network`,
        {},
        allowHost.length + allowCidr.length === 0 ? 'grants nothing' : undefined,
        'Name hosts (allowHost) or ranges of addresses (allowCidr)',
      );
      checkNetworkPermission(input, `allow[${i}].network`, network, OPTION_SPELLING);
    }
  });
}

/** What code allows, item by item as resources write it. */
export function profileGrants(grants: readonly PermissionGrant[]): ProfileGrant[] {
  return grants.flatMap(({ kubernetes, network }, i) => {
    const common = { property: `permissionProfile.allow[${i}]`, spelling: OPTION_SPELLING };
    const [kubeResources, ...others] = kubernetes === undefined ? [undefined] : kubeResourcesOf(kubernetes);
    return [{ ...common, kubeResources, network }, ...others.map(other => ({ ...common, kubeResources: other }))];
  });
}

/** Rights of grants as plain data, for a server whose pods are in a namespace. */
export function kubernetesOf(grants: readonly ProfileGrant[], path: string, namespace: string): KubernetesGrant[] {
  return grants.flatMap(({ property, spelling, kubeResources }) =>
    kubeResources === undefined
      ? []
      : [grantOf(kubeResources, namespace, { path, property: `${property}.${spelling.kubernetes}` })],
  );
}

/** Connections of grants as plain data, for a server whose pods are in a namespace. */
export function networkOf(grants: readonly ProfileGrant[], path: string, namespace: string): EgressRule[] {
  return grants.flatMap(({ property, spelling, network, egress = [] }) => [
    ...(network === undefined ? [] : egressOf(network, { path, property: `${property}.network` }, spelling)),
    ...egress.map((item, i) => ruleOfItem(item, namespace, { path, property: `${property}.network.egress[${i}]` })),
  ]);
}

/** Grants as a resource writes them. */
export function grantsSpec(grants: readonly ProfileGrant[], rendered: boolean): Json[] {
  return grants.map(({ kubeResources, network, egress }) =>
    compact({
      kubeResources: kubeResources && kubeResourcesSpec(kubeResources, rendered),
      network: compact({ ...(network && networkSpec(network)), egress: egress && [...egress] }),
    }),
  );
}

/** Reports what the resource of an operator has no field for. */
export function checkGrantsForController(input: InputCheck, grants: readonly ProfileGrant[]): void {
  grants.forEach(({ property, spelling, kubeResources, egress }) => {
    if (kubeResources !== undefined) {
      checkForController(input, `${property}.${spelling.kubernetes}.`, kubeResources);
    }
    input.check(
      `${property}.network.egress`,
      egress,
      egress === undefined ? undefined : OWN_FIELD,
      'Write allowHost or allowCIDR, or use Reconciliation.RENDERED',
    );
  });
}

/**
 * Reads the content of `permissionProfile.inline` as documents have it, reporting what is wrong with it. `place` is what precedes its
 * properties in messages.
 */
export function readInline(input: InputCheck, place: string, inline: unknown): ProfileGrant[] {
  const { allow } = checkObject(input, place, inline, ['allow']);
  input.check(
    `${place}.allow`,
    allow,
    allow === undefined ? 'is missing' : undefined,
    'Add it; an empty list allows nothing',
  );
  return checkList(input, `${place}.allow`, allow).map((item, i) => readGrant(input, `${place}.allow[${i}]`, item));
}

function readGrant(input: InputCheck, property: string, item: unknown): ProfileGrant {
  const { kubeResources, network } = checkObject(input, property, item, ['kubeResources', 'network']);
  const isEmpty = typeof item === 'object' && item !== null && Object.keys(item).length === 0;
  input.check(property, item, isEmpty ? 'grants nothing' : undefined, 'Write kubeResources or network');
  return {
    property,
    spelling: RESOURCE_SPELLING,
    ...(kubeResources === undefined
      ? {}
      : { kubeResources: readKubeResources(input, `${property}.kubeResources`, kubeResources) }),
    ...(network === undefined ? {} : readNetwork(input, `${property}.network`, network)),
  };
}

function readKubeResources(input: InputCheck, place: string, given: unknown): KubeResources {
  const fields = checkObject(input, place, given, [
    'apiGroups',
    'resources',
    'verbs',
    'customVerbs',
    'namespaces',
    'resourceNames',
    'clusterWide',
  ]);
  const texts = (field: string) => checkTexts(input, `${place}.${field}`, fields[field]);
  const { clusterWide } = fields;
  input.check(
    `${place}.clusterWide`,
    clusterWide,
    clusterWide === undefined || typeof clusterWide === 'boolean' ? undefined : 'is not true or false',
    'Write true or false',
  );
  const [namespaces, resourceNames] = [texts('namespaces'), texts('resourceNames')];
  const kube: KubeResources = {
    apiGroups: texts('apiGroups'),
    resources: texts('resources'),
    verbs: texts('verbs'),
    customVerbs: texts('customVerbs'),
    // The API does not tell an empty list from none.
    namespaces: namespaces.length === 0 ? undefined : namespaces,
    resourceNames: resourceNames.length === 0 ? undefined : resourceNames,
    clusterWide: clusterWide === true,
  };
  for (const field of ['apiGroups', 'resources'] as const) {
    input.check(
      `${place}.${field}`,
      fields[field],
      kube[field].length === 0 ? 'is empty, so it grants nothing' : undefined,
      field === 'apiGroups' ? 'Name API groups; "" is the core group' : 'Name resources, such as pods',
    );
  }
  checkScope(input, `${place}.`, kube);
  kube.apiGroups.forEach((group, i) => checkApiGroup(input, `${place}.apiGroups[${i}]`, group));
  kube.resources.forEach((resource, i) => checkResource(input, `${place}.resources[${i}]`, resource, kube));
  return kube;
}

function readNetwork(input: InputCheck, place: string, given: unknown): Pick<ProfileGrant, 'network' | 'egress'> {
  const fields = checkObject(input, place, given, ['allowHost', 'allowCIDR', 'egress']);
  const network = {
    allowHost: checkTexts(input, `${place}.allowHost`, fields.allowHost),
    allowCidr: checkTexts(input, `${place}.allowCIDR`, fields.allowCIDR),
  };
  const egress = checkList(input, `${place}.egress`, fields.egress);
  checkNetworkPermission(input, place, network, RESOURCE_SPELLING);
  egress.forEach((item, i) => checkEgressItem(input, `${place}.egress[${i}]`, item));
  return { network, ...(egress.length === 0 ? {} : { egress: egress as Json[] }) };
}

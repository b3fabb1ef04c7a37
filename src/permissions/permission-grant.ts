import {
  checkKubernetesPermission,
  kubeResourcesOf,
  KubernetesPermission,
  refuseUnseen,
} from './kubernetes-permission';
import {
  grant,
  grantForResource,
  GrantValue,
  kubernetesGrant,
  network as networkField,
  networkRules,
} from '../api/permission-profile';
import { Place, placeIn } from '../api/place';
import { errorKind, InputCheck } from '../model/findings';
import { EgressRule, KubernetesGrant } from '../model/permissions';
import { formatPath, Path } from '../values/paths';

/** What a server may connect to, as resources of the API write it. */
export interface NetworkPermission {
  /**
   * Hosts: DNS names, which may start with `*.`, or addresses, each with a port behind a colon or, without one, on all ports.
   *
   * @default - none
   */
  readonly allowHost?: string[];

  /**
   * Ranges of addresses, such as `10.20.0.0/16`.
   *
   * @default - none
   */
  readonly allowCidr?: string[];
}

/** What a profile allows. */
export interface PermissionGrant {
  /**
   * Rights on the Kubernetes API.
   *
   * @default - none
   */
  readonly kubernetes?: KubernetesPermission;

  /**
   * What the server may connect to.
   *
   * @default - nothing
   */
  readonly network?: NetworkPermission;
}

const GRANTS_NOTHING = errorKind('permission-grant-empty', 'grants nothing', 'Give kubernetes or network');
const NETWORK_NOTHING = errorKind(
  'permission-grant-network-empty',
  'grants nothing',
  'Name hosts (allowHost) or ranges of addresses (allowCidr)',
);

/** Checks what code allows. */
export function checkGrants(grants: readonly PermissionGrant[], place: Place): void {
  grants.forEach(({ kubernetes, network }, i) => {
    const at = place.at(i);
    at.report(GRANTS_NOTHING, {}, kubernetes === undefined && network === undefined);
    if (kubernetes !== undefined) {
      checkKubernetesPermission(kubernetes, at.at('kubernetes'));
    }
    if (network !== undefined) {
      const { allowHost = [], allowCidr = [] } = network;
      at.at('network').report(NETWORK_NOTHING, {}, allowHost.length + allowCidr.length === 0);
      networkField.check({ allowHost, allowCIDR: allowCidr }, at.at('network'));
    }
  });
}

/** A grant of a profile, as resources say it, and where it was said. */
export interface ProfileGrant {
  /** Property of the server. */
  readonly property: string;
  /** Whether fields have the names of options there, or those of resources. */
  readonly inCode: boolean;
  readonly value: GrantValue;
}

/** Fields that options name otherwise than resources. */
const OPTION_NAMES: Readonly<Record<string, string>> = { kubeResources: 'kubernetes', allowCIDR: 'allowCidr' };

/** A path in a grant of a resource, as code has it. */
export function optionPath(path: Path): string {
  return formatPath(path.map(step => OPTION_NAMES[step] ?? step));
}

/** What code allows, item by item as resources say it. */
export function codeGrants(grants: readonly PermissionGrant[]): ProfileGrant[] {
  return grants.flatMap(({ kubernetes, network }, i) => {
    const common = { property: `permissionProfile.allow[${i}]`, inCode: true };
    const [kubeResources, ...others] = kubernetes === undefined ? [undefined] : kubeResourcesOf(kubernetes);
    const connections = network && { allowHost: network.allowHost, allowCIDR: network.allowCidr };
    return [
      { ...common, value: { kubeResources, network: connections } },
      ...others.map(other => ({ ...common, value: { kubeResources: other } })),
    ];
  });
}

/** What a document allows, item by item; `holder` is the property of the server that holds it. */
export function documentGrants(grants: readonly GrantValue[], holder: string): ProfileGrant[] {
  return grants.map((value, i) => ({ property: `${holder}.allow[${i}]`, inCode: false, value }));
}

/** The place of something in a grant, as a property of the server. */
const propertyIn = ({ property, inCode }: ProfileGrant, path: Path): string =>
  `${property}.${inCode ? optionPath(path) : formatPath(path)}`;

/** Reports what of grants the resource of an operator has no field for. */
export function checkGrantsForController(grants: readonly ProfileGrant[], input: InputCheck): void {
  grants.forEach(given =>
    refuseUnseen(
      grant,
      grant.encode(grantForResource(given.value, false)),
      placeIn(input, path => propertyIn(given, path)),
    ),
  );
}

/** Rights of grants as plain data, for the server at a path whose pods are in a namespace. */
export function kubernetesOf(grants: readonly ProfileGrant[], path: string, namespace: string): KubernetesGrant[] {
  return grants.flatMap(given => {
    const { kubeResources } = given.value;
    const origin = { path, property: propertyIn(given, ['kubeResources']) };
    return kubeResources === undefined ? [] : [kubernetesGrant(kubeResources, namespace, origin)];
  });
}

/** Connections of grants as plain data, for the server at a path whose pods are in a namespace. */
export function networkOf(grants: readonly ProfileGrant[], path: string, namespace: string): EgressRule[] {
  return grants.flatMap(given =>
    networkRules(given.value.network ?? {}, namespace, (field, i) => ({
      path,
      property: propertyIn(given, ['network', field, i]),
    })),
  );
}

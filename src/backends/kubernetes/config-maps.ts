import { objectLabels } from './labels';
import { Diagnostic, errorKind, findingOf, warningKind } from '../../model/findings';
import { Gateway } from '../../model/gateway';
import { GatewayPlan } from '../../model/plan';
import { Json } from '../../values/json';
import { bytesOf, canBeNoted, Files, MAX_CONFIG_MAP } from '../interface/config-map';

/*
 * The ConfigMaps of a gateway's configuration: one, and where its files do not fit into one, one more for each file that is
 * taken out of it, the largest first.
 */

const GATEWAY_CONFIG_TOO_LARGE = errorKind(
  'gateway-config-too-large',
  `its configuration has a file that does not fit into a ConfigMap, which holds ${MAX_CONFIG_MAP} bytes: of {routes} routes like these about {fitting} would`,
  'Serve some of its routes by another gateway, or say for the whole gateway what many routes say each',
);
const GATEWAY_CONFIG_NOT_NOTED = warningKind(
  'gateway-config-not-noted',
  'its configuration is too long for `kubectl apply` to note in an annotation',
  'Apply it with `kubectl apply --server-side`',
);

/** Suffix of the ConfigMap with the configuration of the data plane. */
const SUFFIX = '-gateway-config';

/** Name of the ConfigMap of a gateway that is always there. */
export function configMapName(gateway: string): string {
  return `${gateway}${SUFFIX}`;
}

/** Files as ConfigMaps hold them, by the names of these, that which is always there first. */
export function inConfigMaps(gateway: string, files: Files): ReadonlyMap<string, Files> {
  const kept = { ...files };
  const others: [string, Files][] = [];
  const largestFirst = Object.entries(files).sort(([, a], [, b]) => Buffer.byteLength(b) - Buffer.byteLength(a));
  for (const [name, text] of largestFirst.slice(0, -1)) {
    if (bytesOf(kept) > MAX_CONFIG_MAP) {
      delete kept[name];
      others.push([`${configMapName(gateway)}-${name.replace(/\.[a-z]+$/, '')}`, { [name]: text }]);
    }
  }
  return new Map([[configMapName(gateway), kept], ...others]);
}

/** The ConfigMaps beside that which is always there. */
export function moreConfigMaps({ name, workloadNamespace }: Gateway, files: Files): Json[] {
  return [...inConfigMaps(name, files)].slice(1).map(([configMap, data]) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: configMap, namespace: workloadNamespace, labels: objectLabels('mcp-gateway', name) },
    data,
  }));
}

/** The volume in which a pod has all of them as one folder; undefined where there is but one. */
export function configVolume(gateway: string, files: Files): Json | undefined {
  const names = [...inConfigMaps(gateway, files).keys()];
  return names.length === 1
    ? undefined
    : { name: 'config', projected: { sources: names.map(name => ({ configMap: { name } })) } };
}

/** What is wrong with the size of a gateway's configuration. */
export function checkConfigSize({ gateway, entries }: GatewayPlan, files: Files): Diagnostic[] {
  const found = `${bytesOf(files)} bytes`;
  const maps = [...inConfigMaps(gateway.name, files).values()];
  const largest = Math.max(...maps.map(bytesOf));
  if (largest > MAX_CONFIG_MAP) {
    const fitting = Math.floor((entries.length * MAX_CONFIG_MAP) / largest);
    return [findingOf(GATEWAY_CONFIG_TOO_LARGE, gateway.path, 'routes', found, { routes: entries.length, fitting })];
  }
  return maps.every(canBeNoted) ? [] : [findingOf(GATEWAY_CONFIG_NOT_NOTED, gateway.path, 'routes', found)];
}

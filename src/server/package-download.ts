import { SourceConfig } from './source-config';
import { ClusterProfile } from '../model/cluster';
import { Diagnostic, findingOf, warningKind } from '../model/findings';
import { EgressRule } from '../model/permissions';
import { PermissionProfile } from '../permissions/permission-profile';

const PACKAGE_FROM_PUBLIC_REGISTRY = warningKind(
  'package-from-public-registry',
  'downloads its package from the public registry, so that the server may connect to every public address on port 443',
  'Name a registry or mirror of your own (registry), or install the package in an image (image, preinstalled: true)',
);

const HTTPS = 443;
const HTTP = 80;

/** What a server has to connect to for its package; undefined where nothing is downloaded. */
export function downloadRule(source: SourceConfig, path: string): EgressRule | undefined {
  if (source.kind !== 'hosted' || source.download === undefined) {
    return undefined;
  }
  const { registry } = source.download;
  if (registry === undefined) {
    return {
      target: { kind: 'public' },
      ports: [{ protocol: 'TCP', port: HTTPS }],
      origin: { path, property: 'source' },
    };
  }
  const { hostname, port, protocol } = new URL(registry);
  return {
    target: { kind: 'host', host: hostname.replace(/^\[|\]$/g, '') },
    ports: [{ protocol: 'TCP', port: port === '' ? (protocol === 'http:' ? HTTP : HTTPS) : Number(port) }],
    origin: { path, property: 'source.registry' },
  };
}

/** What a server that downloads its package from the public registry should know. */
export function downloadWarnings(
  source: SourceConfig,
  path: string,
  permissions: PermissionProfile | undefined,
  profile: ClusterProfile,
): Diagnostic[] {
  const wide =
    source.kind === 'hosted' &&
    source.download !== undefined &&
    source.download.registry === undefined &&
    permissions?._builtin === undefined &&
    profile.network !== 'none';
  return wide ? [findingOf(PACKAGE_FROM_PUBLIC_REGISTRY, path, 'source', undefined)] : [];
}

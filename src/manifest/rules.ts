import { ManifestKind } from './kinds';
import { Path } from './property-path';
import { DocumentCheck } from './source-document';
import { Json } from '../backends/kubernetes/pod-template';

/** Fields of which at most one may be set (rules of the CRDs in CEL, which JSON Schema cannot express). */
const ONE_OF: readonly { readonly path: readonly string[]; readonly fields: readonly string[] }[] = [
  { path: ['permissionProfile'], fields: ['builtin', 'configMap', 'inline'] },
  { path: ['authzConfig'], fields: ['configMap', 'inline'] },
  { path: ['oidcConfig'], fields: ['kubernetes', 'inline'] },
];

/** Checks the rules across fields that the definition of a kind has. */
export function checkRules(check: DocumentCheck, kind: ManifestKind, spec: Json): void {
  if (kind === 'MCPServer' || kind === 'ClusterMCPServer') {
    checkServerRules(check, spec);
  } else if (kind === 'MCPRoute') {
    const ref = spec.gatewayRef;
    check.check(['spec', 'gatewayRef', 'namespace'], ref?.namespace, ref?.kind === 'ClusterMCPGateway' && ref.namespace !== undefined ? 'is given, but a ClusterMCPGateway is in no namespace' : undefined,
      'Remove it');
  } else {
    const servers = spec.mcpServers;
    check.check(['spec', 'mcpServers'], servers, servers !== undefined && ['static', 'selector', 'namespaceSelector'].every(field => servers[field] === undefined) ? 'names no servers' : undefined,
      'Add static, selector or namespaceSelector, or remove mcpServers');
  }
}

function checkServerRules(check: DocumentCheck, spec: Json): void {
  const both = spec.hosted !== undefined && spec.remote !== undefined;
  const neither = spec.hosted === undefined && spec.remote === undefined;
  check.check(['spec'], both ? ['hosted', 'remote'] : undefined, both ? 'has both hosted and remote: a server runs in one place' : neither ? 'has neither hosted nor remote, so there is no server' : undefined,
    both ? 'Keep one of the two' : 'Add hosted.podSpec or remote.url');
  for (const { path, fields } of ONE_OF) {
    const value = path.reduce<any>((object, field) => object?.[field], spec);
    const given = fields.filter(field => value?.[field] !== undefined);
    check.check(['spec', ...path] as Path, given, given.length > 1 ? 'are set together, and exclude each other' : undefined, 'Keep one');
  }
  check.check(['spec', 'remote', 'tls'], spec.remote?.tls, spec.remote?.tls !== undefined && !String(spec.remote.url).startsWith('https://') ? 'is given for a URL without TLS' : undefined,
    'Use https, or remove tls');
  const allowed = spec.allowedNamespaces;
  check.check(['spec', 'allowedNamespaces'], allowed, allowed?.all === true && (allowed.names ?? allowed.selector) !== undefined ? 'admits every namespace and then names some' : undefined,
    'Remove names and selector, or all');
}

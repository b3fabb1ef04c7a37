import { ManifestKind } from './kinds';
import { DocumentCheck } from './source-document';
import { errorKind } from '../model/findings';
import { Json } from '../values/json';
import { Path } from '../values/paths';

const FIELDS_EXCLUDE_EACH_OTHER = errorKind(
  'fields-exclude-each-other',
  'are set together, and exclude each other',
  'Keep one',
);
const GATEWAY_REF_NAMESPACE = errorKind(
  'gateway-ref-namespace',
  'is given, but a ClusterMCPGateway is in no namespace',
  'Remove it',
);
const MCP_SERVERS_EMPTY = errorKind(
  'mcp-servers-empty',
  'names no servers',
  'Add static, selector or namespaceSelector, or remove mcpServers',
);
const FIELDS_ONE_OF_TWO = errorKind(
  'fields-one-of-two',
  'needs exactly one of {first} and {second}',
  'Write one of the two',
);
const CERTIFICATE_ISSUED_AND_GIVEN = errorKind(
  'certificate-issued-and-given',
  'is about an issued certificate, and this one is in a Secret',
  'Write issuerRef in place of secretRef, or remove it',
);
const HOSTED_AND_REMOTE = errorKind(
  'hosted-and-remote',
  'has both hosted and remote: a server runs in one place',
  'Keep one of the two',
);
const NEITHER_HOSTED_NOR_REMOTE = errorKind(
  'neither-hosted-nor-remote',
  'has neither hosted nor remote, so there is no server',
  'Add hosted.podSpec or remote.url',
);
const REMOTE_TLS_WITHOUT_HTTPS = errorKind(
  'remote-tls-without-https',
  'is given for a URL without TLS',
  'Use https, or remove tls',
);
const PROFILE_INLINE_BESIDE_CLOSED = errorKind(
  'profile-inline-beside-closed',
  'is set beside the profile {builtin}, to which nothing can be added',
  'Remove it, or builtin',
);
const ALLOWED_NAMESPACES_ALL_AND_SOME = errorKind(
  'allowed-namespaces-all-and-some',
  'admits every namespace and then names some',
  'Remove names and selector, or all',
);

/** Fields of which at most one may be set (rules of the CRDs in CEL, which JSON Schema cannot express). */
const ONE_OF: readonly { readonly path: readonly string[]; readonly fields: readonly string[] }[] = [
  { path: ['permissionProfile'], fields: ['builtin', 'configMap'] },
  { path: ['authzConfig'], fields: ['configMap', 'inline'] },
  { path: ['oidcConfig'], fields: ['kubernetes', 'inline', 'configMap'] },
];

/** Checks the rules across fields that the definition of a kind has. */
export function checkRules(check: DocumentCheck, kind: ManifestKind, spec: Json): void {
  for (const { path, fields } of ONE_OF) {
    const value = path.reduce<any>((object, field) => object?.[field], spec);
    const given = fields.filter(field => value?.[field] !== undefined);
    check.report(FIELDS_EXCLUDE_EACH_OTHER, ['spec', ...path] as Path, given, given.length > 1);
  }
  if (kind === 'MCPServer' || kind === 'ClusterMCPServer') {
    checkServerRules(check, spec);
  } else if (kind === 'MCPRoute') {
    const ref = spec.gatewayRef;
    check.report(
      GATEWAY_REF_NAMESPACE,
      ['spec', 'gatewayRef', 'namespace'],
      ref?.namespace,
      ref?.kind === 'ClusterMCPGateway' && ref.namespace !== undefined,
    );
  } else {
    const servers = spec.mcpServers;
    check.report(
      MCP_SERVERS_EMPTY,
      ['spec', 'mcpServers'],
      servers,
      servers !== undefined &&
        ['static', 'selector', 'namespaceSelector', 'healthCheck'].every(field => servers[field] === undefined),
    );
    checkTls(check, ['spec', 'tls'], spec.tls);
  }
}

/** Reports an object that has not exactly one of two fields. */
function checkOne(check: DocumentCheck, path: Path, object: Json, first: string, second: string): void {
  const given = [first, second].filter(field => object[field] !== undefined);
  check.report(FIELDS_ONE_OF_TWO, path, given, given.length === 1 ? undefined : { first, second });
}

function checkTls(check: DocumentCheck, path: Path, tls: Json | undefined): void {
  if (tls !== undefined) {
    const { secretRef, issuerRef: ignored, ...issued } = tls;
    checkOne(check, path, tls, 'secretRef', 'issuerRef');
    check.report(
      CERTIFICATE_ISSUED_AND_GIVEN,
      path,
      Object.keys(issued),
      secretRef !== undefined && Object.keys(issued).length > 0,
    );
  }
}

function checkServerRules(check: DocumentCheck, spec: Json): void {
  const both = spec.hosted !== undefined && spec.remote !== undefined;
  const neither = spec.hosted === undefined && spec.remote === undefined;
  check.report(HOSTED_AND_REMOTE, ['spec'], ['hosted', 'remote'], both);
  check.report(NEITHER_HOSTED_NOR_REMOTE, ['spec'], undefined, neither);
  check.report(
    REMOTE_TLS_WITHOUT_HTTPS,
    ['spec', 'remote', 'tls'],
    spec.remote?.tls,
    spec.remote?.tls !== undefined && !String(spec.remote.url).startsWith('https://'),
  );
  const { builtin, inline } = spec.permissionProfile ?? {};
  const closed = builtin !== undefined && builtin !== 'full-access';
  check.report(
    PROFILE_INLINE_BESIDE_CLOSED,
    ['spec', 'permissionProfile', 'inline'],
    inline,
    inline !== undefined && closed ? { builtin } : undefined,
  );
  const allowed = spec.allowedNamespaces;
  check.report(
    ALLOWED_NAMESPACES_ALL_AND_SOME,
    ['spec', 'allowedNamespaces'],
    allowed,
    allowed?.all === true && (allowed.names ?? allowed.selector) !== undefined,
  );
}

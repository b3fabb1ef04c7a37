import { ManifestKind } from './kinds';
import { DocumentCheck } from './source-document';
import { Json } from '../values/json';
import { Path } from '../values/paths';

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
    check.check(
      ['spec', ...path] as Path,
      given,
      given.length > 1 ? 'are set together, and exclude each other' : undefined,
      'Keep one',
    );
  }
  if (kind === 'MCPServer' || kind === 'ClusterMCPServer') {
    checkServerRules(check, spec);
  } else if (kind === 'MCPRoute') {
    const ref = spec.gatewayRef;
    check.check(
      ['spec', 'gatewayRef', 'namespace'],
      ref?.namespace,
      ref?.kind === 'ClusterMCPGateway' && ref.namespace !== undefined
        ? 'is given, but a ClusterMCPGateway is in no namespace'
        : undefined,
      'Remove it',
    );
  } else {
    const servers = spec.mcpServers;
    check.check(
      ['spec', 'mcpServers'],
      servers,
      servers !== undefined &&
        ['static', 'selector', 'namespaceSelector', 'healthCheck'].every(field => servers[field] === undefined)
        ? 'names no servers'
        : undefined,
      'Add static, selector or namespaceSelector, or remove mcpServers',
    );
    checkTls(check, ['spec', 'tls'], spec.tls);
  }
  clientCertificates(['spec', 'authentication'], spec.authentication ?? {}).forEach(({ path, value }) =>
    checkOne(check, path, value, 'caRef', 'issuerRef'),
  );
}

/** Reports an object that has not exactly one of two fields. */
function checkOne(check: DocumentCheck, path: Path, object: Json, first: string, second: string): void {
  const given = [first, second].filter(field => object[field] !== undefined);
  check.check(
    path,
    given,
    given.length === 1 ? undefined : `needs exactly one of ${first} and ${second}`,
    'Write one of the two',
  );
}

function checkTls(check: DocumentCheck, path: Path, tls: Json | undefined): void {
  if (tls !== undefined) {
    const { secretRef, issuerRef: ignored, ...issued } = tls;
    checkOne(check, path, tls, 'secretRef', 'issuerRef');
    check.check(
      path,
      Object.keys(issued),
      secretRef !== undefined && Object.keys(issued).length > 0
        ? 'is about an issued certificate, and this one is in a Secret'
        : undefined,
      'Write issuerRef in place of secretRef, or remove it',
    );
  }
}

/** Client certificates that methods ask for, in choices and further methods too. */
function clientCertificates(
  path: Path,
  { clientCertificate, anyOf = [], allOf = [] }: Json,
): { readonly path: Path; readonly value: Json }[] {
  return [
    ...(clientCertificate === undefined
      ? []
      : [{ path: [...path, 'clientCertificate'], value: clientCertificate as Json }]),
    ...(anyOf as Json[]).flatMap((entry, i) => clientCertificates([...path, 'anyOf', i], entry)),
    ...(allOf as Json[]).flatMap((entry, i) => clientCertificates([...path, 'allOf', i], entry)),
  ];
}

function checkServerRules(check: DocumentCheck, spec: Json): void {
  const both = spec.hosted !== undefined && spec.remote !== undefined;
  const neither = spec.hosted === undefined && spec.remote === undefined;
  check.check(
    ['spec'],
    both ? ['hosted', 'remote'] : undefined,
    both
      ? 'has both hosted and remote: a server runs in one place'
      : neither
        ? 'has neither hosted nor remote, so there is no server'
        : undefined,
    both ? 'Keep one of the two' : 'Add hosted.podSpec or remote.url',
  );
  check.check(
    ['spec', 'remote', 'tls'],
    spec.remote?.tls,
    spec.remote?.tls !== undefined && !String(spec.remote.url).startsWith('https://')
      ? 'is given for a URL without TLS'
      : undefined,
    'Use https, or remove tls',
  );
  const { builtin, inline } = spec.permissionProfile ?? {};
  const closed = builtin !== undefined && builtin !== 'full-access';
  check.check(
    ['spec', 'permissionProfile', 'inline'],
    inline,
    inline !== undefined && closed ? `is set beside the profile ${builtin}, to which nothing can be added` : undefined,
    'Remove it, or builtin',
  );
  const allowed = spec.allowedNamespaces;
  check.check(
    ['spec', 'allowedNamespaces'],
    allowed,
    allowed?.all === true && (allowed.names ?? allowed.selector) !== undefined
      ? 'admits every namespace and then names some'
      : undefined,
    'Remove names and selector, or all',
  );
}

/**
 * Values that keep and that break each CEL rule of the CRDs, by the rule's message: of the field that the rule is on, and
 * each of the broken ones breaks that rule alone.
 */

export interface RuleCases {
  readonly kept: readonly object[];
  readonly broken: readonly object[];
}

const HOSTED = {
  hosted: { podSpec: { spec: { containers: [{ name: 'mcp-server', image: 'ghcr.io/acme/mcp:1.0.0' }] } } },
};
const REMOTE = { remote: { url: 'https://mcp.example.com/mcp' } };
const CA = { caRef: { name: 'partners', key: 'ca.crt' } };
const ISSUER = { issuerRef: { name: 'ca' } };
const SECRET = { secretRef: { name: 'gateway-tls' } };
const INLINE_ISSUER = { inline: { issuer: 'https://auth.acme.dev' } };
const DOCUMENT = { configMap: { name: 'documents', key: 'document' } };
const PODS = { apiGroups: [''], resources: ['pods'], verbs: ['get'] };

export const RULE_CASES: Readonly<Record<string, RuleCases>> = {
  'set exactly one of spec.hosted and spec.remote': {
    kept: [HOSTED, REMOTE],
    broken: [{ transport: 'sse' }, { ...HOSTED, ...REMOTE }],
  },
  'set only one of permissionProfile.builtin and permissionProfile.configMap': {
    kept: [{ builtin: 'none' }, DOCUMENT],
    broken: [{ builtin: 'none', ...DOCUMENT }],
  },
  'permissionProfile.inline adds nothing to the profiles none and network-only: remove it, or permissionProfile.builtin':
    {
      kept: [{ builtin: 'full-access', inline: { allow: [] } }, { inline: { allow: [] } }],
      broken: [
        { builtin: 'none', inline: { allow: [] } },
        { builtin: 'network-only', inline: { allow: [] } },
      ],
    },
  'kubeResources.clusterWide already grants in every namespace: remove namespaces or clusterWide': {
    kept: [
      { ...PODS, clusterWide: true },
      { ...PODS, clusterWide: false, namespaces: ['a'] },
    ],
    broken: [{ ...PODS, clusterWide: true, namespaces: ['a'] }],
  },
  'set only one of oidcConfig.kubernetes, oidcConfig.inline and oidcConfig.configMap': {
    kept: [{ kubernetes: {} }, INLINE_ISSUER, DOCUMENT],
    broken: [
      { kubernetes: {}, ...INLINE_ISSUER },
      { kubernetes: {}, ...DOCUMENT },
      { ...INLINE_ISSUER, ...DOCUMENT },
    ],
  },
  'set only one of oidcConfig.inline.audience and oidcConfig.inline.audiences': {
    kept: [
      { issuer: 'https://auth.acme.dev', audience: 'a' },
      { issuer: 'https://auth.acme.dev', audiences: ['a', 'b'] },
    ],
    broken: [{ issuer: 'https://auth.acme.dev', audience: 'a', audiences: ['b'] }],
  },
  'set only one of oidcConfig.kubernetes.audience and oidcConfig.kubernetes.audiences': {
    kept: [{ audience: 'a' }, { audiences: ['a', 'b'] }],
    broken: [{ audience: 'a', audiences: ['b'] }],
  },
  'set only one of authzConfig.configMap and authzConfig.inline': {
    kept: [{ inline: { policies: ['permit(principal, action, resource);'] } }, DOCUMENT],
    broken: [{ inline: { policies: ['permit(principal, action, resource);'] }, ...DOCUMENT }],
  },
  'remote.tls needs a remote.url that starts with https://: change the URL or remove remote.tls': {
    kept: [{ url: 'https://crm', tls: { serverName: 'crm' } }, { url: 'http://crm' }],
    broken: [{ url: 'http://crm', tls: { serverName: 'crm' } }],
  },
  'allowedNamespaces.all already admits every namespace: remove names and selector, or remove all': {
    kept: [{ all: true }, { all: false, names: ['a'], selector: {} }],
    broken: [
      { all: true, names: ['a'] },
      { all: true, selector: {} },
    ],
  },
  'a ClusterMCPGateway has no namespace: remove gatewayRef.namespace': {
    kept: [
      { name: 'a', kind: 'ClusterMCPGateway' },
      { name: 'a', kind: 'MCPGateway', namespace: 'b' },
    ],
    broken: [{ name: 'a', kind: 'ClusterMCPGateway', namespace: 'b' }],
  },
  'mcpServers names no servers: set static, selector or namespaceSelector, or remove mcpServers': {
    kept: [
      { static: [{ name: 'a' }] },
      { selector: {} },
      { namespaceSelector: {} },
      { healthCheck: { interval: '10s' } },
    ],
    broken: [{}, { autoDiscovery: true }],
  },
  'set exactly one of tls.secretRef and tls.issuerRef': {
    kept: [SECRET, ISSUER],
    broken: [{ dnsNames: ['mcp.acme.dev'] }, { ...SECRET, ...ISSUER }],
  },
  'dnsNames, duration and renewBefore are about an issued certificate: set tls.issuerRef, or remove them': {
    kept: [{ ...ISSUER, dnsNames: ['mcp.acme.dev'], duration: '2160h', renewBefore: '1h' }, SECRET],
    broken: [
      { ...SECRET, dnsNames: ['mcp.acme.dev'] },
      { ...SECRET, duration: '2160h' },
      { ...SECRET, renewBefore: '1h' },
    ],
  },
  'set exactly one of clientCertificate.caRef and clientCertificate.issuerRef': {
    kept: [CA, ISSUER],
    broken: [{}, { ...CA, ...ISSUER }],
  },
};

/** Those of a rule. Throws at one that nobody has thought of a resource for. */
export function casesOfRule({ rule, message }: { readonly rule: string; readonly message?: string }): RuleCases {
  const cases = message === undefined ? undefined : RULE_CASES[message];
  if (cases === undefined) {
    throw new Error(
      `the rule ${rule} (${message ?? 'which has no message'}) has no values that keep and break it in rule-cases.ts`,
    );
  }
  return cases;
}

/*
 * Objects of other projects that this library emits, as strict JSON Schemas: exactly the fields that are emitted, in the
 * form that those projects document. The conformance tests hold examples against the real definitions.
 */

type JsonSchema = { readonly [keyword: string]: unknown };

const TEXT: JsonSchema = { type: 'string', minLength: 1 };
const PORT: JsonSchema = { type: 'integer', minimum: 1, maximum: 65535 };

const CILIUM_SELECTOR: JsonSchema = closed(
  {
    matchLabels: { type: 'object', additionalProperties: { type: 'string' } },
    matchExpressions: list(
      closed(
        { key: TEXT, operator: { enum: ['In', 'NotIn', 'Exists', 'DoesNotExist'] }, values: list({ type: 'string' }) },
        ['key', 'operator'],
      ),
    ),
  },
  [],
);

const CILIUM_PEERS: Readonly<Record<string, JsonSchema>> = {
  Endpoints: list(CILIUM_SELECTOR, 1000),
  CIDRSet: list(closed({ cidr: TEXT, except: list(TEXT) }, ['cidr'])),
  Entities: list({ enum: ['all', 'kube-apiserver'] }),
  FQDNs: list({ oneOf: [closed({ matchName: TEXT }), closed({ matchPattern: TEXT })] }),
};

/** Peers of one kind with ports, or an empty rule, which selects nobody. */
function ciliumRule(direction: string, kinds: readonly string[]): JsonSchema {
  const dns = closed({ dns: list(closed({ matchPattern: TEXT })) });
  const toPorts = list(
    closed(
      {
        ports: list(
          closed(
            { port: { type: 'string', pattern: '^[0-9]{1,5}$' }, endPort: PORT, protocol: { enum: ['TCP', 'UDP'] } },
            ['port', 'protocol'],
          ),
          40,
        ),
        rules: dns,
      },
      ['ports'],
    ),
  );
  return {
    oneOf: [
      closed({}),
      ...kinds.map(kind => closed({ [`${direction}${kind}`]: CILIUM_PEERS[kind], toPorts }, [`${direction}${kind}`])),
    ],
  };
}

/** The `spec` of kinds, all of them namespaced, by apiVersion and kind. */
export const ECOSYSTEM_SPECS: Readonly<Record<string, JsonSchema>> = {
  // https://cert-manager.io/docs/reference/api-docs/#cert-manager.io/v1.CertificateSpec
  'cert-manager.io/v1/Certificate': closed(
    {
      secretName: { type: 'string', pattern: '^[a-z0-9][-a-z0-9.]*$' },
      issuerRef: closed({
        group: { const: 'cert-manager.io' },
        kind: { enum: ['Issuer', 'ClusterIssuer'] },
        name: { type: 'string', minLength: 1 },
      }),
      dnsNames: {
        type: 'array',
        minItems: 1,
        uniqueItems: true,
        items: {
          type: 'string',
          pattern: '^(\\*\\.)?[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$',
          maxLength: 253,
        },
      },
      // What Go's time.ParseDuration reads.
      duration: { type: 'string', pattern: '^([0-9]+(h|m|s|ms))+$' },
      renewBefore: { type: 'string', pattern: '^([0-9]+(h|m|s|ms))+$' },
      privateKey: closed({ rotationPolicy: { enum: ['Never', 'Always'] } }),
      usages: {
        type: 'array',
        minItems: 1,
        uniqueItems: true,
        items: { enum: ['digital signature', 'key encipherment', 'server auth'] },
      },
    },
    ['secretName', 'issuerRef', 'dnsNames', 'privateKey', 'usages'],
  ),
  // https://gateway-api.sigs.k8s.io/reference/spec/#httproutespec
  'gateway.networking.k8s.io/v1/HTTPRoute': closed({
    parentRefs: list(
      closed(
        {
          group: { const: 'gateway.networking.k8s.io' },
          kind: { const: 'Gateway' },
          name: TEXT,
          namespace: TEXT,
          sectionName: TEXT,
          port: PORT,
        },
        ['group', 'kind', 'name'],
      ),
    ),
    hostnames: list(
      {
        type: 'string',
        pattern: '^(\\*\\.)?[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$',
        maxLength: 253,
      },
      16,
    ),
    rules: list(
      closed({
        matches: list(
          closed({
            path: closed({ type: { enum: ['Exact', 'PathPrefix'] }, value: { type: 'string', pattern: '^/' } }),
          }),
          64,
        ),
        backendRefs: list(
          closed({
            group: { const: '' },
            kind: { const: 'Service' },
            name: TEXT,
            port: PORT,
            weight: { type: 'integer', minimum: 0 },
          }),
          16,
        ),
      }),
      16,
    ),
  }),
  // https://prometheus-operator.dev/docs/api-reference/api/#monitoring.coreos.com/v1.PodMonitorSpec
  'monitoring.coreos.com/v1/PodMonitor': closed({
    jobLabel: TEXT,
    selector: closed({ matchLabels: { type: 'object', additionalProperties: { type: 'string' } } }),
    podMetricsEndpoints: list(
      closed({
        port: { type: 'string', pattern: '^[a-z0-9]([-a-z0-9]*[a-z0-9])?$', maxLength: 15 },
        path: { type: 'string', pattern: '^/' },
      }),
    ),
  }),
  // https://prometheus-operator.dev/docs/api-reference/api/#monitoring.coreos.com/v1.PrometheusRuleSpec
  'monitoring.coreos.com/v1/PrometheusRule': closed({
    groups: list(
      closed({
        name: TEXT,
        rules: list(
          closed(
            {
              alert: TEXT,
              expr: TEXT,
              for: { type: 'string', pattern: '^[0-9]+m$' },
              labels: { type: 'object', additionalProperties: TEXT, required: ['severity'] },
              annotations: { type: 'object', additionalProperties: TEXT, required: ['summary', 'description'] },
            },
            ['alert', 'expr', 'labels', 'annotations'],
          ),
        ),
      }),
    ),
  }),
  // https://keda.sh/docs/latest/reference/scaledobject-spec/: what an example has.
  'keda.sh/v1alpha1/ScaledObject': closed({
    scaleTargetRef: closed({ name: TEXT }),
    minReplicaCount: { type: 'integer', minimum: 1 },
    maxReplicaCount: { type: 'integer', minimum: 1 },
    triggers: list(
      closed({
        type: { const: 'prometheus' },
        metadata: closed({ serverAddress: TEXT, query: TEXT, threshold: { type: 'string', pattern: '^[0-9]+$' } }),
      }),
    ),
  }),
  // https://istio.io/latest/docs/reference/config/security/authorization-policy/
  'security.istio.io/v1/AuthorizationPolicy': closed(
    {
      selector: closed({ matchLabels: { type: 'object', minProperties: 1, additionalProperties: TEXT } }),
      action: { const: 'ALLOW' },
      rules: list(
        closed({
          to: list(closed({ operation: closed({ ports: list({ type: 'string', pattern: '^[0-9]{1,5}$' }) }) })),
        }),
      ),
    },
    ['selector', 'action'],
  ),
  // https://docs.cilium.io/en/stable/network/kubernetes/policy/#ciliumnetworkpolicy
  'cilium.io/v2/CiliumNetworkPolicy': closed(
    {
      endpointSelector: CILIUM_SELECTOR,
      ingress: list(ciliumRule('from', ['Endpoints', 'CIDRSet', 'Entities']), 1000),
      egress: list(ciliumRule('to', ['Endpoints', 'CIDRSet', 'Entities', 'FQDNs']), 1000),
    },
    ['endpointSelector'],
  ),
};

function closed(
  properties: Readonly<Record<string, JsonSchema>>,
  required: readonly string[] = Object.keys(properties),
): JsonSchema {
  return { type: 'object', properties, required, additionalProperties: false };
}

function list(items: JsonSchema, maxItems = 32): JsonSchema {
  return { type: 'array', minItems: 1, maxItems, items };
}

type Json = { [key: string]: any };

/*
 * What the walk over all fields of a gateway says of those of `network`: see policy-walk.ts.
 */

/** Everything that is exposed by an Ingress, by fields below it. */
const INGRESS_CONTEXTS: Readonly<Record<string, Json>> = {
  '': { hosts: [{ host: 'a.acme.dev' }] },
  '.hosts[]': { host: 'a.acme.dev' },
  '.hosts[].paths[]': { path: '/a', serviceName: 'gw', servicePort: 80 },
  '.issuerRef': { name: 'own' },
};
const INGRESS_VALUES: Readonly<Record<string, unknown>> = {
  '.hosts[].paths[].path': '/b',
  '.hosts[].paths[].pathType': 'Exact',
};
const SELECTORS = ['namespaceSelector', 'podSelector'].map(selector => `.from[].pods.${selector}.matchExpressions[]`);
const SOURCE_CONTEXTS: Readonly<Record<string, Json>> = {
  '.from[].pods': { podSelector: { matchLabels: { app: 'proxy' } } },
  ...Object.fromEntries(SELECTORS.map(selector => [selector, { key: 'k', operator: 'In', values: ['v'] }])),
};
const SOURCE_VALUES: Readonly<Record<string, unknown>> = {
  '.from[].cidr': '10.0.0.0/8',
  '.from[].except': ['10.1.0.0/16'],
  ...Object.fromEntries(SELECTORS.map(selector => [`${selector}.operator`, 'NotIn'])),
};

const INGRESSES = ['network.ingress', 'network.additionalIngresses[]'];
const EXPOSURES = [...INGRESSES, 'network.httpRoutes[]'];

function below<T>(holders: readonly string[], entries: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(
    holders.flatMap(holder => Object.entries(entries).map(([path, value]) => [`${holder}${path}`, value])),
  );
}

export const NETWORK_CONTEXTS: Readonly<Record<string, Json>> = {
  ...below(INGRESSES, INGRESS_CONTEXTS),
  ...below(EXPOSURES, SOURCE_CONTEXTS),
  'network.ingress': { enabled: true, ...INGRESS_CONTEXTS[''] },
  'network.httpRoutes[]': { hostnames: ['a.acme.dev'], parentRefs: [{ name: 'public' }], paths: ['/a'] },
  'network.httpRoutes[].parentRefs[]': { name: 'public' },
  'network.service.ports[]': { name: 'http', port: 80 },
};

export const NETWORK_VALUES: Readonly<Record<string, unknown>> = {
  ...below(INGRESSES, INGRESS_VALUES),
  ...below(EXPOSURES, SOURCE_VALUES),
  'network.httpRoutes[].paths': ['/b'],
  'network.httpRoutes[].https': false,
  'network.httpRoutes[].pathType': 'Exact',
  'network.service.ports[].targetPort': 9000,
};

export const OTHER_NETWORK_CONTEXTS: Readonly<Record<string, Json>> = {
  'network.ingress.enabled': INGRESS_CONTEXTS[''],
  ...below(EXPOSURES, { '.from[].except': { cidr: '10.0.0.0/8' } }),
};

import { App, Chart } from 'cdk8s';
import { Construct } from 'constructs';
import {
  ClusterAddOn,
  ClusterProfile,
  ClusterProfileProps,
  EgressTarget,
  McpDiagnostics,
  McpGateway,
  McpServer,
  McpServerSource,
  NetworkEnforcement,
} from '../../src';
import { requireAddOn } from '../../src/cluster/cluster-profile-options';
import { InputCheck } from '../../src/model/findings';
import { DNS_POD, NetworkPolicies, podOfWorkload, stranger } from '../support/network-policy';
import { find, messageOf, objectsOf } from '../support/synth';
import { Manifest } from '../support/validate';

/** What a server of a cluster emits. */
function server(
  profile: ClusterProfileProps | undefined,
  target?: EgressTarget,
): { readonly app: App; readonly objects: Manifest[] } {
  const app = new App();
  if (profile !== undefined) {
    new ClusterProfile(profile).applyTo(app);
  }
  const ledger = new McpServer(new Chart(app, 'finance', { namespace: 'finance' }), 'ledger', {
    source: McpServerSource.image('acme/ledger:1'),
  });
  if (target !== undefined) {
    ledger.allowEgress(target);
  }
  return { app, objects: objectsOf(app) };
}

function warnings(app: App): string[] {
  return McpDiagnostics.of(app).warnings.map(({ text }) => text);
}

describe('the profile in force', () => {
  it('is that of the nearest scope, else the default', () => {
    const app = new App();
    const outer = new ClusterProfile({ network: NetworkEnforcement.cilium() });
    const inner = new ClusterProfile({
      network: NetworkEnforcement.istio(),
      kubernetesVersion: '1.33',
      addOns: [ClusterAddOn.PROMETHEUS_OPERATOR, ClusterAddOn.CERT_MANAGER],
    });
    expect(ClusterProfile.of(app).network.name).toBe('networkPolicy');
    outer.applyTo(app);
    const chart = new Chart(app, 'chart');
    const scope = new Construct(chart, 'scope');
    inner.applyTo(scope);
    expect(
      [app, chart, scope, new Construct(scope, 'below'), new Construct(chart, 'beside')].map(ClusterProfile.of),
    ).toEqual([outer, outer, inner, inner, outer]);
    expect([inner.kubernetesVersion, inner.addOns, ClusterProfile.of(new App()).kubernetesVersion]).toEqual([
      '1.33',
      ['cert-manager', 'prometheus-operator'],
      '1.30',
    ]);
  });

  it('decides for each part of an app by itself', () => {
    const app = new App();
    const [a, b] = ['a', 'b'].map(id => new Chart(app, id, { namespace: id }));
    new ClusterProfile({ network: NetworkEnforcement.cilium() }).applyTo(a);
    new McpServer(a, 'one', { source: McpServerSource.image('x:1') });
    new McpServer(b, 'two', { source: McpServerSource.image('x:1') });
    expect(
      objectsOf(app)
        .filter(({ kind }) => kind.endsWith('NetworkPolicy'))
        .map(({ kind, metadata }) => `${kind} ${metadata.name}`),
    ).toEqual(['CiliumNetworkPolicy one', 'NetworkPolicy two']);
  });

  it('cannot change under constructs that are there', () => {
    const chart = new Chart(new App(), 'chart');
    new Construct(chart, 'first');
    expect(messageOf(() => new ClusterProfile().applyTo(chart))).toContain(
      '[chart] clusterProfile: got "(given)": is chosen after 1 constructs were created in this scope. Call applyTo before creating constructs in the scope.',
    );
  });
});

it.each<[string, ClusterProfileProps, string]>([
  [
    'a CIDR that is none',
    { apiServerCidrs: ['10.0.0.10'] },
    '[ClusterProfile] apiServerCidrs[0]: got "10.0.0.10": is not a CIDR',
  ],
  ['a port that is none', { apiServerPorts: [0] }, 'apiServerPorts[0]: got 0: is not a port'],
  ['no port', { apiServerPorts: [] }, 'apiServerPorts: got []: names no port'],
  [
    'a domain that is none',
    { clusterDomain: 'Cluster_Local' },
    'clusterDomain: got "Cluster_Local": is not a DNS domain',
  ],
  ['a DNS namespace that is none', { dns: { namespace: 'Kube' } }, 'dns.namespace: got "Kube"'],
  ['DNS pods without labels', { dns: { podLabels: {} } }, 'dns.podLabels: got {}: is empty'],
  ['a DNS port that is none', { dns: { port: 70000 } }, 'dns.port: got 70000'],
  ['monitoring without labels', { monitoring: { namespace: 'monitoring', podLabels: {} } }, 'monitoring.podLabels'],
  [
    'labels of monitors for nobody',
    { monitorLabels: { release: 'a' } },
    'monitorLabels: got {"release":"a"}: are of objects of prometheus-operator, which addOns does not name. Add ClusterAddOn.PROMETHEUS_OPERATOR',
  ],
  [
    'labels of monitors that are none',
    { addOns: [ClusterAddOn.PROMETHEUS_OPERATOR], monitorLabels: {} },
    'monitorLabels: got {}: is empty',
  ],
  [
    'a value of a label that is none',
    { addOns: [ClusterAddOn.PROMETHEUS_OPERATOR], monitorLabels: { release: 'a b' } },
    'monitorLabels[release]: got "a b"',
  ],
  [
    'a label of the library',
    { addOns: [ClusterAddOn.PROMETHEUS_OPERATOR], monitorLabels: { 'app.kubernetes.io/name': 'a' } },
    'monitorLabels[app.kubernetes.io/name]: got "a": is a label that the library sets itself',
  ],
  [
    'a proxy that is no URL',
    { proxy: { url: 'proxy:3128' } },
    'proxy.url: got "proxy:3128": is not the URL of an HTTP proxy. Write it as http://proxy.infra.svc:3128.',
  ],
  [
    'a proxy with credentials',
    { proxy: { url: 'http://user:secret@proxy:3128' } },
    'proxy.url: got "(not shown)": contains credentials',
  ],
  [
    'a noProxy that is no host',
    { proxy: { url: 'http://proxy:3128', noProxy: ['*.acme.dev'] } },
    'proxy.noProxy[0]: got "*.acme.dev"',
  ],
  [
    'a version with a patch level',
    { kubernetesVersion: '1.30.2' },
    'kubernetesVersion: got "1.30.2": is not a version of Kubernetes. Write it as 1.30',
  ],
])('refuses %s', (_, props, message) => {
  expect(messageOf(() => new ClusterProfile(props))).toContain(message);
});

it('refuses an enforcement of nothing without a reason', () => {
  expect(messageOf(() => NetworkEnforcement.none({ acknowledgement: ' ' }))).toContain(
    '[NetworkEnforcement.none] acknowledgement: got " ": is empty',
  );
});

describe('what is installed', () => {
  const problem = (props: ClusterProfileProps) => {
    const app = new App();
    new ClusterProfile(props).applyTo(app);
    const input = new InputCheck('app/gateway');
    requireAddOn(ClusterProfile.of(app)._model, input, ClusterAddOn.CERT_MANAGER, 'tls');
    return messageOf(() => input.throwIfAny());
  };

  it('is nothing unless it is said, and what needs it says how', () => {
    expect(problem({})).toContain(
      '[app/gateway] tls: got "(given)": needs cert-manager, and the profile of the cluster does not say that it is installed. ' +
        'If it is, say so before anything is created: new ClusterProfile({ addOns: [ClusterAddOn.CERT_MANAGER] }).applyTo(app).',
    );
  });

  it('is there once it is said', () => {
    expect(() => problem({ addOns: [ClusterAddOn.CERT_MANAGER] })).toThrow('nothing was thrown');
  });
});

describe('DNS', () => {
  const ledger = {
    namespace: 'finance',
    labels: { 'app.kubernetes.io/name': 'ledger', 'app.kubernetes.io/component': 'mcp-server' },
  };
  const own = { namespace: 'openshift-dns', labels: { dns: 'default' } };

  it.each<[string, ClusterProfileProps | undefined, boolean[]]>([
    ['is that of most clusters', undefined, [true, true, false]],
    [
      'is where the profile says',
      { dns: { namespace: 'openshift-dns', podLabels: { dns: 'default' }, port: 5353 } },
      [false, false, true],
    ],
  ])('%s', (_, profile, expected) => {
    const cluster = new NetworkPolicies(server(profile).objects);
    expect([
      cluster.mayConnect(ledger, DNS_POD, 53, 'UDP'),
      cluster.mayConnect(ledger, DNS_POD, 53),
      cluster.mayConnect(ledger, own, 5353, 'UDP'),
    ]).toEqual(expected);
    expect([
      cluster.mayConnect(ledger, stranger('kube-system'), 53, 'UDP'),
      cluster.mayConnect(ledger, own, 53, 'UDP'),
    ]).toEqual([false, false]);
  });

  it('knows the domain of the cluster', () => {
    const { app } = server({ clusterDomain: 'acme.internal' }, EgressTarget.host('db.hr.svc.acme.internal', 5432));
    expect(warnings(app)).toEqual([expect.stringContaining('Service hr/db is not one of this app')]);
  });
});

describe('monitoring', () => {
  const PROMETHEUS = { namespace: 'monitoring', podLabels: { app: 'prometheus' } };
  const gateway = (profile: ClusterProfileProps, prometheusScrape?: boolean) => {
    const app = new App();
    new ClusterProfile(profile).applyTo(app);
    new McpGateway(new Chart(app, 'platform', { namespace: 'mcp-system' }), 'gateway', {
      observability: { prometheusScrape },
    });
    const objects = objectsOf(app);
    const deployment = find(objects, 'Deployment');
    const cluster = new NetworkPolicies(objects);
    return {
      open: cluster.mayConnect(
        { namespace: 'monitoring', labels: { app: 'prometheus' } },
        podOfWorkload(deployment),
        15020,
      ),
      others: cluster.mayConnect(stranger('monitoring'), podOfWorkload(deployment), 15020),
      annotated: deployment.spec.template.metadata.annotations !== undefined,
      resource: find(objects, 'MCPGateway').spec.observability.metrics.enabled,
      warned: warnings(app).filter(text => text.includes('prometheusScrape')),
    };
  };

  it('may read metrics where it is known, and finds them by annotations', () => {
    expect(gateway({ monitoring: PROMETHEUS })).toEqual({
      open: true,
      others: false,
      annotated: true,
      resource: true,
      warned: [],
    });
    expect(gateway({ monitoring: PROMETHEUS }, false)).toEqual({
      open: true,
      others: false,
      annotated: false,
      resource: false,
      warned: [],
    });
  });

  it('is kept out where it is not, and annotations that lead nowhere are a warning', () => {
    expect(gateway({})).toEqual({ open: false, others: false, annotated: false, resource: false, warned: [] });
    expect(gateway({}, true)).toEqual({
      open: false,
      others: false,
      annotated: true,
      resource: true,
      warned: [expect.stringContaining('the port of the metrics is closed to everyone')],
    });
  });

  it('is everyone where nothing is enforced', () => {
    expect(gateway({ network: NetworkEnforcement.none({ acknowledgement: 'a test' }) })).toEqual({
      open: true,
      others: true,
      annotated: true,
      resource: true,
      warned: [],
    });
  });
});

describe('nothing enforced', () => {
  it('is a warning with its reason, and no policy is emitted', () => {
    const { app, objects } = server(
      { network: NetworkEnforcement.none({ acknowledgement: 'a cluster of one developer' }) },
      EgressTarget.host('api.example.com'),
    );
    expect(objects.map(({ kind }) => kind)).not.toContain('NetworkPolicy');
    expect(warnings(app)).toEqual([
      '[App] profile.network: got "a cluster of one developer": every pod may connect to every other: no policies are emitted for servers and gateways. ' +
        'Say NetworkEnforcement.networkPolicy() where the cluster enforces them.',
    ]);
  });
});

describe('a proxy', () => {
  const proxy = { url: 'http://proxy.infra.svc:3128', noProxy: ['.acme.internal'] };
  const PROXY = stranger('infra');
  const ledger = {
    namespace: 'finance',
    labels: { 'app.kubernetes.io/name': 'ledger', 'app.kubernetes.io/component': 'mcp-server' },
  };
  const variables = (objects: readonly Manifest[]) =>
    Object.fromEntries(
      (find(objects, 'Deployment').spec.template.spec.containers[0].env ?? []).map(({ name, value }: Manifest) => [
        name,
        value,
      ]),
    );

  it('is what a server with hosts outside the cluster connects to instead, and finds in variables', () => {
    const { app, objects } = server({ proxy }, EgressTarget.host('api.example.com'));
    const cluster = new NetworkPolicies(objects);
    expect([cluster.mayConnect(ledger, PROXY, 3128), cluster.mayConnect(ledger, '203.0.113.7', 443)]).toEqual([
      true,
      false,
    ]);
    expect(variables(objects)).toEqual({
      HTTPS_PROXY: 'http://proxy.infra.svc:3128',
      HTTP_PROXY: 'http://proxy.infra.svc:3128',
      NO_PROXY:
        'localhost,127.0.0.1,::1,$(KUBERNETES_SERVICE_HOST),.svc,.cluster.local,.infra,.kube-system,.acme.internal',
    });
    expect(warnings(app)).toEqual([
      expect.stringContaining(
        '[finance/ledger] egress: got ["api.example.com"]: are reached through http://proxy.infra.svc:3128',
      ),
      expect.stringContaining('Service infra/proxy is not one of this app'),
    ]);
  });

  it('stands before the public internet as well', () => {
    const { objects } = server({ proxy }, EgressTarget.publicInternet());
    const cluster = new NetworkPolicies(objects);
    expect([cluster.mayConnect(ledger, PROXY, 3128), cluster.mayConnect(ledger, '203.0.113.7', 443)]).toEqual([
      true,
      false,
    ]);
    expect(Object.keys(variables(objects))).toContain('HTTPS_PROXY');
  });

  it('does not stand before addresses, or before what is inside the cluster', () => {
    const { objects } = server(
      { proxy: { url: 'http://10.0.0.1:3128' } },
      EgressTarget.cidr('203.0.113.0/24', { ports: [443] }),
    );
    const cluster = new NetworkPolicies(objects);
    expect([cluster.mayConnect(ledger, '203.0.113.7', 443), cluster.mayConnect(ledger, '10.0.0.1', 3128)]).toEqual([
      true,
      false,
    ]);
    expect(variables(objects)).toEqual({});
  });

  it("leaves variables of the user's own as they are", () => {
    const app = new App();
    new ClusterProfile({ proxy }).applyTo(app);
    new McpServer(new Chart(app, 'finance', { namespace: 'finance' }), 'ledger', {
      source: McpServerSource.podTemplate({
        spec: {
          containers: [{ name: 'mcp-server', image: 'x:1', env: [{ name: 'HTTPS_PROXY', value: 'http://mine:1' }] }],
        },
      }),
      egress: [EgressTarget.publicInternet()],
    });
    expect(variables(objectsOf(app))).toMatchObject({ HTTPS_PROXY: 'http://mine:1', HTTP_PROXY: proxy.url });
  });

  it('must itself be known by an address or a Service', () => {
    expect(
      messageOf(() => server({ proxy: { url: 'http://proxy.acme.dev:3128' } }, EgressTarget.publicInternet())),
    ).toContain(
      '[finance/ledger] profile.proxy.url: got "http://proxy.acme.dev:3128": is a name outside the cluster, and NetworkPolicies know addresses only. ' +
        'Give the proxy by its address, or as the name of a Service',
    );
  });

  it('is not needed for what it is not for', () => {
    expect(messageOf(() => server({ proxy }, EgressTarget.host('api.acme.internal')))).toContain(
      'got "api.acme.internal": is a name outside the cluster',
    );
  });
});

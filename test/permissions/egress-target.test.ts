import { App, Chart } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import {
  AllowedNamespaces,
  ClusterMcpServer,
  EgressTarget,
  IngressSource,
  McpDiagnostics,
  McpServer,
  McpServerSource,
  Reconciliation,
} from '../../src';
import { NetworkPolicies, Party, Pod, stranger } from '../support/network-policy';
import { find, messageOf, objectsOf } from '../support/synth';

/** An app with a database, a cache, another server, and the server that is given a permission. */
function world() {
  const app = new App();
  const finance = new Chart(app, 'finance', { namespace: 'finance' });
  const cache = new Chart(app, 'cache', { namespace: 'cache' });
  const service = (chart: Chart, name: string, ports: kplus.ServicePort[], clusterIP?: string) => {
    const made = new kplus.Service(chart, name, { metadata: { name }, ports, clusterIP });
    made.selectLabel('app', name);
    return made;
  };
  const postgres = service(finance, 'postgres', [
    { name: 'sql', port: 5432, targetPort: 15432 },
    { name: 'admin', port: 9000 },
  ]);
  const redis = service(cache, 'redis', [{ port: 6379 }], 'None');
  new kplus.Service(finance, 'elsewhere', {
    metadata: { name: 'elsewhere' },
    type: kplus.ServiceType.EXTERNAL_NAME,
    externalName: 'db.example.com',
    ports: [{ port: 5432 }],
  });
  const other = new McpServer(cache, 'other', {
    source: McpServerSource.image('acme/other:1', { port: 9999 }),
    ingress: [IngressSource.namespaces('finance')],
  });
  const ledger = new McpServer(finance, 'ledger', { source: McpServerSource.image('acme/ledger:1') });
  return { app, finance, postgres, redis, other, ledger };
}

type World = ReturnType<typeof world>;

const POSTGRES: Pod = { namespace: 'finance', labels: { app: 'postgres' } };
const REDIS: Pod = { namespace: 'cache', labels: { app: 'redis' } };
const OTHER: Pod = {
  namespace: 'cache',
  labels: { 'app.kubernetes.io/name': 'other', 'app.kubernetes.io/component': 'mcp-server' },
};

interface Probe {
  readonly passes: readonly [Party, number][];
  readonly stops: readonly [Party, number][];
  readonly warns?: RegExp;
}

const CASES: readonly [string, (world: World) => EgressTarget, Probe][] = [
  [
    'host: a Service by its full name',
    () => EgressTarget.host('postgres.finance.svc.cluster.local', 5432),
    {
      passes: [[POSTGRES, 15432]],
      stops: [
        [POSTGRES, 5432],
        [POSTGRES, 9000],
        [REDIS, 15432],
      ],
    },
  ],
  [
    'host: a Service by its short name',
    () => EgressTarget.host('postgres.finance', 5432, 9000),
    {
      passes: [
        [POSTGRES, 15432],
        [POSTGRES, 9000],
      ],
      stops: [[stranger('finance'), 9000]],
    },
  ],
  [
    "host: a Service of the server's namespace",
    () => EgressTarget.host('postgres', 9000),
    { passes: [[POSTGRES, 9000]], stops: [[POSTGRES, 15432]] },
  ],
  [
    'host: a name in capitals',
    () => EgressTarget.host('Postgres.Finance.svc', 9000),
    { passes: [[POSTGRES, 9000]], stops: [[REDIS, 9000]] },
  ],
  [
    'host: a replica behind a headless Service',
    () => EgressTarget.host('redis-0.redis.cache.svc', 6379),
    { passes: [[REDIS, 6379]], stops: [[REDIS, 6380]] },
  ],
  [
    'host: all Services of a namespace',
    () => EgressTarget.host('*.finance.svc.cluster.local', 5432),
    {
      passes: [[POSTGRES, 15432]],
      stops: [
        [REDIS, 15432],
        [stranger('finance'), 15432],
      ],
    },
  ],
  [
    'host: all Services',
    () => EgressTarget.host('*.svc.cluster.local', 6379, 9000),
    {
      passes: [
        [POSTGRES, 9000],
        [REDIS, 6379],
      ],
      stops: [
        [REDIS, 9000],
        [POSTGRES, 15432],
      ],
    },
  ],
  [
    'host: a server of the app',
    () => EgressTarget.host('other.cache.svc', 8080),
    { passes: [[OTHER, 9999]], stops: [[OTHER, 8080]] },
  ],
  [
    'host: a Service that is not of the app',
    () => EgressTarget.host('kafka.events.svc', 9092),
    {
      passes: [[stranger('events'), 9092]],
      stops: [
        [stranger('finance'), 9092],
        [stranger('events'), 9093],
      ],
      warns: /kafka is not one of this app.*every pod of the namespace "events" are let through, on port 9092/,
    },
  ],
  [
    'host: an address',
    () => EgressTarget.host('10.20.0.7', 5432),
    {
      passes: [['10.20.0.7', 5432]],
      stops: [
        ['10.20.0.8', 5432],
        ['10.20.0.7', 443],
      ],
    },
  ],
  [
    'host: an IPv6 address',
    () => EgressTarget.host('[2001:db8::7]'),
    { passes: [['2001:db8::7', 443]], stops: [['2001:db8::8', 443]] },
  ],
  [
    'cidr',
    () => EgressTarget.cidr('10.20.3.4/16', { ports: [5432], except: ['10.20.7.0/24'] }),
    {
      passes: [['10.20.200.1', 5432]],
      stops: [
        ['10.20.7.1', 5432],
        ['10.21.0.1', 5432],
        ['10.20.200.1', 443],
      ],
    },
  ],
  [
    'cidr: all ports',
    () => EgressTarget.cidr('2001:db8::/32'),
    { passes: [['2001:db8:1::1', 1]], stops: [['2001:db9::1', 1]] },
  ],
  [
    'service',
    ({ postgres }) => EgressTarget.service(postgres),
    {
      passes: [
        [POSTGRES, 15432],
        [POSTGRES, 9000],
      ],
      stops: [[POSTGRES, 5432]],
    },
  ],
  [
    'service: one port',
    ({ postgres }) => EgressTarget.service(postgres, 5432),
    { passes: [[POSTGRES, 15432]], stops: [[POSTGRES, 9000]] },
  ],
  [
    'serviceName',
    () => EgressTarget.serviceName('redis', { namespace: 'cache' }),
    { passes: [[REDIS, 6379]], stops: [[REDIS, 80]] },
  ],
  [
    "serviceName: of the server's namespace",
    () => EgressTarget.serviceName('postgres', { ports: [5432] }),
    { passes: [[POSTGRES, 15432]], stops: [[POSTGRES, 9000]] },
  ],
  ['server', ({ other }) => EgressTarget.server(other), { passes: [[OTHER, 9999]], stops: [[OTHER, 80]] }],
  [
    'pods',
    () => EgressTarget.pods({ namespaces: ['cache', 'events'], labels: { app: 'redis' }, ports: [6379] }),
    {
      passes: [
        [REDIS, 6379],
        [{ ...REDIS, namespace: 'events' }, 6379],
      ],
      stops: [
        [stranger('cache'), 6379],
        [{ ...REDIS, namespace: 'hr' }, 6379],
      ],
    },
  ],
  [
    "pods: of the server's namespace",
    () => EgressTarget.pods({ labels: { app: 'postgres' } }),
    { passes: [[POSTGRES, 7]], stops: [[{ ...POSTGRES, namespace: 'hr' }, 7]] },
  ],
  [
    'pods: of namespaces by label',
    () => EgressTarget.pods({ namespaceLabels: { tier: 'data' } }),
    { passes: [[{ ...REDIS, namespaceLabels: { tier: 'data' } }, 7]], stops: [[REDIS, 7]] },
  ],
  [
    'pods: of every namespace',
    () => EgressTarget.pods({ allNamespaces: true, labels: { app: 'redis' } }),
    { passes: [[{ ...REDIS, namespace: 'hr' }, 7]], stops: [[stranger('hr'), 7]] },
  ],
  [
    'publicInternet',
    () => EgressTarget.publicInternet(),
    {
      passes: [
        ['203.0.113.7', 443],
        ['2a00::1', 443],
      ],
      stops: [
        ['10.0.0.1', 443],
        ['192.168.1.1', 443],
        ['169.254.169.254', 443],
        ['fd00::1', 443],
        ['203.0.113.7', 80],
        [REDIS, 443],
      ],
    },
  ],
  [
    'publicInternet: other ports',
    () => EgressTarget.publicInternet(80, 8443),
    { passes: [['203.0.113.7', 8443]], stops: [['203.0.113.7', 443]] },
  ],
  [
    'anywhere',
    () => EgressTarget.anywhere(),
    {
      passes: [
        ['10.0.0.1', 1],
        [REDIS, 6379],
        ['203.0.113.7', 80],
      ],
      stops: [],
    },
  ],
];

it.each(CASES)('%s', (_, targetOf, { passes, stops, warns }) => {
  const made = world();
  made.ledger.allowEgress(targetOf(made));
  const objects = objectsOf(made.app);
  const cluster = new NetworkPolicies(objects);
  const ledger = { namespace: 'finance', labels: find(objects, 'Deployment', 'ledger').spec.template.metadata.labels };
  const reached = (probes: Probe['passes']) => probes.map(([party, port]) => cluster.mayConnect(ledger, party, port));
  expect(reached(passes)).toEqual(passes.map(() => true));
  expect(reached(stops)).toEqual(stops.map(() => false));
  const own = McpDiagnostics.of(made.app)
    .warnings.filter(({ path }) => path === 'finance/ledger')
    .map(({ text }) => text);
  expect(own).toEqual(warns === undefined ? [] : [expect.stringMatching(warns)]);
});

it('lets UDP through where it is asked for', () => {
  const { app, ledger } = world();
  ledger.allowEgress(EgressTarget.cidr('10.0.0.1/32', { udpPorts: [123] }));
  const cluster = new NetworkPolicies(objectsOf(app));
  const pod = {
    namespace: 'finance',
    labels: { 'app.kubernetes.io/name': 'ledger', 'app.kubernetes.io/component': 'mcp-server' },
  };
  expect([cluster.mayConnect(pod, '10.0.0.1', 123, 'UDP'), cluster.mayConnect(pod, '10.0.0.1', 123, 'TCP')]).toEqual([
    true,
    false,
  ]);
});

it('may be said when the server is created, of a shared server too', () => {
  const { app, finance } = world();
  new ClusterMcpServer(finance, 'search', {
    source: McpServerSource.image('acme/search:1'),
    allowedNamespaces: AllowedNamespaces.all(),
    egress: [EgressTarget.host('postgres', 5432)],
  });
  const pod = {
    namespace: 'finance',
    labels: { 'app.kubernetes.io/name': 'search', 'app.kubernetes.io/component': 'mcp-server' },
  };
  const cluster = new NetworkPolicies(objectsOf(app));
  expect([cluster.mayConnect(pod, POSTGRES, 15432), cluster.mayConnect(pod, REDIS, 6379)]).toEqual([true, false]);
});

describe('is refused by the call', () => {
  it.each<[string, () => EgressTarget, string]>([
    [
      'a host with a scheme',
      () => EgressTarget.host('https://api.example.com'),
      '[EgressTarget.host] name: got "https://api.example.com": is a URL. Give the host alone, such as api.example.com, and its ports beside it.',
    ],
    ['a host with a port', () => EgressTarget.host('api.example.com:443'), 'has a port in it'],
    ['a host with a path', () => EgressTarget.host('api.example.com/v1'), 'has a path'],
    ['a CIDR as a host', () => EgressTarget.host('10.0.0.0/8'), 'is a CIDR. Use EgressTarget.cidr.'],
    ['no host', () => EgressTarget.host(''), 'is not a host name'],
    ['a broken address', () => EgressTarget.host('10.0.0.300'), 'is not a host name'],
    ['a wildcard inside', () => EgressTarget.host('api.*.example.com'), 'is not a host name'],
    ['every host', () => EgressTarget.host('*'), 'is every host. Say EgressTarget.anywhere()'],
    ['localhost', () => EgressTarget.host('localhost', 5432), 'is the pod itself, with which no policy interferes'],
    ['a loopback address', () => EgressTarget.host('127.0.0.53'), 'is the pod itself'],
    ['the IPv6 loopback address', () => EgressTarget.host('::1'), 'is the pod itself'],
    ['port 0', () => EgressTarget.host('api.example.com', 0), 'ports[0]: got 0: is not a port (1 to 65535)'],
    ['port 70000', () => EgressTarget.publicInternet(443, 70000), 'ports[1]: got 70000: is not a port'],
    ['a UDP port', () => EgressTarget.cidr('10.0.0.0/8', { udpPorts: [1.5] }), 'udpPorts[0]: got 1.5: is not a port'],
    [
      'an address as a CIDR',
      () => EgressTarget.cidr('10.20.0.7'),
      'is not a CIDR (such as 10.20.0.0/16 or 2001:db8::/32). Write it as 10.20.0.0/16; a single address as 10.20.0.7/32.',
    ],
    ['a prefix that is too long', () => EgressTarget.cidr('10.20.0.0/33'), 'is not a CIDR'],
    [
      'an exception outside',
      () => EgressTarget.cidr('10.20.0.0/16', { except: ['10.21.0.0/24'] }),
      'except[0]: got "10.21.0.0/24": is not a part of 10.20.0.0/16',
    ],
    [
      'an exception that is all of it',
      () => EgressTarget.cidr('10.20.0.0/16', { except: ['10.20.1.2/16'] }),
      'is not a part of',
    ],
    [
      'an exception of the other family',
      () => EgressTarget.cidr('10.20.0.0/16', { except: ['::/8'] }),
      'is not a part of',
    ],
    [
      'a Service with its namespace in the name',
      () => EgressTarget.serviceName('postgres.finance'),
      'is not a DNS label',
    ],
    [
      'a namespace that is none',
      () => EgressTarget.serviceName('postgres', { namespace: 'Finance' }),
      'is not a namespace name',
    ],
    ['pods of no namespace', () => EgressTarget.pods({ namespaces: [] }), 'namespaces: got []: names no namespace'],
    [
      'pods by empty labels',
      () => EgressTarget.pods({ labels: {} }),
      'labels: got {}: is empty, which would select all',
    ],
    ['pods by a broken label', () => EgressTarget.pods({ labels: { 'a b': 'c' } }), 'is not a label key'],
    [
      'namespaces chosen twice',
      () => EgressTarget.pods({ namespaces: ['a'], allNamespaces: true }),
      'namespaces, allNamespaces: got "(given)": are several ways to choose namespaces. Give one of them.',
    ],
    [
      'a Service without a namespace',
      () => EgressTarget.service(new kplus.Service(new Chart(new App(), 'c'), 's', { ports: [{ port: 1 }] })),
      'service: got "c/s": is in no namespace',
    ],
  ])('%s', (_, make, message) => {
    expect(messageOf(make)).toContain(message);
  });
});

describe('fails synthesis', () => {
  it.each<[string, EgressTarget, string]>([
    [
      'a host outside the cluster',
      EgressTarget.host('api.example.com'),
      '[finance/ledger] egress[0]: got "api.example.com": is a name outside the cluster, and NetworkPolicies know addresses only. ' +
        'Give its addresses with EgressTarget.cidr, allow EgressTarget.publicInternet(), or tell by a ClusterProfile',
    ],
    [
      'a host of two parts in no namespace of the app',
      EgressTarget.host('example.com'),
      'Write example.com.svc if it is a Service. Else give its addresses',
    ],
    [
      'a host with a dot at its end',
      EgressTarget.host('web.finance.', 80),
      'got "web.finance": is a name outside the cluster',
    ],
    [
      'a port that the Service does not have',
      EgressTarget.host('postgres.finance.svc'),
      'Service finance/postgres has no port 443 (it has 5432, 9000). Name ports of the Service.',
    ],
    [
      'a Service that leads nowhere known',
      EgressTarget.host('elsewhere', 5432),
      'Service finance/elsewhere selects no pods',
    ],
    [
      'a wildcard that covers nothing',
      EgressTarget.host('*.hr.svc', 80),
      "covers no Service of this app that has port 80. Name Services, or choose pods with EgressTarget.pods({ namespaces: ['hr'] }).",
    ],
    [
      'a wildcard whose Services lack the port',
      EgressTarget.host('*.finance.svc', 80),
      'covers no Service of this app that has port 80',
    ],
    [
      'a name of the cluster that is no Service',
      EgressTarget.host('10-1-2-3.finance.pod.cluster.local', 80),
      "is a name of the cluster's domain, but not of a Service",
    ],
  ])('%s', (_, target, message) => {
    const { app, ledger } = world();
    ledger.allowEgress(target);
    expect(messageOf(() => app.synthYaml())).toContain(message);
  });
});

it("is refused for a remote server, and beyond the fields of an operator's resource", () => {
  const chart = new Chart(new App(), 'finance', { namespace: 'finance' });
  const remote = new McpServer(chart, 'crm', { source: McpServerSource.remote('https://mcp.crm.example.com/mcp') });
  expect(messageOf(() => remote.allowEgress(EgressTarget.anywhere()))).toContain(
    '[finance/crm] egress[0]: got "(given)": is given for a remote server, for which nothing runs in the cluster',
  );
  const operated = new Chart(new App(), 'finance', { namespace: 'finance' });
  Reconciliation.CONTROLLER.applyTo(operated);
  const ledger = new McpServer(operated, 'ledger', { source: McpServerSource.image('acme/ledger:1') });
  ledger.allowEgress(EgressTarget.host('postgres.finance.svc', 5432));
  expect(messageOf(() => ledger.allowEgress(EgressTarget.publicInternet()))).toContain(
    'has no field in the MCPServer resource',
  );
  const objects = objectsOf(operated.node.root as App);
  expect(objects.map(({ kind }) => kind)).toEqual(['MCPServer']);
  expect(objects[0].spec.permissionProfile).toEqual({
    inline: { allow: [{ network: { allowHost: ['postgres.finance.svc:5432'] } }] },
  });
});

import { Chart } from 'cdk8s';
import { faults, only, readInto, synthesize, withoutPaths, chartOf, controllerChart } from './support';
import { ClusterProfile, NetworkEnforcement, OtherKinds } from '../../src';
import { Rewriting } from '../../src/manifest/earlier/rewriting';

/* Documents in the forms that OEP-0005 had before it was what it is: they are what the same words of today are. */

const FLAT = { apiVersion: 'ome.io/v1beta1', kind: 'MCPServer', metadata: { name: 'ledger' } };
const TODAY = { apiVersion: 'ome.io/v1alpha1', kind: 'MCPServer', metadata: { name: 'ledger' } };
const IMAGE = 'ghcr.io/acme/ledger-mcp:1.4.0';

function flat(spec: object): string {
  return JSON.stringify({ ...FLAT, spec: { transport: 'streamable-http', ...spec } });
}

function today(spec: object): string {
  return JSON.stringify({ ...TODAY, spec: { transport: 'streamable-http', ...spec } });
}

/** A pod with one container. */
function hosted(container: object = {}, pod: object = {}, template: object = {}): object {
  return {
    podSpec: {
      ...template,
      spec: { ...pod, containers: [{ name: 'mcp-server', image: IMAGE, ...container }] },
    },
  };
}

/** Names outside of the cluster can be let through there. */
function ciliumChart(): Chart {
  const chart = chartOf();
  new ClusterProfile({ network: NetworkEnforcement.cilium() }).applyTo(chart);
  return chart;
}

const TOKENS = { kubernetes: { audience: 'a', jwksURL: 'https://keys.acme.dev/jwks' } };

const OPTIONS = { otherKinds: OtherKinds.PASS_THROUGH };

describe('the form of August 2025', () => {
  const same: [string, object, object][] = [
    ['an image', { image: IMAGE }, { hosted: hosted() }],
    ['what type says anyway', { type: 'Hosted', image: IMAGE, port: 8080 }, { hosted: hosted() }],
    ['a port', { image: IMAGE, targetPort: 3000 }, { port: 3000, hosted: hosted() }],
    ['replicas', { image: IMAGE, replicas: 3 }, { hosted: { replicas: 3, ...hosted() } }],
    [
      'what the container gets',
      {
        image: IMAGE,
        args: ['--read-only'],
        env: [{ name: 'A', value: 'b' }],
        secrets: [
          { name: 'db', key: 'url', targetEnvName: 'DATABASE_URL' },
          { name: 'db', key: 'PASSWORD' },
        ],
        resources: { requests: { cpu: '100m' } },
        volumes: [{ name: 'data', emptyDir: {} }],
        volumeMounts: [{ name: 'data', mountPath: '/data' }],
      },
      {
        hosted: hosted(
          {
            args: ['--read-only'],
            env: [
              { name: 'A', value: 'b' },
              { name: 'DATABASE_URL', valueFrom: { secretKeyRef: { name: 'db', key: 'url' } } },
              { name: 'PASSWORD', valueFrom: { secretKeyRef: { name: 'db', key: 'PASSWORD' } } },
            ],
            resources: { requests: { cpu: '100m' } },
            volumeMounts: [{ name: 'data', mountPath: '/data' }],
          },
          { volumes: [{ name: 'data', emptyDir: {} }] },
        ),
      },
    ],
    [
      'where pods run',
      {
        image: IMAGE,
        nodeSelector: { disk: 'ssd' },
        tolerations: [{ key: 'gpu', operator: 'Exists' }],
        serviceAccount: 'robot',
      },
      {
        hosted: hosted(
          {},
          {
            nodeSelector: { disk: 'ssd' },
            tolerations: [{ key: 'gpu', operator: 'Exists' }],
            serviceAccountName: 'robot',
          },
        ),
      },
    ],
    [
      'a template, whose container was called mcp',
      {
        image: IMAGE,
        env: [{ name: 'B', value: '2' }],
        podTemplateSpec: {
          metadata: { labels: { team: 'finance' } },
          spec: {
            priorityClassName: 'high',
            containers: [
              { name: 'proxy', image: 'ghcr.io/acme/proxy:1.0.0' },
              { name: 'mcp', env: [{ name: 'A', value: '1' }] },
            ],
          },
        },
      },
      {
        hosted: {
          podSpec: {
            metadata: { labels: { team: 'finance' } },
            spec: {
              priorityClassName: 'high',
              containers: [
                {
                  name: 'mcp-server',
                  image: IMAGE,
                  env: [
                    { name: 'A', value: '1' },
                    { name: 'B', value: '2' },
                  ],
                },
                { name: 'proxy', image: 'ghcr.io/acme/proxy:1.0.0' },
              ],
            },
          },
        },
      },
    ],
    [
      'a remote server',
      { type: 'Remote', url: 'https://mcp.example.com/mcp' },
      { remote: { url: 'https://mcp.example.com/mcp' } },
    ],
    ['the protocol', { image: IMAGE, protocol: { name: 'JSON-RPC', version: '2.0' } }, { hosted: hosted() }],
    [
      'tools',
      { image: IMAGE, toolsFilter: ['db_*'], capabilities: { tools: true }, version: '1' },
      { hosted: hosted(), toolsFilter: ['db_*'], capabilities: { tools: true }, version: '1' },
    ],
    [
      'no permissions',
      { image: IMAGE, permissionProfile: { type: 'builtin', name: 'none' } },
      { hosted: hosted(), permissionProfile: { builtin: 'none' } },
    ],
    [
      'every connection',
      { image: IMAGE, permissionProfile: { name: 'network' } },
      { hosted: hosted(), permissionProfile: { builtin: 'network-only' } },
    ],
    [
      'every connection, in other words',
      {
        image: IMAGE,
        permissionProfile: { type: 'inline', inline: { network: { outbound: { insecureAllowAll: true } } } },
      },
      { hosted: hosted(), permissionProfile: { builtin: 'network-only' } },
    ],
    [
      'hosts on ports',
      {
        image: IMAGE,
        permissionProfile: {
          type: 'inline',
          inline: { network: { outbound: { allowHost: ['db.finance.svc', '10.0.0.9'], allowPort: [5432, 443] } } },
        },
      },
      {
        hosted: hosted(),
        permissionProfile: {
          inline: {
            allow: [
              {
                network: { allowHost: ['db.finance.svc:5432', 'db.finance.svc:443', '10.0.0.9:5432', '10.0.0.9:443'] },
              },
            ],
          },
        },
      },
    ],
    [
      'ports of any host',
      {
        image: IMAGE,
        permissionProfile: { type: 'inline', inline: { network: { outbound: { allowPort: [443] } } } },
      },
      {
        hosted: hosted(),
        permissionProfile: {
          inline: { allow: [{ network: { egress: [{ anywhere: true, ports: [{ port: 443 }] }] } }] },
        },
      },
    ],
    [
      'folders',
      {
        image: IMAGE,
        permissionProfile: { type: 'inline', inline: { read: ['/etc/ssl', '/data'], write: ['/data'] } },
      },
      { hosted: hosted(), permissionProfile: { inline: { allow: [] } }, fileSystem: { write: ['/data'] } },
    ],
    [
      'an issuer',
      {
        image: IMAGE,
        oidcConfig: {
          type: 'inline',
          inline: { issuer: 'https://auth.acme.dev', audience: 'a', jwksURL: 'https://auth.acme.dev/keys' },
        },
      },
      {
        hosted: hosted(),
        oidcConfig: {
          inline: { issuer: 'https://auth.acme.dev', audience: 'a', jwksURL: 'https://auth.acme.dev/keys' },
        },
      },
    ],
    [
      'service accounts, with the audience of then',
      {
        image: IMAGE,
        oidcConfig: {
          kubernetes: { jwksURL: 'https://keys.acme.dev/jwks', namespace: 'finance', useClusterAuth: false },
        },
      },
      { hosted: hosted(), oidcConfig: { kubernetes: { audience: 'toolhive', jwksURL: 'https://keys.acme.dev/jwks' } } },
    ],
    [
      'policies',
      {
        image: IMAGE,
        oidcConfig: TOKENS,
        authzConfig: {
          type: 'inline',
          inline: { policies: ['permit(principal, action, resource);'], entitiesJSON: '[]' },
        },
      },
      {
        hosted: hosted(),
        oidcConfig: TOKENS,
        authzConfig: { inline: { policies: ['permit(principal, action, resource);'], entitiesJSON: '[]' } },
      },
    ],
  ];

  test.each(same)('%s', (_, before, after) => {
    const objects = (text: string) => withoutPaths(synthesize(text, OPTIONS, ciliumChart()));
    expect(objects(flat(before))).toEqual(objects(today(after)));
  });

  test('a profile in a ConfigMap, in either form', () => {
    const configMap = (profile: object) =>
      JSON.stringify({
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'permissions', namespace: 'finance' },
        data: { 'permissions.json': JSON.stringify(profile) },
      });
    const byName = { image: IMAGE, permissionProfile: { type: 'configMap', configMap: { name: 'permissions' } } };
    const before = configMap({ network: { outbound: { allowHost: ['db.finance.svc'] } } });
    const policy = (text: string) => only(synthesize(text, OPTIONS), 'NetworkPolicy');
    const expected = policy(
      today({
        hosted: hosted(),
        permissionProfile: { inline: { allow: [{ network: { allowHost: ['db.finance.svc'] } }] } },
      }),
    );
    expect(policy(`${before}\n---\n${flat(byName)}`)).toEqual(expected);
    const now = configMap({ allow: [{ network: { allowHost: ['db.finance.svc'] } }] });
    expect(policy(`${now}\n---\n${flat(byName)}`)).toEqual(expected);
  });

  test('nulls say nothing', () => {
    const objects = (spec: object) => withoutPaths(synthesize(flat(spec), OPTIONS));
    expect(objects({ image: IMAGE, type: null, url: null, podTemplateSpec: null, secrets: null })).toEqual(
      objects({ image: IMAGE }),
    );
  });

  test('an operator gets the resource of today', () => {
    const [resource] = synthesize(flat({ image: IMAGE, replicas: 2 }), {}, controllerChart());
    expect(resource).toMatchObject({ apiVersion: 'ome.io/v1alpha1', spec: { hosted: { replicas: 2 } } });
  });

  const AT = 'f.yaml:1 (document 1, MCPServer finance/ledger)';
  const refused: [string, object, string[]][] = [
    [
      'a type',
      { type: 'Local', image: IMAGE },
      [`[${AT}] spec.type: got "Local": is no kind of server. Write Hosted or Remote.`],
    ],
    [
      'pods of a remote server',
      { type: 'Remote', url: 'https://mcp.example.com/mcp', image: IMAGE, replicas: 2 },
      [
        `[${AT}] spec.image: got "${IMAGE}": is about pods, and a server of type Remote has none. Remove it, or write type: Hosted.`,
        `[${AT}] spec.replicas: got 2: is about pods, and a server of type Remote has none. Remove it, or write type: Hosted.`,
      ],
    ],
    [
      'a URL of a hosted server',
      { image: IMAGE, url: 'https://mcp.example.com/mcp' },
      [
        `[${AT}] spec.url: got "https://mcp.example.com/mcp": is where a server of type Remote is, and this one is Hosted. Remove it, or write type: Remote.`,
      ],
    ],
    [
      'the port of the Service',
      { image: IMAGE, port: 9000 },
      [
        `[${AT}] spec.port: got 9000: is not the port of a server's Service, which is 8080 for all: callers come by gateways. Remove it; the port that the program listens on is targetPort.`,
      ],
    ],
    [
      'what is said twice',
      { image: IMAGE, podTemplateSpec: { spec: { containers: [{ name: 'mcp', image: 'ghcr.io/acme/other:1.0.0' }] } } },
      [`[${AT}] spec.image: got "${IMAGE}": is said in podTemplateSpec too. Keep one of the two.`],
    ],
    [
      'an unknown profile',
      { image: IMAGE, permissionProfile: { type: 'builtin', name: 'all' } },
      [`[${AT}] spec.permissionProfile.name: got "all": is not a builtin profile. Write none or network.`],
    ],
    [
      'two forms of a profile',
      {
        image: IMAGE,
        permissionProfile: {
          type: 'inline',
          name: 'none',
          inline: { network: { outbound: { allowHost: ['a.example.com'] } } },
        },
      },
      [`[${AT}] spec.permissionProfile.name: got "none": is set, and type says inline. Keep one of the two.`],
    ],
    [
      'a port that is none',
      {
        image: IMAGE,
        permissionProfile: { type: 'inline', inline: { network: { outbound: { allowPort: ['https'] } } } },
      },
      [
        `[${AT}] spec.permissionProfile.inline.network.outbound.allowPort[0]: got "https": is not a port. Write numbers from 1 to 65535.`,
      ],
    ],
    [
      'introspection, and a secret that is not shown',
      {
        image: IMAGE,
        oidcConfig: {
          type: 'inline',
          inline: {
            issuer: 'https://auth.acme.dev',
            audience: 'a',
            jwksURL: 'https://auth.acme.dev/keys',
            introspectionURL: 'https://auth.acme.dev/introspect',
            clientSecret: 'hunter2',
          },
        },
      },
      [
        `[${AT}] spec.oidcConfig.inline.introspectionURL: got "https://auth.acme.dev/introspect": asks the issuer about each token, and what protects the server verifies tokens by their signature. Have the issuer sign tokens (JWT), and give the URL of its keys in jwksURL.`,
        `[${AT}] spec.oidcConfig.inline.clientSecret: got "(not shown)": is the password of who asks the issuer about tokens, and tokens are verified by their signature. Remove it, and withdraw the secret if it was written here.`,
      ],
    ],
    [
      'one service account',
      {
        image: IMAGE,
        oidcConfig: {
          kubernetes: { jwksURL: 'https://keys.acme.dev/jwks', namespace: 'agents', serviceAccount: 'agent' },
        },
      },
      [
        `[${AT}] spec.oidcConfig.kubernetes.serviceAccount: got "agent": names one service account whose tokens pass, and oidcConfig lets in every token of its issuer and audience. Say who may call in authzConfig of the server, or in authorization of its routes.`,
        `[${AT}] spec.oidcConfig.kubernetes.namespace: got "agents": is the namespace of callers, of which oidcConfig lets in all. Say who may call in authzConfig of the server, or in authorization of its routes.`,
      ],
    ],
    [
      'what is of another kind, where it was written',
      {
        image: IMAGE,
        secrets: { name: 'db' },
        podTemplateSpec: { spec: { containers: 'none' } },
        permissionProfile: {
          type: 'inline',
          inline: { read: '/data', network: { outbound: { allowPort: 443, insecureAllowAll: 'yes' } } },
        },
      },
      [
        `[${AT}] spec.podTemplateSpec.spec.containers: got "none": is text, not a list. Write a list.`,
        `[${AT}] spec.secrets: got {"name":"db"}: is an object, not a list. Write a list.`,
        `[${AT}] spec.permissionProfile.inline.read: got "/data": is text, not a list. Write a list.`,
        `[${AT}] spec.permissionProfile.inline.network.outbound.insecureAllowAll: got "yes": is text, not true or false. Write true or false.`,
        `[${AT}] spec.permissionProfile.inline.network.outbound.allowPort: got 443: is a number, not a list. Write a list.`,
      ],
    ],
    [
      'a template that is none',
      { image: IMAGE, podTemplateSpec: 'none' },
      [`[${AT}] spec.podTemplateSpec: got "none": is text, not an object. Write an object.`],
    ],
    [
      'no ports, which could mean all of them',
      {
        image: IMAGE,
        permissionProfile: {
          type: 'inline',
          inline: { network: { outbound: { allowHost: ['10.0.0.9'], allowPort: [] } } },
        },
      },
      [
        `[${AT}] spec.permissionProfile.inline.network.outbound.allowPort: got []: is an empty list, which could mean all of them or none. Name at least one port, or leave it out for all.`,
      ],
    ],
    [
      'fields that a profile has not',
      { image: IMAGE, permissionProfile: { type: 'inline', inline: { network: {} }, mode: 'strict' } },
      [expect.stringContaining('spec.permissionProfile.mode: got "strict": is not a field here') as unknown as string],
    ],
    [
      'a form that is not there',
      { image: IMAGE, permissionProfile: { type: 'configMap' } },
      [`[${AT}] spec.permissionProfile.configMap: got nothing: is missing, and type says that it is there. Add it.`],
    ],
  ];

  test.each(refused)('refuses %s', (_, spec, expected) => {
    expect(faults(flat(spec), OPTIONS)).toEqual(expected);
  });

  test('names the line that was written', () => {
    const text = [
      'apiVersion: ome.io/v1beta1',
      'kind: MCPServer',
      'metadata:',
      '  name: ledger',
      'spec:',
      '  image: ghcr.io/acme/ledger-mcp:1.4.0',
      '  transport: streamable-http',
      '  permissionProfile:',
      '    type: inline',
      '    inline:',
      '      network:',
      '        outbound:',
      '          allowHost:',
      '          - "not a host"',
    ].join('\n');
    expect(faults(text)).toEqual([
      expect.stringMatching(
        /^\[f\.yaml:14 \(document 1, MCPServer finance\/ledger\)\] spec\.permissionProfile\.inline\.network\.outbound\.allowHost\[0\]: got "not a host"/,
      ),
    ]);
  });
});

describe('the form of September 2025', () => {
  test('profiles have names', () => {
    const before = JSON.stringify({
      ...FLAT,
      spec: { transport: 'streamable-http', hosted: hosted(), permissionProfile: { builtin: { name: 'full-access' } } },
    });
    expect(withoutPaths(synthesize(before))).toEqual(
      withoutPaths(synthesize(today({ hosted: hosted(), permissionProfile: { builtin: 'full-access' } }))),
    );
  });

  test('gateways and their ports', () => {
    const objects = synthesize(
      JSON.stringify({
        apiVersion: 'ome.io/v1beta1',
        kind: 'MCPGateway',
        metadata: { name: 'tools' },
        spec: { network: { service: { ports: [{ name: 'mcp', port: 8080 }] } } },
      }),
    );
    expect(only(objects, 'MCPGateway').apiVersion).toBe('ome.io/v1alpha1');
    expect(only(objects, 'Service').spec.ports).toEqual([
      { appProtocol: 'http', name: 'mcp', port: 8080, targetPort: expect.any(Number) },
    ]);
  });
});

describe("the proposal's own examples", () => {
  const rules = (rule: object) =>
    [
      today({ hosted: hosted() }),
      JSON.stringify({
        apiVersion: 'ome.io/v1alpha1',
        kind: 'MCPRoute',
        metadata: { name: 'tools' },
        spec: {
          backendRefs: [{ name: 'ledger' }],
          authorization: { rules: [{ principals: ['group:finance-admins'], ...rule }] },
        },
      }),
    ].join('\n---\n');

  test('tools of a rule are those that may be called and listed', () => {
    const written = readInto(chartOf(), rules({ tools: ['db_*'] }));
    const said = readInto(
      chartOf(),
      rules({ permissions: [{ actions: ['tools/call', 'tools/list'], tools: ['db_*'] }] }),
    );
    expect(written.route('tools').resource.toJson()).toEqual(said.route('tools').resource.toJson());
  });

  test('tools that are none', () => {
    expect(faults(rules({ tools: 'db_query' }))).toEqual([expect.stringMatching(/rules\[0\]\.tools: got "db_query"/)]);
  });
});

test('a value that was rewritten is where it was written', () => {
  const rewriting = new Rewriting({});
  rewriting.put(['spec', 'hosted'], { replicas: 1 }, ['spec']);
  rewriting.make(['spec', 'hosted', 'env', 0], { name: 'A' }, ['spec', 'secrets', 0]);
  expect(rewriting.object).toEqual({ spec: { hosted: { replicas: 1, env: [{ name: 'A' }] } } });
  expect(rewriting.placeOf(['spec', 'hosted', 'replicas'])).toEqual(['spec', 'replicas']);
  expect(rewriting.placeOf(['spec', 'hosted', 'env', 0, 'name'])).toEqual(['spec', 'secrets', 0]);
  expect(rewriting.placeOf(['metadata', 'name'])).toEqual(['metadata', 'name']);
});

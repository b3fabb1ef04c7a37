import { Testing } from 'cdk8s';
import {
  chartOf,
  controllerChart,
  documentOf,
  documents,
  faults,
  only,
  POD,
  readInto,
  serverOf,
  synthesize,
  warningsOf,
} from './support';

test('a hosted server: its workload from the pod template, everything else as options', () => {
  const objects = synthesize(`
apiVersion: ome.io/v1alpha1
kind: MCPServer
metadata:
  name: ledger
  labels: {team: money}
  annotations: {owner: alice}
spec:
  transport: streamable-http
  hosted:
    replicas: 3
    podSpec:
      metadata:
        labels: {tier: tools}
      spec:
        priorityClassName: high
        containers:
        - name: mcp-server
          image: ghcr.io/acme/ledger-mcp:1.4.0
          ports:
          - containerPort: 9000
          env:
          - name: DATABASE_URI
            valueFrom:
              secretKeyRef: {name: db, key: uri}
  path: /tools
  sessions: stateless
  tools:
  - name: db_query
    description: Reads.
  - name: db_insert
  toolsFilter: [db_*]
  capabilities: {tools: true, prompts: false}
  version: 1.4.0
`);
  const deployment = only(objects, 'Deployment');
  expect(deployment.metadata).toMatchObject({ name: 'ledger', namespace: 'finance', labels: { team: 'money' } });
  expect(deployment.spec.replicas).toBe(3);
  expect(deployment.spec.template.metadata.labels.tier).toBe('tools');
  expect(deployment.spec.template.spec.priorityClassName).toBe('high');
  const [container] = deployment.spec.template.spec.containers;
  expect(container.env).toEqual([{ name: 'DATABASE_URI', valueFrom: { secretKeyRef: { name: 'db', key: 'uri' } } }]);
  expect(container.securityContext.readOnlyRootFilesystem).toBe(true);
  expect(only(objects, 'Service').spec.ports).toEqual([{ name: 'http', port: 8080, targetPort: 9000 }]);

  const resource = only(objects, 'MCPServer');
  expect(resource.metadata).toMatchObject({ labels: { team: 'money' }, annotations: { owner: 'alice' } });
  const { hosted, ...spec } = resource.spec;
  expect(spec).toEqual({
    transport: 'streamable-http',
    sessions: 'stateless',
    tools: [{ name: 'db_query', description: 'Reads.' }, { name: 'db_insert' }],
    toolsFilter: ['db_*'],
    capabilities: { tools: true, prompts: false },
    version: '1.4.0',
    port: 9000,
    path: '/tools',
  });
  expect(hosted.podSpec).toEqual({
    metadata: { labels: deployment.spec.template.metadata.labels },
    spec: deployment.spec.template.spec,
  });
});

test('no replicas are a server that is switched off', () => {
  expect(
    only(synthesize(documentOf('MCPServer', 'ledger', `{transport: sse, hosted: {replicas: 0, ${POD}}}`)), 'Deployment')
      .spec.replicas,
  ).toBe(0);
});

test('without a transport a hosted server speaks stdio, as the schema says', () => {
  const objects = synthesize(
    documentOf(
      'MCPServer',
      'files',
      '{hosted: {podSpec: {spec: {containers: [{name: mcp-server, image: x:1, command: [mcp-files], args: [/data]}]}}}}',
    ),
  );
  const [container] = only(objects, 'Deployment').spec.template.spec.containers;
  expect(container.command[0]).toMatch(/agentgateway$/);
  expect(container.args).toBeUndefined();
  expect(Object.values<string>(only(objects, 'ConfigMap').data).join()).toMatch(/cmd: mcp-files[^]*- \/data/);
});

test('without a transport a remote server speaks streamable HTTP: stdio cannot be meant', () => {
  const objects = synthesize(
    documentOf('MCPServer', 'crm', '{remote: {url: "https://mcp.crm.example.com/mcp", tls: {serverName: crm}}}'),
  );
  expect(objects.map(({ kind }) => kind)).toEqual(['MCPServer']);
  expect(objects[0].spec).toEqual({
    transport: 'streamable-http',
    remote: { url: 'https://mcp.crm.example.com/mcp', tls: { serverName: 'crm' } },
    sessions: 'stateful',
  });
});

test('requests in the clear only where the caller says so', () => {
  const text = documentOf('MCPServer', 'crm', '{remote: {url: "http://crm.example.com/mcp"}}');
  expect(faults(text)).toHaveLength(1);
  expect(synthesize(text, { allowInsecureRemotes: true })[0].spec.remote.url).toBe('http://crm.example.com/mcp');
});

test('nulls are absent fields: none of them removes what the library adds', () => {
  const objects = synthesize(
    documentOf(
      'MCPServer',
      'ledger',
      '{transport: sse, hosted: {podSpec: {' +
        'metadata: {creationTimestamp: null}, spec: {containers: [{name: mcp-server, image: x:1, securityContext: null, resources: null}]}}}}',
    ),
  );
  const { metadata, spec } = only(objects, 'Deployment').spec.template;
  expect(spec.containers[0].securityContext.allowPrivilegeEscalation).toBe(false);
  expect(spec.containers[0].resources.limits).toBeDefined();
  expect(metadata).not.toHaveProperty('creationTimestamp');
});

test('octal numbers are octal', () => {
  const pod =
    'podSpec: {spec: {containers: [{name: mcp-server, image: x:1}], volumes: [{name: v, configMap: {name: c, defaultMode: 0644}}]}}';
  expect(
    only(synthesize(documentOf('MCPServer', 'ledger', `{transport: sse, hosted: {${pod}}}`)), 'Deployment').spec
      .template.spec.volumes,
  ).toContainEqual({ name: 'v', configMap: { name: 'c', defaultMode: 420 } });
});

describe('a shared server', () => {
  const shared = (fields: string) =>
    documentOf('ClusterMCPServer', 'search', `{transport: sse, hosted: {${POD}}${fields}}`);

  test('runs in the namespace it names, for those it names', () => {
    const objects = synthesize(
      shared(
        ', workloadNamespace: tools, allowedNamespaces: {names: [finance], selector: {matchLabels: {a: b}, matchExpressions: [{key: c, operator: Exists}]}}',
      ),
    );
    expect(only(objects, 'Deployment').metadata.namespace).toBe('tools');
    const resource = only(objects, 'ClusterMCPServer');
    expect(resource.metadata.namespace).toBeUndefined();
    expect(resource.spec).toMatchObject({
      workloadNamespace: 'tools',
      allowedNamespaces: {
        names: ['finance'],
        selector: { matchLabels: { a: 'b' }, matchExpressions: [{ key: 'c', operator: 'Exists' }] },
      },
    });
  });

  test('runs in the namespace of the chart, for nobody', () => {
    const objects = synthesize(shared(''));
    expect(only(objects, 'Deployment').metadata.namespace).toBe('finance');
    expect(only(objects, 'ClusterMCPServer').spec).not.toHaveProperty('allowedNamespaces');
  });

  test('can be for all', () => {
    expect(
      only(synthesize(shared(', allowedNamespaces: {all: true}')), 'ClusterMCPServer').spec.allowedNamespaces,
    ).toEqual({ all: true });
  });

  test('serves the routes of namespaces that its selector admits', () => {
    const chart = chartOf();
    const manifest = readInto(
      chart,
      documents(
        shared(
          ', workloadNamespace: tools, allowedNamespaces: {names: [other], selector: {matchExpressions: [{key: kubernetes.io/metadata.name, operator: In, values: [finance]}]}}',
        ),
        documentOf('MCPGateway', 'gw', '{}'),
        documentOf('MCPRoute', 'r', '{backendRefs: [{serverRef: {kind: ClusterMCPServer, name: search}}]}'),
      ),
    );
    expect(manifest.clusterServer('search').url).toBe('http://search.tools.svc:8080/sse');
    expect(() => Testing.synth(chart)).not.toThrow();
    expect(chart.node.findAll().flatMap(construct => construct.node.validate())).toEqual([]);
  });
});

describe('a permission profile', () => {
  const PROFILE = {
    inline: {
      allow: [
        { network: { allowHost: ['postgres.finance.svc.cluster.local'] } },
        { kubeResources: { apiGroups: [''], resources: ['pods'], verbs: ['get'] } },
      ],
    },
  };
  const text = serverOf('ledger', `permissionProfile: ${JSON.stringify(PROFILE)}`);

  test('is enforced, and stands in the resource as it was written', () => {
    const objects = synthesize(text);
    expect(only(objects, 'MCPServer').spec.permissionProfile).toEqual(PROFILE);
    expect(only(objects, 'Role').rules).toEqual([{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }]);
  });

  test("is the operator's in controller mode, with every other policy", () => {
    const chart = controllerChart();
    readInto(
      chart,
      serverOf(
        'ledger',
        `permissionProfile: ${JSON.stringify(PROFILE)}, oidcConfig: {kubernetes: {}}, authzConfig: {configMap: {name: a, key: b}}`,
      ),
    );
    const objects = Testing.synth(chart);
    expect(objects.map(({ kind }) => kind)).toEqual(['MCPServer']);
    expect(objects[0].spec).toMatchObject({
      permissionProfile: PROFILE,
      oidcConfig: { kubernetes: {} },
      authzConfig: { configMap: { name: 'a', key: 'b' } },
    });
    expect(warningsOf(chart)).toEqual([]);
  });
});

test('in controller mode a field that only this library knows is an error', () => {
  const text = serverOf('ledger', 'sessions: stateless, tools: [{name: a}], port: 8080, path: /mcp');
  expect(faults(text, {}, controllerChart())).toEqual(
    ['path: got "/mcp"', 'port: got 8080', 'sessions: got "stateless"', 'tools: got [{"name":"a"}]'].map(
      start =>
        `[f.yaml:4 (document 1, MCPServer finance/ledger)] spec.${start}: is a field of this library's own definition, so an operator would never see it. Remove it, or use Reconciliation.RENDERED.`,
    ),
  );
});

test('in controller mode a stdio server stays as it is', () => {
  const [resource] = synthesize(
    documentOf(
      'MCPServer',
      'files',
      '{hosted: {podSpec: {spec: {containers: [{name: mcp-server, image: x:1, command: [mcp-files]}]}}}}',
    ),
    {},
    controllerChart(),
  );
  expect(resource.spec.transport).toBe('stdio');
  expect(resource.spec.hosted.podSpec.spec.containers[0].command).toEqual(['mcp-files']);
});

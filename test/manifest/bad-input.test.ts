import { chartWithoutNamespace, documentOf, documents, faults, gatewayOf, POD, serverOf } from './support';

/*
 * What can be wrong with a manifest, each with its exact message. `faults` checks that nothing was created, too.
 */

const STDIO = `{hosted: {${POD}}}`;
const route = (fields: string) => documents(serverOf('ledger'), documentOf('MCPRoute', 'tools', `{${fields}}`));
const routed = (fields: string) => route(`backendRefs: [{name: ledger}], ${fields}`);
const AT_ROUTE = 'f.yaml:9 (document 2, MCPRoute finance/tools)';
const AT_SERVER = 'f.yaml:4 (document 1, MCPServer finance/ledger)';
const METADATA = 'f.yaml:3 (document 1, MCPServer finance/ledger)';
const server = (fields: string) => serverOf('ledger', fields);
const NOT_RENDERED =
  'is not supported yet by what is rendered. Remove it, or use Reconciliation.CONTROLLER where an operator acts on it.';
const AT_GATEWAY = 'f.yaml:4 (document 1, MCPGateway finance/gw)';

describe('documents', () => {
  test.each<[string, string, string[]]>([
    ['no document at all', '# nothing\n', ['[f.yaml] documents: got nothing: is empty. Write at least one document.']],
    [
      'YAML that is not YAML',
      'kind: MCPServer: x\n',
      [
        '[f.yaml:1:7 (document 1)] YAML: got "kind: MCPServer: x": is not YAML as Kubernetes reads it (Nested mappings are not allowed in compact mappings). Correct the text.',
      ],
    ],
    [
      'a key that is there twice',
      `${serverOf('ledger')}kind: MCPRoute\n`,
      ['[f.yaml:5 (document 1)] kind: got "kind": is there twice: only one of the two could count. Keep one.'],
    ],
    [
      'a text',
      'hello\n',
      [
        '[f.yaml:1 (document 1)] document: got "hello": is not a Kubernetes object. Write apiVersion, kind, metadata and spec.',
      ],
    ],
    [
      'no apiVersion, no kind',
      'metadata: {name: x}\n',
      [
        '[f.yaml:1 (document 1)] apiVersion: got nothing: is missing. Write ome.io/v1alpha1.',
        '[f.yaml:1 (document 1)] kind: got nothing: is missing. Write one of MCPServer, ClusterMCPServer, MCPRoute, MCPGateway, ClusterMCPGateway.',
      ],
    ],
    [
      'a kind that is no text',
      'apiVersion: ome.io/v1alpha1\nkind: [MCPServer]\n',
      [
        '[f.yaml:2 (document 1)] kind: got ["MCPServer"]: is a list, not text. Write one of MCPServer, ClusterMCPServer, MCPRoute, MCPGateway, ClusterMCPGateway.',
      ],
    ],
    [
      'a kind in another spelling',
      'apiVersion: ome.io/v1alpha1\nkind: McpServer\nmetadata: {name: x}\n',
      [
        '[f.yaml:2 (document 1, McpServer x)] kind: got "McpServer": is not a kind of ome.io/v1alpha1. Write MCPServer.',
      ],
    ],
    [
      'an unknown kind of the API',
      'apiVersion: ome.io/v1alpha1\nkind: Agent\nmetadata: {name: x}\n',
      [
        '[f.yaml:2 (document 1, Agent x)] kind: got "Agent": is not a kind of ome.io/v1alpha1. Write one of MCPServer, ClusterMCPServer, MCPRoute, MCPGateway, ClusterMCPGateway.',
      ],
    ],
    [
      'the version of an earlier revision',
      'apiVersion: ome.io/v1\nkind: MCPServer\nmetadata: {name: x}\n',
      [
        '[f.yaml:1 (document 1, MCPServer finance/x)] apiVersion: got "ome.io/v1": is not the version of MCPServer. Write ome.io/v1alpha1.',
      ],
    ],
    [
      'a version without its group',
      'apiVersion: v1alpha1\nkind: MCPRoute\nmetadata: {name: x}\n',
      [
        '[f.yaml:1 (document 1, MCPRoute finance/x)] apiVersion: got "v1alpha1": is not the version of MCPRoute. Write ome.io/v1alpha1.',
      ],
    ],
    [
      'a version that there is not',
      'apiVersion: ome.io/v2\nkind: InferenceService\nmetadata: {name: x}\n',
      [
        '[f.yaml:1 (document 1, InferenceService x)] apiVersion: got "ome.io/v2": is not a version of ome.io. ' +
          "Write ome.io/v1alpha1 for MCPServer, ClusterMCPServer, MCPRoute, MCPGateway, ClusterMCPGateway, ome.io/v1beta1 for OME's own resources.",
      ],
    ],
    [
      'a document of another kind',
      'apiVersion: v1\nkind: Secret\nmetadata: {name: x, namespace: other}\n',
      [
        '[f.yaml:2 (document 1, Secret other/x)] kind: got "Secret": is a kind of v1, which a manifest does not turn into constructs. ' +
          'Remove the document, or pass otherKinds: OtherKinds.PASS_THROUGH to emit it as it is.',
      ],
    ],
    [
      'two documents of one name',
      documents(serverOf('ledger'), serverOf('other'), serverOf('ledger')),
      [
        '[f.yaml:13 (document 3, MCPServer finance/ledger)] metadata.name: got "ledger": is the name of an earlier document of this kind (document 1, line 3). Remove one of them, or give it another name.',
      ],
    ],
    [
      'unknown fields beside the spec',
      `${serverOf('ledger')}data: {a: 1}\n`,
      [
        '[f.yaml:5 (document 1, MCPServer finance/ledger)] data: got {"a":1}: is not a field here. Remove it; the fields are apiVersion, kind, metadata, spec.',
      ],
    ],
    [
      'a spec that is none',
      documentOf('MCPServer', 'ledger', '[]'),
      [`[${AT_SERVER}] spec: got []: is a list, not an object. Write the fields of the spec.`],
    ],
  ])('%s', (_, text, expected) => {
    expect(faults(text)).toEqual(expected);
  });
});

describe('metadata', () => {
  const named = (metadata: string) => serverOf('ledger', '', metadata);
  test.each<[string, string, string[]]>([
    [
      'none',
      `apiVersion: ome.io/v1alpha1\nkind: MCPServer\nspec: ${STDIO}\n`,
      ['[f.yaml:1 (document 1, MCPServer)] metadata: got nothing: is missing. Write metadata.name.'],
    ],
    [
      'no name',
      `apiVersion: ome.io/v1alpha1\nkind: MCPServer\nmetadata: {generateName: x-}\nspec: ${STDIO}\n`,
      [
        '[f.yaml:3 (document 1, MCPServer)] metadata.generateName: got "x-": makes up a name, and names are part of URLs. Write metadata.name.',
        '[f.yaml:3 (document 1, MCPServer)] metadata.name: got nothing: is missing. Add it.',
      ],
    ],
    [
      'a name that is none',
      serverOf('Ledger_1'),
      [
        '[f.yaml:3 (document 1, MCPServer finance/Ledger_1)] metadata.name: got "Ledger_1": is not a DNS label (lower-case letters, digits and "-", starting with a letter, ending with a letter or digit). ' +
          'Choose such a name.',
      ],
    ],
    [
      'a name that leaves no room for what is made of it',
      documentOf('MCPServer', 'x'.repeat(60), `{transport: streamable-http, hosted: {replicas: 2, ${POD}}}`),
      [
        `[f.yaml:3 (document 1, MCPServer finance/${'x'.repeat(60)})] metadata.name: got "${'x'.repeat(60)}": is 60 characters long, at most 52 are possible because objects are named with the suffix "-0123456789". ` +
          'Choose such a name.',
      ],
    ],
    [
      'a namespace that is none',
      named('namespace: Finance'),
      [
        '[f.yaml:3 (document 1, MCPServer Finance/ledger)] metadata.namespace: got "Finance": is not a namespace name (lower-case letters, digits and "-", at most 63 characters). Choose such a name.',
      ],
    ],
    [
      'labels and annotations that are not text',
      named('labels: {version: 1.0, active: yes}, annotations: [a]'),
      [
        `[${METADATA}] metadata.labels.version: got 1: is a number, not text. Put it in quotes.`,
        `[${METADATA}] metadata.labels.active: got true: is true or false, not text (YAML reads yes, no, on, off, y and n so). Put it in quotes.`,
        `[${METADATA}] metadata.annotations: got ["a"]: is a list, not an object. Write an object.`,
      ],
    ],
    [
      'labels that are none',
      named('labels: {"a b": c, d: e f}'),
      [
        `[${METADATA}] metadata.labels[a b]: got "a b": is not a label key ([prefix/]name, name of at most 63 characters). Correct the key.`,
        `[${METADATA}] metadata.labels.d: got "e f": is not a label value (at most 63 letters, digits, "-", "_" and "."). Correct the value.`,
      ],
    ],
    [
      'labels that the library would replace',
      named('labels: {app.kubernetes.io/name: postgres, app.kubernetes.io/managed-by: Helm}'),
      [
        `[${METADATA}] metadata.labels[app.kubernetes.io/name]: got "postgres": is a label that this library sets itself, to "ledger". Remove it, or use another key.`,
        `[${METADATA}] metadata.labels[app.kubernetes.io/managed-by]: got "Helm": is a label that this library sets itself, to "cdk8s-mcp". Remove it, or use another key.`,
      ],
    ],
    [
      'what belongs to a cluster',
      named('ownerReferences: [], finalizers: [x], deletionTimestamp: "2025-01-01T00:00:00Z"'),
      [
        `[${METADATA}] metadata.ownerReferences: got []: belongs to the cluster it was read from: this library's objects have no owner there. Remove it.`,
        `[${METADATA}] metadata.finalizers: got ["x"]: would keep a resource that nothing finalizes. Remove it, or add finalizers to the resource of the construct.`,
        `[${METADATA}] metadata.deletionTimestamp: got "2025-01-01T00:00:00Z": says that the resource is being deleted. Remove the document.`,
      ],
    ],
    [
      'an unknown field',
      named('label: {a: b}'),
      [
        `[${METADATA}] metadata.label: got {"a":"b"}: is not a field here. Write labels, or remove it; the fields are name, namespace, labels, annotations.`,
      ],
    ],
    [
      'a namespace of a kind that has none',
      documentOf('ClusterMCPServer', 'search', `{transport: sse, hosted: {${POD}}}`, 'namespace: x'),
      [
        '[f.yaml:3 (document 1, ClusterMCPServer x/search)] metadata.namespace: got "x": is given, but a ClusterMCPServer is in no namespace. Remove it; spec.workloadNamespace says where pods run.',
      ],
    ],
  ])('%s', (_, text, expected) => {
    expect(faults(text)).toEqual(expected);
  });

  test('no namespace anywhere', () => {
    const cluster = documentOf('ClusterMCPServer', 'search', `{transport: sse, hosted: {${POD}}}`);
    expect(faults(documents(serverOf('ledger'), cluster), {}, chartWithoutNamespace())).toEqual([
      '[f.yaml:3 (document 1, MCPServer ledger)] metadata.namespace: got nothing: there is no namespace, neither here nor on the chart. Add it, or create the chart with a namespace.',
      '[f.yaml:9 (document 2, ClusterMCPServer search)] spec.workloadNamespace: got nothing: there is no namespace, neither here nor on the chart. Set `workloadNamespace` on the construct, or a namespace on its Chart.',
    ]);
  });
});

describe('servers', () => {
  test.each<[string, string, string[]]>([
    [
      'fields that are unknown',
      server('transprt: sse, hosted2: {}'),
      [
        `[${AT_SERVER}] spec.transprt: got "sse": is not a field here. Write transport, or remove it; ` +
          'the fields are authzConfig, capabilities, fileSystem, hostHeader, hosted, oidcConfig, path, permissionProfile, port, remote, sessions, tools, toolsFilter, transport, version.',
        `[${AT_SERVER}] spec.hosted2: got {}: is not a field here. Write hosted, or remove it; ` +
          'the fields are authzConfig, capabilities, fileSystem, hostHeader, hosted, oidcConfig, path, permissionProfile, port, remote, sessions, tools, toolsFilter, transport, version.',
      ],
    ],
    [
      'an unknown field deep in the pod template',
      documentOf(
        'MCPServer',
        'ledger',
        '{transport: sse, hosted: {podSpec: {spec: {containers: [{name: mcp-server, image: x, resources: {limit: {}}}]}}}}',
      ),
      [
        `[${AT_SERVER}] spec.hosted.podSpec.spec.containers[0].resources.limit: got {}: is not a field here. Write limits, or remove it; the fields are claims, limits, requests.`,
      ],
    ],
    [
      'values of wrong types',
      documentOf(
        'MCPServer',
        'ledger',
        '{transport: sse, hosted: {replicas: "3", podSpec: []}, toolsFilter: db_*, capabilities: {tools: "yes"}, version: 1.0}',
      ),
      [
        `[${AT_SERVER}] spec.capabilities.tools: got "yes": is text, not true or false. Write true or false.`,
        `[${AT_SERVER}] spec.hosted.podSpec: got []: is a list, not an object. Write an object.`,
        `[${AT_SERVER}] spec.hosted.replicas: got "3": is text, not a whole number. Write a whole number.`,
        `[${AT_SERVER}] spec.toolsFilter: got "db_*": is text, not a list. Write a list.`,
        `[${AT_SERVER}] spec.version: got 1: is a number, not text. Put it in quotes.`,
      ],
    ],
    [
      'values that are out of range',
      server(
        'port: 70000, sessions: statefull, path: mcp, toolsFilter: [a, a], tools: [{name: ""}, {name: a}, {name: a}]',
      ),
      [
        `[${AT_SERVER}] spec.path: got "mcp": does not match ^/. Correct it.`,
        `[${AT_SERVER}] spec.port: got 70000: is above 65535. Write at most 65535.`,
        `[${AT_SERVER}] spec.sessions: got "statefull": is not one of stateful, stateless. Write stateful.`,
        `[${AT_SERVER}] spec.tools[0].name: got "": is too short. Write at least 1 character.`,
        `[${AT_SERVER}] spec.tools[2].name: got "a": is there twice. Keep one, or rename one.`,
        `[${AT_SERVER}] spec.toolsFilter[1]: got "a": is there twice. Keep one.`,
      ],
    ],
    [
      'a replica fewer than none',
      documentOf('MCPServer', 'ledger', `{transport: sse, hosted: {replicas: -1, ${POD}}}`),
      [`[${AT_SERVER}] spec.hosted.replicas: got -1: is below 0. Write at least 0.`],
    ],
    [
      'missing fields',
      documentOf(
        'MCPServer',
        'ledger',
        '{transport: sse, hosted: {podSpec: {spec: {containers: [{image: x}]}}}, tools: [{description: x}]}',
      ),
      [
        `[${AT_SERVER}] spec.hosted.podSpec.spec.containers[0].name: got nothing: is missing. Add it.`,
        `[${AT_SERVER}] spec.tools[0].name: got nothing: is missing. Add it.`,
      ],
    ],
    [
      'neither hosted nor remote',
      documentOf('MCPServer', 'ledger', '{}'),
      [
        `[${AT_SERVER}] spec: got nothing: has neither hosted nor remote, so there is no server. Add hosted.podSpec or remote.url.`,
      ],
    ],
    [
      'both',
      server('remote: {url: "https://x"}'),
      [
        `[${AT_SERVER}] spec: got ["hosted","remote"]: has both hosted and remote: a server runs in one place. Keep one of the two.`,
      ],
    ],
    [
      'hosted, but nothing to run',
      documentOf('MCPServer', 'ledger', '{hosted: {}}'),
      [`[${AT_SERVER}] spec.hosted.podSpec: got nothing: is missing. Add it.`],
    ],
    [
      'no container of the right name',
      documentOf(
        'MCPServer',
        'ledger',
        '{transport: sse, hosted: {podSpec: {spec: {containers: [{name: server, image: x}]}}}}',
      ),
      [
        `[${AT_SERVER}] spec.hosted.podSpec.spec.containers: got ["server"]: has no container named "mcp-server". Name the container that runs the server "mcp-server".`,
      ],
    ],
    [
      'no image',
      documentOf(
        'MCPServer',
        'ledger',
        '{transport: sse, hosted: {podSpec: {spec: {containers: [{name: mcp-server}]}}}}',
      ),
      [
        `[${AT_SERVER}] spec.hosted.podSpec.spec.containers[mcp-server].image: got nothing: is missing. Name an image with its tag.`,
      ],
    ],
    [
      'stdio, the default, without a command',
      documentOf('MCPServer', 'ledger', STDIO),
      [
        `[${AT_SERVER}] spec.hosted.podSpec.spec.containers[mcp-server].command: got nothing: is missing, and the adapter of a stdio server has to start the program itself ` +
          "(it cannot read the image's entrypoint). Set command to the program that speaks over standard input and output.",
      ],
    ],
    [
      'stdio with two replicas, and at a port of its own',
      documentOf(
        'MCPServer',
        'ledger',
        '{hosted: {replicas: 2, podSpec: {spec: {containers: [{name: mcp-server, image: x, command: [a]}]}}}, port: 9090, path: /x}',
      ),
      [
        `[${AT_SERVER}] spec.port: got 9090: is given for a stdio server, which answers HTTP by an adapter of this library. Remove it: the adapter listens on 8080.`,
        `[${AT_SERVER}] spec.path: got "/x": is given for a stdio server, which answers HTTP by an adapter of this library. Remove it: the adapter answers on /mcp.`,
        `[${AT_SERVER}] spec.hosted.replicas: got 2: a stdio server does not scale past one replica: each session is a process of its own in one pod. Use 1 replica, or a server that speaks streamable HTTP.`,
      ],
    ],
    [
      'a REST service with a bad document',
      documentOf(
        'MCPServer',
        'ledger',
        '{remote: {url: "http://crm.finance.svc", openAPI: {openapi: "3.1.0", paths: {/a: {get: {}}}}}}',
      ),
      [
        `[${AT_SERVER}] spec.remote.openAPI.paths[/a].get.operationId: got nothing: is missing, and it is the name of the tool. Give the operation an id, or leave the operation out (operations).`,
      ],
    ],
    [
      'a REST service that keeps sessions',
      documentOf(
        'MCPServer',
        'ledger',
        '{sessions: stateful, remote: {url: "http://crm.finance.svc", openAPI: {openapi: "3.1.0", paths: {/a: {get: {operationId: a}}}}}}',
      ),
      [
        `[${AT_SERVER}] spec.sessions: got "stateful": is given for a REST service, which keeps no sessions. Drop sessions.`,
      ],
    ],
    [
      'a remote server without TLS',
      documentOf('MCPServer', 'ledger', '{remote: {url: "http://crm.example.com/mcp"}}'),
      [
        `[${AT_SERVER}] spec.remote.url: got "http://crm.example.com/mcp": has no TLS. Use https, or read the manifest with allowInsecureRemotes: true to send requests in the clear.`,
      ],
    ],
    [
      'a remote server that is no URL, with a port',
      documentOf('MCPServer', 'ledger', '{remote: {url: "ftp://x"}, port: 80}'),
      [
        `[${AT_SERVER}] spec.remote.url: got "ftp://x": does not match ^https?://.*. Correct it.`,
        `[${AT_SERVER}] spec.port: got 80: is given for a remote server, whose URL says it. Remove it.`,
      ],
    ],
    [
      'a remote server over stdio',
      documentOf('MCPServer', 'ledger', '{transport: stdio, remote: {url: "https://x"}}'),
      [
        `[${AT_SERVER}] spec.transport: got "stdio": a remote server cannot speak over standard input and output. Use McpTransport.STREAMABLE_HTTP or McpTransport.SSE.`,
      ],
    ],
    [
      'credentials in a URL, which must not reach a log',
      documentOf('MCPServer', 'ledger', '{remote: {url: "https://me:secret@x.example.com"}}'),
      [`[${AT_SERVER}] spec.remote.url: got "(not shown)": contains credentials. Keep them in a Secret.`],
    ],
    [
      'certificates that are none',
      documentOf('MCPServer', 'ledger', '{remote: {url: "https://x", tls: {caBundle: x}}}'),
      [
        `[${AT_SERVER}] spec.remote.tls.caBundle: got "x": holds no PEM certificate. Pass the text of the certificates, from BEGIN CERTIFICATE to END CERTIFICATE.`,
      ],
    ],
    [
      'tools that no server can have',
      server('tools: [{name: "a b"}], toolsFilter: ["c d"]'),
      [
        `[${AT_SERVER}] spec.tools[0].name: got "a b": is not a tool name (1 to 128 letters, digits, "_", "-", "." and "/"). Use the name that the server lists.`,
        `[${AT_SERVER}] spec.toolsFilter[0]: got "c d": is not a tool name or glob (1 to 128 letters, digits, "_", "-", ".", "/" and "*"). Write a tool name, or a glob such as db_*.`,
      ],
    ],
    [
      'two permission profiles',
      server('permissionProfile: {builtin: none, inline: {allow: []}}'),
      [
        `[${AT_SERVER}] spec.permissionProfile.inline: got {"allow":[]}: is set beside the profile none, to which nothing can be added. Remove it, or builtin.`,
      ],
    ],
    [
      'consent that contradicts itself',
      documentOf(
        'ClusterMCPServer',
        'ledger',
        `{transport: sse, hosted: {${POD}}, allowedNamespaces: {all: true, names: [a]}}`,
      ),
      [
        '[f.yaml:4 (document 1, ClusterMCPServer ledger)] spec.allowedNamespaces: got {"all":true,"names":["a"]}: admits every namespace and then names some. Remove names and selector, or all.',
      ],
    ],
    [
      'consent that admits more than it says',
      documentOf(
        'ClusterMCPServer',
        'ledger',
        `{transport: sse, hosted: {${POD}}, allowedNamespaces: {names: [A], selector: {}}}`,
      ),
      [
        '[f.yaml:4 (document 1, ClusterMCPServer ledger)] spec.allowedNamespaces.names[0]: got "A": is not a namespace name (lower-case letters, digits and "-", at most 63 characters). Correct it.',
        '[f.yaml:4 (document 1, ClusterMCPServer ledger)] spec.allowedNamespaces.selector: got {}: is empty, which would admit every namespace. Write all: true if that is meant.',
      ],
    ],
  ])('%s', (_, text, expected) => {
    expect(faults(text)).toEqual(expected);
  });
});

describe('routes', () => {
  test.each<[string, string, string[]]>([
    ['no backends', route(''), [`[${AT_ROUTE}] spec.backendRefs: got nothing: is missing. Add it.`]],
    [
      'an empty list of backends',
      route('backendRefs: []'),
      [`[${AT_ROUTE}] spec.backendRefs: got []: is empty. Write at least one.`],
    ],
    [
      '17 backends',
      route(`backendRefs: [${Array(17).fill('{name: ledger}').join(', ')}]`),
      [
        `[${AT_ROUTE}] spec.backendRefs: got "17 entries": has more than the 16 entries that are possible. Write at most 16.`,
      ],
    ],
    [
      'servers that do not exist',
      route(
        'backendRefs: [{name: leger}, {serverRef: {kind: ClusterMCPServer, name: ledger}}, {serverRef: {}}], matches: [{method: tools/call, backendRefs: [{name: x}]}]',
      ),
      [
        `[${AT_ROUTE}] spec.backendRefs[0].serverRef.name: got "leger": there is no MCPServer finance/leger in the manifest, only MCPServer finance/ledger. ` +
          'Correct the name, add the document, or pass a server from elsewhere in the option `servers`.',
        `[${AT_ROUTE}] spec.backendRefs[1].serverRef.name: got "ledger": there is no ClusterMCPServer ledger in the manifest, only MCPServer finance/ledger. ` +
          'Correct the name, add the document, or pass a server from elsewhere in the option `servers`.',
        `[${AT_ROUTE}] spec.backendRefs[2].serverRef.name: got nothing: names no server. Write the name of an MCPServer of this namespace, or of a ClusterMCPServer.`,
        `[${AT_ROUTE}] spec.matches[0].backendRefs[0].serverRef.name: got "x": there is no MCPServer finance/x in the manifest, only MCPServer finance/ledger. ` +
          'Correct the name, add the document, or pass a server from elsewhere in the option `servers`.',
      ],
    ],
    [
      'a server of another namespace',
      documents(
        serverOf('ledger', '', 'namespace: other'),
        documentOf('MCPRoute', 'tools', '{backendRefs: [{name: ledger}]}'),
      ),
      [
        `[${AT_ROUTE}] spec.backendRefs[0].serverRef.name: got "ledger": there is no MCPServer finance/ledger in the manifest, only MCPServer other/ledger. ` +
          'Correct the name, add the document, or pass a server from elsewhere in the option `servers`.',
      ],
    ],
    [
      'no server anywhere',
      documentOf('MCPRoute', 'tools', '{backendRefs: [{name: ledger}]}'),
      [
        '[f.yaml:4 (document 1, MCPRoute finance/tools)] spec.backendRefs[0].serverRef.name: got "ledger": there is no MCPServer finance/ledger in the manifest, and no other server. ' +
          'Correct the name, add the document, or pass a server from elsewhere in the option `servers`.',
      ],
    ],
    [
      'a server named twice',
      route('backendRefs: [{name: ledger, serverRef: {name: ledger}}]'),
      [
        `[${AT_ROUTE}] spec.backendRefs[0]: got {"name":"ledger","serverRef":{"name":"ledger"}}: names a server twice, by serverRef and by itself. Keep serverRef.`,
      ],
    ],
    [
      'a weight below 0, a kind that is none',
      route('backendRefs: [{name: ledger, weight: -1}, {name: ledger, kind: Service}]'),
      [
        `[${AT_ROUTE}] spec.backendRefs[0].weight: got -1: is below 0. Write at least 0.`,
        `[${AT_ROUTE}] spec.backendRefs[1].serverRef.kind: got "Service": is not one of MCPServer, ClusterMCPServer. Write one of them.`,
        `[${AT_ROUTE}] spec.backendRefs[1].serverRef.name: got "ledger": there is no Service ledger in the manifest, only MCPServer finance/ledger. ` +
          'Correct the name, add the document, or pass a server from elsewhere in the option `servers`.',
      ],
    ],
    [
      'a gateway that does not exist',
      routed('gatewayRef: {name: gw}'),
      [
        `[${AT_ROUTE}] spec.gatewayRef.name: got "gw": there is no MCPGateway finance/gw in the manifest or the app, and no other gateway. ` +
          'Correct the name, add the document, or create the gateway before reading the manifest (McpGateway.fromMcpGatewayName for one outside the app).',
      ],
    ],
    [
      'a namespace of a cluster gateway',
      routed('gatewayRef: {kind: ClusterMCPGateway, name: gw, namespace: x}'),
      [
        `[${AT_ROUTE}] spec.gatewayRef.namespace: got "x": is given, but a ClusterMCPGateway is in no namespace. Remove it.`,
        `[${AT_ROUTE}] spec.gatewayRef.name: got "gw": there is no ClusterMCPGateway gw in the manifest or the app, and no other gateway. ` +
          'Correct the name, add the document, or create the gateway before reading the manifest (McpGateway.fromMcpGatewayName for one outside the app).',
      ],
    ],
    [
      'rules without a condition',
      routed('matches: [{}, {toolMatch: {}}, {tools: []}]'),
      [0, 1, 2].map(
        i =>
          `[${AT_ROUTE}] spec.matches[${i}]: got ${['{}', '{"toolMatch":{}}', '{"tools":[]}'][i]}: has no condition, so it would match everything. ` +
          'Give tools, a method or headers; servers for everything belong to addBackend.',
      ),
    ],
    [
      'tools said in two ways',
      routed('matches: [{tools: [a], toolMatch: {exactMatch: a}}, {toolMatch: {exactMatch: a, prefixMatch: b}}]'),
      [
        `[${AT_ROUTE}] spec.matches[0]: got ["tools","toolMatch"]: has both: it is not said whether one or both must match. Keep one, or write one rule for each.`,
        `[${AT_ROUTE}] spec.matches[1].toolMatch: got {"exactMatch":"a","prefixMatch":"b"}: has exactMatch and prefixMatch: it is not said whether one or all must match. Keep one, or write one rule for each.`,
      ],
    ],
    [
      'tools, methods and headers that are none',
      routed(
        'matches: [{tools: [ok, "a b"]}, {toolMatch: {regexMatch: "("}}, {method: tools/run}, ' +
          '{headers: [{name: "a b", type: Exact, value: c}, {name: d, type: Regex, value: "(?=x)"}]}]',
      ),
      [
        `[${AT_ROUTE}] spec.matches[0].tools[1]: got "a b": is not a tool name or glob (1 to 128 letters, digits, "_", "-", ".", "/" and "*"). Write a tool name, or a glob such as db_*.`,
        `[${AT_ROUTE}] spec.matches[1].toolMatch.regexMatch: got "(": is not an RE2 regular expression (error parsing regexp: missing closing ): \`(\`). ` +
          'Write it in RE2 syntax, which has no look-around and no back-references.',
        `[${AT_ROUTE}] spec.matches[2].method: got "tools/run": is not a request of MCP. Use one of initialize, ping, tools/list, tools/call, prompts/list, prompts/get, ` +
          'resources/list, resources/read, resources/templates/list, resources/subscribe, resources/unsubscribe, completion/complete, logging/setLevel, ' +
          'server/discover, subscriptions/listen, tasks/get, tasks/result, tasks/list, tasks/update, tasks/cancel.',
        `[${AT_ROUTE}] spec.matches[3].headers[0].name: got "a b": is not a header name (RFC 9110 token). Name one header.`,
        `[${AT_ROUTE}] spec.matches[3].headers[1].value: got "(?=x)": is not an RE2 regular expression (error parsing regexp: invalid or unsupported Perl syntax: \`(?=\`). ` +
          'Write it in RE2 syntax, which has no look-around and no back-references.',
      ],
    ],
    [
      'filters that do not fit their type',
      routed(
        'filters: [{type: RequestHeaderModifier}, {type: ResponseHeaderModifier, responseHeaderModifier: {remove: [a]}, requestHeaderModifier: {remove: [a]}}, ' +
          '{type: Mirror}]',
      ),
      [
        `[${AT_ROUTE}] spec.filters[2].type: got "Mirror": is not one of RequestHeaderModifier, ResponseHeaderModifier. Write one of them.`,
        `[${AT_ROUTE}] spec.filters[0].requestHeaderModifier: got nothing: is missing for type RequestHeaderModifier. Add it.`,
        `[${AT_ROUTE}] spec.filters[1].requestHeaderModifier: got {"remove":["a"]}: does not go with type ResponseHeaderModifier. Remove it, or write a filter of its own for it.`,
      ],
    ],
    [
      'filters that contradict each other, and headers that are none',
      routed(
        'filters: [{type: RequestHeaderModifier, requestHeaderModifier: {set: [{name: x-a, value: b}, {name: Host, value: c}]}}, ' +
          '{type: RequestHeaderModifier, requestHeaderModifier: {remove: [ok, X-A, "d e"]}}]',
      ),
      [
        `[${AT_ROUTE}] spec.filters[1].requestHeaderModifier.remove[1]: got "X-A": is named twice by the RequestHeaderModifier filters of this route. Name each header once, in set, add or remove.`,
        `[${AT_ROUTE}] spec.filters[0].requestHeaderModifier.set[1]: got {"name":"Host","value":"c"}: carries the MCP session or the message itself. Leave it alone.`,
        `[${AT_ROUTE}] spec.filters[1].requestHeaderModifier.remove[2]: got "d e": is not a header name (RFC 9110 token). Name one header.`,
      ],
    ],
    [
      'times that are none',
      routed('timeouts: {request: 0s, backendRequest: 1d}, retry: {backoff: x}'),
      [
        `[${AT_ROUTE}] spec.retry.backoff: got "x": does not match ^([0-9]{1,5}(h|m|s|ms)){1,4}$. Correct it.`,
        `[${AT_ROUTE}] spec.timeouts.backendRequest: got "1d": does not match ^([0-9]{1,5}(h|m|s|ms)){1,4}$. Correct it.`,
        `[${AT_ROUTE}] spec.retry.attempts: got nothing: is missing. Write how many attempts are made in all, the first included.`,
        `[${AT_ROUTE}] spec.timeouts.request: got "0s": is not above 0. Give a longer time, or none.`,
      ],
    ],
    [
      'times and attempts that make no sense',
      routed('timeouts: {request: 1s, backendRequest: 1m30s}, retry: {attempts: 1, codes: [200]}'),
      [
        `[${AT_ROUTE}] spec.retry.attempts: got 1: is below 2. Write at least 2.`,
        `[${AT_ROUTE}] spec.retry.codes[0]: got 200: is below 400. Write at least 400.`,
        `[${AT_ROUTE}] spec.timeouts.backendRequest: got "1m30s": is longer than the whole request may take. Give at most timeouts.request.`,
      ],
    ],
  ])('%s', (_, text, expected) => {
    expect(faults(text)).toEqual(expected);
  });
});

describe('gateways', () => {
  test.each<[string, string, string[]]>([
    ['no replicas', gatewayOf('replicas: 0'), [`[${AT_GATEWAY}] spec.replicas: got 0: is below 1. Write at least 1.`]],
    [
      'another data plane',
      gatewayOf('dataPlane: {type: nginx}'),
      [`[${AT_GATEWAY}] spec.dataPlane.type: got "nginx": is not one of agentgateway, envoy. Write one of them.`],
    ],
    [
      'a container that would run beside the gateway',
      gatewayOf('podSpec: {spec: {containers: [{name: mcp-gateway, image: x}]}}'),
      [
        `[${AT_GATEWAY}] spec.podSpec.spec.containers: got ["mcp-gateway"]: has no container named "gateway", so these would run beside the gateway's own. ` +
          'Name the container that is the gateway "gateway": its fields are merged over what is rendered.',
      ],
    ],
    [
      'a discovery of nothing',
      gatewayOf('mcpServers: {autoDiscovery: true}'),
      [
        `[${AT_GATEWAY}] spec.mcpServers: got {"autoDiscovery":true}: names no servers. Add static, selector or namespaceSelector, or remove mcpServers.`,
      ],
    ],
    [
      'servers that do not exist, or are taken in a way of their own',
      gatewayOf('mcpServers: {static: [{name: x, priority: 1, tags: [a], auth: {method: Bearer}}]}'),
      [
        `[${AT_GATEWAY}] spec.mcpServers.static[0].priority: got 1: is not supported: all servers are served together. Remove it.`,
        `[${AT_GATEWAY}] spec.mcpServers.static[0].tags: got ["a"]: is not supported: a gateway takes servers as they declare themselves. Remove it.`,
        `[${AT_GATEWAY}] spec.mcpServers.static[0].name: got "x": there is no MCPServer finance/x in the manifest, and no other server. ` +
          'Correct the name, add the document, or pass a server from elsewhere in the option `servers`.',
        `[${AT_GATEWAY}] spec.mcpServers.static[0].auth.token: got nothing: is missing for method Bearer. Add it.`,
      ],
    ],
    [
      'selectors that are none',
      gatewayOf(
        'mcpServers: {autoDiscovery: false, selector: {matchLabels: {"a b": c}, ' +
          'matchExpressions: [{key: a, operator: In}, {key: b, operator: Exists, values: [c]}, {key: d, operator: Gt}]}}',
      ),
      [
        `[${AT_GATEWAY}] spec.mcpServers.selector.matchLabels[a b]: got "a b": is not a label key ([prefix/]name, name of at most 63 characters). Correct the key.`,
        `[${AT_GATEWAY}] spec.mcpServers.selector.matchExpressions[0].values: got []: does not go with In. Add values.`,
        `[${AT_GATEWAY}] spec.mcpServers.selector.matchExpressions[1].values: got ["c"]: does not go with Exists. Remove the values.`,
        `[${AT_GATEWAY}] spec.mcpServers.selector.matchExpressions[2].operator: got "Gt": is not an operator of label selectors. Write one of In, NotIn, Exists, DoesNotExist.`,
        `[${AT_GATEWAY}] spec.mcpServers.autoDiscovery: got false: is false, but each synthesis selects servers anew. Remove it, or list the servers in static.`,
      ],
    ],
    [
      'a name of two servers',
      documents(
        gatewayOf('mcpServers: {static: [{name: ledger}]}'),
        serverOf('ledger'),
        documentOf('ClusterMCPServer', 'ledger', `{transport: sse, hosted: {${POD}}, workloadNamespace: shared}`),
      ),
      [
        `[${AT_GATEWAY}] spec.mcpServers.static[0].name: got "ledger": is the name of both MCPServer finance/ledger and ClusterMCPServer ledger. Write the namespace of the MCPServer, or rename one.`,
      ],
    ],
    [
      'a network of another kind',
      gatewayOf(
        'network: {service: {ports: [{name: MCP, port: 80, protocol: UDP, targetPort: 8081}]}, ' +
          'transport: {http: {port: 8080, readTimeout: 5s}, grpc: {}, webSocket: {port: 1}}, ingress: {enabled: true, className: nginx}}',
      ),
      [
        `[${AT_GATEWAY}] spec.network.service.ports[0].name: got "MCP": is not a name of a port (at most 15 of a-z, 0-9 and single "-", with a letter). Write http.`,
        `[${AT_GATEWAY}] spec.network.service.ports[0].protocol: got "UDP": does not carry HTTP. Write TCP.`,
        `[${AT_GATEWAY}] spec.network.service.ports[0].targetPort: got 8081: is not the port that the gateway listens on (8080). Write the same in both places, or in one.`,
        `[${AT_GATEWAY}] spec.network.transport.grpc: got {}: is no transport of the Model Context Protocol: gateways serve it by streamable HTTP. Remove it; clients connect to the port of http.`,
        `[${AT_GATEWAY}] spec.network.transport.http.readTimeout: got "5s": is not supported: no gateway bounds how long a request as a whole may take to arrive. ` +
          'Remove it, and bound it where connections from outside the cluster end, such as by an annotation of network.ingress.',
        `[${AT_GATEWAY}] spec.network.transport.webSocket: got {"port":1}: is no transport of the Model Context Protocol: gateways serve it by streamable HTTP. Remove it; clients connect to the port of http.`,
        `[${AT_GATEWAY}] spec.network.ingress.hosts: got []: names no host. Name at least one.`,
      ],
    ],
    [
      'several ports',
      gatewayOf('network: {service: {ports: [{name: http, port: 80}, {name: https, port: 443}]}}'),
      [
        `[${AT_GATEWAY}] spec.network.service.ports: got [{"name":"http","port":80},{"name":"https","port":443}]: has several ports: the Service of a gateway has one. Keep one.`,
      ],
    ],
    [
      'a port of root',
      gatewayOf('network: {transport: {http: {port: 80}}}'),
      [
        `[${AT_GATEWAY}] spec.network.transport.http.port: got 80: is a port that only root may listen on. Use a port from 1024 on; the Service can still have port 80.`,
      ],
    ],
    [
      'statements that are not true',
      gatewayOf(
        'transport: sse, observability: {health: {enabled: false, port: 8080}, metrics: {format: OpenMetrics, port: 9090, path: /metrics}, logging: {output: Syslog}}',
      ),
      [
        `[${AT_GATEWAY}] spec.transport: got "sse": is not what is rendered ("streamable-http"). Write "streamable-http", or remove it.`,
        `[${AT_GATEWAY}] spec.observability.health.enabled: got false: is not what is rendered (true). Write true, or remove it.`,
        `[${AT_GATEWAY}] spec.observability.health.port: got 8080: is not what is rendered (15021). Write 15021, or remove it.`,
        `[${AT_GATEWAY}] spec.observability.metrics.format: got "OpenMetrics": is not what is rendered ("Prometheus"). Write "Prometheus", or remove it.`,
        `[${AT_GATEWAY}] spec.observability.metrics.port: got 9090: is not what is rendered (15020). Write 15020, or remove it.`,
        `[${AT_GATEWAY}] spec.observability.logging.output: got "Syslog": is not what is rendered ("Stdout"). Write "Stdout", or remove it.`,
      ],
    ],
    [
      'traces that are half configured',
      gatewayOf(
        'observability: {tracing: {endpoint: "http://otel:4317"}, metrics: {customMetrics: [{name: a, type: Gauge}]}, logging: {file: {path: /x}}}',
      ),
      [
        `[${AT_GATEWAY}] spec.observability.tracing.enabled: got nothing: is missing, and traces are off by default. Write enabled: true, or remove tracing.`,
        `[${AT_GATEWAY}] spec.observability.logging.file: got {"path":"/x"}: ${NOT_RENDERED}`,
        `[${AT_GATEWAY}] spec.observability.metrics.customMetrics: got [{"name":"a","type":"Gauge"}]: ${NOT_RENDERED}`,
      ],
    ],
    [
      'traces that cannot be sent',
      gatewayOf('observability: {tracing: {enabled: true, provider: Zipkin, headers: {a: b}}}'),
      [
        `[${AT_GATEWAY}] spec.observability.tracing.provider: got "Zipkin": is not supported: gateways speak OTLP. Write OpenTelemetry; collectors translate.`,
        `[${AT_GATEWAY}] spec.observability.tracing.endpoint: got nothing: is missing. Write the URL of a collector, such as http://otel-collector.observability.svc:4317.`,
        `[${AT_GATEWAY}] spec.observability.tracing.headers: got {"a":"b"}: ${NOT_RENDERED}`,
      ],
    ],
    [
      'policies with times and versions that are none',
      gatewayOf(
        'policy: {circuitBreaker: {errorRateThreshold: "1", openStateTimeout: 1d}}, protocolVersion: {minVersion: x}',
      ),
      [
        `[${AT_GATEWAY}] spec.policy.circuitBreaker.openStateTimeout: got "1d": is not a duration (such as 500ms, 30s or 1m30s). Write it as 30s or 1m30s.`,
        `[${AT_GATEWAY}] spec.protocolVersion.minVersion: got "x": is not a version of MCP. Write it as 2025-06-18.`,
      ],
    ],
    [
      'health checks at times that are none',
      documents(
        gatewayOf('mcpServers: {static: [{name: ledger}], healthCheck: {interval: x, timeout: 0.1ms}}'),
        serverOf('ledger'),
      ),
      [
        `[${AT_GATEWAY}] spec.mcpServers.healthCheck.interval: got "x": is not a duration (such as 500ms, 30s or 1m30s). Write it as 30s or 1m30s.`,
        `[${AT_GATEWAY}] spec.mcpServers.healthCheck.timeout: got "0.1ms": is finer than a millisecond. Write it as 30s or 1m30s.`,
      ],
    ],
  ])('%s', (_, text, expected) => {
    expect(faults(text)).toEqual(expected);
  });
});

test('everything that is wrong is said in one run, in the order of the text', () => {
  const text = documents(
    `apiVersion: ome.io/v1alpha1
kind: MCPServer
metadata:
  name: Ledger
spec:
  transport: streamable-http
  replicas: 2
  hosted:
    podSpec:
      spec:
        containers:
        - name: server
          image: x
`,
    'kind: MCPServer: x\n',
    'apiVersion: v1\nkind: Secret\nmetadata: {name: x}\n',
    `apiVersion: ome.io/v1alpha1
kind: MCPRoute
metadata:
  name: tools
spec:
  backendRefs:
  - name: Ledger
    weight: "90"
  - name: other
`,
    documentOf('MCPRoute', 'more', '{backendRefs: [{name: Ledger}, {name: other}], timeouts: {request: 0s}, foo: 1}'),
  );
  const fields =
    'authzConfig, capabilities, fileSystem, hostHeader, hosted, oidcConfig, path, permissionProfile, port, remote, sessions, tools, toolsFilter, transport, version';
  expect(faults(text)).toEqual([
    '[f.yaml:4 (document 1, MCPServer finance/Ledger)] metadata.name: got "Ledger": is not a DNS label (lower-case letters, digits and "-", starting with a letter, ending with a letter or digit). Choose such a name.',
    `[f.yaml:7 (document 1, MCPServer finance/Ledger)] spec.replicas: got 2: is not a field here. Remove it; the fields are ${fields}.`,
    '[f.yaml:11 (document 1, MCPServer finance/Ledger)] spec.hosted.podSpec.spec.containers: got ["server"]: has no container named "mcp-server". Name the container that runs the server "mcp-server".',
    '[f.yaml:15:7 (document 2)] YAML: got "kind: MCPServer: x": is not YAML as Kubernetes reads it (Nested mappings are not allowed in compact mappings). Correct the text.',
    '[f.yaml:18 (document 3, Secret x)] kind: got "Secret": is a kind of v1, which a manifest does not turn into constructs. Remove the document, or pass otherKinds: OtherKinds.PASS_THROUGH to emit it as it is.',
    '[f.yaml:28 (document 4, MCPRoute finance/tools)] spec.backendRefs[0].weight: got "90": is text, not a whole number. Write a whole number.',
    '[f.yaml:34 (document 5, MCPRoute finance/more)] spec.foo: got 1: is not a field here. ' +
      'Remove it; the fields are affinity, allowedOrigins, authentication, authorization, authzConfig, backendRefs, filters, gatewayRef, matches, rateLimit, retry, timeouts.',
    '[f.yaml:34 (document 5, MCPRoute finance/more)] spec.timeouts.request: got "0s": is not above 0. Give a longer time, or none.',
    '[f.yaml:34 (document 5, MCPRoute finance/more)] spec.backendRefs[1].serverRef.name: got "other": there is no MCPServer finance/other in the manifest, only MCPServer finance/Ledger. ' +
      'Correct the name, add the document, or pass a server from elsewhere in the option `servers`.',
  ]);
});

import { allowedNamespaces } from './allowed-namespaces';
import { authzConfig } from './authorization';
import { backendCredentials, kindsOf, secretRef } from './backend-credentials';
import {
  anything,
  boolean,
  choice,
  Codec,
  dateTime,
  integer,
  listByKey,
  long,
  named,
  own,
  placeOf,
  port,
  Rule,
  ruleFor,
  text,
  textSet,
  ValueOf,
} from './codec';
import { conditions, phase, POD_TEMPLATE, TRANSPORTS } from './common';
import { Fields, object } from './object';
import { oidcConfig } from './oidc';
import { permissionProfile } from './permission-profile';
import { Place } from './place';
import { AGE, Column, Resource } from './resource';
import { CelRule } from './schema';
import { withoutUnseen } from './upstream';
import { errorKind } from '../model/findings';
import { compact, Json } from '../values/json';
import { Path } from '../values/paths';

/** Where the server may read and write. */
const fileSystem = object('Folders the server may use; its root file system is read-only.', {
  read: textSet('Folders on volumes that it may only read.'),
  write: textSet('Folders it may write; an empty volume where the pod template mounts none.'),
});

/**
 * MCPServer and ClusterMCPServer. Shapes of upstream's pr526, oidcConfig and authzConfig of sep2025, and the status of both;
 * `tools`, `sessions`, `port`, `path`, `tls`, `hostHeader`, `remote.openAPI`, `credentials`, `fileSystem` and what consent to share needs are this library's.
 */

const capabilities = object('What the server offers.', {
  prompts: boolean('Whether it offers prompts.'),
  resources: boolean('Whether it offers resources.'),
  tools: boolean('Whether it offers tools.'),
});

const tls = object('How the certificate of the server is checked.', {
  caBundle: text("PEM certificates that the server's certificate must chain to; the system's roots by default."),
  caSecretRef: named('caSecret', secretRef('Secret that holds such certificates.')),
  serverName: text("Name sent as SNI and expected in the certificate; the host's by default."),
});

const remote = object(
  'A server that runs elsewhere.',
  {
    credentials: own(backendCredentials, { show: kindsOf }),
    openAPI: own(
      named(
        'schema',
        anything({
          type: 'object',
          description:
            'For a REST service at the URL: its OpenAPI document, version 3.0 or 3.1. Its operations are the tools, named by operationId; gateways translate.',
          'x-kubernetes-preserve-unknown-fields': true,
        }),
      ),
      { show: () => '(given)' },
    ),
    tls: own(tls),
    url: text("URL of the server's MCP endpoint, or that the paths of openAPI are below.", {
      pattern: '^https?://.*',
    }),
  },
  {
    required: ['url'],
    'x-kubernetes-validations': [
      {
        rule: "!has(self.tls) || self.url.startsWith('https://')",
        message: 'remote.tls needs a remote.url that starts with https://: change the URL or remove remote.tls',
      },
    ],
  },
);

const hosted = object(
  'A server that runs in this cluster.',
  {
    credentials: own(backendCredentials, { show: kindsOf }),
    podSpec: named('template', POD_TEMPLATE),
    replicas: integer('Number of pods.', { default: 1, minimum: 0 }),
    tls: own(tls),
  },
  { required: ['podSpec'] },
);

/** Of a description that is there. */
const DESCRIBED: Rule<string> = ruleFor(
  'tool-description-empty',
  description => (description === '' ? 'is empty' : undefined),
  'Remove it',
);

const fields = {
  authzConfig,
  capabilities,
  fileSystem: own(fileSystem, { instead: 'Mount volumes in the pod template' }),
  hostHeader: own(
    text('Header Host of requests to the server, with a port where it is to have one. Default: where it is reached.'),
  ),
  hosted,
  oidcConfig,
  path: own(text('HTTP path the server answers MCP on. Default: /mcp.', { pattern: '^/' })),
  permissionProfile,
  port: own(port('Port the server listens on. Default: 8080.')),
  remote,
  sessions: own(
    choice(
      'Whether calls of one session must reach one pod (stateful) or may reach any (stateless). Default: stateful.',
      ['stateful', 'stateless'],
    ),
  ),
  tools: own(
    listByKey(
      'Catalogue of the tools the server offers, for checks before it runs.',
      'name',
      object(
        'One tool.',
        {
          description: text('What the tool does.', {}, DESCRIBED),
          name: text('Name of the tool, as clients call it.', { minLength: 1 }),
        },
        { required: ['name'] },
      ),
    ),
  ),
  toolsFilter: textSet('Tools that are exposed, by name or glob. Default: all. An empty list exposes none.'),
  transport: choice('How the server speaks MCP.', TRANSPORTS, { default: 'stdio' }),
  version: text('Version of the server, for people.'),
};

const hostedOrRemote: CelRule = {
  rule: 'has(self.hosted) != has(self.remote)',
  message: 'set exactly one of spec.hosted and spec.remote',
};

/**
 * Where something that is said of a server stands in its resource. Where its program is has one option, `source`, and fields
 * in several places.
 */
function serverPlace(field: Codec<any>, path: Path, json: any): Path {
  const [first, second] = path;
  if (first === 'source' && second !== undefined) {
    const holder = ['port', 'path', 'transport'].includes(String(second)) ? [] : [json?.remote ? 'remote' : 'hosted'];
    return placeOf(field, [...holder, ...path.slice(1)], json);
  }
  if (first === 'replicas') {
    return ['hosted', first];
  }
  // Options have names of tools alone.
  return first === 'tools' && path.length === 2 ? [...path, 'name'] : (field.place?.(path, json) ?? path);
}

/** Where the adapter of a stdio program answers. */
const ADAPTER = { port: 8080, path: '/mcp' };

const OF_REMOTE = errorKind('server-port-remote', 'is given for a remote server, whose URL says it', 'Remove it');
const OF_ADAPTER = errorKind(
  'server-port-stdio',
  'is given for a stdio server, which answers HTTP by an adapter of this library',
  'Remove it: the adapter {answers}',
);
const REST_TRANSPORT = errorKind(
  'server-transport-rest',
  'is given for a REST service, which gateways serve by streamable HTTP',
  'Remove it',
);

/** What is said of where a program answers. */
interface Program {
  readonly hosted?: object;
  readonly remote?: { readonly schema?: unknown };
  readonly transport?: string;
  readonly port?: number;
  readonly path?: string;
}

/** Checks what is said of where a program answers: nothing where that follows. */
function checkProgram({ hosted: program, remote: elsewhere, transport, port: at, path }: Program, place: Place): void {
  if (elsewhere !== undefined) {
    place.at('port').report(OF_REMOTE, at, at !== undefined);
    place.at('path').report(OF_REMOTE, path, path !== undefined);
    place
      .at('transport')
      .report(
        REST_TRANSPORT,
        transport,
        elsewhere.schema !== undefined && transport !== undefined && transport !== 'streamable-http',
      );
  } else if (program !== undefined && (transport ?? 'stdio') === 'stdio') {
    const differs = (said: unknown, known: unknown) => said !== undefined && said !== known;
    place
      .at('port')
      .report(OF_ADAPTER, at, differs(at, ADAPTER.port) ? { answers: `listens on ${ADAPTER.port}` } : undefined);
    place
      .at('path')
      .report(OF_ADAPTER, path, differs(path, ADAPTER.path) ? { answers: `answers on ${ADAPTER.path}` } : undefined);
  }
}

/** The fields of a kind of servers. */
function serverSpec<F extends Fields>(others: F) {
  const whole = object(
    'Wanted state.',
    { ...fields, ...others },
    { 'x-kubernetes-validations': [hostedOrRemote] },
    checkProgram,
  );
  return { ...whole, place: (path: Path, json: any) => serverPlace(whole, path, json) };
}

const serverFields = serverSpec({});

const clusterServerFields = serverSpec({
  allowedNamespaces: own(allowedNamespaces),
  workloadNamespace: own(text('Namespace that holds the pods and everything else the server needs.')),
});

/** What a server says, by the names of its options; the last two fields of its type are those of a ClusterMCPServer. */
export type ServerValue = ValueOf<typeof clusterServerFields>;

/** The `spec` of a server's resource: without what is empty, and where an operator reads it, without what it has no field for. */
export function serverJson(value: ServerValue, rendered: boolean): Json {
  const json = compact(clusterServerFields.encode(value));
  return rendered ? json : withoutUnseen(clusterServerFields, json);
}

/** `ready` is required in pr526 and absent in sep2025, so that it is optional here. */
const status = object('Observed state.', {
  conditions,
  lastUpdateTime: dateTime('When the status was last written.'),
  message: text('Explanation of the phase, for people.'),
  networkEnforcement: choice('What enforces the network permissions.', ['NetworkPolicy', 'ServiceMesh', 'None']),
  observedGeneration: long('Generation the status was computed from.'),
  phase,
  ready: boolean('Whether the server answers.'),
  readyReplicas: integer('Number of pods that are ready.'),
  replicas: integer('Number of pods.'),
  url: text('Address of the server in the cluster.'),
});

const COLUMNS: readonly Column[] = [
  { name: 'Transport', type: 'string', jsonPath: '.spec.transport', description: 'How the server speaks MCP.' },
  {
    name: 'Replicas',
    type: 'integer',
    jsonPath: '.spec.hosted.replicas',
    description: 'Pods asked for; none for a remote server.',
  },
  { name: 'Ready', type: 'string', jsonPath: '.status.ready', description: 'Whether the server answers.' },
  { name: 'Status', type: 'string', jsonPath: '.status.phase', description: 'Where the server is in its life.' },
  { name: 'URL', type: 'string', jsonPath: '.status.url', description: 'Address of the server in the cluster.' },
  {
    name: 'Remote',
    type: 'string',
    jsonPath: '.spec.remote.url',
    description: 'Address of a server that runs elsewhere.',
    priority: 1,
  },
];

export const mcpServer: Resource & { readonly spec: typeof serverFields } = {
  kind: 'MCPServer',
  shortName: 'mcps',
  scope: 'Namespaced',
  description: 'A Model Context Protocol server, hosted in this cluster or remote.',
  spec: serverFields,
  specRequired: false,
  status,
  columns: [...COLUMNS, AGE],
};

export const clusterMcpServer: Resource & { readonly spec: typeof clusterServerFields } = {
  kind: 'ClusterMCPServer',
  shortName: 'cmcps',
  scope: 'Cluster',
  description: 'A Model Context Protocol server that routes of several namespaces may use.',
  spec: clusterServerFields,
  specRequired: true,
  status,
  columns: [
    ...COLUMNS,
    {
      name: 'Workload',
      type: 'string',
      jsonPath: '.spec.workloadNamespace',
      description: 'Namespace of the pods.',
      priority: 1,
    },
    AGE,
  ],
};

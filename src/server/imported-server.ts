import { Construct } from 'constructs';
import { BackendCredential } from './backend-credential';
import { checkServerTls, upstreamTls } from './remote-url';
import { checkHostHeader } from './server-checks';
import { catalogueOf, protocolOf, serviceHost } from './server-statement';
import { McpSessions, McpTransport, SERVER_PORT } from './source-config';
import { McpServerTls } from './source-options';
import { InputCheck } from '../model/findings';
import { Consent, Server, ServerKind } from '../model/server';
import { isPort, isToolName, PORT_INVALID, TOOL_NAME_INVALID } from '../model/validation';
import { credentialFindings } from '../passes/servers/credentials';
import { IMcpServer } from '../references';
import { resolveName } from '../synthesis/placement';
import { Synthesis } from '../synthesis/synthesis';

/** What this app should know about a server that exists outside it. */
export interface ImportedMcpServerOptions {
  /**
   * What it answers: streamable HTTP or SSE. A stdio server answers streamable HTTP through its adapter.
   *
   * @default McpTransport.STREAMABLE_HTTP
   */
  readonly transport?: McpTransport;

  /**
   * Path it answers on.
   *
   * @default - `/mcp`, and `/sse` for SSE
   */
  readonly path?: string;

  /**
   * Port that its pods listen on behind port 8080 of its Service. Network policies act on ports of pods.
   *
   * @default 8080
   */
  readonly podPort?: number;

  /**
   * Whether it keeps sessions. One that does must run a single replica, for its replicas are not known here.
   *
   * @default McpSessions.STATEFUL
   */
  readonly sessions?: McpSessions;

  /**
   * Header `Host` that gateways send to it; as in {@link McpServerOptions.hostHeader}.
   *
   * @default - the host of its Service
   */
  readonly hostHeader?: string;

  /**
   * For a server that speaks HTTPS: how gateways check its certificate; as in {@link McpImageOptions.tls}.
   *
   * @default - it speaks plain HTTP
   */
  readonly tls?: McpServerTls;

  /**
   * Names of its tools.
   *
   * @default - unknown
   */
  readonly tools?: string[];

  /**
   * Its labels: what discovery selects by.
   *
   * @default - none
   */
  readonly labels?: { [key: string]: string };

  /**
   * What gateways prove to it; as in {@link McpImageOptions.credentials}.
   *
   * @default - nothing; what callers send to a gateway that does not authenticate them reaches the server
   */
  readonly credentials?: BackendCredential[];
}

/** Where an imported server is. */
export interface ImportedServerPlace {
  readonly kind: ServerKind;
  readonly name: string;
  /** Namespace of its pods. */
  readonly workloadNamespace: string;
  readonly consent?: Consent;
}

/** A server that exists outside this app. */
export class ImportedServer extends Construct implements IMcpServer {
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
  readonly url: string;

  constructor(scope: Construct, id: string, place: ImportedServerPlace, options: ImportedMcpServerOptions) {
    super(scope, id);
    const transport = options.transport ?? McpTransport.STREAMABLE_HTTP;
    const credentials = options.credentials?.map(({ _model }) => _model);
    const input = new InputCheck(this.node.path);
    this.name = resolveName(this, place.name, input);
    options.tools?.forEach((tool, i) => input.report(TOOL_NAME_INVALID, `tools[${i}]`, tool, !isToolName(tool)));
    input.reportGiven(PORT_INVALID, 'podPort', options.podPort, value =>
      isPort(value) ? undefined : { port: 'the port that its pods listen on' },
    );
    checkServerTls(input, options.tls);
    checkHostHeader(input, options.hostHeader);
    const connection = options.tls === undefined ? 'cluster' : 'https';
    input.add(credentialFindings(this.node.path, 'credentials', credentials ?? [], connection));
    input.throwIfAny();

    const path = options.path ?? (transport === McpTransport.SSE ? '/sse' : '/mcp');
    const host = serviceHost(place.name, place.workloadNamespace);
    this.kind = place.kind;
    this.namespace = place.kind === 'MCPServer' ? place.workloadNamespace : undefined;
    const tls = options.tls && upstreamTls({ ...options.tls, serverName: options.tls.serverName ?? host });
    this.url = `${tls === undefined ? 'http' : 'https'}://${host}:${SERVER_PORT}${path}`;
    const model: Server = {
      kind: place.kind,
      name: this.name,
      namespace: this.namespace,
      path: this.node.path,
      labels: options.labels ?? {},
      transport,
      protocol: protocolOf(transport),
      sessions: options.sessions ?? McpSessions.STATEFUL,
      endpoints: [{ host, port: SERVER_PORT, path, tls }],
      hostHeader: options.hostHeader,
      workloadNamespace: place.workloadNamespace,
      podPort: options.podPort,
      tools: catalogueOf(options),
      credentials,
      consent: place.consent,
      imported: true,
    };
    Synthesis.of(this).add(this, { server: () => model });
  }
}

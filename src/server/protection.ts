import { ServerStatement } from './server-statement';
import { HostedSource, McpTransport, SERVER_CONTAINER, SourceConfig } from './source-config';
import { SERVER_ADAPTER, SERVER_GUARD } from '../backends/server-proxies';
import { Diagnostic, errorKind, InputCheck } from '../model/findings';
import { LevelPolicy } from '../model/policy';
import { BackendCredential } from '../model/server';
import { credentialHeader } from '../passes/servers/credentials';
import { Json } from '../values/json';

const PROTECTION_OF_REMOTE = errorKind(
  'protection-of-remote',
  'is given for a remote server, and nothing of it runs in the cluster that could ask its callers',
  '{instead}',
);

const CEDAR_WITHOUT_OIDC = errorKind(
  'cedar-without-oidc',
  'judges callers, and callers are not authenticated',
  'Say whose tokens the server takes (oidcConfig)',
);
const CREDENTIAL_OF_PROTECTION = errorKind(
  'credential-of-protection',
  'comes in the header of the token that oidcConfig asks for, which ends at what protects the server',
  'Put it into another header, or drop it',
);
const HOST_NETWORK_UNPROTECTED = errorKind(
  'host-network-unprotected',
  'opens the port of the program to the network of its node, where it is not protected',
  'Drop it',
);
const TLS_OF_PROTECTED = errorKind(
  'tls-of-protected',
  'is given for a program behind what protects it in the same pod, which asks it by plain HTTP',
  'Let the program speak plain HTTP and drop tls, or ask for the token at the route (Authentication.jwt)',
);
const ADAPTER_OF_STDIO = errorKind(
  'adapter-of-stdio',
  'is the adapter of a stdio server, which asks the callers by itself',
  'Describe the program itself: transport stdio, and the command that the adapter starts',
);
const PORT_OF_PROTECTION = errorKind(
  'port-of-protection',
  'is a port of what protects the server, in the same pod ({ports})',
  'Let the program listen on another port',
);

/** What a server asks of its callers. */
type ProtectionOptions = Pick<ServerStatement, 'oidcConfig' | 'authzConfig'>;

/** Whether a server asks something of its callers. */
function isProtected({ oidcConfig, authzConfig }: ProtectionOptions): boolean {
  return oidcConfig !== undefined || authzConfig !== undefined;
}

/**
 * Whether a container of its own stands in front of a rendered server. The adapter of a stdio program asks the callers by
 * itself, unless it would have to fetch keys: it runs in the image of the program, which need not know public authorities.
 */
export function needsGuard(options: ProtectionOptions, source: HostedSource): boolean {
  return isProtected(options) && (source.transport !== McpTransport.STDIO || options.oidcConfig?._fetchesKeys === true);
}

/** What gateways prove to a server: the token of the caller too, where it asks for one. */
export function credentialsFor(
  { oidcConfig }: ProtectionOptions,
  { credentials }: SourceConfig,
): readonly BackendCredential[] | undefined {
  return oidcConfig === undefined ? credentials : [...(credentials ?? []), { kind: 'callerToken' }];
}

/** What a rendered server asks of its callers, as plain data, and what is wrong with where that is written. */
export class Protection {
  private described?: LevelPolicy;

  constructor(
    private readonly path: string,
    private readonly options: ProtectionOptions,
  ) {}

  /** The same object while nothing changed; undefined for a server that asks nothing, or of which that is not known. */
  policy(): LevelPolicy | undefined {
    const { oidcConfig, authzConfig } = this.options;
    const method = oidcConfig?._read(this.path).method;
    const cedar = authzConfig?._model(this.path);
    if (method === undefined) {
      return undefined;
    }
    if (this.described?.authentication[0]?.method !== method || this.described.authzConfig !== cedar) {
      this.described = {
        level: 'server',
        path: this.path,
        authentication: [{ method, origin: { path: this.path, property: 'oidcConfig' } }],
        rules: [],
        rateLimits: [],
        authzConfig: cedar,
      };
    }
    return this.described;
  }

  findings(): readonly Diagnostic[] {
    return this.options.oidcConfig?._read(this.path).findings ?? [];
  }
}

/** Checks that a server can be protected where it is rendered. */
export function checkProtection(input: InputCheck, statement: ServerStatement): void {
  const { oidcConfig, authzConfig, source, workloadNamespace: namespace } = statement;
  if (!isProtected(statement)) {
    return;
  }
  if (source.kind === 'remote') {
    for (const property of ['oidcConfig', 'authzConfig'] as const) {
      input.reportGiven(PROTECTION_OF_REMOTE, property, statement[property] && '(given)', () => ({
        instead:
          property === 'oidcConfig'
            ? 'Ask for the token at the route (Authentication.jwt)'
            : 'Give the policies to the route (authzConfig)',
      }));
    }
    return;
  }
  input.report(CEDAR_WITHOUT_OIDC, 'authzConfig', authzConfig && '(given)', oidcConfig === undefined);
  oidcConfig?._checkRendered(input, namespace);
  authzConfig?._check(input, namespace);
  checkCredentials(input, source);
  if (needsGuard(statement, source)) {
    checkGuard(input, statement.pods.podTemplate, source);
  }
}

/** Credentials that the token of the caller gets in the way of. */
function checkCredentials(input: InputCheck, { credentials = [] }: HostedSource): void {
  credentials.forEach((credential, i) =>
    input.report(
      CREDENTIAL_OF_PROTECTION,
      `source.credentials[${i}]`,
      credential.kind,
      credentialHeader(credential) === 'authorization',
    ),
  );
}

function checkGuard(input: InputCheck, own: Json | undefined, source: HostedSource): void {
  const { path, port, podTemplate, tls, transport } = source;
  input.report(TLS_OF_PROTECTED, 'source.tls', '(given)', tls !== undefined);
  const served = SERVER_GUARD.servesPath(path, transport === McpTransport.SSE ? 'sse' : 'streamable-http');
  input.report(SERVER_GUARD.pathLimit, 'source.path', path, !served);
  const templates = [
    ['source.template', podTemplate],
    ['podTemplate', own],
  ] as const;
  checkPort(input, 'source.port', port);
  for (const [property, template] of templates) {
    const spec = template?.spec ?? {};
    input.report(HOST_NETWORK_UNPROTECTED, `${property}.spec.hostNetwork`, spec.hostNetwork, spec.hostNetwork === true);
    for (const list of ['containers', 'initContainers']) {
      const containers: Json[] = Array.isArray(spec[list]) ? spec[list] : [];
      containers
        .filter(({ name }) => name !== SERVER_GUARD.name)
        .forEach(({ name, ports }) =>
          (Array.isArray(ports) ? ports : []).forEach((declared: Json, i) =>
            checkPort(input, `${property}.spec.${list}[${name}].ports[${i}].containerPort`, declared.containerPort),
          ),
        );
    }
  }
  const program = podTemplate?.spec.containers.find(({ name }: Json) => name === SERVER_CONTAINER);
  const guards: Json[] = podTemplate?.spec.initContainers ?? [];
  // The resource of a stdio server describes its adapter, whose configuration is in no resource.
  input.report(
    ADAPTER_OF_STDIO,
    `source.template.spec.containers[${SERVER_CONTAINER}].command`,
    program?.command,
    program?.command?.[0] === SERVER_ADAPTER.binary && !guards.some(({ name }) => name === SERVER_GUARD.name),
  );
}

function checkPort(input: InputCheck, property: string, port: number): void {
  const { ports } = SERVER_GUARD;
  input.report(PORT_OF_PROTECTION, property, port, ports.includes(port) ? { ports: ports.join(', ') } : undefined);
}

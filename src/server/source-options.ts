import * as kplus from 'cdk8s-plus-28';
import { BackendCredential } from './backend-credential';
import { McpTransport } from './source-config';

/** Options of {@link McpServerSource.image}. */
export interface McpImageOptions {
  /**
   * What the program speaks: streamable HTTP or SSE. A stdio program is started by
   * {@link McpServerSource.command}.
   *
   * @default McpTransport.STREAMABLE_HTTP
   */
  readonly transport?: McpTransport;

  /**
   * Port the container listens on. The Service always answers on 8080.
   *
   * @default 8080
   */
  readonly port?: number;

  /**
   * Path the program answers on.
   *
   * @default - `/mcp`, and `/sse` for SSE
   */
  readonly path?: string;

  /**
   * Replaces the image's entrypoint.
   *
   * @default - the image's entrypoint
   */
  readonly command?: string[];

  /**
   * Replaces the image's arguments.
   *
   * @default - the image's arguments
   */
  readonly args?: string[];

  /**
   * What gateways prove to the server: all of them, each in a header of its own. The header `Authorization` of callers and
   * their cookies stay behind then. Requests to it cross the cluster's network without TLS, and their credentials with them,
   * unless the program speaks TLS (`tls`).
   *
   * @default - nothing; what callers send to a gateway that does not authenticate them reaches the server
   */
  readonly credentials?: BackendCredential[];

  /**
   * For a program that speaks HTTPS itself: how gateways check its certificate. It needs an authority (`caBundle` or
   * `caSecret`), for no public one vouches for names in the cluster, or else the `serverName` that a public certificate has.
   *
   * @default - the program speaks plain HTTP
   */
  readonly tls?: McpServerTls;
}

/** Options of {@link McpServerSource.command}. */
export interface McpCommandOptions {
  /**
   * Folders that the program must be able to write to; each becomes an emptyDir. The rest of
   * the file system is read-only.
   *
   * @default - none
   */
  readonly writablePaths?: string[];
}

/** Options of {@link McpServerSource.npx} and {@link McpServerSource.uvx}. */
export interface McpPackageOptions {
  /**
   * Arguments of the program.
   *
   * @default - none
   */
  readonly args?: string[];

  /**
   * Image with the package runner, or with the package itself if it is `preinstalled`.
   *
   * @default - that of the profile of the cluster ({@link ClusterImages}): `node:22.23.1-trixie-slim` for npx,
   * `ghcr.io/astral-sh/uv:0.9.30-python3.13-trixie-slim` for uvx
   */
  readonly image?: string;

  /**
   * What the program speaks. One that listens on HTTP by itself runs without the adapter.
   *
   * @default McpTransport.STDIO
   */
  readonly transport?: McpTransport;

  /**
   * Port that a program listens on which speaks HTTP. It is told by `args` or by `env` of the server, as the program has it;
   * the Service always answers on 8080.
   *
   * @default 8080
   */
  readonly port?: number;

  /**
   * Path that a program answers on which speaks HTTP.
   *
   * @default - `/mcp`, and `/sse` for SSE
   */
  readonly path?: string;

  /**
   * Name of the program in the package, when it is not the package's own.
   *
   * @default - the package's only program, or the one of its name
   */
  readonly program?: string;

  /**
   * URL of the registry, or of a mirror, that the package and all that it needs are downloaded from. The server may then
   * connect to this host, and to no other for its download; a registry that sends clients elsewhere for the files does not
   * work. A host outside the cluster needs what {@link EgressTarget.host} needs.
   *
   * @default - the public registry, for which the server may connect to every public address on port 443, with a warning
   */
  readonly registry?: string;

  /**
   * Whether the package is installed in `image`, so that nothing is downloaded. The program is started by its name, which
   * must be on the PATH; that it is of the version stated is up to the image.
   *
   * @default false
   */
  readonly preinstalled?: boolean;
}

/** How gateways check the certificate of a server. */
export interface McpServerTls {
  /**
   * PEM certificates that the server's certificate must chain to. They are public and become
   * part of the gateway's configuration.
   *
   * @default - `caSecret`, or the system's roots
   */
  readonly caBundle?: string;

  /**
   * The same in a Secret of the namespace of the gateway's pods, such as the key `ca.crt` of one that cert-manager writes. A
   * changed one counts for new connections; with agentgateway, as soon as its configuration changes or its pods start anew.
   *
   * @default - `caBundle`, or the system's roots
   */
  readonly caSecret?: kplus.SecretValue;

  /**
   * Name for SNI and for the check of the certificate.
   *
   * @default - the host of the URL; of a server that runs in the cluster, the name of its Service (`ledger.finance.svc`)
   */
  readonly serverName?: string;
}

/** Options of {@link McpServerSource.remote}. */
export interface McpRemoteOptions {
  /**
   * What the server speaks: streamable HTTP or SSE.
   *
   * @default McpTransport.STREAMABLE_HTTP
   */
  readonly transport?: McpTransport;

  /**
   * Allows a URL without TLS. Requests and their credentials then cross the network in the clear.
   *
   * @default false
   */
  readonly insecure?: boolean;

  /**
   * How the server's certificate is checked.
   *
   * @default - against the system's roots, for the host of the URL
   */
  readonly tls?: McpServerTls;

  /**
   * What gateways prove to the server: all of them, each in a header of its own. Their Secrets are in the namespace of the
   * gateway's pods.
   *
   * @default - nothing. In no case does the server get the header `Authorization` or cookies of callers, unless
   * {@link BackendCredential.callerToken} is said.
   */
  readonly credentials?: BackendCredential[];
}

/** Options of {@link McpServerSource.openApi}. */
export interface McpOpenApiOptions {
  /**
   * The OpenAPI document, of version 3.0 or 3.1: the parsed object, or its text in JSON or YAML.
   *
   * @default - read from `schemaFile`
   */
  readonly schema?: any;

  /**
   * Path of a file with the document, in JSON or YAML.
   *
   * @default - none; `schema` has the document
   */
  readonly schemaFile?: string;

  /**
   * URL that the paths of the document are below. One without a path, such as `http://crm.finance.svc:8080`, gets that of the
   * document's `servers`; write a slash at its end if there is none.
   *
   * @default - the only URL of the document's `servers`
   */
  readonly url?: string;

  /**
   * Operations that become tools, by their `operationId`; `*` stands for any characters. The others are not looked at.
   *
   * @default - all of the document
   */
  readonly operations?: string[];

  /**
   * Allows a URL without TLS outside the cluster. A Service of the cluster, written in full (`crm.finance.svc`), needs no
   * permission.
   *
   * @default false
   */
  readonly insecure?: boolean;

  /**
   * How the service's certificate is checked.
   *
   * @default - against the system's roots, for the host of the URL
   */
  readonly tls?: McpServerTls;

  /**
   * What gateways prove to the service: all of them, each in a header of its own. Their Secrets are in the namespace of the
   * gateway's pods. A document's own `security` is not read for them.
   *
   * @default - nothing. In no case does the service get the header `Authorization` or cookies of callers, unless
   * {@link BackendCredential.callerToken} is said.
   */
  readonly credentials?: BackendCredential[];
}

/** Options of {@link McpServerSource.podTemplate}. */
export interface McpPodTemplateOptions {
  /**
   * What the program in the container `mcp-server` speaks.
   *
   * @default McpTransport.STREAMABLE_HTTP
   */
  readonly transport?: McpTransport;

  /**
   * Port the container listens on.
   *
   * @default - the first containerPort of the container `mcp-server`, or 8080
   */
  readonly port?: number;

  /**
   * Path the program answers on.
   *
   * @default - `/mcp`, and `/sse` for SSE
   */
  readonly path?: string;

  /**
   * What gateways prove to the server; as in {@link McpImageOptions.credentials}. Not for stdio.
   *
   * @default - nothing; what callers send to a gateway that does not authenticate them reaches the server
   */
  readonly credentials?: BackendCredential[];

  /**
   * For a program that speaks HTTPS itself; as in {@link McpImageOptions.tls}. Not for stdio.
   *
   * @default - the program speaks plain HTTP
   */
  readonly tls?: McpServerTls;
}

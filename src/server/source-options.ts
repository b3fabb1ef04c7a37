import { McpTransport } from './transport';

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
   * Image with the package runner.
   *
   * @default - `node:22-trixie-slim` for npx, `ghcr.io/astral-sh/uv:0.9-python3.13-trixie-slim` for uvx
   */
  readonly image?: string;

  /**
   * Name of the program in the package, when it is not the package's own.
   *
   * @default - the package's only program, or the one of its name
   */
  readonly program?: string;
}

/** TLS options of a remote server. */
export interface McpRemoteTls {
  /**
   * PEM certificates that the server's certificate must chain to. They are public and become
   * part of the gateway's configuration.
   *
   * @default - the system's roots
   */
  readonly caBundle?: string;

  /**
   * Name for SNI and for the check of the certificate.
   *
   * @default - the host of the URL
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
  readonly tls?: McpRemoteTls;
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
}

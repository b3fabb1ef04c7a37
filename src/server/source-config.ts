import { Diagnostic, errorKind, InputCheck } from '../model/findings';
import { IMAGE_INVALID, ImageRole, isImage } from '../model/images';
import { RestApi } from '../model/rest';
import { BackendCredential, Transport, UpstreamTls } from '../model/server';
import { isPort, PORT_INVALID } from '../model/validation';
import { Json } from '../values/json';

/** How a server program speaks MCP (https://modelcontextprotocol.io/specification/2026-07-28/basic/transports). */
export enum McpTransport {
  /** Messages over standard input and output; the library puts an HTTP adapter in front. */
  STDIO = 'stdio',

  /** One HTTP endpoint that answers with JSON or an event stream. */
  STREAMABLE_HTTP = 'streamable-http',

  /** The HTTP+SSE transport of the 2024-11-05 specification. */
  SSE = 'sse',
}

/**
 * What a server keeps in memory between requests, whichever revisions of MCP it speaks. One of 2026-07-28 alone keeps no sessions and is
 * `STATELESS`; one that also keeps those of older clients is `STATEFUL`.
 */
export enum McpSessions {
  /** Sessions: the replica that opened one must get all its requests. The safe assumption. */
  STATEFUL = 'stateful',

  /** Nothing: any replica can answer any request. Such servers scale as any Deployment does. */
  STATELESS = 'stateless',
}

/** A program that runs in the cluster. */
export interface HostedSource {
  readonly kind: 'hosted';
  /** Image of the server's container. */
  readonly image: string;
  /** What it is for where nobody has named it: the cluster then says which it is. */
  readonly stock?: ImageRole;
  /** Replaces the image's entrypoint; for stdio it is the program the adapter starts. */
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly transport: Transport;
  /** Port the program itself listens on; for stdio, the adapter's. */
  readonly port: number;
  /** Path the program itself answers on; for stdio, the adapter's. */
  readonly path: string;
  /** Variables the source needs, before the user's. */
  readonly env: Readonly<Record<string, string>>;
  /** Folders that must be writable though the root file system is not. */
  readonly scratch: readonly ScratchFolder[];
  /** User the container must run as; undefined leaves it to the image. */
  readonly user?: number;
  readonly memoryRequestMebibytes: number;
  readonly memoryLimitMebibytes: number;
  /** A pod template of the user's own, merged over what the library makes. */
  readonly podTemplate?: Json;
  /** Where the program is downloaded from when it starts; undefined for one that is in the image. */
  readonly download?: PackageDownload;
  /** What gateways prove to it. */
  readonly credentials?: readonly BackendCredential[];
  /** How its certificate is checked, where the program speaks HTTPS itself. */
  readonly tls?: UpstreamTls;
}

/** A package that is downloaded. */
export interface PackageDownload {
  /** URL of the registry; undefined for the public one of the package runner. */
  readonly registry?: string;
}

/** A folder on an emptyDir. */
export interface ScratchFolder {
  readonly name: string;
  readonly path: string;
  readonly sizeLimitMebibytes: number;
}

/** A server somewhere else. */
export interface RemoteSource {
  readonly kind: 'remote';
  readonly url: string;
  readonly transport: Transport;
  readonly host: string;
  readonly port: number;
  readonly path: string;
  readonly tls?: UpstreamTls;
  /** What gateways prove to it. */
  readonly credentials?: readonly BackendCredential[];
  /** For a REST service at the URL: what its tools are. */
  readonly rest?: RestApi;
  /** What is worth knowing about its description; the property of each is one of the source. */
  readonly notes?: readonly Omit<Diagnostic, 'path' | 'source'>[];
}

/** Where a server's program is and how it is started. */
export type SourceConfig = HostedSource | RemoteSource;

/** Port of a server's Service, and of its pods by default (OEP-0005, "Request Flow"). */
export const SERVER_PORT = 8080;

/** Name of the container that runs the server (OEP-0005, "Hosted Server Container Name"). */
export const SERVER_CONTAINER = 'mcp-server';

/** Path of a streamable-HTTP endpoint by convention. */
export const MCP_PATH = '/mcp';
/** Path of the event stream of an HTTP+SSE server by convention. */
const SSE_PATH = '/sse';

/** Path a program answers on by convention. */
export function defaultPath(transport: string): string {
  return transport === 'sse' ? SSE_PATH : MCP_PATH;
}

const IMAGE_OF_STDIO = errorKind(
  'image-of-stdio',
  'an image of its own listens on HTTP',
  'Start a stdio program with McpServerSource.command(image, command)',
);
const PATH_INVALID = errorKind('path-invalid', 'is not a URL path', 'Start it with "/", without query or fragment');

/** Where the adapter of a program answers. */
export const STDIO = { transport: McpTransport.STDIO, port: SERVER_PORT, path: MCP_PATH } as const;

/** A program of an image, with what goes without saying. */
export function hosted(image: string): HostedSource {
  return {
    kind: 'hosted',
    image,
    transport: McpTransport.STREAMABLE_HTTP,
    port: SERVER_PORT,
    path: MCP_PATH,
    env: {},
    scratch: [],
    memoryRequestMebibytes: 128,
    memoryLimitMebibytes: 512,
  };
}

/** Checks the name of an image. */
export function checkImage(input: InputCheck, image: string): void {
  input.report(IMAGE_INVALID, 'image', image, !isImage(image));
}

/** Checks where a program that listens on HTTP answers. */
export function checkHttp(input: InputCheck, transport: McpTransport, port?: number, path?: string): void {
  input.report(IMAGE_OF_STDIO, 'transport', transport, transport === McpTransport.STDIO);
  input.reportGiven(PORT_INVALID, 'port', port, value =>
    isPort(value) ? undefined : { port: 'the port the container listens on' },
  );
  input.reportGiven(PATH_INVALID, 'path', path, value => !/^\/[^\s?#]*$/.test(value));
}

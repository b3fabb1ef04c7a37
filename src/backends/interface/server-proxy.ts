import { FindingKind } from '../../model/findings';
import { ImageRole } from '../../model/images';

/*
 * What of a data plane runs in the pod of a server, in front of its program: the adapter of a program that speaks MCP over its
 * standard input and output, and the guard of a server that asks something of its callers.
 */

/** A program that speaks MCP over its standard input and output. */
export interface StdioProgram {
  readonly command: string;
  readonly args?: readonly string[];
  readonly port?: number;
  readonly path?: string;
}

/** A binary that runs in the container of a stdio program, answers there on HTTP, and starts the program for each session. */
export interface StdioAdapter {
  /** Image of the init container that carries the binary. */
  readonly image: ImageRole;
  /** The image's own user, for a pod that must not run as root. */
  readonly user: number;
  /** Where the init container puts the binary, and the server's container runs it from. */
  readonly binaryFolder: string;
  readonly binary: string;
  /** Command of the init container. */
  readonly copyCommand: readonly string[];
  /** Where the configuration is mounted. */
  readonly configFolder: string;
  readonly configFile: string;
  /** Command of the server's container. */
  readonly command: readonly string[];
  /** When the adapter is ready. It says nothing of the program. */
  readonly readinessPath: string;
  readonly readinessPort: number;
  /** Environment variables that it takes for its own: it shares the container's environment with the program. */
  readonly reservedVariables: readonly string[];
  /** Its configuration for a program of which nothing is asked. */
  readonly render: (program: StdioProgram) => string;
}

/** The container in front of the program of a server that is protected, in the server's own pod. */
export interface Guard {
  readonly name: string;
  readonly image: ImageRole;
  /** The image's own user, for a pod that must not run as root. */
  readonly user: number;
  /** Port it answers on. */
  readonly port: number;
  readonly readinessPath: string;
  readonly readinessPort: number;
  readonly args: readonly string[];
  /** Where the configuration is mounted. */
  readonly configFolder: string;
  readonly configFile: string;
  /** Ports that the program behind it must leave free: they share the pod's addresses. */
  readonly ports: readonly number[];
  /** Whether it can serve a program that answers at a path, by HTTP+SSE or by streamable HTTP. */
  readonly servesPath: (path: string, protocol: 'sse' | 'streamable-http') => boolean;
  /** Why it cannot where it cannot, and what to do. */
  readonly pathLimit: FindingKind;
}

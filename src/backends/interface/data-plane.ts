import { Files } from './config-map';
import { PlaneMonitoring } from './monitoring';
import { Detail, PlaneTable } from './standing';
import { Diagnostic, FindingKind } from '../../model/findings';
import { Gateway } from '../../model/gateway';
import { ImageRole } from '../../model/images';
import { Entry, GatewayPlan } from '../../model/plan';
import { SecretKey } from '../../model/policy';
import { Server } from '../../model/server';
import { Enforcement } from '../../passes/access/enforcement';
import { digest } from '../../values/text';

/** Name of the default data plane. */
export const AGENTGATEWAY = 'agentgateway';
/** Name of the data plane that is plain Envoy. */
export const ENVOY = 'envoy';

/** A value of the container's environment that comes from a Secret of the gateway's namespace. */
export interface SecretEnv {
  readonly variable: string;
  readonly secretName: string;
  readonly secretKey: string;
}

/** Keys of a Secret of the gateway's namespace, as files of a folder of their own. */
export interface SecretMount {
  /** Name for the volume: a DNS label, from the name of the Secret. */
  readonly name: string;
  readonly secretName: string;
  readonly directory: string;
  /** Keys that are mounted; each becomes a file of its name. */
  readonly keys: readonly string[];
}

/** What the policies of a plan need from Secrets. Nothing of them stands in the configuration. */
export interface PlaneSecrets {
  readonly environment: readonly SecretEnv[];
  readonly mounts: readonly SecretMount[];
}

/** A port of the gateway's pod. */
export interface PlanePort {
  readonly name: string;
  readonly port: number;
}

/** Bytes of memory that a container has. */
export interface Memory {
  readonly request: number;
  readonly limit: number;
}

/** What a data plane reads. */
export interface PlaneConfiguration {
  /** By name. */
  readonly files: Files;
  /** What the container has unless the user says otherwise; undefined where it does not depend on the configuration. */
  readonly memory?: Memory;
  /** What is wrong with it, which is known when it was made alone. */
  readonly findings: readonly Diagnostic[];
}

/** What a data plane's container needs, whatever it serves. */
export interface PlaneContainer {
  readonly args: readonly string[];
  readonly command?: readonly string[];
  /** Folder where the configuration is mounted. */
  readonly configDirectory: string;
  /** Folder that it may write to; undefined for a plane that writes nothing. What is there lasts as long as the pod. */
  readonly scratchDirectory?: string;
  readonly ports: readonly PlanePort[];
  /** Whether it serves clients. */
  readonly readiness: { readonly path: string; readonly port: number };
  /** Whether it runs. */
  readonly liveness: { readonly path: string; readonly port: number };
  readonly metrics: { readonly path: string; readonly port: number };
  /** Variable that takes the key by which session ids are protected; undefined for a plane that has none. */
  readonly sessionKeyVariable?: string;
  /** Command that a pod runs when it starts; undefined for a plane that needs none. */
  readonly postStart?: readonly string[];
  /** Command that a pod runs before it is told to end; undefined for a plane that drains by itself. */
  readonly preStop?: readonly string[];
  /** Seconds the pod is given to end its requests. */
  readonly terminationGraceSeconds: number;
}

/** What a server asks of its callers by itself, after the gateway; undefined where it asks nothing. */
export type Behind = (server: Server) => Enforcement | undefined;

/** A data plane: turns a plan into its own configuration. No other code knows its language. */
export interface DataPlane {
  readonly name: string;
  /** The product and its version, for people. */
  readonly title: string;
  /** How it stands to every feature. What a plan demands and it does not support is refused before `check` is asked. */
  readonly features: PlaneTable;
  /** What else is said of it. */
  readonly details: readonly Detail[];
  /** What of its metrics is worth an alert, and a look. */
  readonly monitoring: PlaneMonitoring;
  /** What of a plan is beyond limits of its own, whichever features it asks for. */
  check(plan: GatewayPlan): readonly Diagnostic[];
  /** Its configuration. Only called with plans that nothing was found against. */
  configure(plan: GatewayPlan): PlaneConfiguration;
  container(gateway: Gateway): PlaneContainer;
  /** Values and files of Secrets that the container needs for the plan. Only called with plans that nothing was found against. */
  secrets(plan: GatewayPlan): PlaneSecrets;
  /** What is enforced at an entry, in the very expressions of the configuration; `behind` says what servers add. */
  enforcement(entry: Entry, behind: Behind): Enforcement;
}

/** Keys of Secrets as files, in a folder for each Secret, in a stable order. */
export function secretMounts(directory: string, files: readonly SecretKey[]): SecretMount[] {
  const keys = new Map<string, Set<string>>();
  for (const { secretName, key } of files) {
    keys.set(secretName, (keys.get(secretName) ?? new Set()).add(key));
  }
  return [...keys]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([secretName, found]) => ({
      // Names of Secrets may be longer than those of volumes, and have dots.
      name: `secret-${digest(secretName, 12)}`,
      secretName,
      directory: `${directory}/${secretName}`,
      keys: [...found].sort(),
    }));
}

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
  /**
   * Whether its container has a variable of a name: `$(NAME)` in its command and arguments is the value, as in those of any container.
   * Undefined where they are text alone.
   */
  readonly isVariable?: (name: string) => boolean;
  /** Whether the nodes may have no IPv6. */
  readonly ipv4Alone?: boolean;
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

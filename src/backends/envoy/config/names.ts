import { Entry } from '../../../model/plan';

/** Where the configuration is mounted, as a whole folder: a file mounted by `subPath` would never be updated. */
export const CONFIG_DIRECTORY = '/etc/envoy-config';
/** Folder with a folder for each Secret. Beside that of the configuration: nothing can be mounted inside a read-only volume. */
export const SECRETS_DIRECTORY = '/etc/envoy-secrets';

/** Files of the configuration. The first is read at the start alone, the others whenever they change. */
export const BOOTSTRAP_FILE = 'envoy.yaml';
export const LISTENERS_FILE = 'listeners.yaml';
export const ROUTES_FILE = 'routes.yaml';
export const CLUSTERS_FILE = 'clusters.yaml';

/** Name of the listener that clients reach, and of its routes. */
export const LISTENER = 'mcp';
export const ROUTES = 'mcp';

/** Name of the filter that decides who calls. */
export const AUTHENTICATION = 'mcp.authentication';
/** What the name of the filter begins with that refuses what no route of ours admitted. */
export const ADMITTED = 'mcp.rbac.admitted';

/** A place in dynamic metadata. */
export interface MetadataPath {
  readonly namespace: string;
  readonly path: readonly string[];
}

/** Where the filter for MCP says what a request asks for. */
export const MCP_METADATA = 'envoy.filters.http.mcp';
/** The JSON-RPC method. */
export const ASKED_METHOD: MetadataPath = { namespace: MCP_METADATA, path: ['method'] };
/** What a call names: its tool, and its arguments where the filter was told to keep them. */
export const CALL: MetadataPath = { namespace: MCP_METADATA, path: ['params'] };
/** Name of the tool that is called, or of the prompt that is got. */
export const CALLED_TOOL: MetadataPath = { namespace: MCP_METADATA, path: ['params', 'name'] };
/** URI of the resource that is read, or subscribed to. */
export const ASKED_URI: MetadataPath = { namespace: MCP_METADATA, path: ['params', 'uri'] };
/** What an argument is completed of: its type, and the name of the prompt or the URI of the resource. */
export const COMPLETED: Readonly<Record<'type' | 'name' | 'uri', MetadataPath>> = {
  type: { namespace: MCP_METADATA, path: ['params', 'ref', 'type'] },
  name: { namespace: MCP_METADATA, path: ['params', 'ref', 'name'] },
  uri: { namespace: MCP_METADATA, path: ['params', 'ref', 'uri'] },
};
/** What it is called with, where the filter was told to keep it. */
export const CALL_ARGUMENTS: MetadataPath = { namespace: MCP_METADATA, path: ['params', 'arguments'] };
/** Where it is said of a message what the filter for MCP does not read. */
export const MESSAGE_METADATA = 'mcp.message';
/** That a client wants to hear of changed lists, and of nothing else. */
export const LISTS_ALONE: MetadataPath = { namespace: MESSAGE_METADATA, path: ['listsAlone'] };
/** That a client wants to hear of changed lists and resources, and of nothing else. */
export const CHANGES_ALONE: MetadataPath = { namespace: MESSAGE_METADATA, path: ['changesAlone'] };
/** The one resource that a client wants to hear of beside those lists; not there where it wants to hear of several. */
export const HEARD_URI: MetadataPath = { namespace: MESSAGE_METADATA, path: ['resource'] };
/** Where the payloads of verified tokens are, by provider. */
export const JWT_METADATA = 'envoy.filters.http.jwt_authn';
/** Where it is said what else was verified of a caller. */
export const CALLER_METADATA = 'mcp.caller';

/** Where RBAC says how its questions came out. */
export const RBAC_METADATA = 'envoy.filters.http.rbac';

/** An entry in names: `finance.smart`. Labels have neither dots nor slashes, so that no two entries share a name. */
export function entryName(entry: Entry): string {
  return entry.id.replace('/', '.');
}

/**
 * Where Envoy is administrated: a socket without a file, for processes of the pod alone. A port on loopback would be there for
 * servers, too, whose hosts teams name: names resolve to whatever their owners say.
 */
export const ADMIN_SOCKET = '@envoy-admin';
/** Ports that the pod itself opens. */
export const METRICS_PORT = 15020;
export const READINESS_PORT = 15021;

import { readFileSync, readdirSync, statSync } from 'fs';
import { join } from 'path';
import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { McpManifestOptions } from './manifest-options';
import type { ManifestPlan, ManifestText } from './read';
import { ClusterMcpGateway } from '../gateway/cluster-mcp-gateway';
import { McpGateway } from '../gateway/mcp-gateway';
import type { McpInferenceService } from '../inference/mcp-inference-service';
import { Diagnostic, errorKind, findingOf, InputError } from '../model/findings';
import { McpRoute } from '../route/mcp-route';
import { ClusterMcpServer } from '../server/cluster-mcp-server';
import { McpServer } from '../server/mcp-server';
import { readFrom } from '../synthesis/placement';
import { parsePath } from '../values/paths';
import { compareText } from '../values/text';

const MANIFEST_UNREADABLE = errorKind(
  'manifest-unreadable',
  'cannot be read ({reason})',
  'Give the path of a file, from the working directory',
);
const SOURCE_OF_MANY = errorKind(
  'manifest-source-of-many',
  'is one name for several files, which are called by their paths',
  'Drop it',
);
const MANIFEST_NAME_UNKNOWN = errorKind(
  'manifest-name-unknown',
  'the manifest has no such {kind}, {known}',
  'Correct the name',
);
const MANIFEST_NAME_AMBIGUOUS = errorKind(
  'manifest-name-ambiguous',
  'the manifest has several ({found})',
  'Give the namespace too',
);

/**
 * Documents of the API (MCPServer, ClusterMCPServer, MCPRoute, MCPGateway and ClusterMCPGateway of `ome.io/v1alpha1`)
 * turned into constructs, which emit what they would emit if they had been written in code.
 *
 * The documents are held against the schemas of the custom resource definitions, strictly: an unknown field, a value of
 * a wrong type, a name that refers to nothing are errors, reported all at once with file, line, document and path,
 * before anything is created. `status` and what an API server writes into `metadata` are ignored, so the output of
 * `kubectl get -o yaml` can be read. `backendRefs` may name a server by `serverRef.name` or, as the proposal's examples
 * do, by `name`.
 *
 * Nothing is dropped silently. A field that has no counterpart in the constructs is an error, or, where
 * that leaves nothing unprotected, it is carried into the resource and a warning. In `Reconciliation.CONTROLLER`
 * mode such fields are the operator's, and carried without a word.
 *
 * @example
 *
 * import { App, Chart } from 'cdk8s';
 * import { McpGateway, McpManifest } from 'cdk8s-mcp';
 *
 * const app = new App();
 * const gateway = new McpGateway(new Chart(app, 'platform', { namespace: 'mcp-system' }), 'gateway');
 * const team = new Chart(app, 'finance', { namespace: 'finance' });
 *
 * const manifest = McpManifest.fromYaml(team, 'manifest', `
 * apiVersion: ome.io/v1alpha1
 * kind: MCPServer
 * metadata:
 *   name: ledger
 * spec:
 *   transport: streamable-http
 *   hosted:
 *     podSpec:
 *       spec:
 *         containers:
 *         - name: mcp-server
 *           image: ghcr.io/acme/ledger-mcp:1.4.0
 * ---
 * apiVersion: ome.io/v1alpha1
 * kind: MCPRoute
 * metadata:
 *   name: tools
 * spec:
 *   backendRefs:
 *   - serverRef:
 *       name: ledger
 * `, { gateway });
 * manifest.route('tools').url; // http://gateway.mcp-system/routes/finance/tools
 */
export class McpManifest extends Construct {
  /**
   * Reads a file of YAML or JSON documents.
   *
   * @param scope scope of the construct, in a chart
   * @param id id of the construct
   * @param path path of the file, from the working directory
   * @param options what the documents may refer to, and what is done with other kinds
   * @throws when the file cannot be read or anything in it is wrong; the error names every such thing
   */
  public static fromFile(scope: Construct, id: string, path: string, options: McpManifestOptions = {}): McpManifest {
    return McpManifest.read(scope, id, readFiles([{ path, source: options.source ?? path }]), options);
  }

  /**
   * Reads several files of YAML or JSON documents as one manifest, whose documents may refer to each other.
   *
   * @param scope scope of the construct, in a chart
   * @param id id of the construct
   * @param paths paths of files, and of folders whose `.yaml`, `.yml` and `.json` files are read in the order of their names (those
   * of folders in them are not), from the working directory
   * @param options what the documents may refer to, and what is done with other kinds; without `source`: each file is called by its path
   * @throws when a file cannot be read or anything in it is wrong; the error names every such thing
   */
  public static fromFiles(
    scope: Construct,
    id: string,
    paths: string[],
    options: McpManifestOptions = {},
  ): McpManifest {
    const files = [...new Set(paths.flatMap(filesAt))];
    if (options.source !== undefined) {
      throw new InputError([findingOf(SOURCE_OF_MANY, 'McpManifest', 'options.source', options.source)]);
    }
    return McpManifest.read(scope, id, readFiles(files.map(path => ({ path, source: path }))), options);
  }

  /**
   * Reads a text of YAML or JSON documents.
   *
   * @param scope scope of the construct, in a chart
   * @param id id of the construct
   * @param text the documents
   * @param options what the documents may refer to, and what is done with other kinds
   * @throws when anything in it is wrong; the error names every such thing
   */
  public static fromYaml(scope: Construct, id: string, text: string, options: McpManifestOptions = {}): McpManifest {
    return McpManifest.read(scope, id, [{ text, source: options.source ?? 'manifest' }], options);
  }

  private static read(
    scope: Construct,
    id: string,
    sources: readonly ManifestText[],
    options: McpManifestOptions,
  ): McpManifest {
    return new McpManifest(scope, id, reader().readManifest(scope, sources, options));
  }

  /** The servers, in the order of the documents. */
  public readonly servers: McpServer[] = [];

  /** The shared servers, in the order of the documents. */
  public readonly clusterServers: ClusterMcpServer[] = [];

  /** The routes, in the order of the documents. */
  public readonly routes: McpRoute[] = [];

  /** The gateways, in the order of the documents. */
  public readonly gateways: McpGateway[] = [];

  /** The gateways for the whole cluster, in the order of the documents. */
  public readonly clusterGateways: ClusterMcpGateway[] = [];

  /** Models with tools, in the order of the documents: InferenceServices with `mcpServers` or `mcpRoute`. Their routes are among {@link routes}. */
  public readonly inferenceServices: McpInferenceService[];

  /** Objects of other kinds, emitted as they are, in the order of the documents; see {@link OtherKinds}. */
  public readonly others: ApiObject[];

  private constructor(scope: Construct, id: string, plan: ManifestPlan) {
    super(scope, id);
    const constructs = new (reader().CreatedConstructs)(plan.given);
    for (const { create, document, id: childId } of plan.plans) {
      const construct = create(this, childId, constructs);
      const placeOf = reader().placesIn(document);
      readFrom(construct, property => document.check.placeOf(placeOf(property)));
      if (construct instanceof McpServer) {
        this.servers.push(construct);
        constructs.addServer(construct);
      } else if (construct instanceof ClusterMcpServer) {
        this.clusterServers.push(construct);
        constructs.addServer(construct);
      } else if (construct instanceof McpGateway) {
        this.gateways.push(construct);
        constructs.addGateway(construct);
      } else if (construct instanceof ClusterMcpGateway) {
        this.clusterGateways.push(construct);
        constructs.addGateway(construct);
      } else if (construct instanceof McpRoute) {
        this.routes.push(construct);
      }
    }
    const routes = new Map(
      [...plan.given.routes, ...this.routes].map(route => [reader().routeKey(route.namespace, route.name), route]),
    );
    this.inferenceServices = plan.inferences.map(({ id: childId, create, check }) => {
      const service = create(this, childId, routes);
      readFrom(service, property => check.placeOf(parsePath(property)));
      return service;
    });
    this.others = plan.others.map(other => other.create(this, other.id));
  }

  /**
   * The server of a name.
   *
   * @param name name of the MCPServer
   * @param namespace its namespace; may be left out when the name is unique in the manifest
   * @throws when there is no such server, or several; the error names those there are
   */
  public server(name: string, namespace?: string): McpServer {
    return this.find('server', 'MCPServer', this.servers, name, namespace);
  }

  /**
   * The shared server of a name.
   *
   * @param name name of the ClusterMCPServer
   * @throws when there is no such server; the error names those there are
   */
  public clusterServer(name: string): ClusterMcpServer {
    return this.find('clusterServer', 'ClusterMCPServer', this.clusterServers, name);
  }

  /**
   * The route of a name.
   *
   * @param name name of the MCPRoute
   * @param namespace its namespace; may be left out when the name is unique in the manifest
   * @throws when there is no such route, or several; the error names those there are
   */
  public route(name: string, namespace?: string): McpRoute {
    return this.find('route', 'MCPRoute', this.routes, name, namespace);
  }

  /**
   * The gateway of a name.
   *
   * @param name name of the MCPGateway
   * @param namespace its namespace; may be left out when the name is unique in the manifest
   * @throws when there is no such gateway, or several; the error names those there are
   */
  public gateway(name: string, namespace?: string): McpGateway {
    return this.find('gateway', 'MCPGateway', this.gateways, name, namespace);
  }

  /**
   * The gateway for the whole cluster of a name.
   *
   * @param name name of the ClusterMCPGateway
   * @throws when there is no such gateway; the error names those there are
   */
  public clusterGateway(name: string): ClusterMcpGateway {
    return this.find('clusterGateway', 'ClusterMCPGateway', this.clusterGateways, name);
  }

  private find<T extends { readonly name: string; readonly namespace?: string }>(
    property: string,
    kind: string,
    candidates: readonly T[],
    name: string,
    namespace?: string,
  ): T {
    const found = candidates.filter(
      candidate => candidate.name === name && (namespace === undefined || candidate.namespace === namespace),
    );
    if (found.length === 1) {
      return found[0];
    }
    const names = (list: readonly T[]) =>
      list
        .map(candidate => `${candidate.namespace === undefined ? '' : `${candidate.namespace}/`}${candidate.name}`)
        .sort(compareText)
        .join(', ');
    const wanted = namespace === undefined ? name : `${namespace}/${name}`;
    throw new InputError([
      found.length === 0
        ? findingOf(MANIFEST_NAME_UNKNOWN, this.node.path, property, wanted, {
            kind,
            known: candidates.length === 0 ? 'and none at all' : `only ${names(candidates)}`,
          })
        : findingOf(MANIFEST_NAME_AMBIGUOUS, this.node.path, property, wanted, { found: names(found) }),
    ]);
  }
}

/** Loaded on first use: most programs read no manifest, and the reader needs what takes long to load. */
function reader(): typeof import('./read') {
  return require('./read');
}

/** Files of documents, as kubectl knows them. */
const MANIFEST_FILE = /\.(?:ya?ml|json)$/;

/** A file, or those of a folder; the folder itself where it has none. */
function filesAt(path: string): string[] {
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) {
    return [path];
  }
  const files = readdirSync(path, { withFileTypes: true })
    .filter(entry => !entry.isDirectory() && MANIFEST_FILE.test(entry.name))
    .map(({ name }) => join(path, name))
    .sort(compareText);
  return files.length === 0 ? [path] : files;
}

function whyUnreadable({ code, message }: NodeJS.ErrnoException): string {
  return code === 'EISDIR' ? 'a folder without .yaml, .yml and .json files' : (code ?? message);
}

/** Texts of files; throws with all that cannot be read. */
function readFiles(files: readonly { readonly path: string; readonly source: string }[]): ManifestText[] {
  const unreadable: Diagnostic[] = [];
  const texts = files.flatMap(({ path, source }): ManifestText[] => {
    try {
      return [{ source, text: readFileSync(path, 'utf8') }];
    } catch (error) {
      const reason = whyUnreadable(error as NodeJS.ErrnoException);
      unreadable.push(findingOf(MANIFEST_UNREADABLE, source, 'path', path, { reason }));
      return [];
    }
  });
  if (unreadable.length > 0) {
    throw new InputError(unreadable);
  }
  return texts;
}

import type { WorkloadPermissions } from './permission-report';
import type { McpFinding } from '../synthesis/diagnostics';

/** An object that an app emits. */
export interface ReportedObject {
  /** Group and version, as `apps/v1`. */
  readonly apiVersion: string;

  /** Its kind. */
  readonly kind: string;

  /** Its name. */
  readonly name: string;

  /**
   * Its namespace.
   *
   * @default - it belongs to the whole cluster, or to the namespace that it is applied to
   */
  readonly namespace?: string;

  /** Path of its construct. */
  readonly path: string;

  /** Changes with what is in it; of a Secret with the names of its keys alone. */
  readonly digest: string;

  /**
   * Changes with the template of its pods, which are then replaced.
   *
   * @default - it makes no pods
   */
  readonly podDigest?: string;
}

/** A server and its share of requests. */
export interface ReportedShare {
  /** The server, as `finance/ledger`. */
  readonly server: string;

  /** Percentage of the requests, rounded. */
  readonly percent: number;
}

/** Requests that go to the same servers. */
export interface ReportedBranch {
  /** Which requests these are, in words: `all`, `tools crm_*`, `all else`. */
  readonly when: string;

  /** Who answers them. */
  readonly servers: ReportedShare[];
}

/** What a gateway serves at one path. */
export interface ReportedEndpoint {
  /** The gateway, as `mcp-system/gateway`; of one for the whole cluster, its name. */
  readonly gateway: string;

  /**
   * The route, as `finance/smart`.
   *
   * @default - servers that the gateway discovers
   */
  readonly route?: string;

  /** URL inside the cluster. */
  readonly url: string;

  /**
   * URL outside the cluster.
   *
   * @default - it has none that is known
   */
  readonly publicUrl?: string;

  /** Who answers what. */
  readonly branches: ReportedBranch[];

  /** The policy in force, in words, line by line; empty where everybody may do everything. */
  readonly policy: string[];
}

/** A server of an app. */
export interface ReportedServer {
  /** As `finance/ledger`; of one for the whole cluster, its name. */
  readonly name: string;

  /** Where it runs: `hosted` by the app, `remote`, or `imported`. */
  readonly place: string;

  /**
   * The tools that it declares and exposes.
   *
   * @default - it declares none
   */
  readonly tools?: string[];
}

/** A workload that is let connect. */
export interface ReportedClient {
  /** Name of the workload, as `finance/assistant`. */
  readonly name: string;

  /** To what: `gateway mcp-system/gateway`, `route finance/smart`, `server finance/ledger`. */
  readonly target: string;
}

/** What one caller may do at one route. */
export interface ReportedAccessRow {
  /** The caller, as `group:finance-admins`. */
  readonly principal: string;

  /** Tools that it may call, sorted. */
  readonly calls: string[];

  /** Tools that it may list, sorted. */
  readonly lists: string[];
}

/** Who may use which tool, prompt and resource of one route, of callers whose address is not known, at a time that is not known. */
export interface ReportedAccess {
  /** The route, as `finance/smart`. */
  readonly route: string;

  /** Its tools, and then the prompts and resources that rules name (`prompt summary`), each kind sorted. */
  readonly tools: string[];

  /** Everyone that a rule names, any authenticated caller, and a caller without credentials. */
  readonly rows: ReportedAccessRow[];
}

/** A Secret that pods read and the app does not make. */
export interface SecretToCreate {
  /** Its namespace. */
  readonly namespace: string;

  /** Its name. */
  readonly name: string;

  /** Keys that are read, sorted. */
  readonly keys: string[];
}

/** All of a report, as it is written to a file and read from it. */
export interface ReportContent {
  /** What fails synthesis. While there is anything, the rest is empty. */
  readonly errors: McpFinding[];

  /** What is allowed and worth a look. */
  readonly warnings: McpFinding[];

  /** Warnings that are meant, with the reason. */
  readonly acknowledged: McpFinding[];

  /** Everything that is emitted, sorted by namespace, kind and name. */
  readonly objects: ReportedObject[];

  /** What gateways serve, sorted by URL. */
  readonly endpoints: ReportedEndpoint[];

  /** The servers, sorted by name. */
  readonly servers: ReportedServer[];

  /** Workloads that are let connect, sorted. */
  readonly clients: ReportedClient[];

  /** Who may use which tool, sorted by route. */
  readonly access: ReportedAccess[];

  /** What each workload may do. */
  readonly permissions: WorkloadPermissions[];

  /** Secrets that have to be there. */
  readonly secrets: SecretToCreate[];
}

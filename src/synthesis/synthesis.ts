import { ApiObject } from 'cdk8s';
import { IConstruct } from 'constructs';
import { clusterOf, clustersOf } from './cluster-scope';
import { compiler } from './compiler';
import { clusterWithoutFolder, objectsWithoutFile } from './file-names';
import { isMaterialized, NetworkObjects, reconcileObjects } from './materialize';
import { addObjectMetadata, isApiObject, ObjectMetadata } from './object-metadata';
import {
  declaredClaims,
  declaredServices,
  objectKey,
  rolesOfAccounts,
  isolatedPods,
  misreadFindings,
  objectCollisions,
  ownerOf,
  unwritableObjects,
} from './objects';
import { isInTree, withSource } from './placement';
import { IObjectHook, Visits } from './visits';
import { Acknowledgement, checkWarningMode, SortedWarnings, warningMode, Warnings } from './warnings';
import { PlaneConfiguration, PlaneSecrets } from '../backends/interface/data-plane';
import { ClaimReach } from '../backends/kubernetes/claims';
import {
  compareDiagnostics,
  Diagnostic,
  errorKind,
  findingOf,
  formatDiagnostic,
  formatFinding,
  InputError,
} from '../model/findings';
import { Gateway } from '../model/gateway';
import { McpClient, WorkloadNetwork } from '../model/network';
import { Compiled, GatewayPlan } from '../model/plan';
import { gatewayKey, Route } from '../model/route';
import { Server } from '../model/server';
import { NamespaceLabels, Topology } from '../model/topology';
import { Json } from '../values/json';

/** What a construct contributes to the topology of its app. */
interface Contribution {
  /** Reads labels only when asked: they cost more than the rest, and matter to discovery alone. */
  readonly server?: (withLabels: boolean) => Server;
  readonly route?: () => Route;
  readonly gateway?: () => Gateway;
  /** Reads all labels of its pods only when asked: that takes the finished workload. */
  readonly client?: (withLabels: boolean) => McpClient;
  /** Brings objects whose existence depends on what the construct was told into the tree, or takes them out again. */
  readonly prepare?: () => void;
  /** The template of its pods, as it is applied. */
  readonly pods?: () => Json;
  /** What it was made of, as plain data and options. */
  readonly said?: unknown;
  /** What everything that it emits has. */
  readonly metadata?: ObjectMetadata;
  /** Findings of the construct itself that do not fail the synthesis. */
  readonly warnings?: readonly Diagnostic[];
  /** Findings of the construct itself that only the finished tree shows. */
  readonly findings?: () => readonly Diagnostic[];
  /** Warnings that cost more than the rest: only who asks for the findings gets them. */
  readonly advice?: () => readonly Diagnostic[];
}

/** The compiled topology with what the data planes made of it. */
export interface Outcome extends Compiled {
  /** What each gateway's pods get, by gateway key; absent while there are errors. */
  readonly rendered: ReadonlyMap<string, RenderedGateway>;
  /** Who may connect to whom. */
  readonly network: readonly WorkloadNetwork[];
}

/** What a data plane made of the plan of one gateway. */
export interface RenderedGateway extends PlaneConfiguration {
  readonly secrets: PlaneSecrets;
  /** Objects that exist only because the plan asks for them, by the id of the construct that holds them. */
  readonly objects: Readonly<Record<string, readonly Json[]>>;
}

/** What the last validation looked at, and what it found. */
interface Validation {
  readonly outcome: Outcome;
  readonly constructs: readonly IConstruct[];
  readonly found: readonly Diagnostic[];
}

const CLUSTER_NOT_NAMED = errorKind(
  'cluster-not-named',
  'are clusters of the app, and a report is of one',
  'Give the McpCluster, or a construct of it',
);

const SYNTHESES = new WeakMap<IConstruct, Synthesis>();

/** Is told of each validation: the scope of what is for one cluster, and what fails it. What it finds wrong itself fails it too. */
export type ValidationListener = (scope: IConstruct, errors: readonly Diagnostic[]) => readonly Diagnostic[];

const LISTENERS: ValidationListener[] = [];

/**
 * The meeting point of one construct tree and the compiler: collects what the
 * constructs say, compiles it, and hands out the outcome.
 *
 * cdk8s validates the whole tree once per chart before it writes that chart, so
 * the topology is read anew at each of these passes (the user may have changed
 * something in between) but compiled only when it differs.
 */
export class Synthesis {
  /** The synthesis of what is for the same cluster as a construct: in an app for one cluster, of the whole tree. */
  static of(construct: IConstruct): Synthesis {
    const scope = clusterOf(construct);
    const existing = SYNTHESES.get(scope);
    if (existing !== undefined) {
      return existing;
    }
    const created = new Synthesis(scope);
    SYNTHESES.set(scope, created);
    return created;
  }

  /** Those of all clusters of an app, and last that of what is in none. */
  static all(root: IConstruct): Synthesis[] {
    return [...clustersOf(root), root].map(scope => Synthesis.of(scope));
  }

  /**
   * The synthesis that a report is about.
   *
   * @throws when the scope is in no cluster, and the app is for some
   */
  static reported(scope: IConstruct): Synthesis {
    const { root } = scope.node;
    const clusters = clustersOf(root).map(({ node }) => node.path);
    if (clusters.length > 0 && clusterOf(scope) === root) {
      throw new InputError([findingOf(CLUSTER_NOT_NAMED, scope.node.path || 'App', 'scope', clusters)]);
    }
    return Synthesis.of(scope);
  }

  /** Validates for somebody who renders everything before anything is written, and so finds by itself what cannot be. */
  static beforeWriting<T>(root: IConstruct, validate: () => T): T {
    const all = Synthesis.all(root);
    const say = (writtenAtOnce: boolean) => all.forEach(synthesis => (synthesis.writtenAtOnce = writtenAtOnce));
    say(true);
    try {
      return validate();
    } finally {
      say(false);
    }
  }

  /** Tells somebody of the validations of all trees. */
  static onValidation(listener: ValidationListener): void {
    LISTENERS.push(listener);
  }

  private readonly contributions = new Map<IConstruct, Contribution>();
  private gateways: readonly IConstruct[] = [];
  private readonly validated = new Set<IConstruct>();
  private outcome?: Outcome;
  private collisions?: Pick<Validation, 'constructs'> & { readonly findings: readonly Diagnostic[] };
  private unwritable?: Omit<Validation, 'found'> & { readonly findings: readonly Diagnostic[] };
  private findings = new Map<string, Diagnostic[]>();
  private readonly warnings: Warnings;
  private warned?: Validation & { readonly sorted: SortedWarnings };
  private validation?: Validation;
  private passNumber = 0;
  private claims?: { readonly pass: number; readonly reach: ReadonlyMap<string, ClaimReach> };
  private bound?: ReadonlyMap<string, readonly string[]>;
  private readonly networkObjects = new NetworkObjects();
  private readonly visits: Visits;
  private writtenAtOnce = false;

  private constructor(private readonly scope: IConstruct) {
    const { root } = scope.node;
    // Hooks and acknowledgements of an app are for all of its clusters.
    const app = root === scope ? undefined : Synthesis.of(root);
    this.warnings = app?.warnings ?? new Warnings();
    this.visits = app?.visits ?? new Visits();
  }

  private get root(): IConstruct {
    return this.scope.node.root;
  }

  /** What is for this cluster. */
  private constructs(): IConstruct[] {
    const all = this.scope.node.findAll();
    return this.scope === this.root && clustersOf(this.root).length > 0
      ? all.filter(construct => clusterOf(construct) === this.scope)
      : all;
  }

  /** Changes whenever the tree is validated again: what was computed in an earlier pass may be stale. */
  get pass(): number {
    return this.passNumber;
  }

  /** How many nodes may mount a claim. */
  claimReach(namespace: string, claim: string): ClaimReach {
    // Pass 0 is no pass: objects are rendered by hand, and claims may be added between two of them.
    if (this.claims === undefined || this.passNumber === 0 || this.claims.pass !== this.passNumber) {
      this.claims = { pass: this.passNumber, reach: declaredClaims(this.constructs()) };
    }
    return this.claims.reach.get(objectKey(namespace, claim)) ?? 'unknown';
  }

  /** Roles that the user's own bindings give to a ServiceAccount. */
  rolesBoundTo(namespace: string, account: string): readonly string[] {
    this.bound ??= rolesOfAccounts(this.constructs());
    return this.bound.get(objectKey(namespace, account)) ?? [];
  }

  /** Adds a construct to the topology; its findings are reported where it stands in the tree. */
  add(construct: IConstruct, contribution: Contribution): void {
    this.contributions.set(construct, contribution);
    if (contribution.gateway !== undefined) {
      this.gateways = [...this.gateways, construct];
    }
    construct.node.addValidation({ validate: () => this.validate(construct) });
  }

  /** Shows everything at and below a scope to a hook before it is written. */
  addHook(scope: IConstruct, hook: IObjectHook): void {
    if (this.visits.add(scope, hook)) {
      // Constructs of the library show objects as part of their own validation; an app or a cluster may have none.
      this.root.node.addValidation({ validate: () => Synthesis.all(this.root).flatMap(each => each.visitAlone()) });
    }
  }

  /** Whether an object is in the tree, and for this cluster. */
  private readonly isMine = (object: ApiObject): boolean => isInTree(object) && clusterOf(object) === this.scope;

  /** The constructs that are gateways, in the order they were created. */
  get gatewayConstructs(): readonly IConstruct[] {
    return this.gateways;
  }

  /** Compiles what the tree says now. */
  compile(): Outcome {
    const topology = this.topology();
    if (this.outcome === undefined || !sameTopology(this.outcome.topology, topology)) {
      this.outcome = toOutcome(compiler().compile(topology));
    }
    return this.outcome;
  }

  /** The outcome of the pass under way; outside of one, what the tree says now. To compile for each of many objects that are written would cost too much. */
  get current(): Outcome {
    return this.passNumber > 0 && this.outcome !== undefined ? this.outcome : this.compile();
  }

  /** Warnings of a kind are meant at a construct and below it. */
  acknowledge(acknowledgement: Acknowledgement): void {
    this.warnings.acknowledge(acknowledgement);
    this.warned = undefined;
  }

  /** Every finding about the tree as it is now, sorted. */
  diagnostics(): Diagnostic[] {
    return [...this.found(this.compile()), ...this.advice()].sort(compareDiagnostics);
  }

  /** The warnings among findings, by whether they are meant. */
  sortedWarnings(findings: readonly Diagnostic[]): SortedWarnings {
    return this.warnings.sorted(findings, this.scope);
  }

  /** Warnings that cost more than the rest. */
  private advice(): Diagnostic[] {
    return [...this.contributions.values()]
      .flatMap(contribution => contribution.advice?.() ?? [])
      .map(finding => withSource(this.root, finding));
  }

  /** Secrets that the pods of each construct read, by its path. */
  secrets(): ReadonlyMap<string, readonly string[]> {
    return new Map(
      [...this.contributions].flatMap(([{ node }, { pods }]): [string, readonly string[]][] =>
        pods === undefined ? [] : [[node.path, compiler().podSecrets(pods())]],
      ),
    );
  }

  /** Every object that would be written now, also those that exist only because the whole app asks for them. */
  objects(): ApiObject[] {
    this.complete();
    return this.constructs().filter(isApiObject);
  }

  /** What fails the synthesis. */
  errors(): Diagnostic[] {
    return this.found(this.compile())
      .filter(({ severity }) => severity === 'error')
      .sort(compareDiagnostics);
  }

  private found(outcome: Outcome, constructs: readonly IConstruct[] = this.constructs()): Diagnostic[] {
    this.bound = undefined;
    const warnings = this.contributed(({ warnings: known }) => known).flat();
    const findings = this.contributed(contribution => contribution.findings?.()).flat();
    return [
      ...outcome.diagnostics,
      ...this.findCollisions(constructs),
      ...warnings,
      ...findings,
      ...this.visits.findings(this.isMine),
      ...clusterWithoutFolder(this.scope),
    ].map(finding => withSource(this.root, finding));
  }

  private findCollisions(constructs: readonly IConstruct[]): readonly Diagnostic[] {
    if (this.collisions === undefined || !sameItems(this.collisions.constructs, constructs)) {
      this.collisions = {
        constructs,
        findings: objectCollisions(constructs, construct => this.contributions.has(construct)),
      };
    }
    return this.collisions.findings;
  }

  /** Once for what is written: cdk8s validates before each chart, and to render objects each time would cost too much. */
  private findUnwritable(outcome: Outcome, constructs: readonly IConstruct[]): readonly Diagnostic[] {
    const { unwritable: known } = this;
    const isOurs = (construct: IConstruct) => this.contributions.has(construct);
    if (known === undefined || known.outcome !== outcome || !sameItems(known.constructs, constructs)) {
      this.unwritable = {
        outcome,
        constructs,
        findings: [
          ...unwritableObjects(constructs, isOurs),
          ...objectsWithoutFile(this.root, constructs, isOurs),
          ...[...this.contributions].flatMap(([{ node }, { said }]) => misreadFindings(node.path, said)),
          ...outcome.topology.routes.flatMap(({ path, ...said }) => misreadFindings(path, said)),
        ],
      };
    }
    return this.unwritable!.findings;
  }

  private topology(): Topology {
    const gateways = this.contributed(({ gateway }) => gateway?.());
    const withLabels = gateways.some(gateway => gateway.discovery?.selector !== undefined);
    const servers = this.contributed(({ server }) => server?.(withLabels));
    const routes = this.contributed(({ route }) => route?.());
    const connected = this.contributed(({ client }) => client);
    const isolated = connected.length > 0 ? isolatedPods(this.constructs()) : [];
    const clients = connected.map(client => client(isolated.length > 0));
    const namespaces = usesNamespaceLabels(servers, gateways) ? declaredNamespaces(this.constructs()) : [];
    const services = compiler().needsServices(servers, routes, gateways) ? declaredServices(this.constructs()) : [];
    return { servers, routes, gateways, clients, namespaces, services, isolated };
  }

  /** What the contributions have of something. Asked for at every pass: lists of one or none would add up. */
  private contributed<T>(pick: (contribution: Contribution) => T | undefined): T[] {
    const found: T[] = [];
    for (const contribution of this.contributions.values()) {
      const item = pick(contribution);
      if (item !== undefined) {
        found.push(item);
      }
    }
    return found;
  }

  private validate(construct: IConstruct): string[] {
    if (this.validated.size === 0 || this.validated.has(construct)) {
      this.beginPass();
    }
    this.validated.add(construct);
    const own = this.findings.get(construct.node.path) ?? [];
    this.findings.delete(construct.node.path);
    const messages = own.map(formatFinding);
    // Findings about something that is no construct of ours have no place of their own in cdk8s' report.
    if (this.validated.size === this.contributions.size) {
      messages.push(...[...this.findings.values()].flat().map(formatDiagnostic));
    }
    return messages;
  }

  private beginPass(): void {
    this.validated.clear();
    this.passNumber++;
    this.forgetRemoved();
    this.findings = new Map();
    const outcome = this.complete();
    const constructs = this.constructs();
    const found = this.found(outcome, constructs);
    const all =
      this.writtenAtOnce || found.some(isError) ? found : [...found, ...this.findUnwritable(outcome, constructs)];
    const wrong = [...all.filter(isError), ...checkWarningMode()];
    const errors = [...wrong, ...LISTENERS.flatMap(listener => listener(this.scope, wrong))];
    this.validation = { outcome, constructs, found };
    // Who renders everything at once asks when that is done: what some warnings look at is rendered then.
    const failing = errors.length > 0 || this.writtenAtOnce ? errors : this.warn(this.validation);
    for (const diagnostic of [...failing].sort(compareDiagnostics)) {
      this.findings.set(diagnostic.path, [...(this.findings.get(diagnostic.path) ?? []), diagnostic]);
    }
  }

  /** Brings everything into the tree that is to be written, and shows it to the hooks. */
  private complete(): Outcome {
    this.contributions.forEach(({ prepare }) => prepare?.());
    // What hooks do to pods and Services of the app counts for what is compiled; what that adds, they see afterwards.
    this.showObjects();
    const outcome = this.compile();
    this.materialize(outcome);
    this.showObjects();
    return outcome;
  }

  /** Objects get what their constructs were given for all of them, and are shown to hooks. */
  private showObjects(): void {
    const owner = (object: IConstruct) => this.ownerOf(object);
    this.addMetadata();
    // A policy of a client stands below a workload of the user's.
    if (
      this.visits.visit(
        this.isMine,
        object => owner(object) ?? (isMaterialized(object) ? object.node.scope?.node.scope : undefined),
      )
    ) {
      // Templates that were read before may have changed.
      this.passNumber++;
    }
  }

  private ownerOf(object: IConstruct): IConstruct | undefined {
    return ownerOf(object, construct => this.contributions.has(construct));
  }

  private addMetadata(): void {
    for (const [construct, { metadata }] of this.contributions) {
      if (metadata !== undefined) {
        addObjectMetadata(construct, metadata, object => this.ownerOf(object) === construct);
      }
    }
  }

  private visitAlone(): string[] {
    if (this.contributions.size === 0) {
      this.visits.visit(this.isMine, () => undefined);
      return this.visits.findings(this.isMine).map(formatFinding);
    }
    return [];
  }

  /** Warnings, for somebody who has validated and rendered everything and not written it yet: prints them; those that are to fail the synthesis. */
  warnRendered(): readonly Diagnostic[] {
    return this.validation === undefined ? [] : this.warn(this.validation);
  }

  /** Prints the warnings that were not printed yet; those that are to fail the synthesis. Once for what is written: cdk8s validates before each chart. */
  private warn({ outcome, constructs, found }: Validation): readonly Diagnostic[] {
    if (warningMode() === 'off') {
      return [];
    }
    if (this.warned?.outcome !== outcome || !sameItems(this.warned.constructs, constructs)) {
      const sorted = this.warnings.sorted([...found, ...this.advice()].sort(compareDiagnostics), this.scope);
      this.warned = { outcome, constructs, found, sorted };
    }
    return this.warnings.report(this.warned.sorted);
  }

  /**
   * Objects that exist only when the whole app asks for them, such as the rate-limit service: cdk8s reads the tree again
   * after validation, so what is added here is written like any other object.
   */
  private materialize({ rendered, network, diagnostics }: Outcome): void {
    // Nothing is written while there are errors.
    if (diagnostics.every(({ severity }) => severity !== 'error')) {
      this.networkObjects.reconcile(this.root, network);
    }
    for (const [construct, { gateway }] of this.contributions) {
      const found = gateway === undefined ? undefined : rendered.get(gatewayKey(gateway()));
      for (const [id, objects] of Object.entries(found?.objects ?? {})) {
        reconcileObjects(construct, id, objects);
      }
    }
  }

  /** What was taken out of the tree again (`node.tryRemoveChild`) no longer counts. */
  private forgetRemoved(): void {
    for (const construct of [...this.contributions.keys()].filter(candidate => !isInTree(candidate))) {
      this.contributions.delete(construct);
      this.gateways = this.gateways.filter(gateway => gateway !== construct);
    }
  }
}

function sameItems<T>(a: readonly T[], b: readonly T[]): boolean {
  return a.length === b.length && a.every((item, i) => item === b[i]);
}

/** Constructs hand out the same object while nothing changed, so identity is enough, and cheap. */
function sameTopology(a: Topology, b: Topology): boolean {
  return (
    sameItems(a.servers, b.servers) &&
    sameItems(a.routes, b.routes) &&
    sameItems(a.gateways, b.gateways) &&
    JSON.stringify([a.namespaces, a.clients, a.services, a.isolated]) ===
      JSON.stringify([b.namespaces, b.clients, b.services, b.isolated])
  );
}

/** Scanning the tree for namespaces is only worth it when a selector asks for their labels. */
function usesNamespaceLabels(servers: readonly Server[], gateways: readonly Gateway[]): boolean {
  return (
    gateways.some(gateway => gateway.discovery?.namespaceSelector !== undefined) ||
    servers.some(server => server.consent?.namespaceSelector !== undefined)
  );
}

function declaredNamespaces(constructs: readonly IConstruct[]): NamespaceLabels[] {
  return constructs.flatMap(construct => {
    if (!ApiObject.isApiObject(construct)) {
      return [];
    }
    const object = construct as ApiObject;
    return object.kind === 'Namespace' && object.apiVersion === 'v1'
      ? [{ name: object.name, labels: object.metadata.toJson().labels ?? {} }]
      : [];
  });
}

function toOutcome(compiled: Compiled): Outcome {
  const { checkConfigSize, checkPlan, checkRateLimitNames, dataPlane, network } = compiler();
  const hosted = compiled.plans.filter(plan => !plan.gateway.imported);
  const guards = [...compiled.guards.values()];
  const connections = network(compiled, gateway => dataPlane(gateway.plane).container(gateway).metrics.port);
  const diagnostics = [
    ...compiled.diagnostics,
    ...[...hosted, ...guards].flatMap(checkPlan),
    ...hosted.flatMap(checkRateLimitNames),
    ...connections.diagnostics,
  ];
  const outcome = { ...compiled, network: connections.workloads };
  if (diagnostics.some(isError)) {
    return { ...outcome, diagnostics, rendered: new Map() };
  }
  const gateways = hosted.map(plan => ({ plan, made: renderGateway(plan) }));
  const sizes = gateways.flatMap(({ plan, made }) => [...checkConfigSize(plan, made.files), ...made.findings]);
  const rendered = sizes.some(isError)
    ? new Map()
    : new Map(gateways.map(({ plan, made }) => [gatewayKey(plan.gateway), made]));
  return { ...outcome, diagnostics: [...diagnostics, ...sizes], rendered };
}

function isError({ severity }: Diagnostic): boolean {
  return severity === 'error';
}

function renderGateway(plan: GatewayPlan): RenderedGateway {
  const { authorityCertificates, dataPlane, moreConfigMaps, rateLimitObjects } = compiler();
  const plane = dataPlane(plan.gateway.plane);
  const configuration = plane.configure(plan);
  return {
    ...configuration,
    secrets: plane.secrets(plan),
    objects: {
      Configuration: moreConfigMaps(plan.gateway, configuration.files),
      RateLimit: rateLimitObjects(plan),
      ClientAuthority: authorityCertificates(plan),
    },
  };
}

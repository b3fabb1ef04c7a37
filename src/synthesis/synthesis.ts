import { ApiObject } from 'cdk8s';
import { IConstruct } from 'constructs';
import { clusterOf, clustersOf } from './cluster-scope';
import { compiler } from './compiler';
import { Contribution, Contributions, sameTopology } from './contributions';
import { clusterWithoutFolder, objectsWithoutFile } from './file-names';
import { isMaterialized, NetworkObjects, reconcileObjects } from './materialize';
import { addObjectMetadata, isApiObject } from './object-metadata';
import {
  declaredClaims,
  objectKey,
  rolesOfAccounts,
  misreadFindings,
  objectCollisions,
  ownerOf,
  unwritableObjects,
} from './objects';
import { isError, Outcome, toOutcome } from './outcome';
import { isInTree, withSource } from './placement';
import { IObjectHook, Visits } from './visits';
import { Acknowledgement, checkWarningMode, SortedWarnings, warningMode, Warnings } from './warnings';
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
import { countedTogether } from '../model/repeated-findings';
import { gatewayKey } from '../model/route';
import { sameItems } from '../values/json';

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

  private readonly contributions = new Contributions();
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
    this.contributions.add(construct, contribution);
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
    const topology = this.contributions.topology(() => this.constructs());
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
    return this.contributions
      .each(({ advice }) => advice?.())
      .flat()
      .map(finding => withSource(this.root, finding));
  }

  /** Secrets that the pods of each construct read, by its path. */
  secrets(): ReadonlyMap<string, readonly string[]> {
    return this.contributions.secrets();
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
    const warnings = this.contributions.each(({ warnings: known }) => known).flat();
    const findings = this.contributions.each(contribution => contribution.findings?.()).flat();
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
          ...this.contributions.entries.flatMap(([{ node }, { said }]) => misreadFindings(node.path, said)),
          ...outcome.topology.routes.flatMap(({ path, ...said }) => misreadFindings(path, said)),
        ],
      };
    }
    return this.unwritable!.findings;
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
    for (const diagnostic of countedTogether([...failing].sort(compareDiagnostics))) {
      this.findings.set(diagnostic.path, [...(this.findings.get(diagnostic.path) ?? []), diagnostic]);
    }
  }

  /** Brings everything into the tree that is to be written, and shows it to the hooks. */
  private complete(): Outcome {
    this.contributions.each(({ prepare }) => prepare?.());
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
    for (const [construct, { metadata }] of this.contributions.entries) {
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
    for (const [construct, { gateway }] of this.contributions.entries) {
      const found = gateway === undefined ? undefined : rendered.get(gatewayKey(gateway()));
      for (const [id, objects] of Object.entries(found?.objects ?? {})) {
        reconcileObjects(construct, id, objects);
      }
    }
  }

  /** What was taken out of the tree again (`node.tryRemoveChild`) no longer counts. */
  private forgetRemoved(): void {
    for (const construct of this.contributions.removed()) {
      this.gateways = this.gateways.filter(gateway => gateway !== construct);
    }
  }
}

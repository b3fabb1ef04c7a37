import { ApiObject } from 'cdk8s';
import { IConstruct } from 'constructs';
import { objectCollisions } from './object-collisions';
import { dataPlane } from '../backends/planes';
import { Diagnostic, compareDiagnostics, formatDiagnostic, formatFinding } from '../model/diagnostic';
import { Gateway } from '../model/gateway';
import { Route, gatewayKey } from '../model/route';
import { Server } from '../model/server';
import { NamespaceLabels, Topology } from '../model/topology';
import { Compiled, compile } from '../passes/compile';

/** What a construct contributes to the topology of its app. */
interface Contribution {
  readonly server?: () => Server;
  readonly route?: () => Route;
  readonly gateway?: () => Gateway;
}

/** The compiled topology with what the data planes made of it. */
export interface Outcome extends Compiled {
  /** Configuration files by gateway key; absent while there are errors. */
  readonly configurations: ReadonlyMap<string, Readonly<Record<string, string>>>;
}

const SYNTHESES = new WeakMap<IConstruct, Synthesis>();

/**
 * The meeting point of one construct tree and the compiler: collects what the
 * constructs say, compiles it, and hands out the outcome.
 *
 * cdk8s validates the whole tree once per chart before it writes that chart, so
 * the topology is read anew at each of these passes (the user may have changed
 * something in between) but compiled only when it differs.
 */
export class Synthesis {
  /** The synthesis of the tree a construct is in. */
  static of(scope: IConstruct): Synthesis {
    const root = scope.node.root;
    const existing = SYNTHESES.get(root);
    if (existing !== undefined) {
      return existing;
    }
    const created = new Synthesis(root);
    SYNTHESES.set(root, created);
    return created;
  }

  private readonly contributions = new Map<IConstruct, Contribution>();
  private readonly validated = new Set<IConstruct>();
  private outcome?: { readonly fingerprint: string; readonly value: Outcome };
  private findings = new Map<string, Diagnostic[]>();
  private passNumber = 0;

  private constructor(private readonly root: IConstruct) {}

  /** Changes whenever the tree is validated again: what was computed in an earlier pass may be stale. */
  get pass(): number {
    return this.passNumber;
  }

  /** Adds a construct to the topology; its findings are reported where it stands in the tree. */
  add(construct: IConstruct, contribution: Contribution): void {
    this.contributions.set(construct, contribution);
    construct.node.addValidation({ validate: () => this.validate(construct) });
  }

  /** The constructs that are gateways, in the order they were created. */
  gatewayConstructs(): IConstruct[] {
    return [...this.contributions].filter(([, contribution]) => contribution.gateway !== undefined).map(([construct]) => construct);
  }

  /** Compiles what the tree says now. */
  compile(): Outcome {
    const topology = this.topology();
    const fingerprint = JSON.stringify(topology);
    if (this.outcome?.fingerprint !== fingerprint) {
      this.outcome = { fingerprint, value: toOutcome(compile(topology)) };
    }
    return this.outcome.value;
  }

  /** Every finding about the tree as it is now, sorted. */
  diagnostics(): Diagnostic[] {
    return [...this.compile().diagnostics, ...objectCollisions(this.root, construct => this.contributions.has(construct))]
      .sort(compareDiagnostics);
  }

  private topology(): Topology {
    const servers: Server[] = [];
    const routes: Route[] = [];
    const gateways: Gateway[] = [];
    for (const contribution of this.contributions.values()) {
      if (contribution.server !== undefined) {
        servers.push(contribution.server());
      } else if (contribution.route !== undefined) {
        routes.push(contribution.route());
      } else if (contribution.gateway !== undefined) {
        gateways.push(contribution.gateway());
      }
    }
    const namespaces = usesNamespaceLabels(servers, gateways) ? declaredNamespaces(this.root) : [];
    return { servers, routes, gateways, namespaces };
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
    this.findings = new Map();
    for (const diagnostic of this.diagnostics()) {
      if (diagnostic.severity === 'error') {
        this.findings.set(diagnostic.path, [...this.findings.get(diagnostic.path) ?? [], diagnostic]);
      }
    }
  }
}

/** Scanning the tree for namespaces is only worth it when a selector asks for their labels. */
function usesNamespaceLabels(servers: readonly Server[], gateways: readonly Gateway[]): boolean {
  return gateways.some(gateway => gateway.discovery?.namespaceSelector !== undefined)
    || servers.some(server => server.consent?.namespaceSelector !== undefined);
}

function declaredNamespaces(root: IConstruct): NamespaceLabels[] {
  return root.node.findAll().flatMap(construct => {
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
  const hosted = compiled.plans.filter(plan => !plan.gateway.imported);
  const diagnostics = [...compiled.diagnostics, ...hosted.flatMap(plan => dataPlane(plan.gateway.plane).check(plan))];
  const configurations = diagnostics.some(diagnostic => diagnostic.severity === 'error')
    ? new Map()
    : new Map(hosted.map(plan => [gatewayKey(plan.gateway), dataPlane(plan.gateway.plane).render(plan)]));
  return { ...compiled, diagnostics, configurations };
}

import { IConstruct } from 'constructs';
import { checkEmptyScope } from '../synthesis/placement';

const CONTEXT_KEY = 'cdk8s-mcp/reconciliation';

/**
 * Who turns the resources of the API into workloads and gateway configuration.
 *
 * Chosen per scope; the nearest scope with a choice decides.
 *
 * @example
 *
 * import { App, Chart } from 'cdk8s';
 * import { McpServer, McpServerSource, Reconciliation } from 'cdk8s-mcp';
 *
 * const app = new App();
 * const chart = new Chart(app, 'finance', { namespace: 'finance' });
 * Reconciliation.CONTROLLER.applyTo(chart);
 * // Emits the MCPServer resource and nothing else.
 * new McpServer(chart, 'ledger', { source: McpServerSource.image('ghcr.io/acme/ledger-mcp:1.4.0') });
 */
export class Reconciliation {
  /** The library emits the resources and everything that follows from them. The default. */
  public static readonly RENDERED = new Reconciliation('rendered');

  /** The library emits the resources alone, for a cluster whose operator reconciles them. */
  public static readonly CONTROLLER = new Reconciliation('controller');

  /**
   * The mode in force at a construct.
   *
   * @param scope the construct
   */
  public static of(scope: IConstruct): Reconciliation {
    return scope.node.tryGetContext(CONTEXT_KEY) === Reconciliation.CONTROLLER.name
      ? Reconciliation.CONTROLLER
      : Reconciliation.RENDERED;
  }

  private constructor(
    /** Name of the mode: `rendered` or `controller`. */
    public readonly name: string,
  ) {}

  /**
   * Chooses this mode for a scope and everything below it.
   *
   * @param scope the construct whose subtree the mode is for, such as a chart or the app
   * @throws when the scope has children already: they were created in the mode of before
   */
  public applyTo(scope: IConstruct): void {
    checkEmptyScope(scope, 'reconciliation', this.name);
    scope.node.setContext(CONTEXT_KEY, this.name);
  }
}

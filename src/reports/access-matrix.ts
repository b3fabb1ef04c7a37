import { closeSync, openSync, writeFileSync } from 'fs';
import { IConstruct } from 'constructs';
import { AccessDecision, AccessQuestion, AccessMatrixOptions, AccessChange } from './access-options';
import { ReportedAccess } from './report-parts';
import { principalModel } from '../api/authorization';
import { errorKind, findingOf, InputError } from '../model/findings';
import { DISCOVERY_PATH } from '../model/gateway';
import { ItemRequest, LISTS, USES } from '../model/items';
import { Entry, GatewayPlan } from '../model/plan';
import type { Caller, RequestContext } from '../passes/access/caller';
import type { Matrix } from '../passes/access/matrix';
import { ToolAction } from '../policy/authorization';
import { compiler } from '../synthesis/compiler';
import { Synthesis } from '../synthesis/synthesis';

const TOOL_UNKNOWN = errorKind(
  'access-tool-unknown',
  'no server offers it{meant}',
  'Correct the name, or say undeclared: true to ask about a tool that is not declared',
);
const ITEMS_COUNT = errorKind(
  'access-question-items',
  'are {count} of tool, prompt and resource, and a question is about one',
  'Ask about a tool, a prompt or a resource',
);
const COMPLETION_OF_TOOL = errorKind(
  'access-completion-of-tool',
  'is of prompts and resource templates, and the question is about a tool',
  'Ask about a prompt or a resource, or drop it',
);
const TASK_OF_OTHER = errorKind(
  'access-task-of-other',
  'is what a call of a tool becomes, and the question is about none',
  'Ask about a tool, or drop it',
);
const PRINCIPAL_UNKNOWN = errorKind(
  'access-principal-unknown',
  'is neither one of the principals of this matrix nor named by a rule{meant}',
  'Correct the name, or add it to the principals that AccessMatrix.of is given',
);
const SERVER_OPEN = errorKind(
  'access-server-open',
  'asks nothing of its callers itself, so whoever can connect to it may call it',
  'Ask for a route, or give the server oidcConfig',
);
const ROUTE_UNSERVED = errorKind(
  'access-route-unserved',
  'no gateway of this app serves it',
  'Ask for a route of the app, or leave it out for the servers that a gateway discovers',
);

/** What asks, in errors about the question. */
const ASKING = 'AccessMatrix';

/** Principal.anyAuthenticated() as text. */
const ANY_CALLER = 'group:system:authenticated';

function library(): typeof import('./access-library') {
  return require('./access-library');
}

/**
 * Who may call and list which tool, prompt and resource, answered without a cluster: by evaluating the very expressions that are emitted.
 *
 * @example
 *
 * import { App, Chart } from 'cdk8s';
 * import { AccessMatrix, Authentication, McpGateway, McpRoute, McpServer, McpServerSource, Principal } from 'cdk8s-mcp';
 *
 * const app = new App();
 * const chart = new Chart(app, 'finance', { namespace: 'finance' });
 * const gateway = new McpGateway(chart, 'gateway', {
 *   authentication: [Authentication.jwt({ issuer: 'https://auth.acme.dev', audiences: ['mcp'], jwksUri: 'https://auth.acme.dev/jwks.json' })],
 * });
 * const ledger = new McpServer(chart, 'ledger', { source: McpServerSource.image('ghcr.io/acme/ledger-mcp:1.4.0'), tools: ['db_query', 'db_insert'] });
 * const route = new McpRoute(chart, 'books', { gateway, backends: [{ server: ledger }] });
 * route.allow(Principal.group('finance-admins'), { tools: ['db_*'] });
 *
 * const access = AccessMatrix.of(app);
 * access.decide({ route, principal: Principal.group('interns'), tool: 'db_insert' }).allowed; // false
 * access.toMarkdown();
 */
export class AccessMatrix {
  /**
   * The matrix of an app as it is now.
   *
   * @param scope any construct of the app; in an app for several clusters, the cluster or a construct of it
   * @param options principals, tools and what is the same in all requests
   * @throws when the app has errors, naming all of them: what it would emit is not known then
   */
  public static of(scope: IConstruct, options: AccessMatrixOptions = {}): AccessMatrix {
    const synthesis = Synthesis.reported(scope);
    const errors = synthesis.diagnostics().filter(({ severity }) => severity === 'error');
    if (errors.length > 0) {
      throw new InputError(errors);
    }
    const { plans, guards } = synthesis.compile();
    return new AccessMatrix(
      plans.filter(({ gateway }) => !gateway.imported),
      guards,
      options,
    );
  }

  /**
   * Who gained and who lost which tool, for code review.
   *
   * @param before the matrix of before
   * @param after the matrix of after
   */
  public static diff(before: AccessMatrix, after: AccessMatrix): AccessChange[] {
    return library().diff(before.matrix, after.matrix);
  }

  private readonly matrix: Matrix;

  private constructor(
    private readonly plans: readonly GatewayPlan[],
    private readonly guards: ReadonlyMap<string, GatewayPlan>,
    private readonly options: AccessMatrixOptions,
  ) {
    const entries = plans.flatMap(plan => plan.entries.map(entry => ({ plan, entry })));
    const principals =
      options.principals?.map(principal => ({
        name: principal.text,
        caller: library().callerOf(principalModel(principal._value)),
      })) ?? library().defaultPrincipals(entries.map(({ entry }) => entry));
    this.matrix = library().computeMatrix(
      entries.map(({ plan, entry }) => ({
        enforcement: this.enforcementOf(plan, entry),
        tools: options.tools ?? library().toolsOf(entry),
        prompts: options.prompts ?? library().namedItems(entry, 'prompt'),
        resources: options.resources ?? library().namedItems(entry, 'resource'),
      })),
      principals,
      {
        sourceIp: options.sourceIp,
        headers: options.headers,
        time: options.time === undefined ? undefined : new Date(options.time),
      },
    );
  }

  /**
   * Decides on one request.
   *
   * What the question leaves out is missing in the request, and missing data denies.
   *
   * @param question route or server, principal, and a tool, prompt or resource
   * @throws when the question is about none of these or several, the route is none of this app, the server asks nothing of its callers itself, no server offers the tool
   * (where all of them declare theirs), or the principal is neither among the `principals` of the matrix, where they were given, nor named
   * by a rule: a slip of the pen would be denied, and a test of it would prove nothing
   */
  public decide(question: AccessQuestion): AccessDecision {
    const asked = itemAsked(question);
    const found = this.find(question);
    this.checkKnown(question, found.entry);
    const { allowed, reasons } = library().decide(this.enforcementOf(found.plan, found.entry), {
      ...this.contextOf(question),
      ...asked,
    });
    return { allowed, reasons: reasons.map(({ level, words, expression }) => ({ level, words, expression })) };
  }

  /**
   * Checks that a request is admitted, for tests.
   *
   * @param question route, principal and tool
   * @throws when it is not, with the reasons
   */
  public expectAllowed(question: AccessQuestion): void {
    this.expect(question, true);
  }

  /**
   * Checks that a request is denied, for tests.
   *
   * @param question route, principal and tool
   * @throws when it is admitted, with what granted it
   */
  public expectDenied(question: AccessQuestion): void {
    this.expect(question, false);
  }

  /** A table for each route: principals by tools, prompts and resources. */
  public toMarkdown(): string {
    return library().toMarkdown(this.matrix);
  }

  /** One line for each route, principal and item. For more than fits into a text, there is {@link writeCsv}. */
  public toCsv(): string {
    return [...library().csvParts(this.matrix)].join('');
  }

  /** One object for each route, principal and item, as JSON. For more than fits into a text, there is {@link writeJson}. */
  public toJson(): string {
    return [...library().jsonParts(this.matrix)].join('');
  }

  /**
   * Writes what {@link toCsv} says to a file, however large it is: no more than a part of it is in memory.
   *
   * @param path of the file, which is replaced if it is there
   * @throws when the file cannot be written
   */
  public writeCsv(path: string): void {
    writeParts(path, library().csvParts(this.matrix));
  }

  /**
   * Writes what {@link toJson} says to a file, however large it is: no more than a part of it is in memory.
   *
   * @param path of the file, which is replaced if it is there
   * @throws when the file cannot be written
   */
  public writeJson(path: string): void {
    writeParts(path, library().jsonParts(this.matrix));
  }

  /** @internal What a report has of it. */
  public _reported(): ReportedAccess[] {
    return this.matrix.tables.map(table => ({
      route: table.route,
      tools: table.columns.map(({ label }) => label),
      rows: library().rowsOf(table),
    }));
  }

  private expect(question: AccessQuestion, wanted: boolean): void {
    const { allowed, reasons } = this.decide(question);
    if (allowed !== wanted) {
      const asked = `${question.principal?.text ?? 'a caller without credentials'}, ${itemAsked(question).action} of ${question.tool ?? question.prompt ?? question.resource} at ${(question.server ?? question.route)?.node.path ?? DISCOVERY_PATH}`;
      throw new Error(
        `Expected ${wanted ? 'admission' : 'denial'} of ${asked}, but it is ${allowed ? 'admitted' : 'denied'}:\n${
          reasons.map(({ level, words }) => `  ${level}: ${words}`).join('\n') || '  nothing restricts it'
        }`,
      );
    }
  }

  /** A question about what is not there is a mistake of whoever asks. */
  private checkKnown({ tool, principal, undeclared = false }: AccessQuestion, entry: Entry): void {
    const { knownTools, principalsNamed } = library();
    const tools = knownTools(entry);
    if (tool !== undefined && !undeclared && tools !== undefined && !tools.includes(tool)) {
      const meant = library().nearest(tool, tools);
      const words = { meant: meant === undefined ? '' : `; ${meant} is one of those that are offered` };
      throw new InputError([findingOf(TOOL_UNKNOWN, ASKING, 'tool', tool, words)]);
    }
    const named = this.options.principals?.map(({ text }) => text);
    if (principal !== undefined && named !== undefined) {
      const known = [...named, ...this.plans.flatMap(({ entries }) => principalsNamed(entries))];
      if (!known.includes(principal.text) && principal.text !== ANY_CALLER) {
        const meant = library().nearest(principal.text, known);
        const words = { meant: meant === undefined ? '' : `; ${meant} is` };
        throw new InputError([findingOf(PRINCIPAL_UNKNOWN, ASKING, 'principal', principal.text, words)]);
      }
    }
  }

  private find({ gateway, route, server }: AccessQuestion): { readonly plan: GatewayPlan; readonly entry: Entry } {
    if (server !== undefined) {
      const plan = this.guards.get(server.node.path);
      if (plan === undefined) {
        throw new InputError([findingOf(SERVER_OPEN, ASKING, 'server', server.node.path)]);
      }
      return { plan, entry: plan.entries[0] };
    }
    const path = route?.node.path;
    const found = this.plans
      .flatMap(plan => plan.entries.map(entry => ({ plan, entry })))
      .find(({ entry, plan }) =>
        path === undefined
          ? entry.path === DISCOVERY_PATH && (gateway === undefined || plan.gateway.path === gateway.node.path)
          : entry.origin === path,
      );
    if (found === undefined) {
      throw new InputError([findingOf(ROUTE_UNSERVED, ASKING, 'route', path)]);
    }
    return found;
  }

  private enforcementOf(plan: GatewayPlan, entry: Entry) {
    return library().entryOf(entry, () => compiler().enforcementAt(plan, entry));
  }

  private contextOf(question: AccessQuestion): RequestContext {
    const known: Caller | undefined =
      question.principal && library().callerOf(principalModel(question.principal._value));
    const caller = question.claims === undefined ? known : { ...known, claims: question.claims };
    const time = question.time ?? this.options.time;
    return {
      caller,
      sourceIp: question.sourceIp ?? this.options.sourceIp,
      headers: question.headers ?? this.options.headers,
      time: time === undefined ? undefined : new Date(time),
      arguments: question.arguments,
    };
  }
}

/** What a question is about. */
function itemAsked(question: AccessQuestion): ItemRequest {
  const { action = ToolAction.CALL, completion = false, prompt, resource, task = false, tool } = question;
  const count = [tool, prompt, resource].filter(name => name !== undefined).length;
  const problems = [
    ...(count === 1
      ? []
      : [
          findingOf(
            ITEMS_COUNT,
            ASKING,
            'question',
            { tool, prompt, resource },
            { count: count === 0 ? 'none' : count },
          ),
        ]),
    ...(completion && tool !== undefined ? [findingOf(COMPLETION_OF_TOOL, ASKING, 'completion', completion)] : []),
    ...(task && tool === undefined ? [findingOf(TASK_OF_OTHER, ASKING, 'task', task)] : []),
  ];
  if (problems.length > 0) {
    throw new InputError(problems);
  }
  const verb = action === ToolAction.CALL ? USES : LISTS;
  return tool !== undefined
    ? { tool, action: task ? 'tasks/get' : verb.tool }
    : prompt !== undefined
      ? { prompt, action: completion ? 'completion/complete' : verb.prompt }
      : { resource: resource!, action: completion ? 'completion/complete' : verb.resource };
}

/** Characters that are written at once. */
const WRITTEN_AT_ONCE = 65_536;

function writeParts(path: string, parts: Iterable<string>): void {
  const file = openSync(path, 'w');
  try {
    let text = '';
    for (const part of parts) {
      text += part;
      if (text.length >= WRITTEN_AT_ONCE) {
        writeFileSync(file, text);
        text = '';
      }
    }
    writeFileSync(file, text);
  } finally {
    closeSync(file);
  }
}

import { Predicate } from '../../../cel/predicates';
import { Diagnostic } from '../../../model/findings';
import { Gateway } from '../../../model/gateway';
import { BackendGroup, Entry, GatewayPlan } from '../../../model/plan';
import { SecretKey } from '../../../model/policy';
import { AGENTGATEWAY, SecretEnv } from '../../interface/data-plane';
import { PlaneFeature, Refused, refusedBy, Standing } from '../../interface/standing';
import {
  AgwConfig,
  AgwRoute,
  ConditionalResponse,
  ConnectionPolicies,
  FrontendHttp,
  Listener,
  MessageChanges,
  RoutePolicies,
  Rule,
} from '../config/config';
import { Member } from '../config/members';
import { MessageChange } from '../dialect/json-message';
import { StagedRule } from '../dialect/rule';

/*
 * A feature on agentgateway is a part: one object with all that it has in the configuration. What makes the configuration walks
 * the list of parts. How requests come to servers, by which path and behind which names, is no part: entries and hops are that.
 */

/** What one feature, or some that belong together, have in the configuration. A part has the members that it needs. */
export interface Part {
  /** How agentgateway stands to features of the model. Each is said by one part. */
  readonly features?: Readonly<Partial<Record<PlaneFeature, Standing>>>;
  /** What else is said of the part: what it cannot do, and what it does that nobody has to ask for. */
  readonly limits?: Readonly<Record<string, Standing>>;
  /** What of a plan is beyond the limits. What is not supported at all need not be looked for. */
  check?(plan: GatewayPlan): readonly Diagnostic[];

  /** Settings of the process. */
  config?(gateway: Gateway): Partial<AgwConfig['config']>;
  /** Policies of all connections and requests; of the log, fields are members of their own. */
  frontend?(gateway: Gateway): Omit<NonNullable<AgwConfig['frontendPolicies']>, 'accessLog' | 'http'>;
  /** How HTTP is spoken with clients. */
  http?(gateway: Gateway): FrontendHttp;
  /** Fields on the line that is logged for each request, in CEL. */
  logFields?(plan: GatewayPlan): Readonly<Record<string, string>>;
  /** Fields of agentgateway's own that must not be on that line. */
  withheldFields?(gateway: Gateway): readonly string[];
  /** Whether there has to be a line for each request, however little else is logged. */
  recordsRequests?(gateway: Gateway): boolean;
  /** How clients connect. */
  listener?(plan: GatewayPlan): Partial<Pick<Listener, 'protocol' | 'tls'>>;
  /** What the listener notes of each request for expressions that come later, in CEL. */
  notes?(gateway: Gateway): Readonly<Record<string, string>>;

  /** What is asked of requests and items at an entry, and by whoever asks who may do what. */
  rules?(entry: Entry): readonly StagedRule[];
  /** Rules on requests that no question about access can answer: they hold secrets. */
  secretRules?(entry: Entry): readonly Rule[];
  /** What clients of MCP send that rules ask for. */
  clientHeaders?(entry: Entry): Readonly<Record<string, string>>;
  /** Policies of the routes that clients reach. */
  policies?(entry: Entry, gateway: Gateway): ClientPolicies;
  /** What the gateway answers itself, the first of which the condition holds; what rules refuse is refused before. */
  answers?(entry: Entry): readonly ConditionalResponse[];
  /** Changes to their requests, and to the answers. */
  request?(entry: Entry): MessageChanges;
  response?(entry: Entry): MessageChanges;
  /** Changes to the messages that are in requests, read as JSON. */
  messages?(entry: Entry): readonly MessageChange[];
  /** Routes beside those that serve tools. */
  routes?(entry: Entry): readonly AgwRoute[];

  /** What is asked of requests that go to a group of servers, whatever the entry asks. */
  groupRules?(group: BackendGroup): readonly Predicate[];
  /** Policies of a connection on the way to a server. */
  connection?(entry: Entry, member: Member, leg: Leg): ConnectionPolicies;

  /** Keys of Secrets that are read from files. */
  secretFiles?(plan: GatewayPlan): readonly SecretKey[];
  /** Values of Secrets that come as variables of the environment. */
  variables?(plan: GatewayPlan): readonly SecretEnv[];
  /** Files beside the configuration, by name. */
  files?(plan: GatewayPlan): Readonly<Record<string, string>>;
}

/** What a part says of a route that clients reach. What several parts have a say in are members of their own. */
export type ClientPolicies = Omit<RoutePolicies, 'authorization' | 'directResponse' | 'transformations'>;

/** A connection on the way to a server: the first is the one that MCP messages are sent on, the last ends at the server. */
export interface Leg {
  readonly first: boolean;
  readonly last: boolean;
}

/** Something that agentgateway cannot do, a feature or a limit by name: why not, and what to do instead. */
export function unsupported(name: string, reason: string, remedy: string): Refused {
  return refusedBy(AGENTGATEWAY, name, reason, remedy);
}

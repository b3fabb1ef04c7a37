import type { Context, EntityJson, StatefulAuthorizationCall } from '@cedar-policy/cedar-wasm/nodejs';
import { conformingFields } from './conformance';
import { entityJson, StaticEntity } from './entities';
import { CedarPolicies } from './policies';
import { CedarAction, EntityUid, formatUid } from './vocabulary';
import { askCedar, cedarWasm } from './wasm';
import { distinctBy } from '../values/json';

/** A request as Cedar sees it. */
export interface CedarRequest {
  readonly action: CedarAction;
  /** The caller, if it proved a name. */
  readonly user?: string;
  readonly groups?: readonly string[];
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly tool: string;
  /** The servers that serve the tool, each as `namespace/name`. */
  readonly servers?: readonly string[];
  /** Arguments of the call. */
  readonly arguments?: Readonly<Record<string, unknown>>;
  readonly sourceIp: string;
  /** Names in lower case. */
  readonly headers?: Readonly<Record<string, unknown>>;
  readonly time: Date;
}

/** Cedar's decision. */
export interface CedarDecision {
  readonly allowed: boolean;
  /** Ids of the policies that decided: the permits that allowed or the forbids that denied; none when no permit applied. */
  readonly reasons: readonly string[];
  /** Why no policy was asked, or what erred. */
  readonly errors: readonly string[];
}

/** Name under which Cedar keeps the policies it parsed last. */
const PARSED = 'cdk8s-mcp';

/** What Cedar has parsed, and which copy of it. It keeps one set: parsing takes far longer than deciding, and decisions come in runs over one set. */
let parsed: { readonly set: CedarPolicies; readonly by: unknown } | undefined;

/** Cedar's own decision. */
export function evaluateCedar(set: CedarPolicies, request: CedarRequest): CedarDecision {
  const call = authorizationCall(set, request);
  if (typeof call === 'string') {
    return denied(call);
  }
  parse(set);
  // Without the schema: against it, parsing the entities of a request takes several times as long, and they conform by their making.
  const answer = askCedar(cedar =>
    cedar.statefulIsAuthorized({ ...call, validateRequest: false, preparsedPolicySetId: PARSED }),
  );
  if (answer.type === 'failure') {
    return denied(...answer.errors.map(({ message }) => message));
  }
  const { decision, diagnostics } = answer.response;
  return {
    allowed: decision === 'allow',
    reasons: [...diagnostics.reason].sort(),
    errors: diagnostics.errors.map(({ policyId, error }) => `${policyId}: ${error.message}`),
  };
}

/** The request as Cedar takes it, or why it is denied before any policy is asked. */
export function authorizationCall(
  set: CedarPolicies,
  request: CedarRequest,
): Pick<StatefulAuthorizationCall, 'principal' | 'action' | 'resource' | 'context' | 'entities'> | string {
  const { user } = request;
  if (user === undefined || user === '') {
    return 'the caller has no user name';
  }
  const claims = conformingFields(request.claims ?? {}, set.shape.claims);
  const headers = conformingFields(request.headers ?? {}, set.shape.headers);
  const args = request.action === 'call_tool' ? conformingFields(request.arguments ?? {}, set.shape.arguments) : {};
  if (claims === undefined || headers === undefined || args === undefined) {
    return `a value in the ${claims === undefined ? 'claims' : headers === undefined ? 'headers' : 'arguments'} has another type than the policies use it as`;
  }
  const principal: EntityUid = { type: 'User', id: user };
  const resource: EntityUid = { type: 'Tool', id: request.tool };
  const requested = [principal, resource].map(formatUid);
  const context = {
    sourceIp: { __extn: { fn: 'ip', arg: request.sourceIp } },
    time: { __extn: { fn: 'datetime', arg: request.time.toISOString() } },
    headers,
    ...(request.action === 'call_tool' ? { arguments: args } : {}),
  };
  return {
    principal: { ...principal },
    action: { type: 'Action', id: request.action },
    resource: { ...resource },
    context: context as Context,
    entities: [
      requestEntity(set, principal, uids('Group', request.groups), { claims }),
      requestEntity(set, resource, uids('Server', request.servers), {}),
      ...set.entities.filter(({ uid }) => !requested.includes(formatUid(uid))).map(entityJson),
    ],
  };
}

function denied(...errors: readonly string[]): CedarDecision {
  return { allowed: false, reasons: [], errors };
}

function parse(set: CedarPolicies): void {
  if (parsed?.set === set && parsed.by === cedarWasm()) {
    return;
  }
  const staticPolicies = Object.fromEntries(set.policies.map(({ id, text }) => [id, text]));
  const answer = askCedar(cedar => cedar.preparsePolicySet(PARSED, { staticPolicies }));
  if (answer.type === 'failure') {
    throw new Error(
      `Cedar does not parse what it has validated: ${answer.errors.map(({ message }) => message).join('; ')}`,
    );
  }
  parsed = { set, by: cedarWasm() };
}

function uids(type: string, ids: readonly string[] = []): readonly EntityUid[] {
  return ids.map(id => ({ type, id }));
}

/** The entity of the request: what the given entities say of it, and what the request says. */
function requestEntity(
  set: CedarPolicies,
  uid: EntityUid,
  parents: readonly EntityUid[],
  attributes: Record<string, unknown>,
): EntityJson {
  const known = set.entities.find(entity => formatUid(entity.uid) === formatUid(uid));
  const entity: StaticEntity = {
    uid,
    parents: distinctBy([...parents, ...(known?.parents ?? [])], formatUid),
    attributes: known?.attributes ?? new Map(),
  };
  const json = entityJson(entity);
  return { ...json, attrs: { ...json.attrs, ...attributes } as EntityJson['attrs'] };
}

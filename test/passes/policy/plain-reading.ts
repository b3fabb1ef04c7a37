import { CIDRS, Facts, REGEXES } from './policy-arbitrary';
import { Permission } from '../../../src/model/items';
import {
  AuthenticationMethod,
  AuthorizationRule,
  Condition,
  LevelPolicy,
  NameSource,
  Principal,
  SingleMethod,
} from '../../../src/model/policy';
import { ToolPattern } from '../../../src/model/tool-pattern';

/*
 * docs/design.md §5 read in plain TypeScript, without CEL and without anything of the implementation but its model: within one
 * level a request passes when some rule grants it. A rule is principals × permissions × conditions: any principal, any
 * permission (tool pattern and action), all conditions. No rules: every authenticated caller passes. Missing data denies.
 */

/** Whether a level's rules admit a request. `trusted` are the methods the level relies on, `inForce` all that were asked of the caller. */
export function admits(
  level: LevelPolicy,
  request: Facts,
  trusted: readonly AuthenticationMethod[],
  inForce: readonly AuthenticationMethod[],
): boolean {
  return level.rules.length === 0 || level.rules.some(rule => grants(rule, request, trusted, inForce));
}

function grants(
  rule: AuthorizationRule,
  request: Facts,
  trusted: readonly AuthenticationMethod[],
  inForce: readonly AuthenticationMethod[],
): boolean {
  return (
    rule.principals.some(principal => isPrincipal(principal, request, trusted, inForce)) &&
    rule.permissions.some(permission => permits(permission, request)) &&
    rule.conditions.every(condition => meets(condition, request, trusted, inForce))
  );
}

function permits({ actions, prompts = [], resources = [], tools = [] }: Permission, request: Facts): boolean {
  const { action, prompt, resource, tool } = request;
  if (!actions.includes(action)) {
    return false;
  }
  // A task does not say which tool it is of.
  if (action === 'tasks/get') {
    return tool !== undefined && tools.length > 0;
  }
  return (
    (tool !== undefined && tools.some(pattern => selects(pattern, tool))) ||
    (prompt !== undefined && prompts.some(pattern => selects(pattern, prompt))) ||
    (resource !== undefined && resources.some(pattern => selectsResource(pattern, resource)))
  );
}

/** A pattern of a part of a URI selects none that leads elsewhere: read without escapes, it has no segment of dots. */
export function selectsResource(pattern: ToolPattern, uri: string): boolean {
  const wholly = pattern.kind === 'exact' || /^\**$/.test(pattern.value);
  const segments = uri
    .replace(/%(2e|2f|5c|3f|23)/gi, escaped => decodeURIComponent(escaped))
    .split(/[?#]/)
    .flatMap(part => part.split(/[:/\\]/));
  return selects(pattern, uri) && (wholly || !segments.some(segment => segment === '.' || segment === '..'));
}

function singles(methods: readonly AuthenticationMethod[]): SingleMethod[] {
  return methods.flatMap(method => (method.kind === 'anyOf' ? [...method.methods] : [method]));
}

function isPrincipal(
  principal: Principal,
  request: Facts,
  trusted: readonly AuthenticationMethod[],
  inForce: readonly AuthenticationMethod[],
): boolean {
  const seen = singles(trusted)
    .filter(method => principal.kind === 'anyAuthenticated' || isSource(principal.source, method))
    .map(method => seenBy(method, request, inForce));
  switch (principal.kind) {
    case 'user':
      return seen.some(({ user }) => user === principal.name);
    case 'group':
      return seen.some(
        ({ groups }) => groups === principal.name || (Array.isArray(groups) && groups.includes(principal.name)),
      );
    case 'serviceAccount':
      return seen.some(({ subject }) => subject === `system:serviceaccount:${principal.namespace}:${principal.name}`);
    case 'anyAuthenticated':
      return trusted.length > 0 && trusted.every(method => singles([method]).some(single => passed(single, request)));
  }
}

function isSource(source: NameSource | undefined, method: SingleMethod): boolean {
  if (source === undefined) {
    return true;
  }
  return 'issuer' in source ? method.kind === 'jwt' && method.issuer === source.issuer : method.kind === source.method;
}

function passed(method: SingleMethod, request: Facts): boolean {
  const left = {
    jwt: request.jwt,
    apiKey: request.apiKey,
    basic: request.basicAuth,
    clientCertificate: request.certificate ?? {},
  };
  return Object.keys(left[method.kind]).length > 0;
}

/** What one method says of the caller. */
function seenBy(
  method: SingleMethod,
  request: Facts,
  inForce: readonly AuthenticationMethod[],
): { user?: unknown; groups?: unknown; subject?: unknown; scopes?: unknown[] } {
  switch (method.kind) {
    case 'jwt': {
      const tokens = singles(inForce).filter(other => other.kind === 'jwt');
      const several = tokens.some(other => other.issuer !== method.issuer);
      const apart = tokens.some(other => other.header.name !== method.header.name);
      if (
        (several && request.jwt.iss !== method.issuer) ||
        (apart && ![request.jwt.aud].flat().some(audience => method.audiences.includes(audience as string)))
      ) {
        return {};
      }
      return {
        user: at(request.jwt, method.claims.user),
        groups: at(request.jwt, method.claims.groups),
        subject: request.jwt.sub,
        scopes: [request.jwt.scope, request.jwt.scp],
      };
    }
    case 'apiKey':
      return { user: request.apiKey.user, groups: request.apiKey.groups };
    case 'basic':
      return { user: request.basicAuth.username };
    case 'clientCertificate':
      return { user: request.certificate?.subjectCn };
  }
}

function at(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (inner, name) =>
      typeof inner === 'object' && inner !== null && !Array.isArray(inner)
        ? (inner as Record<string, unknown>)[name]
        : undefined,
    value,
  );
}

export function selects(pattern: ToolPattern, tool: string): boolean {
  switch (pattern.kind) {
    case 'exact':
      return tool === pattern.value;
    case 'prefix':
      return tool.startsWith(pattern.value);
    case 'glob':
      return glob(pattern.value, tool);
    case 'regex':
      return REGEXES.find(({ regex }) => regex === pattern.value)!.means(tool);
  }
}

function glob(pattern: string, text: string): boolean {
  if (pattern === '') {
    return text === '';
  }
  if (pattern[0] === '*') {
    return glob(pattern.slice(1), text) || (text !== '' && glob(pattern, text.slice(1)));
  }
  return text[0] === pattern[0] && glob(pattern.slice(1), text.slice(1));
}

export function meets(
  condition: Condition,
  request: Facts,
  trusted: readonly AuthenticationMethod[] = [],
  inForce: readonly AuthenticationMethod[] = [],
): boolean {
  switch (condition.kind) {
    case 'sourceIp': {
      const { address } = request;
      return address !== undefined && condition.cidrs.some(cidr => within(cidr, address)) !== condition.negated;
    }
    case 'timeOfDay': {
      if (request.time === undefined) {
        return false;
      }
      const now = minutesAt(request.time, condition.timeZone);
      const { from, to } = condition;
      return (from <= to ? now >= from && now < to : now >= from || now < to) !== condition.negated;
    }
    case 'header': {
      const found = request.headers[condition.name];
      return found !== undefined && compare(condition, typeof found === 'string' ? found : found.join(','));
    }
    case 'scope':
      return singles(trusted)
        .filter(
          method => condition.issuer === undefined || (method.kind === 'jwt' && method.issuer === condition.issuer),
        )
        .flatMap(method => seenBy(method, request, inForce).scopes ?? [])
        .flatMap(claim => (typeof claim === 'string' ? claim.split(' ') : Array.isArray(claim) ? claim : []))
        .includes(condition.scope);
  }
}

function compare({ operator, values }: Extract<Condition, { kind: 'header' }>, value: string): boolean {
  switch (operator) {
    case 'Equal':
      return value === values[0];
    case 'NotEqual':
      return value !== values[0];
    case 'In':
      return values.includes(value);
    case 'NotIn':
      return !values.includes(value);
    case 'Matches':
      return REGEXES.find(({ regex }) => regex === values[0])!.means(value);
    case 'NotMatches':
      return !REGEXES.find(({ regex }) => regex === values[0])!.means(value);
  }
}

/** What the clocks show. Read from the platform each time; the implementation reads a table. */
function minutesAt(time: Date, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(time);
  const part = (type: string): number => Number(parts.find(item => item.type === type)!.value);
  return part('hour') * 60 + part('minute');
}

function within(cidr: string, address: string): boolean {
  expect(CIDRS).toContain(cidr);
  const [network, length] = cidr.split('/');
  const [a, b] = [bits(network), bits(address)];
  return a.length === b.length && a.slice(0, Number(length)) === b.slice(0, Number(length));
}

/** An address as its bits. */
function bits(address: string): string {
  if (!address.includes(':')) {
    return address
      .split('.')
      .map(byte => Number(byte).toString(2).padStart(8, '0'))
      .join('');
  }
  const plain = address.replace(
    /(\d+)\.(\d+)\.(\d+)\.(\d+)$/,
    (_, a, b, c, d) => `${(Number(a) * 256 + Number(b)).toString(16)}:${(Number(c) * 256 + Number(d)).toString(16)}`,
  );
  const [head, tail] = plain.split('::').map(part => (part === '' ? [] : part.split(':')));
  const words =
    tail === undefined ? head : [...head, ...Array<string>(8 - head.length - tail.length).fill('0'), ...tail];
  return words.map(word => parseInt(word, 16).toString(2).padStart(16, '0')).join('');
}

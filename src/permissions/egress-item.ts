import { checkObject, checkText, checkTexts } from './document-fields';
import { checkPods, podsJson, podsOfItem } from './pods-item';
import { checkRange } from './ranges';
import { hostProblem, normalizedHost } from '../model/hosts';
import { InputCheck } from '../model/input';
import { dnsLabelProblem, namespaceProblem, portProblem } from '../model/names';
import { EgressRule, EgressTarget, NetworkPort } from '../model/permissions';
import { PolicyOrigin } from '../model/policy';
import { canonicalCidr, familyOf } from '../values/cidr';
import { compact, Json } from '../values/json';

/*
 * Items of `network.egress` in resources: what a server may connect to where neither `allowHost` nor `allowCIDR` can say it.
 */

const TARGETS = ['anywhere', 'cidr', 'host', 'pods', 'publicInternet', 'server', 'service'];

/** A rule as resources write it: in the fields that everybody has, where they can say it. */
export function networkOfRule({ target, ports }: Pick<EgressRule, 'target' | 'ports'>): Json {
  const plain = ports.every(
    ({ protocol, port, endPort }) => protocol === 'TCP' && port !== undefined && endPort === undefined,
  );
  if (target.kind === 'host' && plain) {
    const host = familyOf(target.host) === 6 && ports.length > 0 ? `[${target.host}]` : target.host;
    return { allowHost: ports.length === 0 ? [host] : ports.map(({ port }) => `${host}:${port}`) };
  }
  if (target.kind === 'cidr' && target.except.length === 0 && ports.length === 0) {
    return { allowCIDR: [target.cidr] };
  }
  return { egress: [compact({ ...targetJson(target), ports: ports.map(port => compact({ ...port })) })] };
}

function targetJson(target: EgressTarget): Json {
  switch (target.kind) {
    case 'host':
      return { host: target.host };
    case 'cidr':
      return { cidr: target.cidr, except: [...target.except] };
    case 'service':
      return { service: { namespace: target.namespace, name: target.name } };
    case 'server':
      return {
        server: compact({ kind: target.server.kind, namespace: target.server.namespace, name: target.server.name }),
      };
    case 'pods':
      return { pods: podsJson(target) };
    case 'public':
      return { publicInternet: true };
    case 'anywhere':
      return { anywhere: true };
  }
}

/** Checks an item of a document. */
export function checkEgressItem(input: InputCheck, place: string, given: unknown): void {
  const item = checkObject(input, place, given, [...TARGETS, 'except', 'ports']);
  const targets = TARGETS.filter(field => item[field] !== undefined);
  input.check(
    place,
    targets,
    targets.length === 1 ? undefined : 'names no target, or several',
    `Write one of ${TARGETS.join(', ')}`,
  );
  for (const field of ['anywhere', 'publicInternet'] as const) {
    input.check(
      `${place}.${field}`,
      item[field],
      item[field] === undefined || item[field] === true ? undefined : 'says nothing',
      'Write true, or remove it',
    );
  }
  if (checkText(input, `${place}.host`, item.host)) {
    const found = hostProblem(item.host);
    input.check(`${place}.host`, item.host, found?.problem, found?.remedy ?? '');
  }
  checkRangeItem(input, place, item);
  checkService(input, `${place}.service`, item.service);
  checkServer(input, `${place}.server`, item.server);
  checkPods(input, `${place}.pods`, item.pods);
  checkPortList(input, `${place}.ports`, item.ports);
}

function checkRangeItem(input: InputCheck, place: string, item: Json): void {
  const except = checkTexts(input, `${place}.except`, item.except);
  if (checkText(input, `${place}.cidr`, item.cidr)) {
    const range = new InputCheck('');
    checkRange(range, item.cidr, except);
    range.diagnostics.forEach(({ property, value, problem, remedy }) =>
      input.check(`${place}.${property}`, value, problem, remedy),
    );
  } else {
    input.check(
      `${place}.except`,
      item.except,
      except.length === 0 ? undefined : 'is not about a range',
      'Remove it, or write cidr',
    );
  }
}

function checkService(input: InputCheck, place: string, given: unknown): void {
  if (given !== undefined) {
    const { namespace, name } = checkObject(input, place, given, ['namespace', 'name']);
    checkName(input, `${place}.name`, name, dnsLabelProblem, true);
    checkName(input, `${place}.namespace`, namespace, namespaceProblem, false);
  }
}

function checkServer(input: InputCheck, place: string, given: unknown): void {
  if (given !== undefined) {
    const { kind, namespace, name } = checkObject(input, place, given, ['kind', 'namespace', 'name']);
    checkName(input, `${place}.name`, name, dnsLabelProblem, true);
    checkName(input, `${place}.namespace`, namespace, namespaceProblem, false);
    input.check(
      `${place}.kind`,
      kind,
      [undefined, 'MCPServer', 'ClusterMCPServer'].includes(kind) ? undefined : 'is not a kind of server',
      'Write MCPServer or ClusterMCPServer',
    );
    input.check(
      `${place}.namespace`,
      namespace,
      kind === 'ClusterMCPServer' && namespace !== undefined
        ? 'is given, but a ClusterMCPServer is in no namespace'
        : undefined,
      'Remove it',
    );
  }
}

function checkPortList(input: InputCheck, place: string, given: unknown): void {
  if (given === undefined) {
    return;
  }
  input.check(place, given, Array.isArray(given) ? undefined : 'is not a list', 'Write a list');
  (Array.isArray(given) ? given : []).forEach((item, i) => {
    const { protocol, port, endPort } = checkObject(input, `${place}[${i}]`, item, ['protocol', 'port', 'endPort']);
    input.check(
      `${place}[${i}].protocol`,
      protocol,
      [undefined, 'TCP', 'UDP'].includes(protocol) ? undefined : 'is not a protocol',
      'Write TCP or UDP',
    );
    input.optional(`${place}[${i}].port`, port, portProblem, 'Write 1 to 65535');
    input.optional(
      `${place}[${i}].endPort`,
      endPort,
      value =>
        port === undefined
          ? 'ends a range that does not begin'
          : (portProblem(value) ?? (value < port ? 'is below port' : undefined)),
      'Write a port of at least port',
    );
  });
}

function checkName(
  input: InputCheck,
  place: string,
  value: unknown,
  rule: (name: string) => string | undefined,
  required: boolean,
): void {
  if (checkText(input, place, value)) {
    input.check(place, value, rule(value), 'Correct it');
  } else {
    input.check(place, value, required && value === undefined ? 'is missing' : undefined, 'Add it');
  }
}

/** An item that was checked, for a server whose pods are in a namespace. */
export function ruleOfItem(item: Json, namespace: string, origin: PolicyOrigin): EgressRule {
  return {
    target: targetOf(item, namespace),
    ports: (item.ports ?? []).map((port: Json): NetworkPort => ({
      protocol: port.protocol ?? 'TCP',
      ...compact({ port: port.port, endPort: port.endPort }),
    })),
    origin,
  };
}

function targetOf(item: Json, own: string): EgressTarget {
  if (item.host !== undefined) {
    return { kind: 'host', host: normalizedHost(item.host) };
  }
  if (item.cidr !== undefined) {
    return { kind: 'cidr', cidr: canonicalCidr(item.cidr), except: (item.except ?? []).map(canonicalCidr) };
  }
  if (item.service !== undefined) {
    return { kind: 'service', namespace: item.service.namespace ?? own, name: item.service.name };
  }
  if (item.server !== undefined) {
    const { kind = 'MCPServer', name, namespace } = item.server;
    return { kind: 'server', server: { kind, name, namespace: kind === 'MCPServer' ? (namespace ?? own) : undefined } };
  }
  if (item.pods !== undefined) {
    return { kind: 'pods', ...podsOfItem(item.pods, own) };
  }
  return item.publicInternet === true ? { kind: 'public' } : { kind: 'anywhere' };
}

import { boolean, choice, list, port, text, textList, ValueOf } from './codec';
import { labelSelector } from './common';
import { object } from './object';
import { Place } from './place';
import { oneOf } from './schema';
import { because, errorKind } from '../model/findings';
import { hostProblem, normalizedHost } from '../model/hosts';
import { EgressRule, EgressTarget, IngressSource, NamespaceChoice, NetworkPort } from '../model/permissions';
import { LabelSelector } from '../model/server';
import { dnsLabelProblem, namespaceProblem } from '../model/validation';
import { canonicalCidr, cidrContains, cidrProblem } from '../values/cidr';
import { compact } from '../values/json';

/* Who may connect to a workload (sources), and what it may connect to (targets). */

const SAYS_NOTHING = errorKind('connection-false-says-nothing', 'says nothing', 'Write true, or remove it');
const NAME = errorKind('connection-name-invalid', '{problem}', 'Correct it');

/** Checks what is on or not there at all. */
function checkFlag(value: boolean | undefined, place: Place): void {
  place.report(SAYS_NOTHING, value, value === false);
}

/* Pods. */

const NAMESPACES_CHOSEN_TWICE = errorKind(
  'pod-namespaces-chosen-twice',
  'chooses namespaces in several ways',
  'Write one of namespaces, namespaceSelector and allNamespaces',
);

/** Pods by namespace and labels; `own` says in words whose namespace is meant where none is named. */
const pods = (own: string) =>
  object(
    'Pods by namespace and labels.',
    {
      allNamespaces: boolean('Whether pods of every namespace are meant.'),
      namespaceSelector: labelSelector('Namespaces by their labels.'),
      namespaces: textList(`Namespaces by name; ${own} when empty.`),
      podSelector: labelSelector('Pods by their labels; all when missing.'),
    },
    {},
    (value, place) => {
      const { namespaces = [], namespaceSelector, allNamespaces } = value;
      namespaces.forEach((name, i) => place.at('namespaces', i).report(NAME, name, because(namespaceProblem(name))));
      const ways = [namespaces.length > 0, namespaceSelector !== undefined, allNamespaces === true].filter(Boolean);
      place.report(NAMESPACES_CHOSEN_TWICE, value, ways.length > 1);
    },
  );

type PodsValue = ValueOf<ReturnType<typeof pods>>;

/** A choice of pods as plain data. */
interface PodChoice {
  readonly namespaces: NamespaceChoice;
  readonly pods?: LabelSelector;
}

/** A choice, for a workload of a namespace. */
function podChoice(
  { allNamespaces, namespaces = [], namespaceSelector, podSelector }: PodsValue,
  own: string,
): PodChoice {
  return {
    namespaces:
      allNamespaces === true
        ? { kind: 'all' }
        : namespaceSelector === undefined
          ? { kind: 'names', names: namespaces.length === 0 ? [own] : namespaces }
          : { kind: 'labels', selector: namespaceSelector },
    ...(podSelector === undefined ? {} : { pods: podSelector }),
  };
}

function podsValue({ namespaces, pods: podSelector }: PodChoice): PodsValue {
  switch (namespaces.kind) {
    case 'names':
      return { namespaces: namespaces.names, podSelector };
    case 'labels':
      return { namespaceSelector: namespaces.selector, podSelector };
    case 'all':
      return { allNamespaces: true, podSelector };
  }
}

/* Ranges of addresses. */

const RANGE = errorKind(
  'address-range-invalid',
  '{problem}',
  'Write it as 10.20.0.0/16; a single address as 10.20.0.7/32',
);
const EXCEPTION = errorKind('address-range-exception-invalid', '{problem}', 'Leave out parts of the range only');
const EXCEPTION_OF_NOTHING = errorKind(
  'address-range-exception-without-range',
  'is not about a range',
  'Remove it, or write cidr',
);

/** A range of addresses, and what is left out of it. */
interface RangeValue {
  readonly cidr?: string;
  readonly except?: readonly string[];
}

/** Checks a range of addresses and what is left out of it. */
export function checkRange({ cidr, except = [] }: RangeValue, place: Place): void {
  if (cidr === undefined) {
    place.at('except').report(EXCEPTION_OF_NOTHING, except, except.length > 0);
    return;
  }
  const problem = cidrProblem(cidr);
  place.at('cidr').report(RANGE, cidr, because(problem));
  except.forEach((range, i) => {
    const wrong = cidrProblem(range);
    const outside =
      wrong === undefined &&
      problem === undefined &&
      (!cidrContains(cidr, range) || canonicalCidr(cidr) === canonicalCidr(range));
    place
      .at('except', i)
      .report(EXCEPTION, range, because(wrong ?? (outside ? `is not a part of ${cidr}` : undefined)));
  });
}

/** A range as plain data. */
export function rangeOf(
  cidr: string,
  except: readonly string[] = [],
): { readonly cidr: string; readonly except: readonly string[] } {
  return { cidr: canonicalCidr(cidr), except: [...new Set(except.map(canonicalCidr))].sort() };
}

/* Sources. */

const SOURCES = ['anywhere', 'cidr', 'pods'] as const;

const SOURCE_COUNT = errorKind(
  'connection-source-not-one',
  'names nobody, or several',
  `Write one of ${SOURCES.join(', ')}`,
);

/** Who may connect to a gateway. */
export const ingressSource = object(
  'One source; exactly one of its fields but except.',
  {
    anywhere: boolean('Everyone, inside the cluster and outside.'),
    cidr: text('IP range.'),
    except: textList('Parts of the IP range that stay outside.'),
    pods: pods("that of the gateway's pods"),
  },
  oneOf(SOURCES),
  (value, place) => {
    const given = SOURCES.filter(field => value[field] !== undefined);
    place.report(SOURCE_COUNT, given, given.length !== 1);
    checkFlag(value.anywhere, place.at('anywhere'));
    checkRange(value, place);
  },
);

/** Who may connect, as resources say it. */
export type IngressSourceValue = ValueOf<typeof ingressSource>;

/** A source for a workload of a namespace. */
export function ingressSourceModel({ cidr, except, pods: chosen }: IngressSourceValue, own: string): IngressSource {
  if (cidr !== undefined) {
    return { kind: 'cidr', ...rangeOf(cidr, except) };
  }
  return chosen === undefined ? { kind: 'anywhere' } : { kind: 'pods', ...podChoice(chosen, own) };
}

/** A source as resources say it. */
export function ingressSourceValue(source: IngressSource): IngressSourceValue {
  switch (source.kind) {
    case 'pods':
      return { pods: podsValue(source) };
    case 'cidr':
      return compact({ cidr: source.cidr, except: source.except });
    case 'anywhere':
      return { anywhere: true };
  }
}

/* Targets. */

const TARGETS = ['anywhere', 'cidr', 'host', 'pods', 'publicInternet', 'server', 'service'] as const;

const TARGET_COUNT = errorKind(
  'egress-target-not-one',
  'names no target, or several',
  `Write one of ${TARGETS.join(', ')}`,
);
const HOST = errorKind('egress-host-invalid', '{problem}', '{remedy}');
const SHARED_SERVER_NAMESPACE = errorKind(
  'egress-cluster-server-namespace',
  'is given, but a ClusterMCPServer is in no namespace',
  'Remove it',
);
const PORT_RANGE = errorKind('egress-port-range-invalid', '{problem}', 'Write a port of at least port');

const egressPort = object(
  'One port, or a range of them.',
  {
    endPort: port('Last port of a range.'),
    port: port('Port that clients name; all when missing.'),
    protocol: choice('Protocol. Default: TCP.', ['TCP', 'UDP']),
  },
  {},
  ({ port: first, endPort: last }, place) =>
    place
      .at('endPort')
      .report(
        PORT_RANGE,
        last,
        because(
          last === undefined
            ? undefined
            : first === undefined
              ? 'ends a range that does not begin'
              : last < first
                ? 'is below port'
                : undefined,
        ),
      ),
);

/** Checks a Service or a server by its name and namespace. */
function checkNames({ name, namespace }: { readonly name: string; readonly namespace?: string }, place: Place): void {
  place.at('name').report(NAME, name, because(dnsLabelProblem(name)));
  place
    .at('namespace')
    .report(NAME, namespace, namespace === undefined ? undefined : because(namespaceProblem(namespace)));
}

const server = object(
  'Another server.',
  {
    kind: choice('Kind of the server. Default: MCPServer.', ['MCPServer', 'ClusterMCPServer']),
    name: text('Name of the server.'),
    namespace: text("Namespace of the server; this server's own by default."),
  },
  { required: ['name'] },
  (value, place) => {
    checkNames(value, place);
    place
      .at('namespace')
      .report(
        SHARED_SERVER_NAMESPACE,
        value.namespace,
        value.kind === 'ClusterMCPServer' && value.namespace !== undefined,
      );
  },
);

const service = object(
  'The pods of a Service.',
  {
    name: text('Name of the Service.'),
    namespace: text("Namespace of the Service; the server's own by default."),
  },
  { required: ['name'] },
  checkNames,
);

/** What a server may connect to where neither `allowHost` nor `allowCIDR` can say it. */
export const egress = object(
  'One target; exactly one of its fields but except and ports.',
  {
    anywhere: boolean('Everything, inside the cluster and outside.'),
    cidr: text('IP range.'),
    except: textList('Parts of the IP range that stay closed.'),
    host: text('Host name or address; wildcards such as *.example.com.'),
    pods: pods("the server's own"),
    ports: list('Ports; all when empty.', egressPort),
    publicInternet: boolean('Every address that is neither private nor special.'),
    server,
    service,
  },
  // A rule in CEL would be dearer than API servers allow, this deep in lists.
  oneOf(TARGETS),
  (value, place) => {
    const given = TARGETS.filter(field => value[field] !== undefined);
    place.report(TARGET_COUNT, given, given.length !== 1);
    checkFlag(value.anywhere, place.at('anywhere'));
    checkFlag(value.publicInternet, place.at('publicInternet'));
    place.at('host').report(HOST, value.host, value.host === undefined ? undefined : hostProblem(value.host));
    checkRange(value, place);
  },
);

/** What a server may connect to, as resources say it. */
export type EgressValue = ValueOf<typeof egress>;

/** What a server whose pods are in a namespace may connect to. */
export function egressModel(value: EgressValue, own: string): Pick<EgressRule, 'target' | 'ports'> {
  return {
    target: targetModel(value, own),
    ports: (value.ports ?? []).map(({ protocol = 'TCP', port: first, endPort: last }): NetworkPort => ({
      protocol,
      ...compact({ port: first, endPort: last }),
    })),
  };
}

function targetModel(value: EgressValue, own: string): EgressTarget {
  if (value.host !== undefined) {
    return { kind: 'host', host: normalizedHost(value.host) };
  }
  if (value.cidr !== undefined) {
    return { kind: 'cidr', ...rangeOf(value.cidr, value.except) };
  }
  if (value.service !== undefined) {
    return { kind: 'service', namespace: value.service.namespace ?? own, name: value.service.name };
  }
  if (value.server !== undefined) {
    const { kind = 'MCPServer', name, namespace } = value.server;
    return { kind: 'server', server: { kind, name, namespace: kind === 'MCPServer' ? (namespace ?? own) : undefined } };
  }
  if (value.pods !== undefined) {
    return { kind: 'pods', ...podChoice(value.pods, own) };
  }
  return value.publicInternet === true ? { kind: 'public' } : { kind: 'anywhere' };
}

/** A rule as resources say it. */
export function egressValue({ target, ports }: Pick<EgressRule, 'target' | 'ports'>): EgressValue {
  return compact({ ...targetValue(target), ports });
}

function targetValue(target: EgressTarget): EgressValue {
  switch (target.kind) {
    case 'host':
      return { host: target.host };
    case 'cidr':
      return compact({ cidr: target.cidr, except: target.except });
    case 'service':
      return { service: { namespace: target.namespace, name: target.name } };
    case 'server':
      return { server: target.server };
    case 'pods':
      return { pods: podsValue(target) };
    case 'public':
      return { publicInternet: true };
    case 'anywhere':
      return { anywhere: true };
  }
}

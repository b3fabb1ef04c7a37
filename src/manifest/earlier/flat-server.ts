import { listAt, objectAt, Rewriting } from './rewriting';
import { errorKind } from '../../model/findings';
import { SERVER_CONTAINER, SERVER_PORT } from '../../server/source-config';
import { isObject, Json } from '../../values/json';
import { Path } from '../../values/paths';
import type { DocumentCheck } from '../source-document';

/*
 * Servers of OEP-0005 as of August 2025: what later went to `hosted.podSpec` and `remote` stood in the spec itself, and `type` said
 * which of the two it is.
 */

const TYPE_UNKNOWN = errorKind('flat-type-unknown', 'is no kind of server', 'Write Hosted or Remote');
const FIELD_OF_PODS = errorKind(
  'flat-field-of-pods',
  'is about pods, and a server of type Remote has none',
  'Remove it, or write type: Hosted',
);
const FIELD_OF_REMOTE = errorKind(
  'flat-field-of-remote',
  'is where a server of type Remote is, and this one is Hosted',
  'Remove it, or write type: Remote',
);
const SERVICE_PORT = errorKind(
  'flat-service-port',
  `is not the port of a server's Service, which is ${SERVER_PORT} for all: callers come by gateways`,
  'Remove it; the port that the program listens on is targetPort',
);
const SAID_TWICE = errorKind('flat-said-twice', 'is said in podTemplateSpec too', 'Keep one of the two');
const PROTOCOL_UNKNOWN = errorKind(
  'flat-protocol-unknown',
  'is not the protocol of MCP, which is JSON-RPC 2.0 alone',
  'Remove it',
);

/** Fields of a container that stood in the spec. */
const CONTAINER_FIELDS = ['image', 'args', 'resources'] as const;

/** Fields of a pod that stood in the spec, and what they are called there. */
const POD_FIELDS = {
  affinity: 'affinity',
  nodeSelector: 'nodeSelector',
  serviceAccount: 'serviceAccountName',
  tolerations: 'tolerations',
  volumes: 'volumes',
} as const;

const HOSTED_FIELDS = [
  ...CONTAINER_FIELDS,
  ...Object.keys(POD_FIELDS),
  'env',
  'podTemplateSpec',
  'port',
  'replicas',
  'secrets',
  'targetPort',
  'volumeMounts',
];

/** Fields that a server of today has not, or has elsewhere. */
const FLAT_FIELDS = [...HOSTED_FIELDS, 'protocol', 'type', 'url'];

/** What the container of the server was called before it had to be `mcp-server`. */
const EARLIER_CONTAINER = 'mcp';

const TEMPLATE: Path = ['spec', 'hosted', 'podSpec'];
const POD: Path = [...TEMPLATE, 'spec'];
const CONTAINER: Path = [...POD, 'containers', 0];

/** Whether the spec of a server has the earlier form. */
export function isFlat(spec: Json): boolean {
  return spec.hosted === undefined && spec.remote === undefined && FLAT_FIELDS.some(field => spec[field] !== undefined);
}

/** Rewrites where a server is and what runs it; the rest of the spec is as it was. */
export function rewriteServer(rewriting: Rewriting, check: DocumentCheck): void {
  const { spec } = rewriting.object;
  const flat = { ...spec };
  FLAT_FIELDS.forEach(field => delete spec[field]);
  const { protocol, type = 'Hosted', url } = flat;
  const spoken = protocol === undefined || (isObject(protocol) && isJsonRpc(protocol));
  check.report(PROTOCOL_UNKNOWN, ['spec', 'protocol'], protocol, !spoken);
  check.report(TYPE_UNKNOWN, ['spec', 'type'], type, type !== 'Hosted' && type !== 'Remote');
  if (type === 'Remote') {
    HOSTED_FIELDS.forEach(field =>
      check.report(FIELD_OF_PODS, ['spec', field], flat[field], flat[field] !== undefined),
    );
    rewriting.make(['spec', 'remote'], {}, ['spec']);
    rewriting.put(['spec', 'remote', 'url'], url, ['spec', 'url']);
    return;
  }
  check.report(FIELD_OF_REMOTE, ['spec', 'url'], url, url !== undefined);
  check.report(SERVICE_PORT, ['spec', 'port'], flat.port, flat.port !== undefined && flat.port !== SERVER_PORT);
  rewriting.put(['spec', 'port'], flat.targetPort, ['spec', 'targetPort']);
  rewriting.make(['spec', 'hosted'], {}, ['spec']);
  rewriting.put(['spec', 'hosted', 'replicas'], flat.replicas, ['spec', 'replicas']);
  rewritePods(rewriting, flat, check);
}

function isJsonRpc({ name = 'JSON-RPC', version = '2.0', ...rest }: Json): boolean {
  return name === 'JSON-RPC' && version === '2.0' && Object.keys(rest).length === 0;
}

/** The template of the pods: what it said, with what stood beside it. */
function rewritePods(rewriting: Rewriting, flat: Json, check: DocumentCheck): void {
  const written: Path = ['spec', 'podTemplateSpec'];
  const template = objectAt(flat.podTemplateSpec, written, check);
  const pod = objectAt(template.spec, [...written, 'spec'], check);
  const containers = listAt(pod.containers, [...written, 'spec', 'containers'], check);
  const at = containers.findIndex(
    container => isObject(container) && [SERVER_CONTAINER, EARLIER_CONTAINER].includes(container.name),
  );
  const container: Json = at < 0 ? {} : (containers[at] as Json);
  const inTemplate = (...path: Path): Path => [...written, 'spec', ...path];
  const inContainer = (field: string): Path => (at < 0 ? ['spec', field] : inTemplate('containers', at, field));
  const reportTwice = (field: string, inside: unknown): void =>
    check.report(SAID_TWICE, ['spec', field], flat[field], flat[field] !== undefined && inside !== undefined);

  rewriting.put(TEMPLATE, { ...template }, written);
  rewriting.put(POD, { ...pod }, inTemplate());
  for (const [field, name] of Object.entries(POD_FIELDS)) {
    reportTwice(field, pod[name]);
    if (pod[name] === undefined) {
      rewriting.put([...POD, name], flat[field], ['spec', field]);
    }
  }
  // The server's container first, as kubectl logs shows that one.
  rewriting.make([...POD, 'containers'], [], at < 0 ? ['spec'] : inTemplate('containers'));
  rewriting.put(CONTAINER, { ...container, name: SERVER_CONTAINER }, at < 0 ? ['spec'] : inTemplate('containers', at));
  containers.forEach((other, i) => {
    if (i !== at) {
      const to = at < 0 || i < at ? i + 1 : i;
      rewriting.put([...POD, 'containers', to], other, inTemplate('containers', i));
    }
  });
  for (const field of CONTAINER_FIELDS) {
    reportTwice(field, container[field]);
    if (container[field] === undefined) {
      rewriting.put([...CONTAINER, field], flat[field], ['spec', field]);
    }
  }
  const secrets = listAt(flat.secrets, ['spec', 'secrets'], check).map(
    (secret, i) => [variableOf(secret), ['spec', 'secrets', i]] as const,
  );
  join(rewriting, 'env', container.env, inContainer('env'), flat.env, secrets);
  join(rewriting, 'volumeMounts', container.volumeMounts, inContainer('volumeMounts'), flat.volumeMounts, []);
}

/** A list of the container, of what the template has and what stood in the spec. A list that is none is left to the schema. */
function join(
  rewriting: Rewriting,
  field: string,
  inside: unknown,
  insideAt: Path,
  beside: unknown,
  made: readonly (readonly [unknown, Path])[],
): void {
  const bad = [inside, beside].findIndex(value => value !== undefined && !Array.isArray(value));
  if (bad >= 0) {
    rewriting.put([...CONTAINER, field], [inside, beside][bad], bad === 0 ? insideAt : ['spec', field]);
    return;
  }
  const items = [
    ...listIn(inside).map((item, i) => ({ item, from: [...insideAt, i], whole: true })),
    ...listIn(beside).map((item, i) => ({ item, from: ['spec', field, i], whole: true })),
    ...made.map(([item, from]) => ({ item, from, whole: false })),
  ];
  items.forEach(({ item, from, whole }, i) => rewriting[whole ? 'put' : 'make']([...CONTAINER, field, i], item, from));
}

function listIn(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** A Secret as the variable of the container that has it. */
function variableOf(secret: unknown): unknown {
  if (!isObject(secret)) {
    return secret;
  }
  const { name, key, targetEnvName = key, ...rest } = secret;
  return { name: targetEnvName, valueFrom: { secretKeyRef: { name, key } }, ...rest };
}

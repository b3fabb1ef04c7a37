import { ReportContent, ReportedObject } from 'cdk8s-mcp';

/** What one change of an app does, by what it concerns. */
export interface Difference {
  /** Who may use which tool. */
  readonly access: Changes;
  /** What is served where. */
  readonly endpoints: Changes;
  /** What workloads may do: connections, rights, files and Secrets. */
  readonly permissions: Changes;
  /** Secrets that have to be there. */
  readonly secrets: Changes;
  readonly objects: Changes & { readonly changed: readonly string[] };
  /** What happens in the cluster when it is applied. */
  readonly effects: readonly string[];
  /** Findings. */
  readonly findings: Changes;
}

/** Lines that are new, and lines that are gone. */
export interface Changes {
  readonly gained: readonly string[];
  readonly lost: readonly string[];
}

/** Compares the app of before with that of after. */
export function difference(before: ReportContent, after: ReportContent): Difference {
  return {
    access: changes(before, after, accessOf),
    endpoints: changes(before, after, endpointsOf),
    permissions: changes(before, after, permissionsOf),
    secrets: changes(before, after, secretsOf),
    objects: {
      ...changes(before, after, content => content.objects.map(nameOf)),
      changed: changed(before, after, ({ digest }) => digest),
    },
    effects: effectsOf(before, after),
    findings: changes(before, after, ({ errors, warnings }) =>
      [...errors, ...warnings].map(({ id, text }) => `${id}: ${text}`),
    ),
  };
}

/** Whether nothing at all differs. */
export function isSame({ effects, ...parts }: Difference): boolean {
  return (
    effects.length === 0 &&
    Object.values(parts).every(
      ({ changed: other = [], gained, lost }: Changes & { changed?: readonly string[] }) =>
        gained.length + lost.length + other.length === 0,
    )
  );
}

function changes(
  before: ReportContent,
  after: ReportContent,
  linesOf: (content: ReportContent) => readonly string[],
): Changes {
  const [old, now] = [linesOf(before), linesOf(after)].map(lines => new Set(lines));
  return { gained: [...now].filter(line => !old.has(line)), lost: [...old].filter(line => !now.has(line)) };
}

function accessOf({ access }: ReportContent): string[] {
  return access.flatMap(({ route, rows }) =>
    rows.flatMap(({ calls, lists, principal }) => [
      ...calls.map(tool => `${principal} calls ${tool} of ${route}`),
      ...lists.map(tool => `${principal} lists ${tool} of ${route}`),
    ]),
  );
}

function endpointsOf({ endpoints }: ReportContent): string[] {
  return endpoints.flatMap(({ branches, policy, publicUrl, url }) => [
    ...branches.flatMap(({ servers, when }) =>
      servers.map(({ percent, server }) => `${url}: ${when}: ${server}${percent === 100 ? '' : ` ${percent} %`}`),
    ),
    ...(publicUrl === undefined ? [] : [`${url} is ${publicUrl} outside the cluster`]),
    ...policy.map(line => `${url}: policy: ${line.trim()}`),
  ]);
}

function permissionsOf({ permissions }: ReportContent): string[] {
  return permissions.flatMap(({ egress, ingress, kubernetes, reads, secrets, workload, writes }) => [
    ...kubernetes.map(item => `${workload}: Kubernetes: ${item}`),
    ...egress.map(item => `${workload} connects to ${item}`),
    ...ingress.map(item => `${workload} is connected to by ${item}`),
    ...reads.map(item => `${workload} reads ${item}`),
    ...writes.map(item => `${workload} writes ${item}`),
    ...secrets.map(item => `${workload} reads Secret ${item}`),
  ]);
}

function secretsOf({ secrets }: ReportContent): string[] {
  return secrets.map(({ keys, name, namespace }) => `${namespace}/${name} (${keys.join(', ')})`);
}

function nameOf({ kind, name, namespace }: ReportedObject): string {
  return `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`;
}

/** Objects of both, of which something differs. */
function changed(
  before: ReportContent,
  after: ReportContent,
  digestOf: (object: ReportedObject) => string | undefined,
): string[] {
  const old = new Map(before.objects.map(object => [nameOf(object), digestOf(object)]));
  return after.objects
    .filter(object => old.has(nameOf(object)) && old.get(nameOf(object)) !== digestOf(object))
    .map(nameOf);
}

function effectsOf(before: ReportContent, after: ReportContent): string[] {
  const { gained, lost } = changes(before, after, content =>
    content.objects.filter(({ podDigest }) => podDigest).map(nameOf),
  );
  const restarted = changed(before, after, ({ podDigest }) => podDigest);
  const keepSessions = (workload: string): boolean => workload.startsWith('StatefulSet ');
  const configured = changed(before, after, ({ digest, kind }) => (kind === 'ConfigMap' ? digest : undefined));
  return [
    ...gained.map(workload => `${workload}: pods start`),
    ...lost.map(workload => `${workload}: pods stop${keepSessions(workload) ? ', and their sessions end' : ''}`),
    ...restarted.map(
      workload =>
        `${workload}: pods are replaced one by one${keepSessions(workload) ? ', and the sessions of each end with it' : ''}`,
    ),
    ...configured.map(
      object =>
        `${object}: read anew within the kubelet's sync period, no pod restarts unless its workload is listed here`,
    ),
  ];
}

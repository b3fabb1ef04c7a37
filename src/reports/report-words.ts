import { permissionLines } from './permission-words';
import { ReportContent, ReportedAccess, ReportedBranch, ReportedObject } from './report-parts';
import { ITEM_WORDS, kindOfLabel } from '../passes/policy/words';
import { markdownTable } from '../values/markdown';
import { compareText } from '../values/text';

/** A part of a report. */
interface Section {
  readonly title: string;
  /** Lines as a terminal shows them. */
  readonly lines: readonly string[];
  /** What Markdown has in their place; undefined makes a list of them. */
  readonly markdown?: readonly string[];
}

/** A report for a terminal. */
export function reportText(content: ReportContent, folder: string): string {
  return sectionsOf(content, folder)
    .map(({ title, lines }) => [title, ...lines.map(line => (line === '' ? '' : `  ${line}`))].join('\n'))
    .join('\n\n')
    .concat('\n');
}

/** A report for a page. */
export function reportMarkdown(content: ReportContent, folder: string): string {
  return sectionsOf(content, folder)
    .map(({ title, lines, markdown }) =>
      [`## ${title}`, '', ...(markdown ?? lines.map(line => `- ${line}`))].join('\n'),
    )
    .join('\n\n')
    .concat('\n');
}

function sectionsOf(content: ReportContent, folder: string): Section[] {
  const { access, acknowledged, endpoints, errors, permissions, warnings } = content;
  const findings = (title: string, found: ReportContent['errors']): Section => ({
    title,
    lines: found.map(({ id, reason, text }) => `${id}: ${text}${reason === undefined ? '' : ` (meant: ${reason})`}`),
  });
  return [
    findings('Errors', errors),
    ...objectSections(content.objects),
    ...endpointSections(endpoints),
    ...endpoints
      .filter(({ policy }) => policy.length > 0)
      .map(({ policy, route, url }) => code(`Policy of ${route ?? url}`, policy)),
    ...accessSections(access),
    ...permissionSections(permissions),
    findings('Warnings', warnings),
    findings('Warnings that are meant', acknowledged),
    ...(content.objects.length === 0 ? [] : [code('To apply it', applyCommands(content, folder), 'sh')]),
  ].filter(({ lines }) => lines.length > 0);
}

function code(title: string, lines: readonly string[], language = 'text'): Section {
  return { title, lines, markdown: [`\`\`\`${language}`, ...lines, '```'] };
}

function columns(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `${left.padEnd(width)}  ${right}`);
}

function grouped<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  items.forEach(item => groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]));
  return groups;
}

/** One section a namespace; the resources of the API first, as the rest follows from them. */
function objectSections(objects: readonly ReportedObject[]): Section[] {
  return [...grouped(objects, ({ namespace = '' }) => namespace)].map(([namespace, inside]) => {
    const derived = ([, [{ apiVersion }]]: [string, ReportedObject[]]) => (apiVersion.startsWith('ome.io/') ? 0 : 1);
    const rows = [...grouped(inside, ({ kind }) => kind)]
      .sort((a, b) => derived(a) - derived(b) || compareText(a[0], b[0]))
      .map(([kind, list]): [string, string] => [kind, list.map(({ name }) => name).join(', ')]);
    return {
      title: namespace === '' ? 'The whole cluster' : `Namespace ${namespace}`,
      lines: columns(rows),
      markdown: markdownTable(['Kind', 'Names'], rows),
    };
  });
}

function endpointSections(endpoints: ReportContent['endpoints']): Section[] {
  const inside = endpoints.flatMap(({ branches, url }) => [
    url,
    ...columns(branches.map(branch => [branch.when, answering(branch)])).map(line => `  ${line}`),
  ]);
  return [
    {
      title: 'Endpoints, inside the cluster',
      lines: inside,
      markdown: markdownTable(
        ['URL', 'Requests', 'Answered by'],
        endpoints.flatMap(({ branches, url }) => branches.map(branch => [url, branch.when, answering(branch)])),
      ),
    },
    { title: 'Endpoints, outside the cluster', lines: endpoints.flatMap(({ publicUrl }) => publicUrl ?? []) },
  ];
}

/** Who answers, and how much of it where weights say so. */
export function answering({ servers }: ReportedBranch): string {
  return servers.map(({ percent, server }) => (percent === 100 ? server : `${server} ${percent} %`)).join(', ');
}

function accessSections(access: readonly ReportedAccess[]): Section[] {
  const tables = access
    .filter(({ tools }) => tools.length > 0)
    .map(({ route, rows, tools }) => ({
      route,
      table: markdownTable(
        ['', ...tools],
        rows.map(({ calls, lists, principal }) => [
          principal,
          ...tools.map(tool => granted(tool, calls.includes(tool), lists.includes(tool))),
        ]),
      ),
    }));
  return [
    {
      title: 'Who may use which tool (unknown address and time)',
      lines: tables.flatMap(({ route, table: lines }, i) => [...(i === 0 ? [] : ['']), route, ...lines]),
      markdown: tables.flatMap(({ route, table: lines }, i) => [
        ...(i === 0 ? [] : ['']),
        `### ${route}`,
        '',
        ...lines,
      ]),
    },
  ];
}

function granted(label: string, use: boolean, list: boolean): string {
  return [...(use ? [ITEM_WORDS[kindOfLabel(label)].use] : []), ...(list ? ['list'] : [])].join(', ') || '-';
}

function permissionSections(permissions: ReportContent['permissions']): Section[] {
  return [
    {
      title: 'What each workload may do, and nothing else',
      lines: permissions.flatMap(permission => [
        permission.workload,
        ...permissionLines(permission).map(line => `  ${line}`),
      ]),
      markdown: permissions.flatMap((permission, i) => [
        ...(i === 0 ? [] : ['']),
        `### ${permission.workload}`,
        '',
        ...permissionLines(permission).map(line => `- ${line}`),
      ]),
    },
  ];
}

function applyCommands({ objects, secrets }: ReportContent, folder: string): string[] {
  const made = objects.filter(({ kind }) => kind === 'Namespace').map(({ name }) => name);
  const namespaces = [...new Set(objects.flatMap(({ namespace }) => namespace ?? []))]
    .filter(name => !made.includes(name))
    .sort(compareText);
  return [
    '# once per cluster: the API, and then what the files refer to',
    `kubectl apply --server-side -f ${folder}/crds`,
    // Right after apply a definition may have no conditions yet, which kubectl wait takes for a failure.
    `until kubectl wait --for condition=established -f ${folder}/crds; do sleep 1; done`,
    ...namespaces.map(name => `kubectl create namespace ${name}`),
    ...secrets.map(createSecret),
    '# and this whenever something changes',
    `kubectl apply --server-side -f ${folder}`,
  ];
}

function createSecret({ keys, name, namespace }: ReportContent['secrets'][number]): string {
  const values = keys.map(
    key => `--from-literal=${key}=${name.endsWith('-session-key') ? '$(openssl rand -hex 32)' : '...'}`,
  );
  return ['kubectl', '-n', namespace, 'create secret generic', name, ...values].join(' ');
}

import type { WorkloadReport } from '../passes/permissions/report';

const TITLES: readonly (readonly [keyof WorkloadReport, string])[] = [
  ['kubernetes', 'Kubernetes'],
  ['egress', 'connects to'],
  ['ingress', 'is connected to by'],
  ['reads', 'reads'],
  ['writes', 'writes'],
  ['secrets', 'Secrets'],
];

/** What a workload may do, a line each. */
export function permissionLines(workload: WorkloadReport): string[] {
  const lines = TITLES.flatMap(([field, title]) =>
    (workload[field] as readonly string[]).map(item => `${title}: ${item}`),
  );
  return lines.length === 0 ? ['nothing at all'] : lines;
}

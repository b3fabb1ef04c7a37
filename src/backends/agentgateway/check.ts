import { capability, Feature, RESERVED_PORTS, REWRITTEN_HEADERS } from './capabilities';
import { checkCredentialSecrets } from './credential-check';
import { checkOpenApi } from './open-api-check';
import { checkPolicies } from './policy-check';
import { checkTraffic } from './traffic-check';
import { Diagnostic, errorAt } from '../../model/diagnostic';
import { BackendGroup, Entry, GatewayPlan } from '../../model/plan';
import { Refusal } from '../data-plane';

/** What agentgateway cannot do of a plan. */
export function check(plan: GatewayPlan): readonly Refusal[] {
  const { gateway } = plan;
  const found: Refusal[] = [];
  const refuse = (feature: Feature, property: string, value: unknown) =>
    found.push(refusal(gateway.path, feature, property, value));

  if (gateway.healthCheck !== undefined) {
    found.push({ ...refusal(gateway.path, 'healthCheck', 'healthCheck', gateway.healthCheck), feature: 'healthCheck' });
  }
  if (RESERVED_PORTS.includes(gateway.port)) {
    refuse('port.reserved', 'port', gateway.port);
  }
  if (gateway.affinity.header === 'mcp-session-id') {
    refuse('affinity.header.session', 'affinity.header', gateway.affinity.header);
  }
  return [
    ...found,
    ...plan.entries.flatMap(checkEntry),
    ...checkPolicies(plan),
    ...checkCredentialSecrets(plan),
    ...checkTraffic(plan),
    ...checkOpenApi(plan),
  ];
}

function checkEntry(entry: Entry): Diagnostic[] {
  const servers = entry.groups.flatMap(group => group.servers).map(({ server }) => server);
  const stateful = servers.some(server => server.sessions === 'stateful');
  const found: Diagnostic[] = [];
  for (const group of entry.groups) {
    const property = propertyOf(group);
    if (group.when?.method !== undefined && stateful) {
      found.push(refusal(entry.origin, 'match.method.stateful', `${property}.method`, group.when.method));
    }
    group.when?.headers.forEach((header, index) => {
      if (REWRITTEN_HEADERS.includes(header.name)) {
        found.push(refusal(entry.origin, 'match.headers.rewritten', `${property}.headers[${index}].name`, header.name));
      }
    });
  }
  if ((entry.retry?.attempts ?? 1) > 1 && servers.some(server => server.protocol === 'sse')) {
    found.push(refusal(entry.origin, 'retry.sse', 'retry', entry.retry));
  }
  if (entry.groups.every(group => group.when?.method !== undefined && group.when.method !== 'initialize')) {
    found.push(
      refusal(
        entry.origin,
        'match.method.only',
        'matches',
        entry.groups.map(group => group.when?.method),
      ),
    );
  }
  return found;
}

/** The match a group was made from, as the user writes it. */
function propertyOf(group: BackendGroup): string {
  return group.id.replace(/^match-(\d+)$/, 'matches[$1]');
}

function refusal(path: string, feature: Feature, property: string, value: unknown): Diagnostic {
  const { reason, remedy } = capability(feature);
  return errorAt(path, property, value, reason, remedy ?? 'remove it');
}

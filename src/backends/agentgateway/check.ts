import { limitOf, RESERVED_PORTS, REWRITTEN_HEADERS } from './capabilities';
import { checkCredentialSecrets } from './credential-check';
import { checkOpenApi } from './open-api-check';
import { checkPolicies } from './policy-check';
import { checkTraffic } from './traffic-check';
import { Diagnostic } from '../../model/diagnostic';
import { Gateway } from '../../model/gateway';
import { Entry, GatewayPlan } from '../../model/plan';
import { groupProperty } from '../../passes/demands/routing';
import { refusal } from '../standing';

/** What of a plan is beyond agentgateway's limits. */
export function check(plan: GatewayPlan): readonly Diagnostic[] {
  return [
    ...checkGateway(plan.gateway),
    ...plan.entries.flatMap(checkEntry),
    ...checkPolicies(plan),
    ...checkCredentialSecrets(plan),
    ...checkTraffic(plan),
    ...checkOpenApi(plan),
  ];
}

function checkGateway({ affinity, path, port }: Gateway): Diagnostic[] {
  return [
    ...(RESERVED_PORTS.includes(port) ? [refusal(limitOf('port.reserved'), path, 'port', port)] : []),
    ...(affinity.header === 'mcp-session-id'
      ? [refusal(limitOf('affinity.header.session'), path, 'affinity.header', affinity.header)]
      : []),
  ];
}

function checkEntry(entry: Entry): Diagnostic[] {
  const servers = entry.groups.flatMap(group => group.servers).map(({ server }) => server);
  const stateful = servers.some(server => server.sessions === 'stateful');
  const found: Diagnostic[] = [];
  for (const group of entry.groups) {
    const property = groupProperty(group);
    if (group.when?.method !== undefined && stateful) {
      found.push(refusal(limitOf('match.method.stateful'), entry.origin, `${property}.method`, group.when.method));
    }
    group.when?.headers.forEach((header, index) => {
      if (REWRITTEN_HEADERS.includes(header.name)) {
        found.push(
          refusal(limitOf('match.headers.rewritten'), entry.origin, `${property}.headers[${index}].name`, header.name),
        );
      }
    });
  }
  if ((entry.retry?.attempts ?? 1) > 1 && servers.some(server => server.protocol === 'sse')) {
    found.push(refusal(limitOf('retry.sse'), entry.origin, 'retry', entry.retry));
  }
  if (entry.groups.every(group => group.when?.method !== undefined && group.when.method !== 'initialize')) {
    found.push(
      refusal(
        limitOf('match.method.only'),
        entry.origin,
        'matches',
        entry.groups.map(group => group.when?.method),
      ),
    );
  }
  return found;
}

import { capability, Feature } from './capabilities';
import { openApiFiles } from './open-api';
import { unsayable } from './open-api-schema';
import { Diagnostic, errorAt, warningAt } from '../../model/diagnostic';
import { GatewayPlan } from '../../model/plan';
import { RestApi } from '../../model/rest';
import { formatServerRef } from '../../model/server';
import { serversOf } from '../../passes/backend-credentials';

/** Longest documents of one gateway, in bytes: a ConfigMap holds 1 MiB, and the configuration beside them. */
const MAX_BYTES = 768 * 1024;

/** What agentgateway cannot do of REST services. */
export function checkOpenApi(plan: GatewayPlan): Diagnostic[] {
  const size = Object.values(openApiFiles(plan)).reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  return [
    ...(size > MAX_BYTES ? [refusal(plan.gateway.path, 'openApi.size', 'routes', `${size} bytes`)] : []),
    ...plan.entries.flatMap(({ groups, origin }) => groups
      .filter(({ servers }) => servers.some(({ server }) => server.rest !== undefined) && servers.some(({ server }) => server.rest === undefined))
      .map(({ id, servers }) => refusal(origin, 'openApi.mixed', id === 'default' ? 'backends' : id, servers.map(({ server }) => formatServerRef(server))))),
    ...plan.entries.flatMap(serversOf).flatMap(({ path, rest }) => rest === undefined ? [] : unsaid(path, rest)),
  ];
}

function unsaid(path: string, { operations }: RestApi): Diagnostic[] {
  return operations.flatMap(({ body, name, parameters }) => {
    const keywords = [...new Set([...parameters, ...(body === undefined ? [] : [body])].flatMap(({ schema }) => unsayable(schema)))].sort();
    return keywords.length === 0 ? [] : [
      warningAt(path, `source.schema[${name}]`, keywords, 'say what agentgateway cannot tell callers: the tool is listed without them', 'Nothing has to be done: the service checks what it gets'),
    ];
  });
}

function refusal(path: string, feature: Feature, property: string, value: unknown): Diagnostic {
  const { reason, remedy } = capability(feature);
  return errorAt(path, property, value, reason, remedy!);
}

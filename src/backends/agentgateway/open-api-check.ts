import { capability, Feature } from './capabilities';
import { unsayable } from './open-api-schema';
import { Diagnostic, errorAt, warningAt } from '../../model/diagnostic';
import { GatewayPlan } from '../../model/plan';
import { RestApi } from '../../model/rest';
import { formatServerRef } from '../../model/server';
import { serversOf } from '../../passes/backend-credentials';

/** What agentgateway cannot do of REST services. */
export function checkOpenApi(plan: GatewayPlan): Diagnostic[] {
  return [
    ...plan.entries.flatMap(({ groups, origin }) =>
      groups
        .filter(
          ({ servers }) =>
            servers.some(({ server }) => server.rest !== undefined) &&
            servers.some(({ server }) => server.rest === undefined),
        )
        .map(({ id, servers }) =>
          refusal(
            origin,
            'openApi.mixed',
            propertyOf(id),
            servers.map(({ server }) => formatServerRef(server)),
          ),
        ),
    ),
    ...plan.entries.flatMap(serversOf).flatMap(({ path, rest }) => (rest === undefined ? [] : unsaid(path, rest))),
  ];
}

function unsaid(path: string, { operations }: RestApi): Diagnostic[] {
  return operations.flatMap(({ body, name, parameters }) => {
    const keywords = [
      ...new Set([...parameters, ...(body === undefined ? [] : [body])].flatMap(({ schema }) => unsayable(schema))),
    ].sort();
    return keywords.length === 0
      ? []
      : [
          warningAt(
            path,
            `source.schema[${name}]`,
            keywords,
            'say what agentgateway cannot tell callers: the tool is listed without them',
            'Nothing has to be done: the service checks what it gets',
          ),
        ];
  });
}

/** What a group was made from, as the user writes it. */
function propertyOf(id: string): string {
  return id === 'default' ? 'backends' : id.replace(/^match-(\d+)$/, 'matches[$1]');
}

function refusal(path: string, feature: Feature, property: string, value: unknown): Diagnostic {
  const { reason, remedy } = capability(feature);
  return errorAt(path, property, value, reason, remedy!);
}

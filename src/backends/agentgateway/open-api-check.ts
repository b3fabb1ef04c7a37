import { limitOf } from './capabilities';
import { unsayable } from './open-api-schema';
import { Diagnostic, warningAt } from '../../model/diagnostic';
import { GatewayPlan } from '../../model/plan';
import { RestApi } from '../../model/rest';
import { formatServerRef } from '../../model/server';
import { serversOf } from '../../passes/backend-credentials';
import { groupProperty } from '../../passes/demands/routing';
import { refusal } from '../standing';

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
        .map(group =>
          refusal(
            limitOf('openApi.mixed'),
            origin,
            groupProperty(group),
            group.servers.map(({ server }) => formatServerRef(server)),
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

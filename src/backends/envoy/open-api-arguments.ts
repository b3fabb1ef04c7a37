import { BackendGroup } from '../../model/plan';
import { RestOperation, RestPlace } from '../../model/rest';
import { Server } from '../../model/server';
import { matchesAnyTool } from '../../model/tool-pattern';

/** How the parameters of an operation are named among the arguments of its tool, which are not told apart by their places. */
export interface ToolArguments extends Readonly<Record<RestPlace, (name: string) => string>> {
  readonly body: string;
}

/** Names in paths are variables of a template, and a dot in names of headers would look into an argument. */
export const TOOL_ARGUMENTS: ToolArguments = {
  path: name => name.replace(/[^A-Za-z0-9_]/g, '_'),
  query: name => name,
  header: name => name.replace(/\./g, '_'),
  body: 'body',
};

/** Names that two arguments of a tool would share. */
export function sharedArguments(operation: RestOperation): string[] {
  const all = [
    ...operation.parameters.map(({ name, place }) => TOOL_ARGUMENTS[place](name)),
    ...(operation.body === undefined ? [] : [TOOL_ARGUMENTS.body]),
  ];
  return [...new Set(all.filter((name, i) => all.indexOf(name) < i))];
}

/** The operations that a REST service serves: the filter of a server leaves tools out. */
export function servedOperations({ rest, toolsFilter }: Server): readonly RestOperation[] {
  return rest!.operations.filter(({ name }) => matchesAnyTool(toolsFilter, name));
}

/** Whether a group is of REST services. */
export function isRestGroup({ servers }: BackendGroup): boolean {
  return servers.some(({ server }) => server.rest !== undefined);
}

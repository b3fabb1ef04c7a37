import { BackendGroup } from '../../model/plan';
import { RestOperation, RestPlace } from '../../model/rest';
import { Server } from '../../model/server';
import { matchesAnyTool } from '../../passes/tool-patterns';

/** How the parameters of an operation are named among the arguments of its tool, which are not told apart by their places. */
export interface ToolArguments extends Readonly<Record<RestPlace, (name: string) => string>> {
  readonly body: string;
}

const BODY = 'body';

/** Names in paths are variables of a template, and a dot in names of headers would look into an argument. */
export function toolArguments(_operation: RestOperation): ToolArguments {
  return {
    path: name => name.replace(/[^A-Za-z0-9_]/g, '_'),
    query: name => name,
    header: name => name.replace(/\./g, '_'),
    body: BODY,
  };
}

/** Names that two arguments of a tool would share. */
export function sharedArguments(operation: RestOperation): string[] {
  const names = toolArguments(operation);
  const all = [
    ...operation.parameters.map(({ name, place }) => names[place](name)),
    ...(operation.body === undefined ? [] : [names.body]),
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

import { HeaderModifier } from '../../../model/route';
import { HeaderChanges } from '../config';
import { Part } from '../part';

/** What routes do to headers: of requests on the way to a server, of answers on the route itself. */
export const headerChanges = {
  connection: ({ requestHeaders }, _member, { first }) =>
    first ? { requestHeaderModifier: changesOf(requestHeaders) } : {},
  policies: ({ responseHeaders }) => ({ responseHeaderModifier: changesOf(responseHeaders) }),
} as const satisfies Part;

/** Changes to headers in agentgateway's form, where a name stands once: several values of one header are joined, as HTTP allows. */
export function changesOf(modifier: HeaderModifier | undefined): HeaderChanges | undefined {
  if (modifier === undefined || modifier.set.length + modifier.add.length + modifier.remove.length === 0) {
    return undefined;
  }
  const add = new Map<string, string>();
  for (const { name, value } of modifier.add) {
    add.set(name, add.has(name) ? `${add.get(name)}, ${value}` : value);
  }
  return {
    ...(modifier.set.length > 0
      ? { set: Object.fromEntries(modifier.set.map(({ name, value }) => [name, value])) }
      : {}),
    ...(add.size > 0 ? { add: Object.fromEntries(add) } : {}),
    ...(modifier.remove.length > 0 ? { remove: modifier.remove } : {}),
  };
}

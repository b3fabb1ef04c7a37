import { alternatives } from './alternatives';
import { AuthenticationMethod, AuthorizationRule, Permission, Principal } from '../../model/policy';
import { matchesTool, ToolPattern } from '../../model/tool-pattern';

/** Whether a request could be granted by two rules at once, as far as it can be known: conditions are not compared. */
export function overlaps(
  a: AuthorizationRule,
  b: AuthorizationRule,
  methods: readonly AuthenticationMethod[],
  tools: readonly string[] | undefined,
): boolean {
  const severalNames = methods.length > 1 || methods.some(method => alternatives(method).length > 1);
  return (
    a.principals.some(one => b.principals.some(other => maybeSame(one, other, severalNames))) &&
    a.permissions.some(one => b.permissions.some(other => permissionsOverlap(one, other, tools)))
  );
}

function maybeSame(a: Principal, b: Principal, severalNames: boolean): boolean {
  if (a.kind === 'user' && b.kind === 'user') {
    // With several methods, one caller may have several names.
    return severalNames || a.name === b.name;
  }
  if (a.kind === 'serviceAccount' && b.kind === 'serviceAccount') {
    return a.name === b.name && a.namespace === b.namespace;
  }
  // A user may be in any group, and in several.
  return true;
}

function permissionsOverlap(a: Permission, b: Permission, tools: readonly string[] | undefined): boolean {
  return (
    a.actions.some(action => b.actions.includes(action)) &&
    a.tools.some(one => b.tools.some(other => patternsOverlap(one, other, tools)))
  );
}

function patternsOverlap(a: ToolPattern, b: ToolPattern, tools: readonly string[] | undefined): boolean {
  if (tools !== undefined && tools.some(tool => matchesTool(a, tool))) {
    return tools.some(tool => matchesTool(a, tool) && matchesTool(b, tool));
  }
  if (a.kind === 'exact') {
    return matchesTool(b, a.value);
  }
  if (b.kind === 'exact') {
    return matchesTool(a, b.value);
  }
  if (a.kind === 'prefix' && b.kind === 'prefix') {
    return a.value.startsWith(b.value) || b.value.startsWith(a.value);
  }
  return true;
}

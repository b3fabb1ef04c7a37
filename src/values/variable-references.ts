/** A reference to a variable in a text. */
export interface VariableReference {
  readonly variable: string;
}

/** `$$`, or `$(NAME)`: all that Kubernetes reads in the command and arguments of a container. */
const EXPANDED = /\$\$|\$\(([^)]*)\)/g;

/**
 * A text as Kubernetes reads it in the command and arguments of a container: `$(NAME)` is the value of a variable that the container has,
 * and itself where it has none; `$$` is one `$`. No two texts are next to each other.
 */
export function variableReferences(
  text: string,
  isVariable: (name: string) => boolean,
): (string | VariableReference)[] {
  const parts: (string | VariableReference)[] = [];
  let literal = '';
  let end = 0;
  for (const { 0: found, 1: name, index } of text.matchAll(EXPANDED)) {
    literal += text.slice(end, index);
    end = index + found.length;
    if (name !== undefined && isVariable(name)) {
      parts.push(...(literal === '' ? [] : [literal]), { variable: name });
      literal = '';
    } else {
      literal += name === undefined ? '$' : found;
    }
  }
  literal += text.slice(end);
  return literal === '' && parts.length > 0 ? parts : [...parts, literal];
}

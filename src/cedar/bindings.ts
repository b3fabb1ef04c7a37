import { primary, Term } from '../cel/terms';

/**
 * Where the parts of a request stand, as CEL expressions of the place that enforces the policies.
 * Each must yield its type for every request; one that errs denies. They may use the variables of the gateway, none of which has a
 * name of these.
 */
export interface CedarBindings {
  /** String: the user. Empty, or an error, when the caller proved no name: such a caller is denied. */
  readonly user: string;
  /** List of strings: the groups; empty when there are none. */
  readonly groups: string;
  /** Map: the claims of the token; empty when the caller proved itself otherwise. */
  readonly claims: string;
  /** String: the tool. */
  readonly tool: string;
  /** List of strings: the servers that serve the tool, each as `namespace/name`. */
  readonly servers: string;
  /** Map: the arguments of the call; empty when it has none. Not used in the expression for `list_tools`. */
  readonly arguments: string;
  /** Map of strings: the headers of the request, names in lower case, several of one name joined. */
  readonly headers: string;
  /** Timestamp, in UTC: when the request came. */
  readonly time: string;
  /** Boolean: whether the address of the caller is in a range (CIDR). No operator stands in it outside of brackets. */
  readonly isFrom: (range: string) => string;
}

/** Bindings that are expressions. */
type Name = Exclude<keyof CedarBindings, 'isFrom'>;

/** The bindings, ready to stand in an expression. */
export type BoundTerms = Readonly<Record<Name, Term>> & { readonly isFrom: (range: string) => Term };

const NAMES: readonly Name[] = ['user', 'groups', 'claims', 'tool', 'servers', 'arguments', 'headers', 'time'];

/** A variable and its fields, or a list of texts. */
const SIMPLE = /^(?:[A-Za-z_][\w.]*|\[(?:"(?:[^"\\]|\\.)*"(?:, ?)?)*\])$/;

/** Simple bindings as they are; the others are variables of their own, which `withBindings` defines. */
export function boundTerms(bindings: CedarBindings): BoundTerms {
  return {
    ...(Object.fromEntries(
      NAMES.map(name => [name, primary(SIMPLE.test(bindings[name]) ? bindings[name] : name)]),
    ) as Record<Name, Term>),
    isFrom: range => primary(bindings.isFrom(range)),
  };
}

/** Terms that stand for themselves, for an expression that nobody evaluates. */
export function unboundTerms(): BoundTerms {
  const named = Object.fromEntries(NAMES.map(name => [name, name])) as Record<Name, string>;
  return boundTerms({ ...named, isFrom: () => 'isFrom' });
}

/** An expression with the variables it uses: evaluated once each, for one may parse the body of the request. */
export function withBindings(expression: string, bindings: CedarBindings): string {
  const withoutTexts = expression.replace(/"(?:[^"\\]|\\.)*"/g, '""');
  return NAMES.filter(
    name => !SIMPLE.test(bindings[name]) && new RegExp(`(?<![\\w.])${name}\\b`).test(withoutTexts),
  ).reduce((body, name) => `[${bindings[name]}].exists(${name}, ${body})`, expression);
}

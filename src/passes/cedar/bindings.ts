import { foreign, Term } from './terms';

/**
 * Where the parts of a request stand, as CEL expressions of the place that enforces the policies.
 * They are evaluated as they are, so each must yield its type for every request; an expression that errs denies.
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
  /** String: the address of the caller. */
  readonly sourceIp: string;
  /** Map of strings: the headers of the request, names in lower case, several of one name joined. */
  readonly headers: string;
  /** Timestamp, in UTC: when the request came. */
  readonly time: string;
}

/** The bindings, ready to stand in an expression. */
export type BoundTerms = { readonly [Name in keyof CedarBindings]: Term };

export function boundTerms(bindings: CedarBindings): BoundTerms {
  return {
    user: foreign(bindings.user),
    groups: foreign(bindings.groups),
    claims: foreign(bindings.claims),
    tool: foreign(bindings.tool),
    servers: foreign(bindings.servers),
    arguments: foreign(bindings.arguments),
    sourceIp: foreign(bindings.sourceIp),
    headers: foreign(bindings.headers),
    time: foreign(bindings.time),
  };
}

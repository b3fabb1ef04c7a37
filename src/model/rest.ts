/** A JSON Schema (2020-12) that refers to nothing outside of itself. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** HTTP methods that a tool can stand for. */
export type RestMethod = 'get' | 'put' | 'post' | 'delete' | 'patch';

/** Where a parameter stands in a request. */
export type RestPlace = 'path' | 'query' | 'header';

/** What a call puts into the path, the query or a header. */
export interface RestParameter {
  readonly name: string;
  readonly place: RestPlace;
  readonly required: boolean;
  readonly description?: string;
  /** Of a string, a number or a boolean; in a query also of a list of them, which is sent item by item. */
  readonly schema: JsonSchema;
}

/** What a call sends as JSON. */
export interface RestBody {
  readonly required: boolean;
  readonly description?: string;
  readonly schema: JsonSchema;
}

/** One request of a REST service, served as a tool. */
export interface RestOperation {
  /** Name of the tool. */
  readonly name: string;
  readonly title?: string;
  readonly description?: string;
  readonly method: RestMethod;
  /** Path below the base, with `{name}` for each parameter that stands in it. */
  readonly path: string;
  readonly parameters: readonly RestParameter[];
  readonly body?: RestBody;
}

/** A REST service whose requests are the tools of a server; a gateway translates. The base of all paths is that of the server's endpoint. */
export interface RestApi {
  readonly title: string;
  readonly version: string;
  /** Sorted by name, and names are unique. Never empty. */
  readonly operations: readonly RestOperation[];
}

/** Parameters of an operation that stand in one place. */
export function parametersIn({ parameters }: RestOperation, place: RestPlace): RestParameter[] {
  return parameters.filter(parameter => parameter.place === place);
}

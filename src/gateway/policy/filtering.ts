import { Size } from 'cdk8s';

/** What is done with what a filter finds. */
export enum FilterAction {
  /** What does not match is refused. */
  ALLOW = 'Allow',
  /** What matches is refused. */
  DENY = 'Deny',
  /** What matches is taken out. */
  REMOVE = 'Remove',
  /** What matches is replaced by a placeholder. */
  REDACT = 'Redact',
}

/** How a filter finds something in a body. */
export enum BodyFilterType {
  /** By an RE2 expression. */
  REGEX = 'Regex',
  /** By the path of a member, such as `$.params.arguments.password`. */
  JSON_PATH = 'JSONPath',
  /** By the size of the whole body. */
  SIZE = 'Size',
}

/** A filter of a header. A message without the header passes. */
export interface HeaderFilter {
  /** Name of the header. */
  readonly name: string;

  /** What is done with it. */
  readonly action: FilterAction;

  /**
   * RE2 expression that the whole value has to match for the filter to apply.
   *
   * @default - any value
   */
  readonly pattern?: string;
}

/** A filter of bodies. */
export interface BodyFilter {
  /** How it finds something. */
  readonly type: BodyFilterType;

  /** What is done with it. */
  readonly action: FilterAction;

  /**
   * What is looked for: an RE2 expression, searched in the message as JSON without white space, its members in any order; a
   * path; or a size such as `64Ki`.
   */
  readonly pattern: string;

  /**
   * The placeholder, for `FilterAction.REDACT`.
   *
   * @default [redacted]
   */
  readonly replacement?: string;
}

/** What requests may contain. What is not allowed is refused before a server sees it. */
export interface RequestFilteringOptions {
  /**
   * Size of the largest body.
   *
   * @default - what the data plane takes
   */
  readonly sizeLimit?: Size;

  /**
   * Media types that are accepted. MCP itself sends `application/json`.
   *
   * @default - what the data plane takes
   */
  readonly contentTypeFilter?: string[];

  /**
   * Filters of headers, all of which apply. They are the last word: a header that a route sets or adds is held to them as well, with
   * a warning.
   *
   * @default - none
   */
  readonly headerFilters?: HeaderFilter[];

  /**
   * Filters of messages, all of which apply. What is removed or redacted by an expression is looked for in the arguments of
   * calls and prompts.
   *
   * @default - none
   */
  readonly bodyFilters?: BodyFilter[];
}

/** What answers may contain. To look into answers, a gateway holds them back until they are complete. */
export interface ResponseFilteringOptions {
  /**
   * Size of the largest body.
   *
   * @default - any
   */
  readonly sizeLimit?: Size;

  /**
   * Whether headers by which servers tell about themselves are kept from clients.
   *
   * @default true
   */
  readonly removeInternalHeaders?: boolean;

  /**
   * Filters of headers, all of which apply. They are the last word: a header that a route sets or adds is held to them as well, with
   * a warning.
   *
   * @default - none
   */
  readonly headerFilters?: HeaderFilter[];

  /**
   * Filters of results and errors, all of which apply.
   *
   * @default - none
   */
  readonly bodyFilters?: BodyFilter[];
}

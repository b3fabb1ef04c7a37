import { Predicate } from '../../cel/predicates';

/*
 * The JSON-RPC message of a request in CEL. A body that cannot be read (no JSON, over 2 MiB, a batch) errs, and denies.
 */

const BODY = 'json(request.body)';

/** Method and name of a message; errors where it has none. */
export const METHOD = `${BODY}.method`;
export const CALLED_TOOL = `${BODY}.params.name`;

/** Method and name of a message, empty where it has none. */
export const METHOD_OR_EMPTY = `default(${METHOD}, "")`;
export const NAME_OR_EMPTY = `default(${CALLED_TOOL}, "")`;

/** The message calls a tool. */
export const IS_CALL: Predicate = `${METHOD} == "tools/call"`;

/**
 * The request calls no tool: it has no message (the GET of an event stream, the DELETE of a session), answers the server,
 * or is of another method. agentgateway itself takes no message but of a POST.
 */
export const IS_NO_CALL: readonly Predicate[] = [
  'request.method != "POST"',
  `!has(${METHOD})`,
  `${METHOD} != "tools/call"`,
];

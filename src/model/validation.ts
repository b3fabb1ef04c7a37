import { errorKind, FindingKind, Words } from './findings';

/** Longest DNS label: names of Services, namespaces, label values. */
export const MAX_LABEL = 63;

const DNS_LABEL = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;
const NAMESPACE = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
/** RFC 9110 token. */
const HEADER_NAME = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
/** Visible characters, spaces and tabs inside: what a header value may hold without splitting the message. */
const HEADER_VALUE = /^[\t\x20-\x7e\x80-\uffff]*$/;
const LABEL_NAME = /^([A-Za-z0-9][-A-Za-z0-9_.]{0,61})?[A-Za-z0-9]$/;
const DNS_SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
/** Names of tools as the MCP specification allows them (2025-11-25, "Tool Names"). */
const TOOL_NAME = /^[A-Za-z0-9_./-]{1,128}$/;
const TOOL_GLOB = /^[A-Za-z0-9_./*-]{1,128}$/;

/** A name of an object that is also a Service: a DNS label that starts with a letter (RFC 1035). */
export function dnsLabelProblem(value: string, longestSuffix = ''): string | undefined {
  const limit = MAX_LABEL - longestSuffix.length;
  if (value.length > limit) {
    return longestSuffix === ''
      ? `is ${value.length} characters long, at most ${limit} are possible`
      : `is ${value.length} characters long, at most ${limit} are possible because objects are named with the suffix "${longestSuffix}"`;
  }
  return DNS_LABEL.test(value)
    ? undefined
    : 'is not a DNS label (lower-case letters, digits and "-", starting with a letter, ending with a letter or digit)';
}

/** A name that no namespace can have. */
export const NAMESPACE_INVALID = errorKind(
  'namespace-invalid',
  'is not a namespace name (lower-case letters, digits and "-", at most 63 characters)',
  'Correct it',
);

/** Whether a namespace can have a name. */
export const isNamespace = (value: string): boolean => value.length <= MAX_LABEL && NAMESPACE.test(value);

/** The same as a problem. */
export const namespaceProblem = problemUnless(isNamespace, NAMESPACE_INVALID);

/** A name that no object can have. */
export const OBJECT_NAME_INVALID = errorKind(
  'object-name-invalid',
  'is not an object name (a DNS subdomain of at most 253 characters)',
  'Name {object}',
);

/** Names of objects that are DNS subdomains, such as Secrets. */
export const isObjectName = (value: string): boolean => value.length <= 253 && DNS_SUBDOMAIN.test(value);

/** The same as a problem. */
export const objectNameProblem = problemUnless(isObjectName, OBJECT_NAME_INVALID);

/** A number that is no port. */
export const PORT_INVALID = errorKind('port-invalid', 'is not a port (1 to 65535)', 'Give {port}');

/** Whether a number is a port. */
export const isPort = (value: number): boolean => Number.isInteger(value) && value >= 1 && value <= 65535;

/** The same as a problem. */
export const portProblem = problemUnless(isPort, PORT_INVALID);

/** A name that no header can have. */
export const HEADER_NAME_INVALID = errorKind(
  'header-name-invalid',
  'is not a header name (RFC 9110 token)',
  'Name one header',
);

/** Whether a text is a scope of OAuth (RFC 6749, 3.3). */
export const isScope = (text: string): boolean => /^[\x21\x23-\x5b\x5d-\x7e]+$/.test(text);

/** Whether a header can have a name. */
export const isHeaderName = (value: string): boolean => HEADER_NAME.test(value);

/** The same as a problem. */
export const headerNameProblem = problemUnless(isHeaderName, HEADER_NAME_INVALID);

/** A text that no header can hold. */
export const HEADER_VALUE_INVALID = errorKind(
  'header-value-invalid',
  'is not a header value (control characters are not allowed)',
  'Give a value without control characters',
);

/** Whether a header can hold a text. */
export const isHeaderValue = (value: string): boolean => HEADER_VALUE.test(value);

/** The same as a problem. */
export const headerValueProblem = problemUnless(isHeaderValue, HEADER_VALUE_INVALID);

/**
 * Headers that carry the MCP protocol or frame the message: changing them breaks the session or the request, not just a header. So do
 * all of MCP's own (`Mcp-Method`, `Mcp-Name`, `Mcp-Param-…`): servers compare what they say with the message.
 */
const PROTOCOL_HEADERS = new Set([
  'host',
  'connection',
  'content-length',
  'content-type',
  'transfer-encoding',
  'upgrade',
  'accept',
  'last-event-id',
]);

/** A header that is not the user's. */
export const HEADER_OF_PROTOCOL = errorKind(
  'header-of-protocol',
  'carries the MCP session or the message itself',
  'Leave it alone',
);

/** Whether a header carries the protocol, or frames the message. */
export const isProtocolHeader = (name: string): boolean =>
  PROTOCOL_HEADERS.has(name.toLowerCase()) || name.toLowerCase().startsWith('mcp-');

/** The same as a problem. */
export const protocolHeaderProblem = problemUnless((name: string) => !isProtocolHeader(name), HEADER_OF_PROTOCOL);

/** A text that is no key of a label. */
export const LABEL_KEY_INVALID = errorKind(
  'label-key-invalid',
  'is not a label key ([prefix/]name, name of at most 63 characters)',
  'Correct the key',
);

/** Whether a label can have a key. */
export function isLabelKey(value: string): boolean {
  const slash = value.indexOf('/');
  const prefix = slash < 0 ? undefined : value.slice(0, slash);
  return (
    LABEL_NAME.test(slash < 0 ? value : value.slice(slash + 1)) &&
    (prefix === undefined || (prefix.length <= 253 && DNS_SUBDOMAIN.test(prefix)))
  );
}

/** The same as a problem. */
export const labelKeyProblem = problemUnless(isLabelKey, LABEL_KEY_INVALID);

/** A key that no annotation can have. */
export const ANNOTATION_KEY_INVALID = errorKind(
  'annotation-key-invalid',
  'is not an annotation key ([prefix/]name, name of at most 63 characters)',
  'Correct the key',
);

/** Whether an annotation can have a key: those of labels, but that an API server takes them in any case. */
export const isAnnotationKey = (value: string): boolean => isLabelKey(value.toLowerCase());

/** A text that is no value of a label. */
export const LABEL_VALUE_INVALID = errorKind(
  'label-value-invalid',
  'is not a label value (at most 63 letters, digits, "-", "_" and ".")',
  'Correct the value',
);

/** Whether a label can have a value. */
export const isLabelValue = (value: string): boolean => value === '' || LABEL_NAME.test(value);

/** The same as a problem. */
export const labelValueProblem = problemUnless(isLabelValue, LABEL_VALUE_INVALID);

/** A name that no tool can have. */
export const TOOL_NAME_INVALID = errorKind(
  'tool-name-invalid',
  'is not a tool name (1 to 128 letters, digits, "_", "-", "." and "/")',
  'Use the name that the server lists',
);

/** Whether a tool can have a name. */
export const isToolName = (value: string): boolean => TOOL_NAME.test(value);

/** The same as a problem. */
export const toolNameProblem = problemUnless(isToolName, TOOL_NAME_INVALID);

/** A text that is neither the name of a tool nor a glob. */
export const TOOL_GLOB_INVALID = errorKind(
  'tool-glob-invalid',
  'is not a tool name or glob (1 to 128 letters, digits, "_", "-", ".", "/" and "*")',
  'Write a tool name, or a glob such as db_*',
);

/** Whether a text is the name of a tool, or a glob. */
export const isToolGlob = (value: string): boolean => TOOL_GLOB.test(value);

/** The same as a problem. */
export const toolGlobProblem = problemUnless(isToolGlob, TOOL_GLOB_INVALID);

/** Characters of control, which no name of a prompt has that a user means. */
const CONTROLS = /[\u0000-\u001f\u007f]/;

/** Why a text is neither the name of a prompt nor a glob. Names of prompts may have any letters. */
export function promptGlobProblem(value: string): string | undefined {
  return value === '' ? 'is empty' : CONTROLS.test(value) ? 'has a character of control' : undefined;
}

/** A scheme, which every URI begins with, or a glob that stands for some. */
const SCHEME = /^(?:[A-Za-z][A-Za-z0-9+.-]*:|[A-Za-z0-9+.-]*\*)/;

/** Why a text is neither the URI of a resource, or a template of some, nor a glob. */
export function resourceGlobProblem(value: string): string | undefined {
  if (value === '' || /\s/.test(value) || CONTROLS.test(value)) {
    return value === '' ? 'is empty' : 'has a space or a character of control, which URIs escape';
  }
  if (!SCHEME.test(value)) {
    return 'is no URI: it has no scheme';
  }
  return /\*/.test(value) && /(?:^|[:/\\])\.{1,2}(?:[/\\]|$)/.test(value)
    ? 'has a segment . or .., and globs select no URIs with such segments'
    : undefined;
}

/** A number that is not whole, or outside of its range. */
export const WHOLE_NUMBER_INVALID = errorKind('whole-number-invalid', 'is not a whole number {range}', 'Give {number}');

/** What fits into a number of Kubernetes' own. */
export const MAX_INT32 = 2 ** 31 - 1;

/**
 * What to say of a number that is not whole, or outside of a range; `number` is what the remedy tells to give. Without a maximum it
 * may be what Kubernetes holds.
 */
export function notWhole(
  value: number,
  number: string,
  minimum: number,
  maximum?: number,
): Words<'range' | 'number'> | undefined {
  const most = maximum ?? MAX_INT32;
  if (Number.isInteger(value) && value >= minimum && value <= most) {
    return undefined;
  }
  return {
    range:
      [undefined, Number.MAX_SAFE_INTEGER].includes(maximum) && !(value > most)
        ? `of at least ${minimum}`
        : `from ${minimum} to ${most}`,
    number,
  };
}

/** The same as a problem alone. */
export function wholeNumberProblem(value: number, minimum: number, maximum?: number): string | undefined {
  const found = notWhole(value, '', minimum, maximum);
  return found && WHOLE_NUMBER_INVALID.problem.replace('{range}', String(found.range));
}

/** A list in code that holds nothing, where leaving it out means all, or everyone. */
export const LIST_EMPTY = errorKind(
  'list-empty',
  'is an empty list, which could mean all of them or none',
  'Name at least one {item}, or leave it out {meaning}',
);

/** What to say of a list that is given and empty: what it holds, and what leaving it out does. */
export function emptyList(
  list: readonly unknown[] | undefined,
  item: string,
  meaning: string,
): Words<'item' | 'meaning'> | undefined {
  return list?.length === 0 ? { item, meaning } : undefined;
}

/** The problem of a kind, for values that do not hold. */
function problemUnless<T>(
  holds: (value: T) => boolean,
  { problem }: FindingKind<any>,
): (value: T) => string | undefined {
  return value => (holds(value) ? undefined : problem);
}

/** Policies in Cedar that are none. */
export const CEDAR_POLICIES_EMPTY = errorKind(
  'cedar-policies-empty',
  'is empty: Cedar denies what no policy permits',
  'Write at least one permit policy',
);

/** A value of another type than is asked for: programs in JavaScript have no compiler that would say so. */
export const OPTION_TYPE = errorKind('option-type', 'is not {expected}', 'Give {example}');

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

export function namespaceProblem(value: string): string | undefined {
  return value.length <= MAX_LABEL && NAMESPACE.test(value)
    ? undefined
    : 'is not a namespace name (lower-case letters, digits and "-", at most 63 characters)';
}

/** Names of objects that are DNS subdomains, such as Secrets. */
export function objectNameProblem(value: string): string | undefined {
  return value.length <= 253 && DNS_SUBDOMAIN.test(value)
    ? undefined
    : 'is not an object name (a DNS subdomain of at most 253 characters)';
}

export function portProblem(value: number): string | undefined {
  return Number.isInteger(value) && value >= 1 && value <= 65535 ? undefined : 'is not a port (1 to 65535)';
}

export function headerNameProblem(value: string): string | undefined {
  return HEADER_NAME.test(value) ? undefined : 'is not a header name (RFC 9110 token)';
}

export function headerValueProblem(value: string): string | undefined {
  return HEADER_VALUE.test(value) ? undefined : 'is not a header value (control characters are not allowed)';
}

/** Headers that carry the MCP protocol or frame the message: changing them breaks the session, not just a header. */
const PROTOCOL_HEADERS = new Set([
  'host',
  'connection',
  'content-length',
  'content-type',
  'transfer-encoding',
  'upgrade',
  'accept',
  'mcp-session-id',
  'mcp-protocol-version',
  'last-event-id',
]);

export function protocolHeaderProblem(name: string): string | undefined {
  return PROTOCOL_HEADERS.has(name.toLowerCase()) ? 'carries the MCP session or the message itself' : undefined;
}

export function labelKeyProblem(value: string): string | undefined {
  const slash = value.indexOf('/');
  const prefix = slash < 0 ? undefined : value.slice(0, slash);
  const valid =
    LABEL_NAME.test(slash < 0 ? value : value.slice(slash + 1)) &&
    (prefix === undefined || (prefix.length <= 253 && DNS_SUBDOMAIN.test(prefix)));
  return valid ? undefined : 'is not a label key ([prefix/]name, name of at most 63 characters)';
}

/** The keys of annotations are those of labels, but that an API server takes them in any case. */
export function annotationKeyProblem(value: string): string | undefined {
  return (
    labelKeyProblem(value.toLowerCase()) && 'is not an annotation key ([prefix/]name, name of at most 63 characters)'
  );
}

export function labelValueProblem(value: string): string | undefined {
  return value === '' || LABEL_NAME.test(value)
    ? undefined
    : 'is not a label value (at most 63 letters, digits, "-", "_" and ".")';
}

export function toolNameProblem(value: string): string | undefined {
  return TOOL_NAME.test(value) ? undefined : 'is not a tool name (1 to 128 letters, digits, "_", "-", "." and "/")';
}

export function toolGlobProblem(value: string): string | undefined {
  return TOOL_GLOB.test(value)
    ? undefined
    : 'is not a tool name or glob (1 to 128 letters, digits, "_", "-", ".", "/" and "*")';
}

/** Whole numbers from a minimum. */
export function wholeNumberProblem(
  value: number,
  minimum: number,
  maximum = Number.MAX_SAFE_INTEGER,
): string | undefined {
  if (Number.isInteger(value) && value >= minimum && value <= maximum) {
    return undefined;
  }
  return maximum === Number.MAX_SAFE_INTEGER
    ? `is not a whole number of at least ${minimum}`
    : `is not a whole number from ${minimum} to ${maximum}`;
}

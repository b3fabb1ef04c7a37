const WILDCARD = '*.';
/** Names as DNS has them; underscores are not in the standard, and in use. */
const DNS_NAME = /^([a-z0-9_]([-a-z0-9_]{0,61}[a-z0-9_])?\.)*[a-z0-9_]([-a-z0-9_]{0,61}[a-z0-9_])?\.?$/;
const IPV4 = /^[0-9]+(\.[0-9]+){3}$/;

/** Whether a host is one that a pattern names: the host itself or, with `*.` in front, any host below a domain. */
export function matchesHost(pattern: string, host: string): boolean {
  return pattern.startsWith(WILDCARD) ? host.endsWith(pattern.slice(1)) : pattern === host;
}

/** A pattern in the form that hosts are compared in; undefined for what is none. */
export function canonicalPattern(pattern: string): string | undefined {
  if (!pattern.startsWith(WILDCARD)) {
    return canonicalHost(pattern);
  }
  const domain = canonicalHost(pattern.slice(WILDCARD.length));
  return domain === undefined || IPV4.test(domain) || domain.includes(':') ? undefined : `${WILDCARD}${domain}`;
}

/** A host as URLs have it: names in lower case and punycode, addresses in their one form, IPv6 without brackets; undefined for what is none. */
function canonicalHost(host: string): string | undefined {
  const isIpv6 = /^(\[[0-9a-f:.]+\]|[0-9a-f:.]*:[0-9a-f:.]*)$/i.test(host);
  if (!isIpv6 && /[\s:/?#@[\]\\*%]/.test(host)) {
    return undefined;
  }
  try {
    const hostname = new URL(`https://${isIpv6 ? `[${host.replace(/^\[|\]$/g, '')}]` : host}`).hostname.replace(
      /^\[|\]$/g,
      '',
    );
    return hostname.includes(':') || DNS_NAME.test(hostname) ? hostname : undefined;
  } catch {
    return undefined;
  }
}

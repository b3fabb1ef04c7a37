import { errorKind, FindingKind, Said, say } from './findings';
import { addressCidr, cidrContains, familyOf, plainAddress } from '../values/cidr';

/** Names of the machine itself, in which a pod is alone. */
const LOOPBACK_NAME = /^(localhost|.+\.localhost|localhost\.localdomain)\.?$/;
const LOOPBACK_RANGES = ['127.0.0.0/8', '0.0.0.0/8', '::1/128', '::/128'];
/** Of the node that a pod is on, and not of the network: services for machines, such as those that hand out credentials of a cloud, are there. */
const LINK_LOCAL_RANGES = ['169.254.0.0/16', 'fe80::/10'];

const LABEL = '[a-z0-9_]([-a-z0-9_]{0,61}[a-z0-9_])?';
const NAME = new RegExp(`^(\\*\\.)?${LABEL}(\\.${LABEL})*\\.?$`);

/** A host as policies spell it: lower case, IPv6 addresses without brackets. */
export function normalizedHost(host: string): string {
  return host.toLowerCase().replace(/^\[(.*)\]$/, '$1');
}

const ALONE = 'Give the host alone, such as api.example.com, and its ports beside it';
const HOST_OF_POD = errorKind(
  'host-of-pod',
  'is the pod itself, with which no policy interferes',
  'Drop it, or name the host that is meant',
);
const HOST_IS_URL = errorKind('host-is-url', 'is a URL', ALONE);
const HOST_IS_RANGE = errorKind('host-is-range', 'is a CIDR', 'Use EgressTarget.cidr');
const HOST_WITH_PATH = errorKind('host-with-path', 'has a path', ALONE);
const HOST_WITH_PORT = errorKind('host-with-port', 'has a port in it', ALONE);
const HOST_IS_EVERY = errorKind(
  'host-is-every',
  'is every host',
  'Say EgressTarget.anywhere() or EgressTarget.publicInternet() if that is meant',
);
const HOST_INVALID = errorKind(
  'host-invalid',
  'is not a host name (a DNS name that may start with "*.", or an address)',
  'Correct it',
);

/** What is wrong with a host: a DNS name that may start with `*.`, or an address. */
export function hostProblem(value: string): FindingKind | undefined {
  const host = typeof value === 'string' ? normalizedHost(value) : '';
  if (isLoopback(host)) {
    return HOST_OF_POD;
  }
  if (familyOf(host) !== undefined) {
    return undefined;
  }
  if (host.includes('://')) {
    return HOST_IS_URL;
  }
  if (host.includes('/')) {
    return /^[0-9a-f.:]+\/\d+$/.test(host) ? HOST_IS_RANGE : HOST_WITH_PATH;
  }
  if (/:\d*$/.test(host)) {
    return HOST_WITH_PORT;
  }
  if (host === '*') {
    return HOST_IS_EVERY;
  }
  const valid = host.length <= 253 && NAME.test(host) && !/(^|\.)[0-9.]+\.?$/.test(host);
  return valid ? undefined : HOST_INVALID;
}

const URL_WITH_VARIABLE = errorKind(
  'url-with-variable',
  'has a variable in it ({variable}), which nobody fills in',
  'Write what is meant in its place',
);
const URL_HOST_INVALID = errorKind(
  'url-host-invalid',
  'leads to {host}, which is neither a DNS name nor an address',
  'Correct the host of the URL',
);

/** Placeholders as templates of all kinds write them, escaped or not. */
const VARIABLE = /\$?\{+[\w.-]+\}+|%7[Bb][\w.-]+%7[Dd]|\$\(\w+\)|<[A-Za-z][\w -]*>|\$[A-Z][A-Z0-9_]*/;

/** What is wrong with where a URL leads, whatever it is for; undefined for one that leads somewhere, and for what is no URL. */
export function urlFault(url: string): Said | undefined {
  const [variable] = VARIABLE.exec(url) ?? [];
  if (variable !== undefined) {
    return say(URL_WITH_VARIABLE, { variable });
  }
  const hostname = URL.canParse(url) ? new URL(url).hostname : undefined;
  return hostname === undefined || isHostOfUrl(hostname) ? undefined : say(URL_HOST_INVALID, { host: hostname });
}

/** Whether a host, as a URL has it, is one: escapes and the like pass URLs. */
function isHostOfUrl(hostname: string): boolean {
  return hostname.length <= 253 && (/^\[[0-9a-f:.]+\]$/.test(hostname) || DNS_NAME.test(hostname));
}

/** Whether a host is the full name of a Service, which nobody outside the cluster has. */
export function isServiceName(host: string): boolean {
  return /^[^.]+\.[^.]+\.svc(\.cluster\.local)?\.?$/.test(host.toLowerCase());
}

function isLoopback(host: string): boolean {
  return LOOPBACK_NAME.test(host) || isAddressIn(LOOPBACK_RANGES, host);
}

/** Whether a host is an address in one of some ranges, as IPv4 or as IPv6 that stands around it. */
export function isAddressIn(ranges: readonly string[], host: string): boolean {
  return familyOf(host) !== undefined && ranges.some(range => cidrContains(range, addressCidr(plainAddress(host))));
}

/**
 * What a host is to a gateway's own pod, where it is part of it: to send requests there would reach what serves the gateway
 * itself, or its node.
 */
export function ownMachine(host: string): string | undefined {
  const normal = normalizedHost(host);
  return isLoopback(normal)
    ? "is the gateway's own pod"
    : isAddressIn(LINK_LOCAL_RANGES, normal)
      ? "is of the gateway's own node (link-local)"
      : undefined;
}

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

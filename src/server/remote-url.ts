import * as kplus from 'cdk8s-plus-28';
import { RemoteSource } from './source-config';
import { McpServerTls } from './source-options';
import { caBundleFault } from '../model/certificates';
import { errorKind, InputCheck } from '../model/findings';
import { hostProblem, urlFault } from '../model/hosts';
import { SecretKey } from '../model/policy';
import { UpstreamTls } from '../model/server';
import { secretKeyOf } from '../synthesis/config-and-secrets';

const REMOTE_URL_INVALID = errorKind(
  'remote-url-invalid',
  'is not a URL',
  'Write it in full, such as https://mcp.example.com/mcp',
);
const REMOTE_URL_WITHOUT_TLS = errorKind(
  'remote-url-without-tls',
  'has no TLS',
  'Use https, or say { insecure: true } to send requests in the clear',
);
const REMOTE_URL_TLS_UNUSED = errorKind(
  'remote-url-tls-unused',
  'is given for a URL without TLS',
  'Use https, or drop tls',
);
const REMOTE_URL_NOT_HTTPS = errorKind('remote-url-not-https', 'is not an https URL', 'Use https');
const REMOTE_URL_WITH_CREDENTIALS = errorKind(
  'remote-url-with-credentials',
  'contains credentials',
  'Keep them in a Secret',
);
const REMOTE_URL_WITH_FRAGMENT = errorKind('remote-url-with-fragment', 'has a fragment', 'Drop the part after "#"');
const SERVER_NAME_INVALID = errorKind(
  'server-name-invalid',
  'is not a host name',
  'Write the name that the certificate of the server has',
);
const CA_TWICE = errorKind('ca-twice', 'is given together with caBundle', 'Give one of the two');
const TLS_WITHOUT_AUTHORITY = errorKind(
  'tls-without-authority',
  'names no authority, and no public one vouches for names in the cluster',
  'Give caBundle or caSecret, or the serverName that a public certificate has',
);

/** What is said of a connection to a URL. */
interface RemoteConnection {
  readonly insecure?: boolean;
  readonly tls?: McpServerTls;
}

/** Checks the URL of something that runs elsewhere; undefined where it is none. */
export function checkRemoteUrl(input: InputCheck, url: string, options: RemoteConnection): URL | undefined {
  const fault = typeof url === 'string' ? urlFault(url) : undefined;
  if (fault !== undefined) {
    input.add([input.finding(fault, 'url', url)]);
    return undefined;
  }
  let parsed: URL;
  try {
    parsed = new URL(url);
  } catch {
    input.report(REMOTE_URL_INVALID, 'url', url, true);
    return undefined;
  }
  const insecure = options.insecure ?? false;
  if (parsed.protocol === 'http:') {
    input.report(REMOTE_URL_WITHOUT_TLS, 'url', url, !insecure);
    input.report(REMOTE_URL_TLS_UNUSED, 'tls', options.tls, options.tls !== undefined);
  } else {
    input.report(REMOTE_URL_NOT_HTTPS, 'url', url, parsed.protocol !== 'https:');
  }
  // Neither would reach the gateway's configuration in a form that works; credentials would also leak into it.
  input.report(REMOTE_URL_WITH_CREDENTIALS, 'url', '(not shown)', !(parsed.username === '' && parsed.password === ''));
  input.report(REMOTE_URL_WITH_FRAGMENT, 'url', url, parsed.hash !== '');
  checkTls(input, options.tls);
  return parsed;
}

/** Checks how the certificate of a server is checked. */
function checkTls(input: InputCheck, tls: McpServerTls | undefined): void {
  input.reportGiven(SERVER_NAME_INVALID, 'tls.serverName', tls?.serverName, name => hostProblem(name) !== undefined);
  const fault = tls?.caBundle === undefined ? undefined : caBundleFault(tls.caBundle);
  if (fault !== undefined) {
    input.report(fault.kind, 'tls.caBundle', fault.shown, true);
  }
  input.report(CA_TWICE, 'tls.caSecret', '(given)', tls?.caSecret !== undefined && tls.caBundle !== undefined);
}

/** Checks how the certificate of a server is checked that runs in the cluster. */
export function checkServerTls(input: InputCheck, tls: McpServerTls | undefined): void {
  checkTls(input, tls);
  const known = tls?.caBundle ?? tls?.caSecret ?? tls?.serverName;
  input.report(TLS_WITHOUT_AUTHORITY, 'tls', {}, tls !== undefined && known === undefined);
}

/** How a certificate is checked, as gateways are told it. */
export function upstreamTls({ caBundle, caSecret, serverName }: McpServerTls): UpstreamTls {
  return { caBundle, caSecret: caSecret && secretOf(caSecret), serverName, insecureSkipVerify: false };
}

/** A Secret as code refers to it, or, of what a document says, as it names it. */
function secretOf(value: kplus.SecretValue | SecretKey): SecretKey {
  return 'secretName' in value ? value : secretKeyOf(value);
}

/** Where a URL leads, as gateways are told it. */
export function remoteAddress(
  parsed: URL,
  tls: McpServerTls | undefined,
): Pick<RemoteSource, 'host' | 'port' | 'path' | 'tls'> {
  const secure = parsed.protocol === 'https:';
  return {
    host: parsed.hostname.replace(/^\[|\]$/g, ''),
    port: parsed.port === '' ? (secure ? 443 : 80) : Number(parsed.port),
    path: `${parsed.pathname}${parsed.search}`,
    tls: secure ? upstreamTls(tls ?? {}) : undefined,
  };
}

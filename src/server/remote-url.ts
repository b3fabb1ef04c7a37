import { RemoteSource } from './source-config';
import { McpRemoteTls } from './source-options';
import { InputCheck } from '../model/input';

/** What is said of a connection to a URL. */
interface RemoteConnection {
  readonly insecure?: boolean;
  readonly tls?: McpRemoteTls;
}

/** Checks the URL of something that runs elsewhere; undefined where it is none. */
export function checkRemoteUrl(input: InputCheck, url: string, options: RemoteConnection): URL | undefined {
  let parsed: URL;
  try {
    parsed = new URL(url);
  } catch {
    input.check('url', url, 'is not a URL', 'Write it in full, such as https://mcp.example.com/mcp');
    return undefined;
  }
  const insecure = options.insecure ?? false;
  if (parsed.protocol === 'http:') {
    input.check(
      'url',
      url,
      insecure ? undefined : 'has no TLS',
      'Use https, or say { insecure: true } to send requests in the clear',
    );
    input.check(
      'tls',
      options.tls,
      options.tls === undefined ? undefined : 'is given for a URL without TLS',
      'Use https, or drop tls',
    );
  } else {
    input.check('url', url, parsed.protocol === 'https:' ? undefined : 'is not an https URL', 'Use https');
  }
  // Neither would reach the gateway's configuration in a form that works; credentials would also leak into it.
  input.check(
    'url',
    '(not shown)',
    parsed.username === '' && parsed.password === '' ? undefined : 'contains credentials',
    'Keep them in a Secret',
  );
  input.check('url', url, parsed.hash === '' ? undefined : 'has a fragment', 'Drop the part after "#"');
  input.optional(
    'tls.caBundle',
    options.tls?.caBundle,
    value =>
      /-----BEGIN CERTIFICATE-----[^]+-----END CERTIFICATE-----/.test(value) ? undefined : 'holds no PEM certificate',
    'Pass the text of the certificates, from BEGIN CERTIFICATE to END CERTIFICATE',
  );
  input.optional(
    'tls.caBundle',
    options.tls?.caBundle?.includes('PRIVATE KEY') ? '(not shown)' : undefined,
    () => 'contains a private key',
    'Pass certificates only',
  );
  return parsed;
}

/** Where a URL leads, as gateways are told it. */
export function remoteAddress(
  parsed: URL,
  tls: McpRemoteTls | undefined,
): Pick<RemoteSource, 'host' | 'port' | 'path' | 'tls'> {
  const secure = parsed.protocol === 'https:';
  return {
    host: parsed.hostname.replace(/^\[|\]$/g, ''),
    port: parsed.port === '' ? (secure ? 443 : 80) : Number(parsed.port),
    path: `${parsed.pathname}${parsed.search}`,
    tls: secure ? { caBundle: tls?.caBundle, serverName: tls?.serverName, insecureSkipVerify: false } : undefined,
  };
}

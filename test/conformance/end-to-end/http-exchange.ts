import { Agent, IncomingHttpHeaders, request as httpRequest, RequestOptions } from 'http';
import { request as httpsRequest } from 'https';

/** A request, as exactly as Node's client sends one. */
export interface HttpRequest {
  readonly url: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string | Buffer;
  /** Address to call from. */
  readonly from?: string;
  /** For HTTPS: whom to trust, and who calls. */
  readonly tls?: { readonly ca?: string; readonly cert?: string; readonly key?: string; readonly servername?: string };
  /** Keeps connections. */
  readonly agent?: Agent;
  readonly timeoutMs?: number;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

const TIMEOUT_MS = 15_000;

/** Sends a request and reads the whole answer. */
export function exchange({
  url,
  method = 'POST',
  headers = {},
  body,
  from,
  tls,
  agent,
  timeoutMs = TIMEOUT_MS,
}: HttpRequest): Promise<HttpAnswer> {
  const secure = url.startsWith('https:');
  const options: RequestOptions = {
    method,
    headers: headers as RequestOptions['headers'],
    localAddress: from,
    agent: agent ?? false,
    timeout: timeoutMs,
    ...(secure ? tls : {}),
  };
  return new Promise((resolve, reject) => {
    const sent = (secure ? httpsRequest : httpRequest)(url, options, response => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () =>
        resolve({
          status: response.statusCode!,
          headers: response.headers,
          body: Buffer.concat(chunks).toString('utf8'),
        }),
      );
    });
    sent.on('timeout', () => sent.destroy(new Error(`no answer in ${timeoutMs} ms`)));
    sent.on('error', reject);
    sent.end(body);
  });
}

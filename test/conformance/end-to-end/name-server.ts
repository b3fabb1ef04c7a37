/* Bytes, and what stands in their bits. */
/* eslint-disable no-bitwise */
import { createSocket, Socket } from 'dgram';
import { AddressInfo } from 'net';
import { nextAddress } from './addresses';

const TYPE_A = 1;
const CLASS_IN = 1;
const NO_SUCH_NAME = 3;
const TTL_SECONDS = 1;
const HEADER_BYTES = 12;

/** Addresses of a name; undefined where there is no such name. */
export type Lookup = (name: string) => readonly string[] | undefined;

/** The DNS server of a test's cluster: names of IPv4 addresses, over UDP. */
export class NameServer {
  public static async start(lookup: Lookup): Promise<NameServer> {
    const socket = createSocket('udp4');
    const asked: string[] = [];
    socket.on('message', (query, peer) => {
      asked.push(nameIn(query).name);
      const answer = answerTo(query, lookup);
      if (answer !== undefined) {
        socket.send(answer, peer.port, peer.address);
      }
    });
    const address = nextAddress();
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      socket.bind(0, address, resolve);
    });
    return new NameServer(socket, address, (socket.address() as AddressInfo).port, asked);
  }

  private constructor(
    private readonly socket: Socket,
    public readonly address: string,
    public readonly port: number,
    /** Names that it was asked for, in order. */
    public readonly asked: readonly string[],
  ) {}

  public stop(): void {
    this.socket.close();
  }
}

/** The name that is asked for, and where what it is asked of ends. */
function nameIn(query: Buffer): { readonly name: string; readonly end: number } {
  const labels: string[] = [];
  let at = HEADER_BYTES;
  while (at < query.length && query[at] !== 0) {
    labels.push(query.toString('latin1', at + 1, at + 1 + query[at]));
    at += 1 + query[at];
  }
  return { name: labels.join('.').toLowerCase(), end: at + 5 };
}

function answerTo(query: Buffer, lookup: Lookup): Buffer | undefined {
  const { name, end } = nameIn(query);
  if (end > query.length) {
    return undefined;
  }
  const question = query.subarray(HEADER_BYTES, end);
  const found = lookup(name);
  const isAddress =
    question.readUInt16BE(question.length - 4) === TYPE_A && question.readUInt16BE(question.length - 2) === CLASS_IN;
  const records = isAddress ? (found ?? []).map(addressRecord) : [];
  const header = Buffer.alloc(HEADER_BYTES);
  query.copy(header, 0, 0, 2);
  // An authoritative answer; recursion as it was desired, and available.
  header.writeUInt16BE(0x8480 | (query.readUInt16BE(2) & 0x0100) | (found === undefined ? NO_SUCH_NAME : 0), 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(records.length, 6);
  return Buffer.concat([header, question, ...records]);
}

function addressRecord(address: string): Buffer {
  const record = Buffer.alloc(16);
  // The name of the question.
  record.writeUInt16BE(0xc000 | HEADER_BYTES, 0);
  record.writeUInt16BE(TYPE_A, 2);
  record.writeUInt16BE(CLASS_IN, 4);
  record.writeUInt32BE(TTL_SECONDS, 6);
  record.writeUInt16BE(4, 10);
  address.split('.').forEach((part, i) => record.writeUInt8(Number(part), 12 + i));
  return record;
}

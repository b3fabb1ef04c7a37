/* Bytes, and what stands in their bits. */
/* eslint-disable no-bitwise */
import { generateKeyPairSync, KeyObject, randomBytes, sign } from 'crypto';

/*
 * Certificates for tests: as much of X.509 as it takes, since Node.js reads them and does not write them.
 */

/** A certificate with its key, in PEM. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/** What a certificate says. */
export interface CertificateOptions {
  readonly commonName: string;
  readonly dnsNames?: readonly string[];
  readonly expired?: boolean;
}

const DAY_MS = 86_400_000;

/** Signs certificates. */
export class Authority {
  private readonly keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  /** Its own certificate, in PEM. */
  public readonly cert: string;

  constructor(private readonly name: string) {
    this.cert = pem(this.certificateOf({ commonName: name }, this.keys.publicKey, true));
  }

  /** A certificate for a new key. */
  public issue(options: CertificateOptions): Certificate {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    return {
      cert: pem(this.certificateOf(options, publicKey, false)),
      key: privateKey.export({ format: 'pem', type: 'pkcs8' }) as string,
    };
  }

  private certificateOf(
    { commonName, dnsNames = [], expired = false }: CertificateOptions,
    publicKey: KeyObject,
    authority: boolean,
  ): Buffer {
    const ends = Date.now() + (expired ? -1 : 1) * DAY_MS;
    const signed = sequence(
      tagged(0, integer(Buffer.from([2]))),
      integer(Buffer.concat([Buffer.from([1]), randomBytes(15)])),
      ECDSA_SHA256,
      nameOf(this.name),
      sequence(time(ends - 30 * DAY_MS), time(ends)),
      nameOf(commonName),
      publicKey.export({ format: 'der', type: 'spki' }),
      tagged(
        3,
        sequence(
          extension('551d13', sequence(...(authority ? [TRUE] : [])), true),
          extension('551d0f', element(3, Buffer.from(authority ? [1, 0x06] : [7, 0x80])), true),
          ...(dnsNames.length === 0
            ? []
            : [extension('551d11', sequence(...dnsNames.map(name => element(0x82, Buffer.from(name)))))]),
        ),
      ),
    );
    return sequence(
      signed,
      ECDSA_SHA256,
      element(3, Buffer.concat([Buffer.alloc(1), sign('sha256', signed, this.keys.privateKey)])),
    );
  }
}

function element(tag: number, ...content: readonly Buffer[]): Buffer {
  const body = Buffer.concat(content);
  const length =
    body.length < 128
      ? [body.length]
      : body.length < 256
        ? [0x81, body.length]
        : [0x82, body.length >> 8, body.length & 255];
  return Buffer.concat([Buffer.from([tag, ...length]), body]);
}

function sequence(...items: readonly Buffer[]): Buffer {
  return element(0x30, ...items);
}

function tagged(number: number, content: Buffer): Buffer {
  return element(0xa0 + number, content);
}

function integer(bytes: Buffer): Buffer {
  return element(2, bytes);
}

function identifier(hex: string): Buffer {
  return element(6, Buffer.from(hex, 'hex'));
}

const TRUE = element(1, Buffer.from([0xff]));
const ECDSA_SHA256 = sequence(identifier('2a8648ce3d040302'));

function nameOf(commonName: string): Buffer {
  return sequence(element(0x31, sequence(identifier('550403'), element(0x0c, Buffer.from(commonName)))));
}

function time(instant: number): Buffer {
  return element(0x17, Buffer.from(new Date(instant).toISOString().slice(2, 19).replace(/[-:T]/g, '') + 'Z'));
}

function extension(id: string, value: Buffer, critical = false): Buffer {
  return sequence(identifier(id), ...(critical ? [TRUE] : []), element(4, value));
}

function pem(der: Buffer): string {
  return `-----BEGIN CERTIFICATE-----\n${der.toString('base64').replace(/.{1,64}/g, '$&\n')}-----END CERTIFICATE-----\n`;
}

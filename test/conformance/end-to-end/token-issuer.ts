import { createHmac, generateKeyPairSync, KeyObject, sign } from 'crypto';

/** Algorithms by name, with what makes their keys. */
const ALGORITHMS = {
  EdDSA: () => generateKeyPairSync('ed25519'),
  ES256: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  RS256: () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
};

/** What an issuer may be told to get wrong. */
export interface TokenFaults {
  /** Replaces the algorithm in the header; `none` leaves the signature out, `HS256` takes the public key for the secret. */
  readonly algorithm?: 'none' | 'HS256';
  /** Breaks the signature. */
  readonly forged?: boolean;
  readonly kid?: string;
}

/** Issues tokens, signed by a key of its own. */
export class TokenIssuer {
  private readonly privateKey: KeyObject;
  private readonly publicKey: KeyObject;
  private readonly kid: string;

  constructor(
    public readonly issuer: string,
    private readonly algorithm: keyof typeof ALGORITHMS = 'EdDSA',
  ) {
    ({ privateKey: this.privateKey, publicKey: this.publicKey } = ALGORITHMS[algorithm]());
    this.kid = `${issuer}#1`;
  }

  /** Its keys, as a JSON Web Key Set. */
  public get jwks(): string {
    return JSON.stringify({
      keys: [{ ...this.publicKey.export({ format: 'jwk' }), kid: this.kid, alg: this.algorithm, use: 'sig' }],
    });
  }

  /** A token with claims, valid from now for an hour unless they say otherwise. */
  public token(claims: Readonly<Record<string, unknown>>, faults: TokenFaults = {}): string {
    const now = Math.floor(Date.now() / 1000);
    const header = { alg: faults.algorithm ?? this.algorithm, typ: 'JWT', kid: faults.kid ?? this.kid };
    const signed = `${encode(header)}.${encode({ iss: this.issuer, iat: now, exp: now + 3600, ...claims })}`;
    const signature = this.signature(signed, faults.algorithm);
    if (faults.forged) {
      signature[0] = (signature[0] + 1) % 256;
    }
    return `${signed}.${signature.toString('base64url')}`;
  }

  private signature(signed: string, algorithm: TokenFaults['algorithm']): Buffer {
    switch (algorithm) {
      case 'none':
        return Buffer.alloc(0);
      case 'HS256':
        return createHmac('sha256', this.publicKey.export({ format: 'pem', type: 'spki' }))
          .update(signed)
          .digest();
      default:
        return sign(this.algorithm === 'EdDSA' ? undefined : 'sha256', Buffer.from(signed), {
          key: this.privateKey,
          dsaEncoding: 'ieee-p1363',
        });
    }
  }
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

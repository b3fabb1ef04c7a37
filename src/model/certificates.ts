import { errorKind, FindingKind } from './findings';

/* Certificates of authorities, as text. */

const CA_BUNDLE_INVALID = errorKind(
  'ca-bundle-invalid',
  'holds no PEM certificate',
  'Pass the text of the certificates, from BEGIN CERTIFICATE to END CERTIFICATE',
);
const CA_BUNDLE_WITH_KEY = errorKind('ca-bundle-with-key', 'contains a private key', 'Pass certificates only');

/** What is wrong with certificates of authorities, and what may be shown of them: a text with a private key is for nobody to read. */
export interface CaBundleFault {
  readonly kind: FindingKind;
  readonly shown: string;
}

/** What is wrong with certificates of authorities. */
export function caBundleFault(text: string): CaBundleFault | undefined {
  return text.includes('PRIVATE KEY')
    ? { kind: CA_BUNDLE_WITH_KEY, shown: '(not shown)' }
    : /-----BEGIN CERTIFICATE-----[^]+-----END CERTIFICATE-----/.test(text)
      ? undefined
      : { kind: CA_BUNDLE_INVALID, shown: text };
}

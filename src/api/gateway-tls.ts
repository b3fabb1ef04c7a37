import { Codec, named, text, textSet, ValueOf } from './codec';
import { issuerRef } from './common';
import { exactDuration } from './duration';
import { object } from './object';
import { Place } from './place';
import { errorKind } from '../model/findings';
import { objectNameProblem } from '../model/validation';
import { formatLongDuration } from '../values/quantities';

/** The certificate of a gateway: this library's, upstream has none but that of an Ingress. */

const NAME = errorKind(
  'certificate-name-invalid',
  'is not a DNS name in lower case',
  'Write it as mcp.acme.dev or *.acme.dev',
);
const SHORT = errorKind('certificate-duration-short', 'is shorter than cert-manager accepts', 'Give at least an hour');
const RENEWED_LATE = errorKind(
  'certificate-renewal-late',
  'is shorter than cert-manager accepts',
  'Give at least five minutes',
);
const RENEWED_EARLY = errorKind(
  'certificate-renewal-early',
  'is not less than the certificate is valid ({duration})',
  'Give less, or a longer duration',
);

/** What cert-manager accepts, and what it takes where nothing is said. */
const SHORTEST_DURATION = 3_600_000;
const SHORTEST_RENEWAL = 300_000;
const DEFAULT_DURATION = 90 * 24 * 3_600_000;

/** Hours and less, as cert-manager writes them. */
const validity = (description: string): Codec<number> => ({
  ...exactDuration(description),
  encode: formatLongDuration,
});

const fields = {
  dnsNames: textSet('Names that an issued certificate is for, besides those in the cluster.'),
  duration: validity('How long an issued certificate is valid.'),
  issuerRef: named('issuer', issuerRef('Issuer of cert-manager that signs the certificate.')),
  renewBefore: validity('How long before its end an issued certificate is renewed.'),
  secretRef: named(
    'secret',
    object(
      'Secret with tls.crt and tls.key.',
      { name: text('Name of the Secret.', { minLength: 1 }) },
      { required: ['name'], 'x-kubernetes-map-type': 'atomic' },
    ),
  ),
};

/** `tls` of a gateway. */
export const tls = object(
  'Certificate of the gateway, which serves HTTPS with it.',
  fields,
  {
    'x-kubernetes-validations': [
      {
        rule: 'has(self.secretRef) != has(self.issuerRef)',
        message: 'set exactly one of tls.secretRef and tls.issuerRef',
      },
      {
        rule: '!has(self.secretRef) || !(has(self.dnsNames) || has(self.duration) || has(self.renewBefore))',
        message:
          'dnsNames, duration and renewBefore are about an issued certificate: set tls.issuerRef, or remove them',
      },
    ],
  },
  (value, place) => checkIssued(value, place),
);

/** The certificate of a gateway, as it asks for it. */
export type TlsValue = ValueOf<typeof tls>;

function checkIssued({ dnsNames = [], duration, renewBefore }: TlsValue, place: Place): void {
  dnsNames.forEach((name, i) =>
    place.at('dnsNames', i).report(NAME, name, objectNameProblem(name.replace(/^\*\./, '')) !== undefined),
  );
  const valid = duration ?? DEFAULT_DURATION;
  place.at('duration').report(SHORT, formatted(duration), duration !== undefined && duration < SHORTEST_DURATION);
  const at = place.at('renewBefore');
  const early = renewBefore !== undefined && renewBefore >= valid;
  at.report(RENEWED_LATE, formatted(renewBefore), renewBefore !== undefined && renewBefore < SHORTEST_RENEWAL);
  at.report(RENEWED_EARLY, formatted(renewBefore), early ? { duration: formatLongDuration(valid) } : undefined);
}

function formatted(duration: number | undefined): string | undefined {
  return duration === undefined ? undefined : formatLongDuration(duration);
}

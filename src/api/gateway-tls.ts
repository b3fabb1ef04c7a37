import { exactDuration, text, textSet } from './codec';
import { issuerRef } from './common';
import { object } from './object';

/** The certificate of a gateway: this library's, upstream has none but that of an Ingress. */
export const tls = object(
  'Certificate of the gateway, which serves HTTPS with it.',
  {
    dnsNames: textSet('Names that an issued certificate is for, besides those in the cluster.'),
    duration: exactDuration('How long an issued certificate is valid.'),
    issuerRef: issuerRef('Issuer of cert-manager that signs the certificate.'),
    renewBefore: exactDuration('How long before its end an issued certificate is renewed.'),
    secretRef: object(
      'Secret with tls.crt and tls.key.',
      { name: text('Name of the Secret.', { minLength: 1 }) },
      { required: ['name'], 'x-kubernetes-map-type': 'atomic' },
    ),
  },
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
);

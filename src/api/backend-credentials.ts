import { boolean, list, text } from './codec';
import { object } from './object';
import { Schema } from './schema';

/** What a gateway proves to a server: this library's own. */

/** Of credentials, messages name the kinds: what they hold is for nobody to read. */
export const kindsOf = (credentials: readonly object[]): string[] => credentials.map(given => Object.keys(given)[0]);

const secretRef = (description: string) =>
  object(
    description,
    {
      key: text('Key within the Secret.'),
      name: text('Name of the Secret.', { minLength: 1 }),
      namespace: text(
        "Namespace of the Secret: that of the gateway's pods. Default: this resource's, or that of the pods for a resource without one.",
      ),
    },
    { required: ['key', 'name'] },
  );

const credential = object(
  'One credential: exactly one of these fields.',
  {
    basic: object(
      'User name and password, in Authorization; the name as it is or from a Secret.',
      {
        passwordRef: secretRef('Secret that holds the password.'),
        username: text('The user name.', { minLength: 1 }),
        usernameRef: secretRef('Secret that holds the user name.'),
      },
      { required: ['passwordRef'], oneOf: [{ required: ['username'] }, { required: ['usernameRef'] }] },
    ),
    bearer: object(
      'A bearer token, in Authorization.',
      { secretRef: secretRef('Secret that holds the token.') },
      { required: ['secretRef'] },
    ),
    callerToken: boolean('The token of the caller, in Authorization.'),
    clientCertificate: object(
      'A certificate for TLS.',
      {
        certificateRef: secretRef('Secret that holds the certificate, in PEM.'),
        privateKeyRef: secretRef('Secret that holds the private key, in PEM.'),
      },
      { required: ['certificateRef', 'privateKeyRef'] },
    ),
    header: object(
      'A header.',
      {
        name: text('Name of the header.', { minLength: 1 }),
        prefix: text('What precedes the value in the header.'),
        secretRef: secretRef('Secret that holds the value.'),
      },
      { required: ['name', 'secretRef'] },
    ),
  },
  {
    oneOf: ['basic', 'bearer', 'callerToken', 'clientCertificate', 'header'].map((field): Schema => ({
      required: [field],
    })),
  },
);

export const backendCredentials = list(
  'What gateways prove to the server, all of it. Without it, a remote server gets no credentials at all.',
  credential,
);

import { list, own, text, textList, ValueOf } from './codec';
import { HEADER_NAME, secretKey } from './common';
import { object } from './object';
import { Place } from './place';
import { credentialHeader } from './tokens';
import { errorKind } from '../model/findings';
import { ApiKey, ApiKeyMethod, SecretKey } from '../model/policy';
import { HEADER_OF_PROTOCOL, isProtocolHeader } from '../model/validation';

/** API keys, by which callers prove who they are, and the Secrets of that and other methods. */

const SECRET_MISSING = errorKind(
  'authentication-secret-missing',
  'names no Secret',
  "Write the name of a Secret in the namespace of the gateway's pods",
);
const SECRET_OPTIONAL = errorKind(
  'authentication-secret-optional',
  'is true, but nobody could authenticate without the Secret',
  'Remove it',
);
const API_KEYS_EMPTY = errorKind('api-keys-empty', 'accepts no key, so nobody could call', 'Give at least one ApiKey');
const API_KEY_PREFIX = errorKind('api-key-prefix', 'is not supported for API keys', '{remedy}');
const API_KEY_NOT_ONE = errorKind(
  'api-key-not-one',
  'needs exactly one of sha256 and secretRef',
  'Write the hash of the key, or the Secret that holds it',
);
const API_KEY_USER_EMPTY = errorKind('api-key-user-empty', 'is empty', 'Name the user, or leave it out');
const API_KEY_GROUP_EMPTY = errorKind('api-key-group-empty', 'is empty', 'Name the group');

/** A reference to a key of a Secret, as the API has it. */
export type SecretRefValue = ValueOf<ReturnType<typeof secretKey>>;

/** A key of a Secret that a method cannot do without. */
export const secretRef = (description: string) => ({
  ...secretKey(description),
  check: ({ name, optional }: SecretRefValue, place: Place) => {
    place.at('name').report(SECRET_MISSING, name, (name ?? '') === '');
    place.at('optional').report(SECRET_OPTIONAL, optional, optional === true);
  },
});

const keyEntry = object(
  'One key.',
  {
    groups: textList('Groups of the user.'),
    secretRef: secretRef('Secret that holds the key.'),
    sha256: text('SHA-256 hash of the key, in hexadecimal.', { pattern: '^[0-9a-f]{64}$' }),
    user: text('User that the key stands for.'),
  },
  {},
  ({ groups = [], secretRef: ref, sha256, user }, place) => {
    const given = Object.keys({ ...(sha256 === undefined ? {} : { sha256 }), ...(ref === undefined ? {} : { ref }) });
    place.report(
      API_KEY_NOT_ONE,
      given.map(field => (field === 'ref' ? 'secretRef' : field)),
      given.length !== 1,
    );
    checkPresenter({ groups, user }, place);
  },
);

/** Checks who presents an API key. */
export function checkPresenter(
  { groups = [], user }: { readonly groups?: readonly string[]; readonly user?: string },
  place: Place,
): void {
  place.at('user').report(API_KEY_USER_EMPTY, user, user === '');
  groups.forEach((group, i) => place.at('groups', i).report(API_KEY_GROUP_EMPTY, group, group === ''));
}

/** Header of keys, unless another is named. */
export const DEFAULT_KEY_HEADER = 'X-API-Key';

/** `apiKey` of an authentication. */
export const apiKey = object(
  'API keys.',
  {
    header: text('Request header that carries the key.', { default: DEFAULT_KEY_HEADER }, HEADER_NAME),
    keys: own(list('Accepted keys, with who presents them.', keyEntry)),
    prefix: own(text('What precedes the key in the header.')),
    secretRefs: list('Secrets that hold accepted keys.', secretRef('One Secret.'), { minItems: 1 }),
  },
  { required: ['header'] },
  ({ header, prefix, keys = [], secretRefs = [] }, place) => {
    const { prefix: usual } = credentialHeader(header);
    place.at('header').report(HEADER_OF_PROTOCOL, header, isProtocolHeader(header));
    place
      .at('prefix')
      .report(
        API_KEY_PREFIX,
        prefix,
        prefix === undefined || prefix === usual
          ? undefined
          : { remedy: usual === '' ? 'Remove it' : `Write "${usual}", or remove it` },
      );
    const count = keys.length + secretRefs.length;
    place.at('keys').report(API_KEYS_EMPTY, count, count === 0);
  },
);

/** Checks the keys and the header of a method. */
export function checkApiKeys(keys: readonly ApiKey[], header: string, place: Place): void {
  apiKey.check({ header, keys: keys.map(writeKey) }, place);
}

/** API keys, as a data plane has to tell them. */
export function apiKeyMethod({ header, keys = [], secretRefs = [] }: ValueOf<typeof apiKey>): ApiKeyMethod {
  return {
    kind: 'apiKey',
    header: credentialHeader(header),
    keys: [
      ...secretRefs.map((ref): ApiKey => ({ secret: { kind: 'secret', ref: secretOf(ref) }, groups: [] })),
      ...keys.map(({ sha256, secretRef: ref, user, groups = [] }): ApiKey => ({
        secret: sha256 === undefined ? { kind: 'secret', ref: secretOf(ref!) } : { kind: 'sha256', hex: sha256 },
        user,
        groups,
      })),
    ],
  };
}

/** A reference to a key of a Secret, as plain data. */
export const secretOf = ({ name = '', key }: SecretRefValue): SecretKey => ({ secretName: name, key });

/** API keys as resources write them: upstream's list has those that stand for nobody. */
export function writeApiKey({ header, keys }: ApiKeyMethod): ValueOf<typeof apiKey> {
  const anonymous = keys.flatMap(key => (isAnonymous(key) && key.secret.kind === 'secret' ? [key.secret.ref] : []));
  const others = keys.filter(key => !isAnonymous(key));
  return {
    header: header.name,
    ...(header.prefix === '' ? {} : { prefix: header.prefix }),
    ...(anonymous.length === 0 ? {} : { secretRefs: anonymous.map(writeSecret) }),
    ...(others.length === 0 ? {} : { keys: others.map(writeKey) }),
  };
}

function writeKey({ secret, user, groups }: ApiKey): ValueOf<typeof keyEntry> {
  return {
    ...(secret.kind === 'sha256' ? { sha256: secret.hex } : { secretRef: writeSecret(secret.ref) }),
    ...(user === undefined ? {} : { user }),
    ...(groups.length === 0 ? {} : { groups }),
  };
}

/** What upstream's `secretRefs` can say. */
function isAnonymous({ secret, user, groups }: ApiKey): boolean {
  return secret.kind === 'secret' && user === undefined && groups.length === 0;
}

/** A reference to a key of a Secret, as resources write it. */
export function writeSecret({ secretName, key }: SecretKey): SecretRefValue {
  return { name: secretName, key };
}

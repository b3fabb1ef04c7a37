import { HIDDEN, named, own, text, textList, ValueOf } from './codec';
import { mapped, Mapping, object } from './object';
import { CelRule } from './schema';
import { because, errorKind, FindingKind, Said, say, sayIf } from '../model/findings';
import { urlFault } from '../model/hosts';
import { JwtMethod, keySetProblem } from '../model/policy';
import { isObject } from '../values/json';

/* Whose tokens a server takes: `oidcConfig`, and the documents of ConfigMaps that hold the same. */

/** Issuer of service account tokens, unless the cluster has another. */
const CLUSTER_ISSUER = 'https://kubernetes.default.svc';

/** Stands for what may hold a secret, such as the one of a client. */
const NOT_SHOWN = '(not shown)';

/** An issuer of tokens as `oidcConfig` writes it. */
export interface OidcSettings {
  readonly issuer: string;
  /** Audiences, one of which a token must be for. */
  readonly audiences?: readonly string[];
  readonly jwksUri?: string;
  /** A JSON Web Key Set. */
  readonly jwks?: string;
}

/** Settings that suffice to verify a token. */
export type CompleteOidcSettings = OidcSettings & { readonly audiences: readonly string[] };

/** Whether the issuer is that of the cluster's service accounts, or any other. */
export type OidcForm = 'kubernetes' | 'inline';

/** One finding about settings. */
export interface SettingsFinding extends Said {
  readonly property: keyof OidcSettings;
  readonly value: unknown;
}

const ISSUER_WITHOUT_TLS = errorKind(
  'issuer-without-tls',
  'is an issuer without TLS: whoever is on the way to it could read the tokens it hands out',
  'Write it as the `iss` claim of the tokens has it, such as https://auth.acme.dev',
);
const ISSUER_INVALID = errorKind(
  'issuer-invalid',
  'is not the URL of an issuer (https, without credentials, query or fragment)',
  'Write it as the `iss` claim of the tokens has it, such as https://auth.acme.dev',
);
const AUDIENCES_EMPTY = errorKind(
  'audiences-empty',
  'names none, so tokens for any service would pass',
  'Name the audience that stands for this server',
);
const AUDIENCE_EMPTY = errorKind('audience-empty', 'has an empty one', 'Name the audience that stands for this server');
const KEYS_WITHOUT_TLS = errorKind(
  'keys-without-tls',
  'has no TLS: whoever is on the way could put keys of his own in their place',
  'Write it as https://auth.acme.dev/jwks.json, or give the keys themselves in jwks',
);
const KEYS_URL_INVALID = errorKind(
  'keys-url-invalid',
  'is not an https URL without credentials',
  'Write it as https://auth.acme.dev/jwks.json, or give the keys themselves in jwks',
);
const KEYS_INVALID = errorKind(
  'keys-invalid',
  '{problem}',
  'Give the JSON text that the issuer serves, with public keys only',
);
const KEYS_TWICE = errorKind('keys-twice', 'is given together with a URL of keys', 'Give one of the two');

/** What is wrong with where keys are fetched from. */
function keysFault(url: string): Said | undefined {
  return urlFault(url) ?? sayIf(KEYS_URL_INVALID, /^https:\/\/[^\s@]+$/.test(url) && !URL.canParse(url));
}

/** What is wrong with the values that are given. */
export function wrongSettings({ issuer, audiences, jwksUri, jwks }: OidcSettings): SettingsFinding[] {
  const problem = jwks === undefined ? undefined : keySetProblem(jwks);
  const mistakes: (readonly [keyof OidcSettings, unknown, Said | undefined])[] = [
    [
      'issuer',
      issuer,
      sayIf(issuer.startsWith('http://') ? ISSUER_WITHOUT_TLS : ISSUER_INVALID, !/^https:\/\/[^\s@?#]+$/.test(issuer)),
    ],
    [
      'audiences',
      audiences,
      sayIf(
        audiences?.length === 0 ? AUDIENCES_EMPTY : AUDIENCE_EMPTY,
        audiences?.length === 0 || audiences?.includes('') === true,
      ),
    ],
    [
      'jwksUri',
      jwksUri,
      sayIf(
        jwksUri?.startsWith('http://') ? KEYS_WITHOUT_TLS : KEYS_URL_INVALID,
        jwksUri !== undefined && !/^https:\/\/[^\s@]+$/.test(jwksUri),
      ),
    ],
    ['jwksUri', jwksUri, jwksUri === undefined ? undefined : keysFault(jwksUri)],
    ['jwks', NOT_SHOWN, sayIf(KEYS_INVALID, because(problem))],
    ['jwks', NOT_SHOWN, sayIf(KEYS_TWICE, jwksUri !== undefined && jwks !== undefined)],
  ];
  return mistakes.flatMap(([property, value, said]) => (said === undefined ? [] : [{ property, value, ...said }]));
}

/** What tokens cannot be verified without, for each form. */
const AUDIENCE_MISSING: Readonly<Record<OidcForm, FindingKind>> = {
  kubernetes: errorKind(
    'audience-missing-kubernetes',
    'is missing, so tokens for any service would pass',
    'Name the audience that callers ask for in the projected service account token they mount for this server: that of the API server, which tokens have by default, would let every pod in',
  ),
  inline: errorKind(
    'audience-missing',
    'is missing, so tokens for any service would pass',
    'Name the audience that stands for this server',
  ),
};
const KEYS_MISSING: Readonly<Record<OidcForm, FindingKind>> = {
  kubernetes: errorKind(
    'keys-missing-kubernetes',
    'is missing, and what protects the server cannot fetch keys from the API server: it presents no token there, and does not trust its certificate',
    'Give the keys of the cluster in jwks, as `kubectl get --raw /openid/v1/jwks` prints them, or the public URL that they are served at, which clusters of cloud providers have',
  ),
  inline: errorKind(
    'keys-missing',
    'is missing: keys are not looked up while the server runs',
    'Give the `jwks_uri` that the issuer names in its /.well-known/openid-configuration, or the keys themselves in jwks',
  ),
};

/** What tokens cannot be verified without. */
export function missingSettings({ audiences, jwksUri, jwks }: OidcSettings, form: OidcForm): SettingsFinding[] {
  const found: SettingsFinding[] = [];
  if (audiences === undefined) {
    found.push({ property: 'audiences', value: undefined, ...say(AUDIENCE_MISSING[form]) });
  }
  if (jwksUri === undefined && jwks === undefined) {
    found.push({ property: 'jwksUri', value: undefined, ...say(KEYS_MISSING[form]) });
  }
  return found;
}

/** The method by which callers pass: a bearer token of the issuer. */
export function tokenMethod({ issuer, audiences, jwksUri, jwks }: CompleteOidcSettings): JwtMethod {
  return {
    kind: 'jwt',
    issuer,
    audiences,
    keys: jwksUri === undefined ? { kind: 'inline', jwks: jwks! } : { kind: 'url', url: jwksUri },
    header: { name: 'authorization', prefix: 'Bearer ' },
    claims: { user: ['sub'], groups: ['groups'] },
  };
}

/** An issuer as it is said: that of the cluster need not be named. */
export type IssuerValue = Partial<OidcSettings>;

/** The settings of an issuer as it is said. */
export const issuerSettings = ({ issuer = CLUSTER_ISSUER, ...rest }: IssuerValue): OidcSettings => ({
  issuer,
  ...rest,
});

const AUDIENCES_SET_TOGETHER = errorKind(
  'audience-and-audiences',
  'are set together, and exclude each other',
  'Keep one',
);

/** Fields of an issuer with one audience or several, as settings. */
const settingsMapping = (form: OidcForm): Mapping<any, IssuerValue> => ({
  read: ({ audience, audiences, ...rest }: IssuerValue & { readonly audience?: string }, place) => {
    const both = audience !== undefined && audiences !== undefined;
    place.report(AUDIENCES_SET_TOGETHER, ['audience', 'audiences'], both);
    return both ? undefined : { ...rest, ...(audience === undefined ? { audiences } : { audiences: [audience] }) };
  },
  write: ({ audiences, ...rest }) => ({
    ...rest,
    ...(audiences?.length === 1 ? { audience: audiences[0] } : { audiences }),
  }),
  check: (value, place) => {
    const settings = issuerSettings(value);
    [...missingSettings(settings, form), ...wrongSettings(settings)].forEach(said =>
      place.at(said.property).say(said.value, said),
    );
  },
  place: ([setting, ...rest], json) =>
    setting === undefined ? [] : [oidcField(setting as keyof OidcSettings, json ?? {}), ...rest],
});

const WEB_URL = '^https?://.*';

const audienceOrAudiences = (form: string): CelRule => ({
  rule: '!has(self.audience) || !has(self.audiences)',
  message: `set only one of oidcConfig.${form}.audience and oidcConfig.${form}.audiences`,
});

/** `oidcConfig` of a server. */
export const oidcConfig = object(
  'Authentication of callers that reach the server itself.',
  {
    configMap: own(
      object(
        'An issuer in JSON, kept in a ConfigMap: the fields of inline.',
        {
          key: text('Key within the ConfigMap.', { default: 'oidc.json' }),
          name: text('Name of the ConfigMap.', { minLength: 1 }),
        },
        { required: ['name'] },
      ),
    ),
    inline: mapped(
      object(
        'An OpenID Connect issuer.',
        {
          audience: text('Audience that tokens must carry.'),
          audiences: own(
            textList('Audiences, one of which tokens must carry, in the place of audience.', { minItems: 1 }),
          ),
          issuer: text('URL of the issuer.', { pattern: WEB_URL }),
          jwks: own(text('The signing keys, as a JSON Web Key Set.'), HIDDEN),
          jwksURL: named(
            'jwksUri',
            text('URL of the signing keys; discovered from the issuer by default.', { pattern: WEB_URL }),
          ),
        },
        { required: ['issuer'], 'x-kubernetes-validations': [audienceOrAudiences('inline')] },
      ),
      settingsMapping('inline'),
    ),
    kubernetes: mapped(
      object(
        "The cluster's own issuer of service account tokens.",
        {
          audience: own(text('Audience that tokens must carry.')),
          audiences: own(
            textList('Audiences, one of which tokens must carry, in the place of audience.', { minItems: 1 }),
          ),
          issuer: text('URL of the issuer, where it is not the default one.'),
          jwks: own(text("The cluster's signing keys, as a JSON Web Key Set."), HIDDEN),
          jwksURL: own(named('jwksUri', text("Public URL of the cluster's signing keys.", { pattern: WEB_URL }))),
        },
        { 'x-kubernetes-validations': [audienceOrAudiences('kubernetes')] },
      ),
      settingsMapping('kubernetes'),
    ),
  },
  {
    'x-kubernetes-validations': [
      {
        rule: '[has(self.kubernetes), has(self.inline), has(self.configMap)].filter(set, set).size() <= 1',
        message: 'set only one of oidcConfig.kubernetes, oidcConfig.inline and oidcConfig.configMap',
      },
    ],
  },
);

/** Whose tokens a server takes, as resources say it. */
export type OidcConfigValue = ValueOf<typeof oidcConfig>;

/** One finding about a document. */
interface OidcDocumentFinding extends Said {
  readonly property: string;
  readonly value: unknown;
}

/** Settings of a document, as far as it is right. */
export interface OidcDocument {
  readonly settings?: CompleteOidcSettings;
  /** What is wrong with it; properties begin with a dot, or are empty for the whole. */
  readonly findings: readonly OidcDocumentFinding[];
}

const FORM =
  'Write {"issuer": "https://auth.acme.dev", "audience": "ledger", "jwksURL": "https://auth.acme.dev/jwks.json"}';

const OIDC_NOT_JSON = errorKind('oidc-document-not-json', 'is not JSON ({reason})', FORM);
const OIDC_NOT_OBJECT = errorKind('oidc-document-not-object', 'is not a JSON object', FORM);
const OIDC_AUDIENCE_TWICE = errorKind(
  'oidc-document-audience-twice',
  'is given beside audience',
  'Keep one of the two',
);
const OIDC_ISSUER_MISSING = errorKind('oidc-document-issuer-missing', 'is missing', FORM);
const OIDC_NOT_LIST = errorKind(
  'oidc-document-audiences-not-list',
  'is not a list of texts',
  'Write it as ["ledger", "books"]',
);
const OIDC_FIELD_UNKNOWN = errorKind(
  'oidc-document-field-unknown',
  'is not a field of the document',
  'Remove it; there are {known}',
);
const OIDC_NOT_TEXT = errorKind('oidc-document-not-text', 'is not text', 'Write it as text');

/** An issuer as resources and documents have it: one audience is text, several are a list. */
interface OidcFields {
  readonly issuer?: string;
  readonly audience?: string;
  readonly audiences?: readonly string[];
  readonly jwksURL?: string;
  readonly jwks?: string;
}

/** The field of resources and documents in which a setting stands. */
function oidcField(setting: keyof OidcSettings, { audiences }: OidcFields): keyof OidcFields {
  return setting === 'jwksUri' ? 'jwksURL' : setting === 'audiences' && audiences === undefined ? 'audience' : setting;
}

/** The settings of fields but for the issuer. */
function oidcSettings({ audience, audiences, jwksURL, jwks }: OidcFields): Omit<OidcSettings, 'issuer'> {
  return { audiences: audience === undefined ? audiences : [audience], jwksUri: jwksURL, jwks };
}

const TEXTS = ['issuer', 'audience', 'jwksURL', 'jwks'];

/** Reads the JSON document that a ConfigMap of an issuer holds: the fields of `oidcConfig.inline`. */
export function readOidcDocument(content: string): OidcDocument {
  let document: unknown;
  try {
    document = JSON.parse(content);
  } catch (error) {
    return {
      findings: [{ property: '', value: NOT_SHOWN, ...say(OIDC_NOT_JSON, { reason: (error as Error).message }) }],
    };
  }
  if (!isObject(document)) {
    return { findings: [{ property: '', value: NOT_SHOWN, ...say(OIDC_NOT_OBJECT) }] };
  }
  const form = Object.entries(document).flatMap(([name, value]) => formFinding(name, value));
  if (form.length > 0) {
    return { findings: form };
  }
  const fields: OidcFields = document;
  if (fields.audience !== undefined && fields.audiences !== undefined) {
    return { findings: [{ property: '.audiences', value: NOT_SHOWN, ...say(OIDC_AUDIENCE_TWICE) }] };
  }
  if (fields.issuer === undefined) {
    return { findings: [{ property: '.issuer', value: undefined, ...say(OIDC_ISSUER_MISSING) }] };
  }
  const settings: OidcSettings = { issuer: fields.issuer, ...oidcSettings(fields) };
  const findings = [...wrongSettings(settings), ...missingSettings(settings, 'inline')].map(
    ({ property, ...finding }) => ({ property: `.${oidcField(property, fields)}`, ...finding }),
  );
  return findings.length > 0 ? { findings } : { settings: settings as CompleteOidcSettings, findings };
}

function formFinding(name: string, value: unknown): OidcDocumentFinding[] {
  const finding = (said: Said) => [{ property: `.${name}`, value: NOT_SHOWN, ...said }];
  if (name === 'audiences') {
    const texts = Array.isArray(value) && value.every(item => typeof item === 'string');
    return texts ? [] : finding(say(OIDC_NOT_LIST));
  }
  if (!TEXTS.includes(name)) {
    return finding(say(OIDC_FIELD_UNKNOWN, { known: [...TEXTS, 'audiences'].join(', ') }));
  }
  return typeof value === 'string' ? [] : finding(say(OIDC_NOT_TEXT));
}

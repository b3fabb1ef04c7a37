import { keySetProblem } from './authentication';
import { DocumentFinding } from './cedar-document';
import { JwtMethod } from '../../model/policy';
import { isObject } from '../../values/json';

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
export interface SettingsFinding {
  readonly property: keyof OidcSettings;
  readonly value: unknown;
  readonly problem: string;
  readonly remedy: string;
}

/** What is wrong with the values that are given. */
export function wrongSettings({ issuer, audiences, jwksUri, jwks }: OidcSettings): SettingsFinding[] {
  const found: SettingsFinding[] = [];
  if (!/^https:\/\/[^\s@?#]+$/.test(issuer)) {
    found.push({
      property: 'issuer',
      value: issuer,
      problem: issuer.startsWith('http://')
        ? 'is an issuer without TLS: whoever is on the way to it could read the tokens it hands out'
        : 'is not the URL of an issuer (https, without credentials, query or fragment)',
      remedy: 'Write it as the `iss` claim of the tokens has it, such as https://auth.acme.dev',
    });
  }
  if (audiences !== undefined && (audiences.length === 0 || audiences.includes(''))) {
    found.push({
      property: 'audiences',
      value: audiences,
      problem: audiences.length === 0 ? 'names none, so tokens for any service would pass' : 'has an empty one',
      remedy: 'Name the audience that stands for this server',
    });
  }
  if (jwksUri !== undefined && !/^https:\/\/[^\s@]+$/.test(jwksUri)) {
    found.push({
      property: 'jwksUri',
      value: jwksUri,
      problem: jwksUri.startsWith('http://')
        ? 'has no TLS: whoever is on the way could put keys of his own in their place'
        : 'is not an https URL without credentials',
      remedy: 'Write it as https://auth.acme.dev/jwks.json, or give the keys themselves in jwks',
    });
  }
  const problem = jwks === undefined ? undefined : keySetProblem(jwks);
  if (problem !== undefined) {
    found.push({
      property: 'jwks',
      value: NOT_SHOWN,
      problem,
      remedy: 'Give the JSON text that the issuer serves, with public keys only',
    });
  }
  if (jwksUri !== undefined && jwks !== undefined) {
    found.push({
      property: 'jwks',
      value: NOT_SHOWN,
      problem: 'is given together with a URL of keys',
      remedy: 'Give one of the two',
    });
  }
  return found;
}

const KEYS_REMEDY: Readonly<Record<OidcForm, string>> = {
  kubernetes:
    'Give the keys of the cluster in jwks, as `kubectl get --raw /openid/v1/jwks` prints them, or the public URL that they are served at, which clusters of cloud providers have',
  inline:
    'Give the `jwks_uri` that the issuer names in its /.well-known/openid-configuration, or the keys themselves in jwks',
};

const AUDIENCE_REMEDY: Readonly<Record<OidcForm, string>> = {
  kubernetes:
    'Name the audience that callers ask for in the projected service account token they mount for this server: that of the API server, which tokens have by default, would let every pod in',
  inline: 'Name the audience that stands for this server',
};

/** What tokens cannot be verified without. */
export function missingSettings({ audiences, jwksUri, jwks }: OidcSettings, form: OidcForm): SettingsFinding[] {
  const found: SettingsFinding[] = [];
  if (audiences === undefined) {
    found.push({
      property: 'audiences',
      value: undefined,
      problem: 'is missing, so tokens for any service would pass',
      remedy: AUDIENCE_REMEDY[form],
    });
  }
  if (jwksUri === undefined && jwks === undefined) {
    found.push({
      property: 'jwksUri',
      value: undefined,
      problem:
        form === 'kubernetes'
          ? 'is missing, and what protects the server cannot fetch keys from the API server: it presents no token there, and does not trust its certificate'
          : 'is missing: keys are not looked up while the server runs',
      remedy: KEYS_REMEDY[form],
    });
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

/** Settings of a document, as far as it is right. */
export interface OidcDocument {
  readonly settings?: CompleteOidcSettings;
  /** What is wrong with it; properties begin with a dot, or are empty for the whole. */
  readonly findings: readonly DocumentFinding[];
}

const FORM =
  'Write {"issuer": "https://auth.acme.dev", "audience": "ledger", "jwksURL": "https://auth.acme.dev/jwks.json"}';

/** An issuer as resources and documents have it: one audience is text, several are a list. */
export interface OidcFields {
  readonly issuer?: string;
  readonly audience?: string;
  readonly audiences?: readonly string[];
  readonly jwksURL?: string;
  readonly jwks?: string;
}

/** The field of resources and documents in which a setting stands. */
export function oidcField(setting: keyof OidcSettings, { audiences }: OidcFields): keyof OidcFields {
  return setting === 'jwksUri' ? 'jwksURL' : setting === 'audiences' && audiences === undefined ? 'audience' : setting;
}

/** Settings as resources and documents have them. */
export function oidcFields({ issuer, audiences, jwksUri, jwks }: Partial<OidcSettings>): OidcFields {
  return {
    issuer,
    ...(audiences?.length === 1 ? { audience: audiences[0] } : { audiences }),
    jwksURL: jwksUri,
    jwks,
  };
}

/** The settings of fields but for the issuer. */
export function oidcSettings({ audience, audiences, jwksURL, jwks }: OidcFields): Omit<OidcSettings, 'issuer'> {
  return { audiences: audience === undefined ? audiences : [audience], jwksUri: jwksURL, jwks };
}

const TEXTS = ['issuer', 'audience', 'jwksURL', 'jwks'];

/** Reads the JSON document that a ConfigMap of an issuer holds: the fields of `oidcConfig.inline`. */
export function readOidcDocument(text: string): OidcDocument {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (error) {
    return {
      findings: [
        { property: '', value: NOT_SHOWN, problem: `is not JSON (${(error as Error).message})`, remedy: FORM },
      ],
    };
  }
  if (!isObject(document)) {
    return { findings: [{ property: '', value: NOT_SHOWN, problem: 'is not a JSON object', remedy: FORM }] };
  }
  const form = Object.entries(document).flatMap(([name, value]) => formFinding(name, value));
  if (form.length > 0) {
    return { findings: form };
  }
  const fields: OidcFields = document;
  if (fields.audience !== undefined && fields.audiences !== undefined) {
    const problem = 'is given beside audience';
    return { findings: [{ property: '.audiences', value: NOT_SHOWN, problem, remedy: 'Keep one of the two' }] };
  }
  if (fields.issuer === undefined) {
    return { findings: [{ property: '.issuer', value: undefined, problem: 'is missing', remedy: FORM }] };
  }
  const settings: OidcSettings = { issuer: fields.issuer, ...oidcSettings(fields) };
  const findings = [...wrongSettings(settings), ...missingSettings(settings, 'inline')].map(
    ({ property, ...finding }) => ({ property: `.${oidcField(property, fields)}`, ...finding }),
  );
  return findings.length > 0 ? { findings } : { settings: settings as CompleteOidcSettings, findings };
}

function formFinding(name: string, value: unknown): DocumentFinding[] {
  const finding = (problem: string, remedy: string) => [{ property: `.${name}`, value: NOT_SHOWN, problem, remedy }];
  if (name === 'audiences') {
    const texts = Array.isArray(value) && value.every(item => typeof item === 'string');
    return texts ? [] : finding('is not a list of texts', 'Write it as ["ledger", "books"]');
  }
  if (!TEXTS.includes(name)) {
    return finding('is not a field of the document', `Remove it; there are ${[...TEXTS, 'audiences'].join(', ')}`);
  }
  return typeof value === 'string' ? [] : finding('is not text', 'Write it as text');
}

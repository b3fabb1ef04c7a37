import { DocumentFinding } from './cedar-document';
import { keySetProblem } from './key-set';
import { JwtMethod } from '../../model/policy';

/** Stands for what may hold a secret, such as the one of a client. */
const NOT_SHOWN = '(not shown)';

/** An issuer of tokens as `oidcConfig` writes it. */
export interface OidcSettings {
  readonly issuer: string;
  readonly audience?: string;
  readonly jwksUrl?: string;
  /** A JSON Web Key Set. */
  readonly jwks?: string;
}

/** Settings that suffice to verify a token. */
export type CompleteOidcSettings = OidcSettings & { readonly audience: string };

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
export function wrongSettings({ issuer, audience, jwksUrl, jwks }: OidcSettings): SettingsFinding[] {
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
  if (audience === '') {
    found.push({
      property: 'audience',
      value: audience,
      problem: 'is empty, so tokens for any service would pass',
      remedy: 'Name the audience that stands for this server',
    });
  }
  if (jwksUrl !== undefined && !/^https:\/\/[^\s@]+$/.test(jwksUrl)) {
    found.push({
      property: 'jwksUrl',
      value: jwksUrl,
      problem: jwksUrl.startsWith('http://')
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
  if (jwksUrl !== undefined && jwks !== undefined) {
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
export function missingSettings({ audience, jwksUrl, jwks }: OidcSettings, form: OidcForm): SettingsFinding[] {
  const found: SettingsFinding[] = [];
  if (audience === undefined) {
    found.push({
      property: 'audience',
      value: undefined,
      problem: 'is missing, so tokens for any service would pass',
      remedy: AUDIENCE_REMEDY[form],
    });
  }
  if (jwksUrl === undefined && jwks === undefined) {
    found.push({
      property: 'jwksUrl',
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
export function tokenMethod({ issuer, audience, jwksUrl, jwks }: CompleteOidcSettings): JwtMethod {
  return {
    kind: 'jwt',
    issuer,
    audiences: [audience],
    keys: jwksUrl === undefined ? { kind: 'inline', jwks: jwks! } : { kind: 'url', url: jwksUrl },
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

/** Fields of a document, by the setting they hold. */
const FIELDS: Readonly<Record<keyof OidcSettings, string>> = {
  issuer: 'issuer',
  audience: 'audience',
  jwksUrl: 'jwksURL',
  jwks: 'jwks',
};

const FORM =
  'Write {"issuer": "https://auth.acme.dev", "audience": "ledger", "jwksURL": "https://auth.acme.dev/jwks.json"}';

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
  if (typeof document !== 'object' || document === null || Array.isArray(document)) {
    return { findings: [{ property: '', value: NOT_SHOWN, problem: 'is not a JSON object', remedy: FORM }] };
  }
  const fields = Object.values(FIELDS);
  const form = Object.entries(document).flatMap(([name, value]): DocumentFinding[] => {
    const problem = !fields.includes(name)
      ? 'is not a field of the document'
      : typeof value !== 'string'
        ? 'is not text'
        : undefined;
    return problem === undefined
      ? []
      : [
          {
            property: `.${name}`,
            value: NOT_SHOWN,
            problem,
            remedy: fields.includes(name) ? 'Write it as text' : `Remove it; there are ${fields.join(', ')}`,
          },
        ];
  });
  if (form.length > 0) {
    return { findings: form };
  }
  const { issuer, audience, jwksURL: jwksUrl, jwks } = document as Record<string, string | undefined>;
  if (issuer === undefined) {
    return { findings: [{ property: '.issuer', value: undefined, problem: 'is missing', remedy: FORM }] };
  }
  const settings: OidcSettings = { issuer, audience, jwksUrl, jwks };
  const findings = [...wrongSettings(settings), ...missingSettings(settings, 'inline')].map(
    ({ property, ...finding }) => ({ property: `.${FIELDS[property]}`, ...finding }),
  );
  return findings.length > 0 ? { findings } : { settings: settings as CompleteOidcSettings, findings };
}

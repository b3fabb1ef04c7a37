import * as kplus from 'cdk8s-plus-28';
import {
  CompleteOidcSettings,
  issuerSettings,
  IssuerValue,
  missingSettings,
  OidcConfigValue,
  OidcForm,
  OidcSettings,
  readOidcDocument,
  tokenMethod,
  wrongSettings,
} from '../api/oidc';
import { noField } from '../api/upstream';
import { Diagnostic, errorKind, findingAt, findingOf, InputCheck } from '../model/findings';
import { JwtMethod } from '../model/policy';
import { configMapDocument } from '../synthesis/config-and-secrets';
import { entryOf } from '../values/json';

const OIDC_CONFIG_MAP_OF_OTHER_NAMESPACE = errorKind(
  'oidc-config-map-of-other-namespace',
  'is a ConfigMap of another namespace, and a resource refers to those of its own ({namespace}) only',
  'Create the ConfigMap in the namespace {namespace}',
);
const OIDC_CONFIG_MAP_OF_OPERATOR = errorKind(
  'oidc-config-map-of-operator',
  `is a ConfigMap, which ${noField('MCPServer')}`,
  'Use OidcConfig.inline, or Reconciliation.RENDERED',
);
const OIDC_AUDIENCES_OF_OPERATOR = errorKind(
  'oidc-audiences-of-operator',
  `are several, and more than one ${noField('MCPServer')}`,
  'Keep one, or use Reconciliation.RENDERED',
);
const OIDC_SETTING_OF_OPERATOR = errorKind(
  'oidc-setting-of-operator',
  noField('MCPServer'),
  'Drop it, or use Reconciliation.RENDERED',
);
const OIDC_KEY_MISSING = errorKind(
  'oidc-key-missing',
  'the ConfigMap {name} has no key {key}, {known}',
  "Add the issuer with addData('{key}', …), or name another key",
);

/** Key of the document in a ConfigMap, unless another is named. */
const DEFAULT_KEY = 'oidc.json';

/** Options of {@link OidcConfig.kubernetes}. */
export interface OidcConfigKubernetesOptions {
  /**
   * Audiences, one of which tokens must be for: what callers ask for in the projected service account token that they mount.
   *
   * @default - none, which is an error in rendered mode: the audience of the API server, which tokens have by default, would let every pod in
   */
  readonly audiences?: string[];

  /**
   * Issuer of the cluster, as `kubectl get --raw /.well-known/openid-configuration` says it.
   *
   * @default https://kubernetes.default.svc
   */
  readonly issuer?: string;

  /**
   * Keys of the cluster as JSON text, as `kubectl get --raw /openid/v1/jwks` prints them. In rendered mode one of `jwks`
   * and `jwksUri` is needed: the API server hands its keys out to those who present a token, and what protects the server has none.
   *
   * @default - `jwksUri` is given
   */
  readonly jwks?: string;

  /**
   * Public URL of the keys, which the clusters of most cloud providers have.
   *
   * @default - `jwks` is given
   */
  readonly jwksUri?: string;
}

/** Options of {@link OidcConfig.inline}. */
export interface OidcConfigInlineOptions {
  /** URL of the issuer, exactly as the `iss` claim of the tokens has it. */
  readonly issuer: string;

  /**
   * Audiences, one of which a token must be for (`aud`).
   *
   * @default - none, which is an error in rendered mode: tokens for any service would pass
   */
  readonly audiences?: string[];

  /**
   * URL of the issuer's JSON Web Key Set. It is fetched when a pod starts: the server does not start while it cannot be
   * reached, and where network policies know no names, its addresses must be allowed (`allowEgress`). In rendered mode one of
   * `jwksUri` and `jwks` is needed.
   *
   * @default - `jwks` is given
   */
  readonly jwksUri?: string;

  /**
   * The issuer's JSON Web Key Set as JSON text. Nothing needs to be reachable then; new keys come with the next synthesis.
   *
   * @default - `jwksUri` is given
   */
  readonly jwks?: string;
}

/** Options of {@link OidcConfig.fromConfigMap}. */
export interface OidcConfigMapOptions {
  /**
   * Key of the ConfigMap that holds the document.
   *
   * @default oidc.json
   */
  readonly key?: string;
}

/** Where the settings stand. */
type Source =
  | { readonly kind: OidcForm; readonly value: IssuerValue; readonly settings: OidcSettings }
  | {
      readonly kind: 'configMap';
      readonly name: string;
      readonly namespace?: string;
      readonly key: string;
      readonly data: () => Readonly<Record<string, string>>;
    };

/** What is asked of callers, or why it cannot be known. */
interface OidcReading {
  readonly method?: JwtMethod;
  readonly findings: readonly Diagnostic[];
}

/**
 * Whose tokens a server takes that has no authentication of its own. Callers present one as `Authorization: Bearer`, and a
 * guard in front of the server verifies issuer, audience, signature and expiry; the server never sees the token.
 *
 * @example
 *
 * import { App, Chart } from 'cdk8s';
 * import { McpServer, McpServerSource, OidcConfig } from 'cdk8s-mcp';
 *
 * const chart = new Chart(new App(), 'finance', { namespace: 'finance' });
 * new McpServer(chart, 'ledger', {
 *   source: McpServerSource.image('ghcr.io/acme/ledger-mcp:1.4.0'),
 *   oidcConfig: OidcConfig.inline({ issuer: 'https://auth.acme.dev', audiences: ['ledger'], jwksUri: 'https://auth.acme.dev/jwks.json' }),
 * });
 */
export class OidcConfig {
  /**
   * Tokens of the cluster's own service accounts, whose user is `system:serviceaccount:{namespace}:{name}`.
   *
   * @param options audiences, keys and issuer
   * @throws when an option is invalid; the error names every such option
   */
  public static kubernetes(options: OidcConfigKubernetesOptions = {}): OidcConfig {
    return OidcConfig._of('kubernetes', checked('OidcConfig.kubernetes', options));
  }

  /**
   * Tokens of an issuer.
   *
   * @param options issuer, audiences and keys
   * @throws when an option is invalid; the error names every such option
   */
  public static inline(options: OidcConfigInlineOptions): OidcConfig {
    return OidcConfig._of('inline', checked('OidcConfig.inline', options));
  }

  /**
   * Tokens of an issuer that a ConfigMap of this app describes, in the namespace of the server. It is read when the app is
   * synthesized, so data may be added after this call. A change of the ConfigMap in the cluster alone changes nothing:
   * synthesize again.
   *
   * The key holds a JSON document with the fields of the inline form: `{"issuer": "…", "audience": "…", "jwksURL": "…"}`, or
   * `jwks` for keys as text; `audiences` in the place of `audience` for several.
   *
   * @param configMap a ConfigMap that this app defines
   * @param options the key
   * @throws when the app only refers to the ConfigMap, so that its data is not known
   */
  public static fromConfigMap(configMap: kplus.IConfigMap, options: OidcConfigMapOptions = {}): OidcConfig {
    return new OidcConfig(
      configMapDocument(
        { factory: 'OidcConfig', unknown: 'its issuer is', instead: 'issuer', defaultKey: DEFAULT_KEY },
        configMap,
        options.key,
      ),
    );
  }

  /**
   * An issuer that is checked.
   *
   * @internal
   */
  public static _of(form: OidcForm, { issuer, audiences, jwks, jwksUri }: IssuerValue): OidcConfig {
    const value = { issuer, audiences, jwks, jwksUri };
    return new OidcConfig({ kind: form, value, settings: issuerSettings(value) });
  }

  /**
   * An issuer in a ConfigMap that is not a construct, such as one of a document.
   *
   * @internal
   */
  public static _fromData(name: string, key: string | undefined, data: Readonly<Record<string, string>>): OidcConfig {
    return new OidcConfig({ kind: 'configMap', name, key: key ?? DEFAULT_KEY, data: () => data });
  }

  private readonly readings = new Map<string, { readonly text: string | undefined; readonly reading: OidcReading }>();

  private constructor(private readonly source: Source) {}

  /**
   * What the construct at a path asks of its callers: the same object while the settings are the same.
   *
   * @internal
   */
  public _read(path: string): OidcReading {
    const { source } = this;
    const text = source.kind === 'configMap' ? entryOf(source.data(), source.key) : undefined;
    const known = this.readings.get(path);
    if (known !== undefined && known.text === text) {
      return known.reading;
    }
    const reading =
      source.kind === 'configMap'
        ? fromDocument(text, source, path)
        : { method: tokenMethod(source.settings as CompleteOidcSettings), findings: [] };
    this.readings.set(path, { text, reading });
    return reading;
  }

  /**
   * Whether keys are fetched from a URL, or may be: what a ConfigMap says is not known yet.
   *
   * @internal
   */
  public get _fetchesKeys(): boolean {
    return this.source.kind === 'configMap' || this.source.settings.jwks === undefined;
  }

  /**
   * The issuer as resources say it.
   *
   * @internal
   */
  public get _value(): OidcConfigValue {
    const { source } = this;
    return source.kind === 'configMap'
      ? { configMap: { name: source.name, key: source.key } }
      : { [source.kind]: source.value };
  }

  /**
   * Checks that a server of a namespace can enforce it.
   *
   * @internal
   */
  public _checkRendered(input: InputCheck, namespace: string): void {
    const { source } = this;
    if (source.kind === 'configMap') {
      const own = source.namespace === undefined || source.namespace === namespace;
      input.report(
        OIDC_CONFIG_MAP_OF_OTHER_NAMESPACE,
        'oidcConfig',
        `${source.namespace}/${source.name}`,
        own ? undefined : { namespace },
      );
      return;
    }
    input.add(
      missingSettings(source.settings, source.kind).map(said =>
        input.finding(said, `oidcConfig.${said.property}`, said.value),
      ),
    );
  }

  /**
   * Checks that the resource of an operator has a field for all it says.
   *
   * @internal
   */
  public _checkControlled(input: InputCheck): void {
    const { source } = this;
    if (source.kind === 'configMap') {
      input.report(OIDC_CONFIG_MAP_OF_OPERATOR, 'oidcConfig', source.name, true);
      return;
    }
    const { audiences = [] } = source.settings;
    input.report(
      OIDC_AUDIENCES_OF_OPERATOR,
      'oidcConfig.audiences',
      audiences,
      source.kind === 'inline' && audiences.length > 1,
    );
    for (const property of CONTROLLED[source.kind]) {
      input.reportGiven(
        OIDC_SETTING_OF_OPERATOR,
        `oidcConfig.${property}`,
        source.settings[property] && '(given)',
        () => true,
      );
    }
  }
}

/** Settings that upstream's schema has no field for. */
const CONTROLLED: Readonly<Record<OidcForm, readonly (keyof OidcSettings)[]>> = {
  kubernetes: ['audiences', 'jwksUri', 'jwks'],
  inline: ['jwks'],
};

function checked(factory: string, value: IssuerValue): IssuerValue {
  const input = new InputCheck(factory);
  input.add(wrongSettings(issuerSettings(value)).map(said => input.finding(said, said.property, said.value)));
  input.throwIfAny();
  return value;
}

function fromDocument(
  text: string | undefined,
  { name, key, data }: Extract<Source, { kind: 'configMap' }>,
  path: string,
): OidcReading {
  const property = `oidcConfig.configMap[${key}]`;
  if (text === undefined) {
    const keys = Object.keys(data()).sort();
    return {
      findings: [
        findingOf(OIDC_KEY_MISSING, path, property, undefined, {
          name,
          key,
          known: keys.length === 0 ? 'and no data at all' : `only ${keys.join(', ')}`,
        }),
      ],
    };
  }
  const { settings, findings } = readOidcDocument(text);
  return {
    method: settings && tokenMethod(settings),
    findings: findings.map(finding => findingAt(finding, path, property + finding.property, finding.value)),
  };
}

import * as kplus from 'cdk8s-plus-28';
import { errorKind, findingAt, findingOf, InputCheck } from '../model/findings';
import { AuthzConfig as AuthzConfigModel, PolicyOrigin } from '../model/policy';
import { CEDAR_POLICIES_EMPTY } from '../model/validation';
import { readAuthzDocument } from '../passes/policy/cedar-document';
import { configMapDocument } from '../synthesis/config-and-secrets';
import { entryOf, Json } from '../values/json';

const CEDAR_POLICY_EMPTY = errorKind('cedar-policy-empty', 'is empty', 'Write a policy, or remove it');
const CEDAR_POLICY_TWICE = errorKind('cedar-policy-twice', 'is there twice', 'Remove one of them');
const CEDAR_KEY_MISSING = errorKind(
  'cedar-key-missing',
  'the ConfigMap {name} has no key {key}, {known}',
  'Add the key with the policies to the ConfigMap, or name another key',
);
const CEDAR_CONFIG_MAP_OF_OTHER_NAMESPACE = errorKind(
  'cedar-config-map-of-other-namespace',
  'is a ConfigMap of another namespace, and a resource refers to those of its own ({namespace}) only',
  'Create the ConfigMap in the namespace {namespace}',
);

/** Key of the document in a ConfigMap, unless another is named. */
const DEFAULT_KEY = 'authz.json';

/** Options of {@link AuthzConfig.inline}. */
export interface InlineAuthzConfigOptions {
  /** Texts in Cedar's language, each with one policy or several. All decide together. */
  readonly policies: string[];

  /**
   * Groups, users, tools and servers that policies refer to, as a JSON array of entities in Cedar's form.
   *
   * @default - none besides those of the request
   */
  readonly entitiesJson?: string;
}

/** Options of {@link AuthzConfig.fromConfigMap}. */
export interface ConfigMapAuthzConfigOptions {
  /**
   * Key of the ConfigMap that holds the document.
   *
   * @default authz.json
   */
  readonly key?: string;
}

/** Where policies come from. */
type Source =
  | { readonly kind: 'inline'; readonly policies: readonly string[]; readonly entities?: string }
  | {
      readonly kind: 'configMap';
      readonly name: string;
      readonly namespace?: string;
      readonly key: string;
      readonly data: () => Readonly<Record<string, string>>;
    };

/**
 * Policies in Cedar: a request passes when some `permit` applies and no `forbid` does, and what else the level asks holds too.
 *
 * Cedar itself parses and validates them when the app is synthesized; then they are compiled to expressions of the data plane. What
 * cannot be compiled is an error that names the policy and the construct. `docs/cedar.md` has the schema that policies are written for.
 *
 * @example
 *
 * import { App, Chart } from 'cdk8s';
 * import { Authentication, AuthzConfig, McpGateway, McpRoute, McpServer, McpServerSource } from 'cdk8s-mcp';
 *
 * const app = new App();
 * const chart = new Chart(app, 'finance', { namespace: 'finance' });
 * const gateway = new McpGateway(chart, 'gateway', {
 *   authentication: [Authentication.jwt({ issuer: 'https://auth.acme.dev', audiences: ['mcp'], jwksUri: 'https://auth.acme.dev/jwks.json' })],
 * });
 * const ledger = new McpServer(chart, 'ledger', { source: McpServerSource.image('ghcr.io/acme/ledger-mcp:1.4.0'), tools: ['db_query', 'db_insert'] });
 * new McpRoute(chart, 'books', {
 *   gateway,
 *   backends: [{ server: ledger }],
 *   authzConfig: AuthzConfig.inline({
 *     policies: [
 *       'permit(principal in Group::"analysts", action, resource) when { resource.name like "*_query" };',
 *       'permit(principal in Group::"finance-admins", action, resource in Server::"finance/ledger");',
 *     ],
 *     entitiesJson: JSON.stringify([{ uid: { type: 'Group', id: 'finance-admins' }, parents: [{ type: 'Group', id: 'analysts' }] }]),
 *   }),
 * });
 */
export class AuthzConfig {
  /**
   * Policies given here.
   *
   * @param options policies and entities
   * @throws when there is no policy, a text is empty, or one is there twice; what the policies say is checked at synthesis
   */
  public static inline(options: InlineAuthzConfigOptions): AuthzConfig {
    const { policies } = options;
    const input = new InputCheck('AuthzConfig.inline');
    input.report(CEDAR_POLICIES_EMPTY, 'policies', policies, policies.length === 0);
    policies.forEach((text, i) => {
      input.report(CEDAR_POLICY_EMPTY, `policies[${i}]`, text, text.trim() === '');
      input.report(CEDAR_POLICY_TWICE, `policies[${i}]`, text, policies.indexOf(text) !== i);
    });
    input.throwIfAny();
    return new AuthzConfig({ kind: 'inline', policies: [...policies], entities: options.entitiesJson });
  }

  /**
   * Policies in a ConfigMap of this app, in the namespace of what they protect. It is read when the app is synthesized, so data may be
   * added after this call. A change of the ConfigMap in the cluster alone changes nothing: synthesize again.
   *
   * The key holds a JSON document: either `{"version": "1.0", "type": "cedarv1", "cedar": {"policies": […], "entities_json": "[…]"}}`,
   * as ToolHive writes it, or `{"policies": […], "entitiesJSON": "[…]"}`, which are the fields of the inline form.
   *
   * @param configMap a ConfigMap that this app defines
   * @param options the key
   * @throws when the app only refers to the ConfigMap, so that its data is not known
   */
  public static fromConfigMap(configMap: kplus.IConfigMap, options: ConfigMapAuthzConfigOptions = {}): AuthzConfig {
    return new AuthzConfig(
      configMapDocument(
        { factory: 'AuthzConfig', unknown: 'its policies are', instead: 'policies', defaultKey: DEFAULT_KEY },
        configMap,
        options.key,
      ),
    );
  }

  /**
   * Policies in a ConfigMap that is not a construct, such as one of a document.
   *
   * @internal
   */
  public static _fromData(name: string, key: string, data: Readonly<Record<string, string>>): AuthzConfig {
    return new AuthzConfig({ kind: 'configMap', name, key, data: () => data });
  }

  private readonly models = new Map<string, { readonly text: string | undefined; readonly model: AuthzConfigModel }>();

  private constructor(private readonly source: Source) {}

  /**
   * The policies as plain data, for the construct at a path: the same object while the policies are the same.
   *
   * @internal
   */
  public _model(path: string): AuthzConfigModel {
    const { source } = this;
    const text = source.kind === 'inline' ? undefined : entryOf(source.data(), source.key);
    const known = this.models.get(path);
    if (known !== undefined && known.text === text) {
      return known.model;
    }
    const model =
      source.kind === 'inline'
        ? { policies: source.policies, entities: source.entities, origin: { path, property: 'authzConfig' } }
        : fromDocument(text, source, { path, property: `authzConfig.configMap[${source.key}]` });
    this.models.set(path, { text, model });
    return model;
  }

  /**
   * The policies as resources write them.
   *
   * @internal
   */
  public get _spec(): Json {
    const { source } = this;
    return source.kind === 'configMap'
      ? { configMap: { name: source.name, key: source.key } }
      : {
          inline: {
            policies: [...source.policies],
            ...(source.entities === undefined ? {} : { entitiesJSON: source.entities }),
          },
        };
  }

  /**
   * Checks that a resource of a namespace can refer to the ConfigMap.
   *
   * @internal
   */
  public _check(input: InputCheck, namespace: string): void {
    const { source } = this;
    if (source.kind === 'configMap') {
      input.report(
        CEDAR_CONFIG_MAP_OF_OTHER_NAMESPACE,
        'authzConfig',
        `${source.namespace}/${source.name}`,
        source.namespace === undefined || namespace === '' || source.namespace === namespace
          ? undefined
          : { namespace },
      );
    }
  }
}

function fromDocument(
  text: string | undefined,
  { name, key, data }: Extract<Source, { kind: 'configMap' }>,
  origin: PolicyOrigin,
): AuthzConfigModel {
  const { path, property } = origin;
  if (text === undefined) {
    const keys = Object.keys(data()).sort();
    const known = keys.length === 0 ? 'and no data at all' : `only ${keys.join(', ')}`;
    return {
      policies: [],
      origin,
      problems: [findingOf(CEDAR_KEY_MISSING, path, property, undefined, { name, key, known })],
    };
  }
  const { policies, entities, findings } = readAuthzDocument(text);
  const problems = findings.map(finding => findingAt(finding, path, property + finding.property, finding.value));
  return { policies, entities, origin, ...(problems.length === 0 ? {} : { problems }) };
}

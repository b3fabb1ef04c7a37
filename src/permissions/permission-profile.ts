import * as kplus from 'cdk8s-plus-28';
import {
  PermissionGrant,
  ProfileGrant,
  checkGrants,
  checkGrantsForController,
  codeGrants,
  documentGrants,
  kubernetesOf,
  networkOf,
  optionPath,
} from './permission-grant';
import { readForm } from '../api/form';
import { grantForResource, inlineProfile, PermissionProfileValue } from '../api/permission-profile';
import { placeIn } from '../api/place';
import { Diagnostic, errorKind, findingOf, InputCheck } from '../model/findings';
import { BuiltinProfile, EgressRule, KubernetesGrant } from '../model/permissions';
import { configMapDocument } from '../synthesis/config-and-secrets';
import { entryOf } from '../values/json';
import { formatPath, Path } from '../values/paths';
import { yamlLibrary } from '../values/yaml';

/** Key of the document in a ConfigMap, unless another is named. */
const DEFAULT_KEY = 'permissions.json';

const OTHER_NAMESPACE = errorKind(
  'permission-profile-other-namespace',
  'is a ConfigMap of another namespace, and a resource refers to those of its own ({namespace}) only',
  'Create the ConfigMap in the namespace {namespace}',
);
const CLOSED = errorKind(
  'permission-profile-closed',
  'allows no more than it does, and permissions are written beside it (inline)',
  'Write inline alone',
);
const SET_TOGETHER = errorKind(
  'permission-profile-set-together',
  'are set together, and a resource of an operator can hold only one of them',
  'Write all of it in inline',
);
const NO_KEY = errorKind(
  'permission-profile-key-missing',
  'the ConfigMap {name} has no key {key}, {others}',
  "Add the permissions with addData('{key}', …), or name another key",
);
const NO_YAML = errorKind('permission-profile-not-yaml', 'is neither JSON nor YAML ({reason})', 'Correct it');

/** Options of {@link PermissionProfile.inline}. */
export interface InlinePermissionProfileOptions {
  /** What is allowed, all of it together. Nothing else is. */
  readonly allow: PermissionGrant[];
}

/** Options of {@link PermissionProfile.fromConfigMap}. */
export interface ConfigMapPermissionProfileOptions {
  /**
   * Key of the ConfigMap that holds the document.
   *
   * @default permissions.json
   */
  readonly key?: string;
}

/** A ConfigMap that holds a profile. */
interface ConfigMapSource {
  readonly kind: 'configMap';
  readonly name: string;
  readonly namespace?: string;
  readonly key: string;
  readonly optional?: boolean;
  /** Undefined where an operator reads it. */
  readonly data?: () => Readonly<Record<string, string>>;
}

/** What a profile says of one server, as plain data. */
interface ProfileModel {
  readonly builtin?: BuiltinProfile;
  readonly kubernetes: readonly KubernetesGrant[];
  readonly egress: readonly EgressRule[];
  /** Why it cannot be read; it then allows nothing. */
  readonly problems: readonly Diagnostic[];
}

type Source =
  | { readonly kind: 'builtin'; readonly name: BuiltinProfile }
  | { readonly kind: 'inline'; readonly allow: readonly ProfileGrant[] }
  | ConfigMapSource;

/**
 * What a hosted server may do, as one value: rights on the Kubernetes API and connections. `allowKubernetes` and `allowEgress` of the
 * server add to it.
 *
 * Without a profile a server may do nothing but ask DNS.
 *
 * @example
 *
 * import { ApiResource } from 'cdk8s-plus-28';
 * import { PermissionProfile } from 'cdk8s-mcp';
 *
 * PermissionProfile.none();
 * PermissionProfile.networkOnly();
 * PermissionProfile.inline({
 *   allow: [
 *     { kubernetes: { resources: [ApiResource.PODS, ApiResource.DEPLOYMENTS], verbs: ['get', 'list'] } },
 *     { network: { allowHost: ['postgres.finance.svc.cluster.local:5432'], allowCidr: ['10.20.0.0/16'] } },
 *   ],
 * });
 */
export class PermissionProfile {
  /** Nothing at all: no connection, not even to DNS, and no token of the Kubernetes API. Nothing can be added to it. */
  public static none(): PermissionProfile {
    return new PermissionProfile({ kind: 'builtin', name: 'none' });
  }

  /** Any connection, inside the cluster and outside, and no token of the Kubernetes API. */
  public static networkOnly(): PermissionProfile {
    return new PermissionProfile({ kind: 'builtin', name: 'network-only' });
  }

  /**
   * Any connection, and a token of the Kubernetes API. The token has the rights that the server is granted (`allowKubernetes`) and no
   * others: full access is never `cluster-admin`. Always a warning.
   */
  public static fullAccess(): PermissionProfile {
    return new PermissionProfile({ kind: 'builtin', name: 'full-access' });
  }

  /**
   * What is listed, and nothing else.
   *
   * @param options what is allowed
   * @throws when a permission is wrong in itself or grants nothing
   */
  public static inline(options: InlinePermissionProfileOptions): PermissionProfile {
    const input = new InputCheck('PermissionProfile.inline');
    checkGrants(options.allow, placeIn(input, optionPath).at('allow'));
    input.throwIfAny();
    return new PermissionProfile({ kind: 'inline', allow: codeGrants(options.allow) });
  }

  /**
   * A profile in a ConfigMap of this app, in the namespace of the server. It is read when the app is synthesized, so data may be added
   * after this call. A change of the ConfigMap in the cluster alone changes nothing: synthesize again.
   *
   * The key holds a document in JSON or YAML with the fields of `permissionProfile.inline` of the resource:
   * `{"allow": [{"kubeResources": {"apiGroups": [""], "resources": ["pods"], "verbs": ["get"]}}, {"network": {"allowHost": ["api.example.com"]}}]}`.
   *
   * @param configMap a ConfigMap that this app defines
   * @param options the key
   * @throws when the app only refers to the ConfigMap, so that its data is not known
   */
  public static fromConfigMap(
    configMap: kplus.IConfigMap,
    options: ConfigMapPermissionProfileOptions = {},
  ): PermissionProfile {
    return new PermissionProfile(
      configMapDocument(
        { factory: 'PermissionProfile', unknown: 'what it allows is', instead: 'permissions', defaultKey: DEFAULT_KEY },
        configMap,
        options.key,
      ),
    );
  }

  /**
   * What a document says, already checked; undefined when it says nothing. `data` is that of its ConfigMap, undefined where an
   * operator reads it.
   *
   * @internal
   */
  public static _of(
    { builtin, configMap, inline }: PermissionProfileValue,
    data?: Readonly<Record<string, string>>,
  ): PermissionProfile | undefined {
    const allow = documentGrants(inline?.allow ?? [], 'permissionProfile.inline');
    if (builtin !== undefined) {
      return new PermissionProfile({ kind: 'builtin', name: builtin as BuiltinProfile }, allow);
    }
    if (configMap !== undefined) {
      const { name = '', key, optional } = configMap;
      return new PermissionProfile({ kind: 'configMap', name, key, optional, data: data && (() => data) }, allow);
    }
    return inline && new PermissionProfile({ kind: 'inline', allow });
  }

  private readonly models = new Map<string, { readonly text: string | undefined; readonly model: ProfileModel }>();

  private constructor(
    private readonly source: Source,
    private readonly added: readonly ProfileGrant[] = [],
  ) {}

  /**
   * The builtin profile it is; undefined for one that says itself what it allows.
   *
   * @internal
   */
  public get _builtin(): BuiltinProfile | undefined {
    return this.source.kind === 'builtin' ? this.source.name : undefined;
  }

  /**
   * Whether it is kept in a ConfigMap.
   *
   * @internal
   */
  public get _inConfigMap(): boolean {
    return this.source.kind === 'configMap';
  }

  /**
   * As plain data, for the server at a path whose pods are in a namespace: the same object while it says the same.
   *
   * @internal
   */
  public _model(path: string, namespace: string): ProfileModel {
    const { source } = this;
    const text = source.kind === 'configMap' ? entryOf(source.data?.() ?? {}, source.key) : undefined;
    const known = this.models.get(path);
    if (known !== undefined && known.text === text) {
      return known.model;
    }
    const model = extended(modelOf(source, text, path, namespace), grantsModel(this.added, path, namespace));
    this.models.set(path, { text, model });
    return model;
  }

  /**
   * As resources say it.
   *
   * @internal
   */
  public _value(rendered: boolean): PermissionProfileValue {
    const { source } = this;
    const inline = (grants: readonly ProfileGrant[]) => ({
      inline: { allow: grants.map(({ value }) => grantForResource(value, rendered)) },
    });
    const added = this.added.length === 0 ? {} : inline(this.added);
    switch (source.kind) {
      case 'builtin':
        return { builtin: source.name, ...added };
      case 'configMap':
        return { configMap: { name: source.name, key: source.key, optional: source.optional }, ...added };
      case 'inline':
        return inline(source.allow);
    }
  }

  /**
   * Checks that the resource of a server can carry it.
   *
   * @internal
   */
  public _check(input: InputCheck, namespace: string, rendered: boolean): void {
    const { source } = this;
    if (source.kind === 'configMap') {
      const other = source.namespace !== undefined && namespace !== '' && source.namespace !== namespace;
      input.report(
        OTHER_NAMESPACE,
        'permissionProfile',
        `${source.namespace}/${source.name}`,
        other ? { namespace } : undefined,
      );
    }
    const kubernetes = this.added.some(({ value }) => value.kubeResources !== undefined);
    const closed =
      source.kind === 'builtin' && (source.name === 'none' || (source.name === 'network-only' && kubernetes));
    input.report(CLOSED, 'permissionProfile', this._value(rendered), this.added.length > 0 && closed);
    if (!rendered) {
      checkGrantsForController(source.kind === 'inline' ? source.allow : this.added, input);
      input.report(SET_TOGETHER, 'permissionProfile', this._value(rendered), this.added.length > 0);
    }
  }
}

/** A profile with what is allowed besides; one that allows any connection needs no other. */
function extended(model: ProfileModel, added: ProfileModel): ProfileModel {
  return {
    ...model,
    kubernetes: [...model.kubernetes, ...added.kubernetes],
    egress: model.builtin === undefined ? [...model.egress, ...added.egress] : model.egress,
  };
}

function modelOf(source: Source, text: string | undefined, path: string, namespace: string): ProfileModel {
  switch (source.kind) {
    case 'builtin':
      return builtinModel(source.name, path);
    case 'inline':
      return grantsModel(source.allow, path, namespace);
    case 'configMap':
      return configMapModel(source, text, path, namespace);
  }
}

function builtinModel(builtin: BuiltinProfile, path: string): ProfileModel {
  const anywhere: EgressRule = {
    target: { kind: 'anywhere' },
    ports: [],
    origin: { path, property: 'permissionProfile' },
  };
  return { builtin, kubernetes: [], egress: builtin === 'none' ? [] : [anywhere], problems: [] };
}

function grantsModel(grants: readonly ProfileGrant[], path: string, namespace: string): ProfileModel {
  return {
    kubernetes: kubernetesOf(grants, path, namespace),
    egress: networkOf(grants, path, namespace),
    problems: [],
  };
}

function configMapModel(
  { name, key, optional, data }: ConfigMapSource,
  text: string | undefined,
  path: string,
  namespace: string,
): ProfileModel {
  const property = `permissionProfile.configMap[${key}]`;
  const refused = (problems: readonly Diagnostic[]): ProfileModel => ({ kubernetes: [], egress: [], problems });
  if (data === undefined || (text === undefined && optional === true)) {
    return refused([]);
  }
  if (text === undefined) {
    const keys = Object.keys(data()).sort();
    const others = keys.length === 0 ? 'and no data at all' : `only ${keys.join(', ')}`;
    return refused([findingOf(NO_KEY, path, property, undefined, { name, key, others })]);
  }
  let document: unknown;
  try {
    document = yamlLibrary().parse(text);
  } catch (error) {
    const [reason] = (error as Error).message.split('\n');
    return refused([findingOf(NO_YAML, path, property, text, { reason })]);
  }
  const input = new InputCheck(path);
  const at = (place: Path) => (place.length === 0 ? property : `${property}.${formatPath(place)}`);
  const read = readForm(inlineProfile, document, placeIn(input, at));
  return input.diagnostics.length > 0
    ? refused(input.diagnostics)
    : grantsModel(documentGrants(read!.allow, property), path, namespace);
}

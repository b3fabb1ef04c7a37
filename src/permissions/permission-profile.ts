import * as kplus from 'cdk8s-plus-28';
import { PermissionGrant } from './permission-grant';
import {
  checkGrants,
  checkGrantsForController,
  grantsSpec,
  kubernetesOf,
  networkOf,
  ProfileGrant,
  profileGrants,
  ProfileModel,
  readInline,
} from './profile-grants';
import { Diagnostic, errorAt } from '../model/diagnostic';
import { InputCheck } from '../model/input';
import { BuiltinProfile, EgressRule } from '../model/permissions';
import { configMapDocument } from '../synthesis/config-maps';
import { Json } from '../values/json';
import { yamlLibrary } from '../values/yaml';

/** Key of the document in a ConfigMap, unless another is named. */
const DEFAULT_KEY = 'permissions.json';

const BUILTIN: readonly BuiltinProfile[] = ['none', 'network-only', 'full-access'];

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
    checkGrants(input, options.allow);
    input.throwIfAny();
    return new PermissionProfile({ kind: 'inline', allow: profileGrants(options.allow) });
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
   * A profile that a document names.
   *
   * @internal
   */
  public static _named(input: InputCheck, property: string, name: string): PermissionProfile | undefined {
    const found = BUILTIN.find(candidate => candidate === name);
    input.check(
      property,
      name,
      found === undefined ? 'is not a profile' : undefined,
      `Write one of ${BUILTIN.join(', ')}, or what is allowed (inline)`,
    );
    return found && new PermissionProfile({ kind: 'builtin', name: found });
  }

  /**
   * What a document allows.
   *
   * @internal
   */
  public static _ofGrants(allow: readonly ProfileGrant[]): PermissionProfile {
    return new PermissionProfile({ kind: 'inline', allow });
  }

  /**
   * A profile in a ConfigMap that is not a construct; its data is undefined where an operator reads it.
   *
   * @internal
   */
  public static _ofConfigMap(
    name: string,
    key: string,
    optional: boolean | undefined,
    data: Readonly<Record<string, string>> | undefined,
  ): PermissionProfile {
    return new PermissionProfile({ kind: 'configMap', name, key, optional, data: data && (() => data) });
  }

  private readonly models = new Map<string, { readonly text: string | undefined; readonly model: ProfileModel }>();

  private constructor(
    private readonly source: Source,
    private readonly added: readonly ProfileGrant[] = [],
  ) {}

  /**
   * The profile and what a document allows besides.
   *
   * @internal
   */
  public _with(grants: readonly ProfileGrant[]): PermissionProfile {
    return new PermissionProfile(this.source, grants);
  }

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
    const text = source.kind === 'configMap' ? source.data?.()[source.key] : undefined;
    const known = this.models.get(path);
    if (known !== undefined && known.text === text) {
      return known.model;
    }
    const model = extended(modelOf(source, text, path, namespace), grantsModel(this.added, path, namespace));
    this.models.set(path, { text, model });
    return model;
  }

  /**
   * As resources write it.
   *
   * @internal
   */
  public _spec(rendered: boolean): Json {
    return {
      ...sourceSpec(this.source, rendered),
      ...(this.added.length === 0 ? {} : { inline: { allow: grantsSpec(this.added, rendered) } }),
    };
  }

  /**
   * Checks that the resource of a server can carry it.
   *
   * @internal
   */
  public _check(input: InputCheck, namespace: string, rendered: boolean): void {
    const { source } = this;
    if (source.kind === 'configMap') {
      input.check(
        'permissionProfile',
        `${source.namespace}/${source.name}`,
        source.namespace === undefined || namespace === '' || source.namespace === namespace
          ? undefined
          : `is a ConfigMap of another namespace, and a resource refers to those of its own (${namespace}) only`,
        `Create the ConfigMap in the namespace ${namespace}`,
      );
    }
    const kubernetes = this.added.some(({ kubeResources }) => kubeResources !== undefined);
    const closed =
      source.kind === 'builtin' && (source.name === 'none' || (source.name === 'network-only' && kubernetes));
    input.check(
      'permissionProfile',
      this._spec(rendered),
      this.added.length > 0 && closed
        ? 'allows no more than it does, and permissions are written beside it (inline)'
        : undefined,
      'Write inline alone',
    );
    if (!rendered) {
      checkGrantsForController(input, source.kind === 'inline' ? source.allow : this.added);
      input.check(
        'permissionProfile',
        this._spec(rendered),
        this.added.length > 0 ? 'are set together, and a resource of an operator can hold only one of them' : undefined,
        'Write all of it in inline',
      );
    }
  }
}

function sourceSpec(source: Source, rendered: boolean): Json {
  switch (source.kind) {
    case 'builtin':
      return { builtin: source.name };
    case 'inline':
      return { inline: { allow: grantsSpec(source.allow, rendered) } };
    case 'configMap':
      return {
        configMap: {
          name: source.name,
          key: source.key,
          ...(source.optional === undefined ? {} : { optional: source.optional }),
        },
      };
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
    return refused([
      errorAt(
        path,
        property,
        undefined,
        `the ConfigMap ${name} has no key ${key}, ${keys.length === 0 ? 'and no data at all' : `only ${keys.join(', ')}`}`,
        `Add the permissions with addData('${key}', …), or name another key`,
      ),
    ]);
  }
  const input = new InputCheck(path);
  let document: unknown;
  try {
    document = yamlLibrary().parse(text);
  } catch (error) {
    return refused([
      errorAt(
        path,
        property,
        text,
        `is neither JSON nor YAML (${(error as Error).message.split('\n')[0]})`,
        'Correct it',
      ),
    ]);
  }
  const grants = readInline(input, property, document);
  return input.diagnostics.length > 0 ? refused(input.diagnostics) : grantsModel(grants, path, namespace);
}

import { ApiObject } from 'cdk8s';
import { IConstruct } from 'constructs';
import { isApiObject } from './object-metadata';
import { Diagnostic, errorKind, findingOf } from '../model/findings';
import { canonicalText, Json } from '../values/json';

const HOOK_CHANGED_PROOF = errorKind(
  'hook-changed-policy',
  'was changed by a hook, and what the app is checked and reported by would no longer be what is applied ({object})',
  'Say it with an option of the construct; hooks may add labels and annotations to every object',
);
const HOOKS_ENDLESS = errorKind(
  'hooks-endless',
  'make objects for the objects that they made, {rounds} times over',
  'Let the hook leave its own objects alone',
);

/** How often objects that hooks made are shown to hooks. */
const MOST_ROUNDS = 20;

/** Sees every object before it is written; see {@link ObjectHooks}. */
export interface IObjectHook {
  /**
   * Called once for each object, with everything in place that it was told to have.
   *
   * @param object the object; `metadata.addAnnotation`, `metadata.addLabel` and `addJsonPatch` change it
   */
  visit(object: ApiObject): void;
}

interface Registered {
  readonly scope: IConstruct;
  readonly hook: IObjectHook;
  readonly seen: WeakSet<ApiObject>;
}

/** Shows objects to the hooks of an app. */
export class Visits {
  private hooks: readonly Registered[] = [];
  private found: readonly { readonly object: ApiObject; readonly finding: Diagnostic }[] = [];
  private endless: readonly Diagnostic[] = [];

  /** Shows everything at and below a scope to a hook, when it is written. Whether it is the first one. */
  add(scope: IConstruct, hook: IObjectHook): boolean {
    this.hooks = [...this.hooks, { scope, hook, seen: new WeakSet() }];
    return this.hooks.length === 1;
  }

  /** Shows objects to the hooks that have not seen them yet, those that hooks make among them. Whether there were any. */
  visit(isShown: (object: ApiObject) => boolean, ownerOf: (object: ApiObject) => IConstruct | undefined): boolean {
    for (let round = 0; ; round++) {
      const unseen = this.hooks.flatMap(registered =>
        registered.scope.node
          .findAll()
          .filter(isApiObject)
          .filter(object => !registered.seen.has(object) && isShown(object))
          .map(object => ({ registered, object })),
      );
      if (unseen.length === 0) {
        return round > 0;
      }
      if (round === MOST_ROUNDS) {
        this.endless = [findingOf(HOOKS_ENDLESS, 'App', 'ObjectHooks', undefined, { rounds: MOST_ROUNDS })];
        return true;
      }
      for (const { registered, object } of unseen) {
        registered.seen.add(object);
        this.show(object, registered.hook, ownerOf(object));
      }
    }
  }

  /** What hooks did to objects that are there, and may not do. */
  findings(isThere: (object: ApiObject) => boolean): readonly Diagnostic[] {
    return [...this.endless, ...this.found.filter(({ object }) => isThere(object)).map(({ finding }) => finding)];
  }

  private show(object: ApiObject, hook: IObjectHook, owner: IConstruct | undefined): void {
    const before = owner && kept(object);
    hook.visit(object);
    const after = before && kept(object);
    if (owner === undefined || before === undefined || after === undefined) {
      return;
    }
    const changed = Object.keys(before).filter(field => before[field] !== after[field]);
    const place = { object: `${object.kind} ${object.name}` };
    this.found = [
      ...this.found,
      ...changed.map(field => ({
        object,
        finding: findingOf(HOOK_CHANGED_PROOF, owner.node.path, `ObjectHooks.${field}`, after[field], place),
      })),
    ];
  }
}

/** Kinds whose whole content says who may do what: what the library reports is what they say. */
const PROOFS = new Set([
  'AuthorizationPolicy',
  'CiliumNetworkPolicy',
  'ClusterRole',
  'ClusterRoleBinding',
  'ConfigMap',
  'HTTPRoute',
  'Ingress',
  'LimitRange',
  'NetworkPolicy',
  'ResourceQuota',
  'Role',
  'RoleBinding',
  'ServiceEntry',
  'Sidecar',
]);

/** Groups of resources that only say what the constructs were told. */
const STATED = /^ome\.io\//;

/**
 * What of an object of the library no hook may change, as texts by field: what it is, by which labels it is found, and what
 * policies are made of. Undefined where it cannot be rendered, as there are errors.
 */
function kept(object: ApiObject): Readonly<Record<string, string>> | undefined {
  const json = rendered(object);
  if (json === undefined) {
    return undefined;
  }
  const { apiVersion, kind, metadata, ...content } = json;
  const pods = content.spec?.template;
  const fields: Json = {
    apiVersion,
    kind,
    'metadata.name': metadata.name,
    'metadata.namespace': metadata.namespace,
    ...labelsOf('metadata.labels', metadata.labels),
    ...(PROOFS.has(kind) || STATED.test(apiVersion) ? content : {}),
    ...(pods === undefined
      ? {}
      : {
          'spec.selector': content.spec.selector,
          ...labelsOf('spec.template.metadata.labels', pods.metadata?.labels),
          'spec.template.spec.serviceAccountName': pods.spec?.serviceAccountName,
          'spec.template.spec.automountServiceAccountToken': pods.spec?.automountServiceAccountToken,
        }),
    ...(kind === 'Service' ? { 'spec.selector': content.spec.selector, 'spec.ports': content.spec.ports } : {}),
    ...(kind === 'ServiceAccount' ? { automountServiceAccountToken: json.automountServiceAccountToken } : {}),
  };
  return Object.fromEntries(Object.entries(fields).map(([field, value]) => [field, canonicalText(value ?? null)]));
}

/** Labels one by one: more may come. */
function labelsOf(field: string, labels: Json | undefined): Json {
  return Object.fromEntries(Object.entries(labels ?? {}).map(([key, value]) => [`${field}[${key}]`, value]));
}

function rendered(object: ApiObject): Json | undefined {
  try {
    return object.toJson();
  } catch {
    // What fails to render fails the synthesis, with its own words.
    return undefined;
  }
}

import { because, errorKind } from '../model/finding-kind';
import { InputCheck } from '../model/input';
import { isObjectName, namespaceProblem, OBJECT_NAME_INVALID } from '../model/names';
import { Principal as PrincipalModel } from '../model/policy';

const SERVICE_ACCOUNT_NAMESPACE_INVALID = errorKind(
  'service-account-namespace-invalid',
  '{problem}',
  'Name its namespace',
);
const PRINCIPAL_NAME_EMPTY = errorKind('principal-name-empty', 'is empty', 'Name the {kind}');
const PRINCIPAL_GROUP_OF_EVERYONE = errorKind(
  'principal-group-of-everyone',
  'stands for every authenticated caller',
  'Use Principal.anyAuthenticated()',
);

/**
 * Who calls: a user, a group, a Kubernetes service account, or any caller that authentication let in.
 *
 * @example
 *
 * import { Principal } from 'cdk8s-mcp';
 *
 * Principal.user('alice');
 * Principal.group('finance-admins');
 * Principal.serviceAccount('assistant', 'finance');
 * Principal.anyAuthenticated();
 */
export class Principal {
  /**
   * A user, by the user claim of a token, the user of an API key, or the name of basic authentication.
   *
   * @param name name of the user
   * @throws when the name is empty
   */
  public static user(name: string): Principal {
    return Principal.named('user', name);
  }

  /**
   * The members of a group, by the groups claim of a token or the groups of an API key.
   *
   * @param name name of the group
   * @throws when the name is empty
   */
  public static group(name: string): Principal {
    return Principal.named('group', name);
  }

  /**
   * A Kubernetes service account, by the subject of its token (`system:serviceaccount:{namespace}:{name}`).
   *
   * @param name name of the service account
   * @param namespace its namespace
   * @throws when the name or the namespace is not one of Kubernetes
   */
  public static serviceAccount(name: string, namespace: string): Principal {
    const input = new InputCheck('Principal.serviceAccount');
    input.report(OBJECT_NAME_INVALID, 'name', name, isObjectName(name) ? undefined : { object: 'the service account' });
    input.report(SERVICE_ACCOUNT_NAMESPACE_INVALID, 'namespace', namespace, because(namespaceProblem(namespace)));
    input.throwIfAny();
    return new Principal({ kind: 'serviceAccount', name, namespace }, `serviceaccount:${namespace}/${name}`);
  }

  /** Any caller that passed authentication. */
  public static anyAuthenticated(): Principal {
    return new Principal({ kind: 'anyAuthenticated' }, 'group:system:authenticated');
  }

  private static named(kind: 'user' | 'group', name: string): Principal {
    const input = new InputCheck(`Principal.${kind}`);
    input.report(PRINCIPAL_NAME_EMPTY, 'name', name, name === '' ? { kind } : undefined);
    // It means every authenticated caller in a resource, as in Kubernetes, and would mean a group here.
    input.report(PRINCIPAL_GROUP_OF_EVERYONE, 'name', name, kind === 'group' && name === 'system:authenticated');
    input.throwIfAny();
    return new Principal({ kind, name }, `${kind}:${name}`);
  }

  /** @internal */
  public readonly _model: PrincipalModel;

  private constructor(
    model: PrincipalModel,
    /** The principal as resources write it, such as `user:alice`. */
    public readonly text: string,
  ) {
    this._model = model;
  }
}

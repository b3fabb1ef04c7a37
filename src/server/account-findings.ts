import { Diagnostic, errorKind, findingOf, warningKind } from '../model/findings';
import { ServerPermissions } from '../model/permissions';
import { Json } from '../values/json';

const ACCOUNT_OF_OTHER_SERVER = errorKind(
  'account-of-other-server',
  "is another account than the server's own ({name}), which is the one that its Kubernetes permissions are given to",
  'Drop it from the pod template, or drop the permissions and grant them to that account yourself',
);
const TOKEN_KEPT_FROM_SERVER = errorKind(
  'token-kept-from-server',
  'keeps the token of the Kubernetes API from the server, which was granted it',
  'Drop it from the pod template, or drop the permissions',
);
const TOKEN_WITHOUT_GRANT = warningKind(
  'token-without-grant',
  'mounts a token of the Kubernetes API for a server that was granted nothing there',
  'Drop it from the pod template, or grant what the server needs (allowKubernetes)',
);
const TOKEN_NOT_ALLOWED = errorKind(
  'token-not-allowed',
  'mounts a token of the Kubernetes API, which the permission profile {profile} does not allow',
  'Drop it from the pod template',
);

const ACCOUNT = 'podTemplate.spec.serviceAccountName';
const TOKEN = 'podTemplate.spec.automountServiceAccountToken';

/** A server by what the pod templates of its user say. */
export interface TemplatedServer {
  readonly path: string;
  readonly name: string;
  /** Pod templates of the user's, the last one last. */
  readonly templates: readonly Json[];
}

/** Where pod templates of the user's are of another mind about account and token than what the server was granted. */
export function accountFindings(
  { path, name, templates }: TemplatedServer,
  { kubernetes, profile }: ServerPermissions,
  mountsToken: boolean,
): Diagnostic[] {
  const last = (field: string) =>
    templates
      .map(({ spec }) => spec?.[field])
      .filter(value => value !== undefined && value !== null)
      .pop();
  const [account, token] = [last('serviceAccountName') ?? last('serviceAccount'), last('automountServiceAccountToken')];
  const found: Diagnostic[] = [];
  if (kubernetes.length > 0 && account !== undefined && account !== name) {
    found.push(findingOf(ACCOUNT_OF_OTHER_SERVER, path, ACCOUNT, account, { name }));
  }
  if (mountsToken && token === false) {
    found.push(findingOf(TOKEN_KEPT_FROM_SERVER, path, TOKEN, token));
  }
  if (!mountsToken && token === true) {
    found.push(
      profile === undefined
        ? findingOf(TOKEN_WITHOUT_GRANT, path, TOKEN, token)
        : findingOf(TOKEN_NOT_ALLOWED, path, TOKEN, token, { profile }),
    );
  }
  return found;
}

import { Diagnostic, errorKind, findingOf, warningKind } from '../model/findings';
import { ServerPermissions } from '../model/permissions';
import { Json } from '../values/json';

const ACCOUNT_OF_OTHER_SERVER = errorKind(
  'account-of-other-server',
  "is another account than the server's own ({name}), which is the one that an operator gives its Kubernetes permissions to",
  'Drop it, or drop the permissions and grant them to that account yourself, or use Reconciliation.RENDERED',
);
const ACCOUNT_SHARED = warningKind(
  'account-shared',
  'is an account that the app does not make, and gets what the server is permitted: whatever else runs as it has that, too',
  'Let the server have an account of its own, or acknowledge that the other programs may do the same',
);
const ACCOUNT_BOUND = warningKind(
  'account-bound',
  "is bound to the server's account, whose pods get no token and no connection to the Kubernetes API: it grants them nothing",
  "Grant the role with server.allowRole({ clusterRole: 'view' }) in its place",
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

const TOKEN = 'podTemplate.spec.automountServiceAccountToken';

/** A server by what the pod templates of its user say. */
export interface TemplatedServer {
  readonly path: string;
  readonly name: string;
  /** The ServiceAccount of its pods. */
  readonly account: string;
  readonly rendered: boolean;
  /** Pod templates of the user's, the last one last. */
  readonly templates: readonly Json[];
}

/** What templates say of a field of pods, the last one last. */
function lastOf(templates: readonly Json[], field: string): any {
  return templates
    .map(({ spec }) => spec?.[field])
    .filter(value => value !== undefined && value !== null)
    .pop();
}

/** The account that templates name for pods; undefined where none does. */
export function accountIn(templates: readonly Json[]): string | undefined {
  return lastOf(templates, 'serviceAccountName') ?? lastOf(templates, 'serviceAccount');
}

/** Where pod templates of the user's are of another mind about account and token than what the server was granted. */
export function accountFindings(
  { path, name, account, rendered, templates }: TemplatedServer,
  { kubernetes, profile, roles = [] }: ServerPermissions,
  mountsToken: boolean,
  boundRoles: readonly string[],
): Diagnostic[] {
  const token = lastOf(templates, 'automountServiceAccountToken');
  const found: Diagnostic[] = [];
  if (kubernetes.length + roles.length > 0 && account !== name) {
    found.push(
      rendered
        ? findingOf(ACCOUNT_SHARED, path, 'serviceAccount', account)
        : findingOf(ACCOUNT_OF_OTHER_SERVER, path, 'serviceAccount', account, { name }),
    );
  }
  if (!mountsToken && token !== true) {
    found.push(...boundRoles.map(role => findingOf(ACCOUNT_BOUND, path, 'serviceAccount', role)));
  }
  if (mountsToken && token === false) {
    found.push(findingOf(TOKEN_KEPT_FROM_SERVER, path, TOKEN, token));
  }
  // Which rights an account of somebody else's has is not known here.
  if (!mountsToken && token === true && (account === name || profile !== undefined)) {
    found.push(
      profile === undefined
        ? findingOf(TOKEN_WITHOUT_GRANT, path, TOKEN, token)
        : findingOf(TOKEN_NOT_ALLOWED, path, TOKEN, token, { profile }),
    );
  }
  return found;
}

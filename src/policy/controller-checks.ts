import { RuleValue } from '../api/authorization';
import { limitModel, LimitValue } from '../api/rate-limit';
import { noField } from '../api/upstream';
import { because, errorKind, InputCheck } from '../model/findings';
import { AuthenticationMethod, SingleMethod } from '../model/policy';
import { describeRate } from '../passes/policy/words';

const AUTHENTICATION_OF_OWN = errorKind(
  'route-authentication-of-own',
  `{problem}, which ${noField('MCPRoute')}`,
  'Use Authentication.jwt with jwksUri, or Authentication.apiKey with Secrets alone, one of each; or use Reconciliation.RENDERED',
);
const RATE_OF_OWN = errorKind(
  'route-rate-of-own',
  `{problem}, which ${noField('MCPRoute')}`,
  'Use RateLimit.perUser, perPrincipal, perIp, perTool or perNamespace without burst, or Reconciliation.RENDERED',
);

const RULE_SCOPE_OF_OWN = errorKind(
  'rule-scope-of-own',
  `asks for a scope of the token, which ${noField('MCPRoute')}`,
  'Drop it, or use Reconciliation.RENDERED',
);
const RULE_SOURCE_OF_OWN = errorKind(
  'rule-source-of-own',
  `says what verifies the name, which ${noField('MCPRoute')}`,
  'Name the principal alone, or use Reconciliation.RENDERED',
);

const RULE_GRANT_OF_OWN = errorKind(
  'rule-grant-of-own',
  `grants more than tools, which ${noField('MCPRoute')}`,
  'Name tools alone, or use Reconciliation.RENDERED',
);

/** What a permission says that upstream's has not. */
const GRANTS_OF_OWN = ['prompts', 'resources', 'completions', 'tasks'] as const;

/** Reports rules that the MCPRoute resource of an operator has no fields for. */
export function checkRulesForController(input: InputCheck, rules: readonly RuleValue[]): void {
  rules.forEach(({ conditions = [], permissions, principals }, r) => {
    permissions.forEach((permission, i) =>
      GRANTS_OF_OWN.forEach(field =>
        input.report(
          RULE_GRANT_OF_OWN,
          `authorization[${r}].permissions[${i}].${field}`,
          permission[field],
          permission[field] !== undefined,
        ),
      ),
    );
    principals.forEach((principal, i) => {
      const said = principal.kind === 'anyAuthenticated' ? undefined : principal.source;
      input.report(RULE_SOURCE_OF_OWN, `authorization[${r}].principals[${i}]`, said, said !== undefined);
    });
    conditions.forEach((condition, i) => {
      const scope = condition.kind === 'scope' ? condition.scope : undefined;
      input.report(RULE_SCOPE_OF_OWN, `authorization[${r}].conditions[${i}]`, scope, scope !== undefined);
    });
  });
}

/** Reports methods that the MCPRoute resource of an operator has no fields for, besides the fields that are known to be taken. */
export function checkMethodsForController(
  input: InputCheck,
  methods: readonly AuthenticationMethod[],
  known: readonly string[] = [],
): void {
  const kinds = methods.map(({ kind }) => kind);
  methods.forEach((method, i) => {
    const { kind } = method;
    const problem =
      known.includes(kind) || kinds.indexOf(kind) < i ? 'is a second method of its kind' : problemOf(method);
    input.report(AUTHENTICATION_OF_OWN, `authentication[${i}]`, kind, because(problem));
  });
}

/** Reports limits that the MCPRoute resource of an operator has no fields for. */
export function checkRatesForController(input: InputCheck, limits: readonly LimitValue[]): void {
  limits.forEach((limit, i) => {
    const problem =
      limit.dimension === 'server' || limit.dimension === 'global'
        ? 'is of a dimension'
        : limit.burst === undefined
          ? undefined
          : 'bounds how many calls come at once';
    input.report(RATE_OF_OWN, `rateLimits[${i}]`, describeRate(limitModel(limit)), because(problem));
  });
}

function problemOf(method: AuthenticationMethod): string | undefined {
  switch (method.kind) {
    case 'anyOf':
      return 'is a choice of methods';
    case 'basic':
      return 'is a user name with a password';
    case 'clientCertificate':
      return 'is a client certificate';
    case 'apiKey':
      return apiKeyProblem(method);
    case 'jwt':
      return jwtProblem(method);
  }
}

function apiKeyProblem({ header, keys }: Extract<SingleMethod, { kind: 'apiKey' }>): string | undefined {
  return header.name === 'authorization'
    ? 'has a prefix in its header'
    : keys.some(({ secret }) => secret.kind === 'sha256')
      ? 'has a hash of a key'
      : keys.some(({ user, groups }) => user !== undefined || groups.length > 0)
        ? 'has a key that names its user'
        : undefined;
}

function jwtProblem({ resource, keys, header, claims }: Extract<SingleMethod, { kind: 'jwt' }>): string | undefined {
  return resource !== undefined
    ? 'is OIDC without a client'
    : keys.kind === 'inline'
      ? 'has keys of its own (jwks)'
      : keys.caBundle !== undefined
        ? 'has an authority of its own (caBundle)'
        : header.name !== 'authorization' || header.prefix !== 'Bearer '
          ? 'reads a header of its own'
          : claims.user.join() !== 'sub' || claims.groups.join() !== 'groups'
            ? 'reads claims of its own'
            : undefined;
}

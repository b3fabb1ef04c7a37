import { allIn, credentialsOf, issuersOf } from './credentials';
import { allOf, anyOf, Predicate } from '../../../../cel/predicates';
import { celString } from '../../../../cel/terms';
import { alternatives, EffectivePolicy, JwtMethod, SingleMethod } from '../../../../model/policy';
import { authenticatedExpression, holdsOneOf } from '../../dialect/identity';
import { ruleAt, StagedRule } from '../../dialect/rule';

/** What the policies on credentials do not verify by themselves, as rules on each request. */
export function authenticationRules({ authentication }: EffectivePolicy): StagedRule[] {
  const credentials = credentialsOf(authentication.map(({ method }) => method));
  const tokens = allIn(credentials.jwt);
  return authentication
    .flatMap(({ method, origins }) => {
      const expressions = [
        ...(method.kind === 'anyOf' ? [anyOf([...new Set(method.methods.map(one => passed(one, tokens)))])] : []),
        ...(method.kind === 'jwt' ? audienceRule(method, tokens) : []),
        ...(alternatives(method).some(({ kind }) => kind === 'jwt') ? [IS_IN_FORCE] : []),
      ];
      return expressions.map(expression => ruleAt('request', { level: 'authentication', expression, origins }));
    })
    .filter(({ expression }, i, all) => all.findIndex(other => other.expression === expression) === i);
}

/** Time from which a token is good (RFC 7519, 4.1.5), which agentgateway does not look at, with the leeway it gives `exp`. */
const IS_IN_FORCE: Predicate =
  '!has(jwt.nbf) || timestamp(int(jwt.nbf)) <= timestamp(string(request.startTime)) + duration("60s")';

/** Holds when a method let the caller pass, and not only another one of its kind. */
function passed(method: SingleMethod, tokens: readonly JwtMethod[]): Predicate {
  const verified = authenticatedExpression([method]);
  if (method.kind !== 'jwt') {
    return verified;
  }
  const several = new Set(tokens.map(({ issuer }) => issuer)).size > 1;
  return allOf([
    verified,
    ...(several ? [`jwt.iss == ${celString(method.issuer)}`] : []),
    ...audienceRule(method, tokens),
  ]);
}

/** The token is for the method, where agentgateway would also take one that is for another method of the same issuer. */
function audienceRule(method: JwtMethod, tokens: readonly JwtMethod[]): Predicate[] {
  const accepted = issuersOf(tokens.filter(({ issuer }) => issuer === method.issuer)).flatMap(
    ({ audiences }) => audiences,
  );
  return accepted.every(audience => method.audiences.includes(audience))
    ? []
    : [allOf(['has(jwt.aud)', holdsOneOf('jwt.aud', method.audiences)])];
}

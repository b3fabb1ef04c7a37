import { itemOf } from '../../../src/model/items';
import { LevelPolicy } from '../../../src/model/policy';
import { PresentedRequest } from '../../../src/passes/access/caller';
import { EnforcedExpression, Enforcement, Way } from '../../../src/passes/access/enforcement';
import { effectivePolicy } from '../../../src/passes/policy/merge';
import { describeRule } from '../../../src/passes/policy/words';
import { admits } from '../policy/plain-reading';
import { Facts } from '../policy/policy-arbitrary';

/** What a plane without a language of its own enforces: its rules are sentences, and decided on as design §5 reads. */
export function enforcementOf(
  levels: readonly LevelPolicy[],
  options: { readonly entry?: string; readonly ways?: readonly Way[] } = {},
): Enforcement {
  const { policy } = effectivePolicy(levels);
  const methodsOf = (some: readonly LevelPolicy[]) =>
    some.flatMap(({ authentication }) => authentication.map(({ method }) => method));
  return {
    entry: options.entry ?? 'finance/smart',
    clientHeaders: {},
    authentication: policy.authentication,
    rules: levels
      .filter(({ rules }) => rules.length > 0)
      .map(level => {
        const trusted = methodsOf(levels.slice(0, levels.indexOf(level) + 1));
        const asked = (rules: LevelPolicy['rules']): EnforcedExpression => ({
          expression: rules.map(describeRule).join('; '),
          holds: request => {
            const facts = factsOf(request);
            const granted = (some: LevelPolicy['rules']) =>
              admits({ ...level, rules: some }, facts, trusted, methodsOf(levels));
            const unconditional = rules.map(rule => ({ ...rule, conditions: [] }));
            return !granted(rules) && facts.address === undefined && granted(unconditional)
              ? { kind: 'error', message: 'the address is not known' }
              : { kind: 'value', value: granted(rules) };
          },
        });
        return {
          level: level.level,
          ...asked(level.rules),
          origins: level.rules.map(({ origin }) => origin),
          grants: level.rules.map(rule => ({ ...asked([rule]), origin: rule.origin, words: describeRule(rule) })),
        };
      }),
    ways: options.ways ?? [],
  };
}

/** A way to the tools that a predicate holds for. */
export function tools(expression: string, shows: (tool: string) => boolean): EnforcedExpression {
  return { expression, holds: ({ request }) => ({ kind: 'value', value: 'tool' in request && shows(request.tool) }) };
}

/** A request with what each method says of its caller, of which the plain reading knows one of a kind. */
function factsOf({ headers, request, verified: { presented } }: PresentedRequest): Facts {
  const said = (kind: string) => presented.find(({ method }) => method.kind === kind)?.says;
  const [key, password, certificate] = [said('apiKey'), said('basic'), said('clientCertificate')];
  return {
    [itemOf(request).kind]: itemOf(request).name,
    action: request.action,
    jwt: said('jwt') ?? {},
    apiKey: key === undefined ? {} : { key: '', ...key },
    basicAuth: password === undefined ? {} : { username: password.user },
    certificate: certificate === undefined ? {} : { subjectCn: certificate.user },
    address: request.sourceIp,
    headers,
    time: request.time,
  };
}

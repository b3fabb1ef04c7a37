import { DocumentCheck } from './source-document';
import { AuthorizationRule } from '../policy/authorization';
import { Condition, HeaderOperator } from '../policy/condition';
import { Principal } from '../policy/principal';
import { Json } from '../values/json';
import { Path } from '../values/paths';

const PRINCIPALS =
  'Write user:NAME, group:NAME, serviceaccount:NAME, serviceaccount:NAMESPACE/NAME, or group:system:authenticated for every authenticated caller';

/** Reads `authorization`: rules as far as they are right. A service account without a namespace is one of the document's. */
export function readAuthorization(
  authorization: Json | undefined,
  check: DocumentCheck,
  namespace: string | undefined,
): AuthorizationRule[] {
  return ((authorization?.rules ?? []) as Json[]).map((rule, r) => {
    const path = ['spec', 'authorization', 'rules', r];
    const conditions = ((rule.conditions ?? []) as Json[]).flatMap(
      (condition, i) => readCondition(condition, check, [...path, 'conditions', i]) ?? [],
    );
    return {
      principals: (rule.principals as string[]).flatMap(
        (principal, i) => readPrincipal(principal, check, [...path, 'principals', i], namespace) ?? [],
      ),
      permissions: (rule.permissions as Json[]).map(({ tools, actions }) => ({ tools, actions })),
      ...(conditions.length === 0 ? {} : { conditions }),
    };
  });
}

function readPrincipal(
  text: string,
  check: DocumentCheck,
  path: Path,
  namespace: string | undefined,
): Principal | undefined {
  const [, kind, name] = /^(user|group|serviceaccount):([^]*)$/.exec(text) ?? [];
  if (kind === undefined) {
    check.error(path, text, 'is not said to be a user, a group or a service account', PRINCIPALS);
    return undefined;
  }
  return check.attempt(
    () => path,
    () => {
      switch (kind) {
        case 'user':
          return Principal.user(name);
        case 'group':
          return name === 'system:authenticated' ? Principal.anyAuthenticated() : Principal.group(name);
        default:
          return readServiceAccount(text, name, check, path, namespace);
      }
    },
  );
}

function readServiceAccount(
  text: string,
  reference: string,
  check: DocumentCheck,
  path: Path,
  namespace: string | undefined,
): Principal | undefined {
  const [first, second, ...rest] = reference.split('/');
  const place = second === undefined ? namespace : first;
  if (rest.length > 0 || place === undefined) {
    check.error(
      path,
      text,
      place === undefined ? 'is a service account of no namespace' : 'is not a service account',
      'Write serviceaccount:NAMESPACE/NAME',
    );
    return undefined;
  }
  return Principal.serviceAccount(second ?? first, place);
}

function readCondition(
  { type, key, operator = 'Equal', value }: Json,
  check: DocumentCheck,
  path: Path,
): Condition | undefined {
  const several = operator === 'In' || operator === 'NotIn';
  const negated = operator.startsWith('Not');
  const values = several ? (value as string).split(',').map(part => part.trim()) : [value as string];
  // What the value says is the value's fault, whichever part of it.
  const place = (property: string) => [...path, property === 'name' || property === 'timeZone' ? 'key' : 'value'];
  if (type === 'RequestHeader') {
    check.check([...path, 'key'], key, key === undefined ? 'is missing' : undefined, 'Name the header');
    return key === undefined
      ? undefined
      : check.attempt(place, () => Condition.header(key, operator as HeaderOperator, ...values));
  }
  if (operator === 'Matches' || operator === 'NotMatches') {
    check.error([...path, 'operator'], operator, `does not go with type ${type}`, 'Write Equal, NotEqual, In or NotIn');
    return undefined;
  }
  if (type === 'IPAddress') {
    check.check(
      [...path, 'key'],
      key,
      key === undefined ? undefined : 'is given, but an address has no name',
      'Remove it',
    );
    if (!several && value.includes(',')) {
      check.error(
        [...path, 'operator'],
        operator,
        'compares with one value, and there are several',
        negated ? 'Write NotIn' : 'Write In',
      );
      return undefined;
    }
    return check.attempt(place, () => (negated ? Condition.notSourceIp(...values) : Condition.sourceIp(...values)));
  }
  const span = /^([^-,]+)-([^-,]+)$/.exec(value);
  if (span === null) {
    check.error(
      [...path, 'value'],
      value,
      value.includes(',') ? 'is several spans of time' : 'is not a span of time',
      value.includes(',') ? 'Write a rule for each span' : 'Write it as 08:00-18:00',
    );
    return undefined;
  }
  return check.attempt(place, () =>
    negated
      ? Condition.notTimeOfDay(span[1].trim(), span[2].trim(), key)
      : Condition.timeOfDay(span[1].trim(), span[2].trim(), key),
  );
}

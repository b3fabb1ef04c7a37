import { CedarBindings } from './bindings';
import { anyOf } from '../cel';
import { Identity, userExpression } from '../policy/authorization-cel';

/** The arguments of a call where the body of the request can be read. */
const CALL_ARGUMENTS = 'has(json(request.body).params.arguments) ? json(request.body).params.arguments : {}';

/** What of the bindings depends on the place: which tool it is and which servers serve it. */
export type CedarPlace = Pick<CedarBindings, 'tool' | 'servers'>;

/** The bindings for a caller as the methods of authentication name it, in the variables of the gateway. */
export function requestBindings(identity: Identity, place: CedarPlace): CedarBindings {
  return {
    ...place,
    user: userExpression(identity) ?? '""',
    groups:
      identity.groups.length === 0
        ? '[]'
        : identity.groups
            .map(({ present, value }) => `((${present}) ? (type(${value}) == list ? ${value} : [${value}]) : [])`)
            .join(' + '),
    claims: identity.tokens.length === 0 ? '{}' : `${anyOf(identity.tokens)} ? jwt : {}`,
    arguments: CALL_ARGUMENTS,
    sourceIp: 'source.address',
    // Without join, a header sent twice is a list or its first line, as it pleases the way it is read.
    headers: 'request.headers.join()',
    // Through text, which is in UTC whatever the machine's zone.
    time: 'timestamp(string(request.startTime))',
  };
}

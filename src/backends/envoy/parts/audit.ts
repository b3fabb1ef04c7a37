import { enforced, part, refused } from './part';
import { refusal } from '../../interface/standing';
import { LogField, logged, loggedMetadata } from '../config/formats';
import { ASKED_METHOD, CALLED_TOOL } from '../config/names';
import { CALLER_USER } from '../dialect/identity';

const METADATA = refused(
  'audit.metadata',
  'Envoy cannot write a digest of the session to its log, and an id of a session must not stand there',
  'set includeMetadata to false; each line has the address of the caller anyway, and observability.accessLog can add its `user-agent`',
);

const FIELDS: Readonly<Record<string, LogField>> = {
  'audit.user': loggedMetadata(CALLER_USER),
  'audit.method': loggedMetadata(ASKED_METHOD),
  'audit.tool': loggedMetadata(CALLED_TOOL),
  'audit.status': logged('%RESPONSE_CODE%'),
};

/** The record of calls, where a gateway asks for one. */
export const audit = part({
  features: {
    'policy.audit': enforced(
      'fields `audit.user`, `audit.method`, `audit.tool` and `audit.status` on the line that the log of the pods has for each request, refused ones included',
      'level None or Request; format JSON; includeMetadata false',
    ),
    'policy.audit.answers': refused(
      'policy.audit.answers',
      'Envoy cannot write answers to its log',
      'record requests alone (level Request)',
    ),
    'policy.audit.destination': refused(
      'policy.audit.destination',
      'Envoy cannot write its log of requests anywhere but to the standard output of its pods here',
      'leave the destination out, and let whoever collects the log of the pods send it there',
    ),
    'policy.audit.format.other': refused(
      'policy.audit.format.other',
      'Envoy cannot write its log in this form',
      'use JSON, and let whoever collects the log of the pods translate it',
    ),
  },
  limits: { 'audit.metadata': METADATA },
  check: ({ gateway: { path, traffic } }) =>
    traffic?.audit?.metadata === true ? [refusal(METADATA, path, 'audit.includeMetadata', true)] : [],
  logFields: ({ gateway }) => (gateway.traffic?.audit === undefined ? {} : FIELDS),
});

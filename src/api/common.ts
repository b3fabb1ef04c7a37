import { boolean, choice, dateTime, list, listByKey, long, text, ValueOf, ruleFor } from './codec';
import { atomicObject, object } from './object';
import { Place } from './place';
import { errorKind } from '../model/finding-kind';
import { CertificateIssuer } from '../model/policy';
import { objectNameProblem, headerNameProblem, toolGlobProblem } from '../model/validation';

/** Names of headers. */
export const HEADER_NAME = ruleFor('field-header-name', headerNameProblem, 'Name one header');

/** Tools by name or glob. */
export const TOOL_GLOB = ruleFor('field-tool-glob', toolGlobProblem, 'Write a tool name, or a glob such as db_*');

/** Shapes that several kinds share, as upstream's v1alpha1 (pr526) and v1beta1 (sep2025) write them. */

const keySelector = (description: string, holder: string) =>
  atomicObject(
    description,
    {
      key: text(`Key within the ${holder}.`),
      name: text(`Name of the ${holder}.`, { default: '' }),
      optional: boolean(`Whether the ${holder} or its key may be missing.`),
    },
    { required: ['key'] },
  );

export const secretKey = (description: string) => keySelector(description, 'Secret');

export const configMapKey = (description: string) => keySelector(description, 'ConfigMap');

const ISSUER_NAME = errorKind('issuer-name-invalid', '{problem}', 'Name the {kind} as cert-manager knows it');

/** An issuer of cert-manager. */
export const issuerRef = (description: string) =>
  object(
    description,
    {
      kind: choice('Kind of the issuer. An Issuer signs for its own namespace alone.', ['Issuer', 'ClusterIssuer'], {
        default: 'Issuer',
      }),
      name: text('Name of the issuer.', { minLength: 1 }),
    },
    { 'x-kubernetes-map-type': 'atomic', required: ['name'] },
    (value, place) => checkIssuer(value, place),
  );

/** An issuer of cert-manager, as resources say it. */
export type IssuerValue = ValueOf<ReturnType<typeof issuerRef>>;

/** Checks a reference to an issuer. */
export function checkIssuer({ kind = 'Issuer', name }: IssuerValue, place: Place): void {
  const problem = objectNameProblem(name);
  place.at('name').report(ISSUER_NAME, name, problem === undefined ? undefined : { problem, kind });
}

/** An issuer as plain data. */
export function issuerModel({ kind = 'Issuer', name }: IssuerValue): CertificateIssuer {
  return { kind, name };
}

export const TRANSPORTS = ['stdio', 'streamable-http', 'sse'] as const;

const CONDITIONS = 'Conditions of this resource.';

/** Kubernetes' Condition. */
const condition = object(
  'One aspect of the current state.',
  {
    lastTransitionTime: dateTime('When the status last changed.'),
    message: text('Explanation for people.', { maxLength: 32768 }),
    observedGeneration: long('Generation the condition was computed from.', { minimum: 0 }),
    reason: text('Explanation for programs, in CamelCase.', {
      minLength: 1,
      maxLength: 1024,
      pattern: '^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$',
    }),
    status: choice('Whether the condition holds.', ['True', 'False', 'Unknown']),
    type: text('Name of the condition.', {
      maxLength: 316,
      pattern:
        '^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])$',
    }),
  },
  { required: ['lastTransitionTime', 'message', 'reason', 'status', 'type'] },
);

/**
 * The conditions of servers and routes. Upstream's pr526 gives the list no keys, so two conditions of one type pass there,
 * and have to pass here.
 */
export const conditions = list(CONDITIONS, condition);

/** The conditions of gateways, keyed by type as in upstream's sep2025. */
export const keyedConditions = listByKey(CONDITIONS, 'type', condition);

export const phase = choice('Where the resource is in its life.', [
  'Pending',
  'Starting',
  'Running',
  'Updating',
  'Failed',
  'Terminating',
]);

import {
  anything,
  atomicList,
  boolean,
  choice,
  Codec,
  dateTime,
  list,
  listByKey,
  long,
  ruleFor,
  text,
  textList,
  texts,
  ValueOf,
} from './codec';
import { atomicObject, mapped, object } from './object';
import { Place } from './place';
import { because, errorKind } from '../model/findings';
import { CertificateIssuer } from '../model/policy';
import { LabelRequirement, LabelSelector } from '../model/references';
import {
  headerNameProblem,
  labelKeyProblem,
  labelValueProblem,
  objectNameProblem,
  toolGlobProblem,
} from '../model/validation';
import { compact, Json } from '../values/json';

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

const OPERATORS: readonly string[] = ['In', 'NotIn', 'Exists', 'DoesNotExist'];

const LABEL_KEY = errorKind('selector-label-key-invalid', '{problem}', 'Correct the key');
const LABEL_VALUE = errorKind('selector-label-value-invalid', '{problem}', 'Correct the value');
const OPERATOR = errorKind(
  'selector-operator-unknown',
  'is not an operator of label selectors',
  `Write one of ${OPERATORS.join(', ')}`,
);
const VALUES_MISSING = errorKind('selector-values-missing', 'does not go with {operator}', 'Add values');
const VALUES_UNWANTED = errorKind('selector-values-unwanted', 'does not go with {operator}', 'Remove the values');

const table = (description: string) =>
  atomicObject(description, {
    matchExpressions: atomicList(
      'Requirements, all of which must hold.',
      object(
        'One requirement.',
        {
          key: text('Label key.'),
          operator: text('In, NotIn, Exists or DoesNotExist.'),
          values: textList('Values for In and NotIn.', { 'x-kubernetes-list-type': 'atomic' }),
        },
        { required: ['key', 'operator'] },
      ),
    ),
    matchLabels: texts('Labels, all of which must be present with these values.'),
  });

/** Kubernetes' LabelSelector. An empty part of it says no more than one that is missing. */
export const labelSelector = (description: string): Codec<LabelSelector> =>
  mapped(table(description), {
    read: ({ matchLabels = {}, matchExpressions = [] }): LabelSelector => ({
      matchLabels,
      // The schema takes any text; what is no operator is a finding.
      matchExpressions: matchExpressions.map(({ key, operator, values = [] }) => ({
        key,
        operator: operator as LabelRequirement['operator'],
        values,
      })),
    }),
    write: selectorJson,
    check: checkSelector,
  });

/** A label selector as Kubernetes and the API write it. An empty one selects everything, and is written. */
export function selectorJson({ matchLabels, matchExpressions }: LabelSelector): Json {
  return compact({
    matchLabels: { ...matchLabels },
    matchExpressions: matchExpressions.map(({ key, operator, values }) =>
      compact({ key, operator, values: [...values] }),
    ),
  });
}

function checkSelector({ matchLabels, matchExpressions }: LabelSelector, place: Place): void {
  for (const [key, value] of Object.entries(matchLabels)) {
    const at = place.at('matchLabels', key);
    at.report(LABEL_KEY, key, because(labelKeyProblem(key)));
    at.report(LABEL_VALUE, value, because(labelValueProblem(value)));
  }
  matchExpressions.forEach(({ key, operator, values }, i) => {
    const at = place.at('matchExpressions', i);
    const known = OPERATORS.includes(operator);
    const wanted = operator === 'In' || operator === 'NotIn';
    const given = values.length > 0;
    at.at('key').report(LABEL_KEY, key, because(labelKeyProblem(key)));
    at.at('operator').report(OPERATOR, operator, !known);
    at.at('values').report(VALUES_MISSING, values, known && wanted && !given ? { operator } : undefined);
    at.at('values').report(VALUES_UNWANTED, values, known && !wanted && given ? { operator } : undefined);
  });
}

/**
 * A pod template, of which these tables say nothing: the definitions have Kubernetes' own schema in its place, and cdk8s-plus
 * types it.
 */
export const POD_TEMPLATE = anything({
  type: 'object',
  description: 'Template of the pods, as in a Deployment.',
  'x-kubernetes-preserve-unknown-fields': true,
});

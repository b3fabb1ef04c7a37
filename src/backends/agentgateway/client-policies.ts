import { MessageChanges, RoutePolicies, Rule, Rules, Transformations } from './config/config';
import { changed } from './dialect/json-message';
import { StagedRule } from './dialect/rule';
import { Stage } from './dialect/variables';
import { fromParts, mergedParts, PARTS, rulesOf } from './parts';
import { ClientPolicies } from './parts/part';
import { not } from '../../cel/predicates';
import { Gateway } from '../../model/gateway';
import { Entry } from '../../model/plan';

/*
 * What is asked on the routes that clients reach. Rules come first, so that what is refused is neither counted by a limit nor
 * changed; then messages are changed on their way to the servers, and answers on their way back.
 */

/** The policies of such routes, and the rules on each item there. */
export interface Access {
  readonly policies: RoutePolicies;
  readonly items?: Rules;
}

/** Policies are written in this order, and any other after them. */
const ORDER: readonly (keyof RoutePolicies)[] = [
  'cors',
  'jwtAuth',
  'mcpAuthentication',
  'basicAuth',
  'apiKey',
  'authorization',
  'remoteRateLimit',
  'transformations',
  'buffer',
  'directResponse',
  'requestHeaderModifier',
  'responseHeaderModifier',
];

/** What all parts ask at an entry. */
export function accessOf(entry: Entry, gateway: Gateway): Access {
  const rules = rulesOf(entry);
  const all: RoutePolicies = {
    ...mergedParts<ClientPolicies>(part => part.policies?.(entry, gateway)),
    authorization: rulesAt(
      'request',
      rules,
      fromParts(part => part.secretRules?.(entry)),
    ),
    transformations: transformationsOf(entry),
    directResponse: answersOf(entry, rules),
  };
  return {
    policies: { ...Object.fromEntries(ORDER.map(name => [name, undefined])), ...all },
    items: rulesAt('item', rules, []),
  };
}

function rulesAt(stage: Stage, all: readonly StagedRule[], more: readonly Rule[]): Rules | undefined {
  const rules = [
    ...all
      .filter(rule => rule.stage === stage && rule.answer === undefined)
      .map(({ expression }): Rule => ({ require: expression })),
    ...more,
  ];
  return rules.length === 0 ? undefined : { rules };
}

/** What errs is refused, too: of an answer whose condition errs, agentgateway takes no notice. */
function answersOf(entry: Entry, rules: readonly StagedRule[]): RoutePolicies['directResponse'] {
  const conditional = [
    ...rules.flatMap(({ answer, expression }) =>
      answer === undefined ? [] : [{ condition: `default(${not(expression)}, true)`, ...answer }],
    ),
    ...fromParts(part => part.answers?.(entry)),
  ];
  return conditional.length === 0 ? undefined : { conditional };
}

function transformationsOf(entry: Entry): Transformations | undefined {
  const messages = fromParts(part => part.messages?.(entry));
  const request = merged([
    ...PARTS.map(part => part.request?.(entry) ?? {}),
    messages.length === 0 ? {} : { body: changed('json(request.body)', messages) },
  ]);
  const response = merged(PARTS.map(part => part.response?.(entry) ?? {}));
  const found = { ...(isEmpty(request) ? {} : { request }), ...(isEmpty(response) ? {} : { response }) };
  return isEmpty(found) ? undefined : found;
}

function merged(parts: readonly MessageChanges[]): MessageChanges {
  const remove = parts.flatMap(part => part.remove ?? []);
  const metadata = Object.assign({}, ...parts.map(part => part.metadata ?? {})) as NonNullable<
    MessageChanges['metadata']
  >;
  const set = Object.assign({}, ...parts.map(part => part.set ?? {})) as NonNullable<MessageChanges['set']>;
  const body = parts.find(part => part.body !== undefined)?.body;
  return {
    ...(isEmpty(metadata) ? {} : { metadata }),
    ...(isEmpty(set) ? {} : { set }),
    ...(remove.length === 0 ? {} : { remove }),
    ...(body === undefined ? {} : { body }),
  };
}

function isEmpty(object: object): boolean {
  return Object.keys(object).length === 0;
}

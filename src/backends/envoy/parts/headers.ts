import { enforced, HeaderChanges, part, refused } from './part';
import { Diagnostic } from '../../../model/findings';
import { Header, HeaderModifier } from '../../../model/route';
import { HeaderFilter } from '../../../model/traffic-policy';
import { refusal } from '../../interface/standing';
import { HeaderValueOption, HeaderValueOptionHeaderAppendAction } from '../config/api';
import { literal } from '../config/config';

/** The changes that a route asks for to what servers and clients see. */
export const headerChanges = part({
  route: ({ entry: { requestHeaders, responseHeaders } }) => ({
    headers: { ...changes('request', requestHeaders), ...changes('response', responseHeaders) },
  }),
});

function changes(side: 'request' | 'response', modifier: HeaderModifier | undefined): HeaderChanges {
  const added = [
    ...(modifier?.set ?? []).map(header => option(header, 'OVERWRITE_IF_EXISTS_OR_ADD')),
    ...(modifier?.add ?? []).map(header => option(header, 'APPEND_IF_EXISTS_OR_ADD')),
  ];
  const dropped = modifier?.remove ?? [];
  return {
    ...(added.length === 0 ? {} : { [`${side}_headers_to_add`]: added }),
    ...(dropped.length === 0 ? {} : { [`${side}_headers_to_remove`]: [...dropped] }),
  };
}

/** An empty value is a value, too. */
function option({ name, value }: Header, action: HeaderValueOptionHeaderAppendAction): HeaderValueOption {
  return {
    header: { key: name, value: literal(value) },
    append_action: action,
    ...(value === '' ? { keep_empty_value: true } : {}),
  };
}

const VALUE = refused(
  'headerFilters.value',
  'Envoy cannot change a header by its value here',
  'take the header out, whatever its value, or filter it in the servers',
);

/** Headers that a gateway takes out of requests and of answers. */
export const headerFilters = part({
  features: {
    'policy.requestFiltering.headerFilters.change': enforced(
      'before the request goes on to a server; what routes set is held to it too',
      'action Remove, without a pattern',
    ),
    'policy.requestFiltering.headerFilters.refuse': refused(
      'policy.requestFiltering.headerFilters.refuse',
      'Envoy cannot refuse requests by the value of a header here',
      'take the header out with Remove, or ask for it in a rule (Condition.header)',
    ),
    'policy.responseFiltering.headerFilters.change': enforced(
      'before the answer goes on to the client; what routes set is held to it too',
      'action Remove, without a pattern',
    ),
    'policy.responseFiltering.headerFilters.refuse': refused(
      'policy.responseFiltering.headerFilters.refuse',
      'Envoy cannot refuse an answer for its headers',
      'take the header out with Remove',
    ),
    'policy.responseFiltering.removeInternalHeaders': refused(
      'policy.responseFiltering.removeInternalHeaders',
      'Envoy cannot tell which headers a server tells about itself by',
      'take each out with a filter of headers, or `responseHeaders` of a route',
    ),
    'policy.responseFiltering.removeInternalHeaders.off': enforced('headers of servers are passed on'),
  },
  limits: { 'headerFilters.value': VALUE },
  check: ({ gateway: { path, traffic } }) =>
    (['requestFiltering', 'responseFiltering'] as const).flatMap(field =>
      changesByValue(path, field, traffic?.[field]?.headerFilters),
    ),
  route: ({ plan: { gateway } }) => ({
    headers: {
      ...removed('request', gateway.traffic?.requestFiltering?.headerFilters),
      ...removed('response', gateway.traffic?.responseFiltering?.headerFilters),
    },
  }),
});

function removed(side: 'request' | 'response', filters: readonly HeaderFilter[] = []): HeaderChanges {
  const names = [...new Set(filters.filter(isRemoval).map(({ name }) => name))];
  return names.length === 0 ? {} : { [`${side}_headers_to_remove`]: names };
}

function isRemoval({ action, pattern }: HeaderFilter): boolean {
  return action === 'Remove' && pattern === undefined;
}

function changesByValue(path: string, property: string, filters: readonly HeaderFilter[] = []): Diagnostic[] {
  return filters.flatMap((filter, i) =>
    isRemoval(filter) || filter.action === 'Deny' || filter.action === 'Allow'
      ? []
      : [refusal(VALUE, path, `${property}.headerFilters[${i}]`, `${filter.action} ${filter.name}`)],
  );
}

import { atomicList, boolean, bytes, choice, Rule, text, textSet, ValueOf, ruleFor } from './codec';
import { HEADER_NAME } from './common';
import { demanding, only } from './feature';
import { filled, object } from './object';
import { Place } from './place';
import { errorKind, because } from '../model/findings';
import {
  BodyFilter,
  Filtering,
  HeaderFilter,
  PLACEHOLDER,
  RequestFiltering,
  ResponseFiltering,
} from '../model/traffic-policy';
import { HEADER_OF_PROTOCOL, isProtocolHeader, wholeNumberProblem } from '../model/validation';
import { memberPath } from '../values/paths';
import { parseBytes } from '../values/quantities';
import { finds, findingProblem, regexProblem } from '../values/regex';

const FILTER_ALLOW_WITHOUT_PATTERN = errorKind(
  'filter-allow-without-pattern',
  'is missing, so that every value would pass',
  'Say which values may pass',
);
const FILTER_OF_PROTOCOL = errorKind(
  'body-filter-of-protocol',
  'changes what the protocol says, and headers repeat: servers refuse a message that differs from its headers',
  'Filter what is in $.params.arguments, or refuse the message with Deny',
);
const FILTER_PATTERN_MISSING = errorKind('filter-pattern-missing', 'is missing', 'Say what is looked for');
const FILTER_REPLACEMENT_UNUSED = errorKind(
  'filter-replacement-unused',
  'replaces nothing: nothing is redacted',
  'Drop it, or use FilterAction.REDACT',
);
const FILTER_REPLACEMENT_MATCHES = errorKind(
  'filter-replacement-matches',
  'matches the pattern itself',
  'Choose one that does not',
);

const filterAction = choice('What is done with a match.', ['Allow', 'Deny', 'Remove', 'Redact']);

const headerFilter = object(
  'One filter.',
  {
    action: filterAction,
    name: text('Name of the header.', {}, HEADER_NAME),
    pattern: text(
      'What the value is compared with.',
      {},
      ruleFor('header-filter-pattern', regexProblem, 'Write it in RE2 syntax'),
    ),
  },
  { required: ['action', 'name'] },
  ({ action, name, pattern }, place) => {
    place.at('pattern').report(FILTER_ALLOW_WITHOUT_PATTERN, pattern, action === 'Allow' && pattern === undefined);
    place.at('name').report(HEADER_OF_PROTOCOL, name, !refuses({ action }) && isProtocolHeader(name));
  },
);

type HeaderFilterValue = ValueOf<typeof headerFilter>;

const refuses = ({ action }: { readonly action: HeaderFilterValue['action'] }) =>
  action === 'Allow' || action === 'Deny';

const headerFilters = atomicList(
  'Filters of headers.',
  demanding(headerFilter, {
    change: {
      by: filter => (refuses(filter) ? undefined : headerFilterModel(filter)),
      values: 'action Remove, Redact',
    },
    refuse: { by: filter => (refuses(filter) ? headerFilterModel(filter) : undefined), values: 'action Deny, Allow' },
  }),
);

function headerFilterModel({ name, action, pattern }: HeaderFilterValue): HeaderFilter {
  return { name: name.toLowerCase(), action, pattern };
}

const bodyFilter = object(
  'One filter.',
  {
    action: filterAction,
    pattern: text('What is looked for.'),
    replacement: text('What replaces it.'),
    type: choice('How it is looked for.', ['Regex', 'JSONPath', 'Size']),
  },
  { required: ['action', 'type'] },
  (value, place) => checkBodyFilter(value, place),
);

/** One filter of bodies. */
export type BodyFilterValue = ValueOf<typeof bodyFilter>;

/** What the pattern of a filter of bodies has to be, by its type. */
const PATTERNS: Readonly<Record<BodyFilterValue['type'], Rule<string>>> = {
  Regex: ruleFor('body-filter-regex', findingProblem, 'Write it in RE2 syntax, for text of at least one character'),
  JSONPath: ruleFor(
    'body-filter-path',
    pattern => (pattern.startsWith('$') ? undefined : 'is not a JSONPath'),
    'Write it as $.params.arguments.password',
  ),
  Size: ruleFor(
    'body-filter-size',
    pattern => (parseBytes(pattern) === undefined ? 'is not a size of whole bytes' : undefined),
    'Write it as 64Ki',
  ),
};

/** Whether a path leads to what the protocol says with a message, rather than what callers do. */
function isOfProtocol(path: string): boolean {
  const [first = '', second] = memberPath(path) ?? [];
  return first === 'params'
    ? ['name', 'uri', '_meta', undefined].includes(second)
    : ['id', 'jsonrpc', 'method'].includes(first);
}

function checkBodyFilter({ type, action, pattern, replacement }: BodyFilterValue, place: Place): void {
  const { kind, problem } = PATTERNS[type];
  place.at('pattern').report(FILTER_PATTERN_MISSING, pattern, pattern === undefined);
  place.at('pattern').report(kind, pattern, because(pattern === undefined ? undefined : problem(pattern)));
  place
    .at('pattern')
    .report(
      FILTER_OF_PROTOCOL,
      pattern,
      type === 'JSONPath' &&
        (action === 'Remove' || action === 'Redact') &&
        pattern !== undefined &&
        isOfProtocol(pattern),
    );
  place
    .at('replacement')
    .report(FILTER_REPLACEMENT_UNUSED, replacement, replacement !== undefined && action !== 'Redact');
  const placeholder = action === 'Remove' ? '' : (replacement ?? PLACEHOLDER);
  const again =
    type === 'Regex' &&
    (action === 'Remove' || action === 'Redact') &&
    pattern !== undefined &&
    problem(pattern) === undefined &&
    finds(pattern, placeholder);
  place.at('replacement').report(FILTER_REPLACEMENT_MATCHES, placeholder, again);
}

function bodyFilterModel({ type, action, pattern = '', replacement }: BodyFilterValue): BodyFilter {
  // A filter without a pattern is a finding.
  return { type, action, pattern, replacement };
}

/** The word of the feature that a filter demands. */
type BodyFeature = 'allow' | 'path' | 'path.selectors' | 'regex' | 'size' | 'size.change';

function bodyFeature({ type, action, pattern = '' }: BodyFilterValue): BodyFeature {
  if (action === 'Allow') {
    return 'allow';
  }
  switch (type) {
    case 'Regex':
      return 'regex';
    case 'Size':
      return action === 'Deny' ? 'size' : 'size.change';
    case 'JSONPath':
      return memberPath(pattern) === undefined ? 'path.selectors' : 'path';
  }
}

const those = (feature: BodyFeature) => (filter: BodyFilterValue) =>
  bodyFeature(filter) === feature ? bodyFilterModel(filter) : undefined;

const bodyFilters = atomicList(
  'Filters of the body.',
  demanding(bodyFilter, {
    allow: { by: those('allow'), values: 'action Allow' },
    path: { by: those('path'), values: 'type JSONPath; Deny, Remove, Redact' },
    'path.selectors': { by: those('path.selectors'), values: 'type JSONPath with wildcards, indexes or filters' },
    regex: { by: those('regex'), values: 'type Regex; Deny, Remove, Redact' },
    size: { by: those('size'), values: 'type Size; Deny' },
    'size.change': { by: those('size.change'), values: 'type Size; Remove, Redact' },
  }),
);

/** The largest size that an API server takes for a number. */
const MAX_SIZE = 2 ** 31 - 1;

const SIZE_LIMIT = ruleFor<number>(
  'size-limit',
  size => wholeNumberProblem(size, 1, MAX_SIZE),
  'Give a size of whole bytes, up to 2 GiB',
);

const filters = {
  bodyFilters,
  headerFilters,
  sizeLimit: demanding(bytes('Size of the largest body.', SIZE_LIMIT)),
};

/** What MCP sends (Streamable HTTP, "Sending Messages to the Server"). */
const MCP_CONTENT_TYPE = 'application/json';

/** `policy.requestFiltering` of a gateway. */
export const requestFiltering = object('What requests may contain.', {
  ...filters,
  contentTypeFilter: demanding(
    textSet(
      'Content types that are accepted.',
      {},
      ruleFor(
        'content-type-invalid',
        type => (/^[\w!#$&^.+-]+\/[\w!#$&^.+-]+$/.test(type) ? undefined : 'is not a media type'),
        'Write it as application/json',
      ),
      ruleFor(
        'content-types-without-mcp',
        types =>
          types.some(type => type.toLowerCase() === MCP_CONTENT_TYPE) ? undefined : 'lets no request of MCP pass',
        `Add ${MCP_CONTENT_TYPE}`,
      ),
    ),
    { '': { by: contentTypes } },
  ),
});

/** `policy.responseFiltering` of a gateway. */
export const responseFiltering = object('What responses may contain.', {
  ...filters,
  removeInternalHeaders: demanding(boolean('Whether internal headers are removed.', { default: true }), {
    '': { by: only(true), values: 'true' },
    off: { by: only(false), values: 'false' },
  }),
});

/** What requests may contain, as a gateway asks for it. */
export type RequestFilteringValue = ValueOf<typeof requestFiltering>;

/** What answers may contain, as a gateway asks for it. */
export type ResponseFilteringValue = ValueOf<typeof responseFiltering>;

function contentTypes(types: readonly string[]): string[] {
  return types.map(type => type.toLowerCase());
}

/** What a data plane has to hold requests to. */
export function requestFilteringModel(value: RequestFilteringValue): RequestFiltering {
  return { ...filteringModel(value), contentTypes: value.contentTypeFilter && contentTypes(value.contentTypeFilter) };
}

/** What a data plane has to hold answers to. */
export function responseFilteringModel(value: ResponseFilteringValue): ResponseFiltering {
  return { ...filteringModel(value), removeInternalHeaders: filled(responseFiltering, value).removeInternalHeaders };
}

function filteringModel(given: RequestFilteringValue | ResponseFilteringValue): Filtering {
  return {
    sizeLimit: given.sizeLimit,
    headerFilters: (given.headerFilters ?? []).map(headerFilterModel),
    bodyFilters: (given.bodyFilters ?? []).map(bodyFilterModel),
  };
}

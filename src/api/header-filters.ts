import { choice, list, text, textList, ValueOf } from './codec';
import { mapped, object } from './object';
import { Place } from './place';
import { errorKind } from '../model/findings';
import { HeaderModifier } from '../model/route';
import {
  HEADER_NAME_INVALID,
  HEADER_OF_PROTOCOL,
  HEADER_VALUE_INVALID,
  isHeaderName,
  isHeaderValue,
  isProtocolHeader,
} from '../model/validation';
import { Path } from '../values/paths';
import { compareText } from '../values/text';

const FILTER_FIELD_MISSING = errorKind('filter-field-missing', 'is missing for type {type}', 'Add it');
const FILTER_FIELD_OTHER = errorKind(
  'filter-field-other',
  'does not go with type {type}',
  'Remove it, or write a filter of its own for it',
);
const ROUTE_FILTER_HEADER_TWICE = errorKind(
  'route-filter-header-twice',
  'is named twice by the {type} filters of this route',
  'Name each header once, in set, add or remove',
);
const HEADER_NAMED_TWICE = errorKind(
  'header-named-twice',
  'is named twice',
  'Name each header once, in set, add or remove',
);

/** Changes of headers: a list of filters in the API, one set of changes for each direction where they are said in code. */

const header = object(
  'One header.',
  {
    name: text('Name of the header.'),
    value: text('Value of the header.'),
  },
  { required: ['name', 'value'] },
);

const headerModifier = (description: string) =>
  object(description, {
    add: list('Headers to add; values already there stay.', header),
    remove: textList('Names of headers to remove.'),
    set: list('Headers to set; values already there are replaced.', header),
  });

const filter = object(
  'One filter.',
  {
    requestHeaderModifier: headerModifier("Changes of the request's headers."),
    responseHeaderModifier: headerModifier("Changes of the response's headers."),
    type: choice('Which filter this is.', ['RequestHeaderModifier', 'ResponseHeaderModifier']),
  },
  { required: ['type'] },
);

type FilterValue = ValueOf<typeof filter>;

/** Filter types, with the field of the schema and the option that each goes with. */
const FILTERS = {
  RequestHeaderModifier: { field: 'requestHeaderModifier', option: 'requestHeaders' },
  ResponseHeaderModifier: { field: 'responseHeaderModifier', option: 'responseHeaders' },
} as const;

const TYPES = Object.keys(FILTERS) as (keyof typeof FILTERS)[];

/** Changes of headers by their names. */
export interface HeaderChanges {
  readonly set?: Readonly<Record<string, string>>;
  readonly add?: Readonly<Record<string, string>>;
  readonly remove?: readonly string[];
}

/** Changes of headers in both directions. */
export interface HeaderFilters {
  readonly requestHeaders?: HeaderChanges;
  readonly responseHeaders?: HeaderChanges;
}

/** `filters` of a route. */
export const headerFilters = mapped(list('Changes of requests and responses.', filter), {
  read: readFilters,
  write: value => TYPES.flatMap(type => writeFilter(type, value[FILTERS[type].option])),
  check: (value, place) => {
    for (const { option } of Object.values(FILTERS)) {
      checkChanges(value[option] ?? {}, place.at(option));
    }
  },
  place: placeOfHeader,
});

/** Several filters of one type are one set of changes; what they contradict each other in is an error. */
function readFilters(filters: readonly FilterValue[], place: Place): HeaderFilters {
  const changes: { requestHeaders?: HeaderChanges; responseHeaders?: HeaderChanges } = {};
  const seen = new Set<string>();
  filters.forEach((given, i) => {
    const { type } = given;
    if (!TYPES.includes(type)) {
      return;
    }
    const { field, option } = FILTERS[type];
    checkFields(given, place.at(i));
    const { set = [], add = [], remove = [] } = given[field] ?? {};
    const note = (name: string, at: Place): void => {
      const key = `${type} ${name.toLowerCase()}`;
      at.report(ROUTE_FILTER_HEADER_TWICE, name, seen.has(key) ? { type } : undefined);
      seen.add(key);
    };
    const at = place.at(i, field);
    set.forEach(({ name }, n) => note(name, at.at('set', n, 'name')));
    add.forEach(({ name }, n) => note(name, at.at('add', n, 'name')));
    remove.forEach((name, n) => note(name, at.at('remove', n)));
    changes[option] = mergedChanges(changes[option] ?? {}, { set: byName(set), add: byName(add), remove });
  });
  return changes;
}

function checkFields(given: FilterValue, place: Place): void {
  const wanted = FILTERS[given.type].field;
  for (const { field } of Object.values(FILTERS)) {
    const present = given[field] !== undefined;
    const { type } = given;
    place.at(field).report(FILTER_FIELD_MISSING, given[field], field === wanted && !present ? { type } : undefined);
    place.at(field).report(FILTER_FIELD_OTHER, given[field], field !== wanted && present ? { type } : undefined);
  }
}

function byName(headers: readonly ValueOf<typeof header>[]): Record<string, string> {
  return Object.fromEntries(headers.map(({ name, value }) => [name, value]));
}

function writeFilter(type: keyof typeof FILTERS, changes: HeaderChanges | undefined): FilterValue[] {
  if (changes === undefined || changesNothing(changes)) {
    return [];
  }
  const { set, add, remove } = headerModifierModel(changes);
  return [
    {
      type,
      [FILTERS[type].field]: {
        ...(set.length === 0 ? {} : { set }),
        ...(add.length === 0 ? {} : { add }),
        ...(remove.length === 0 ? {} : { remove }),
      },
    },
  ];
}

function checkChanges(changes: HeaderChanges, place: Place): void {
  const names: string[] = [];
  const checkName = (name: string, at: Place): void => {
    at.report(HEADER_NAME_INVALID, name, !isHeaderName(name));
    at.report(HEADER_OF_PROTOCOL, name, isProtocolHeader(name));
    at.report(HEADER_NAMED_TWICE, name, names.includes(name.toLowerCase()));
    names.push(name.toLowerCase());
  };
  for (const verb of ['set', 'add'] as const) {
    for (const [name, value] of Object.entries(changes[verb] ?? {})) {
      checkName(name, place.at(verb, name));
      place.at(verb, name).report(HEADER_VALUE_INVALID, value, !isHeaderValue(value));
    }
  }
  changes.remove?.forEach((name, i) => checkName(name, place.at('remove', i)));
}

/** Place of a header in filters: by name, or by position among those to remove. */
function placeOfHeader([option, verb, header_]: Path, filters: readonly any[] | undefined): Path | undefined {
  if (!TYPES.some(type => FILTERS[type].option === option)) {
    return undefined;
  }
  const places = (filters ?? []).flatMap((given, i) => {
    const { field, option: own } = FILTERS[given.type as keyof typeof FILTERS];
    const changes: readonly any[] = own === option ? (given[field]?.[verb] ?? []) : [];
    return changes.map((change, n) => ({ path: [i, field, verb, n], name: change.name }));
  });
  return (verb === 'remove' ? places[Number(header_)] : places.find(({ name }) => name === header_))?.path ?? [];
}

/** A header among changes as users of options know it: names stand in brackets. */
export function formatHeader([option, verb, name]: Path): string {
  return `${option}.${verb}[${name}]`;
}

/** Whether changes leave everything as it is. */
export function changesNothing({ set = {}, add = {}, remove = [] }: HeaderChanges): boolean {
  return Object.keys(set).length + Object.keys(add).length + remove.length === 0;
}

/** One set of changes made of two. */
export function mergedChanges(a: HeaderChanges, b: HeaderChanges): HeaderChanges {
  return {
    set: { ...a.set, ...b.set },
    add: { ...a.add, ...b.add },
    remove: [...(a.remove ?? []), ...(b.remove ?? [])],
  };
}

/** The changes as plain data, names in lower case and sorted: their order has no meaning. */
export function headerModifierModel({ set = {}, add = {}, remove = [] }: HeaderChanges): HeaderModifier {
  const pairs = (headers: Readonly<Record<string, string>>) =>
    Object.entries(headers)
      .map(([name, value]) => ({ name: name.toLowerCase(), value }))
      .sort((a, b) => compareText(a.name, b.name));
  return { set: pairs(set), add: pairs(add), remove: remove.map(name => name.toLowerCase()).sort() };
}

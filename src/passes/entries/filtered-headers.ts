import { Diagnostic, findingOf, warningKind } from '../../model/findings';
import { Entry } from '../../model/plan';
import { Header, HeaderModifier } from '../../model/route';
import { HeaderFilter, PLACEHOLDER, TrafficPolicy } from '../../model/traffic-policy';
import { compileRegex } from '../../values/regex';

/*
 * A gateway's filters of headers are its last word. Data planes filter what comes in, and routes change headers behind that: so
 * what a route puts into a message is held to the filters here, where both are known.
 */

const ROUTE_HEADER_FILTERED = warningKind(
  'route-header-filtered',
  'has no effect: {gateway} filters this header ({filter}), and its word is the last',
  'Remove it, or change the filter of the gateway',
);

/** The sides of a call: what a route changes there, and what a gateway filters. */
const SIDES = [
  { headers: 'requestHeaders', filtering: 'requestFiltering' },
  { headers: 'responseHeaders', filtering: 'responseFiltering' },
] as const;

/** An entry whose changes of headers its gateway lets through, with a warning for each that it does not. */
export function withFilteredHeaders(
  entry: Entry,
  traffic: TrafficPolicy | undefined,
): { readonly entry: Entry; readonly diagnostics: readonly Diagnostic[] } {
  const sides = SIDES.map(({ headers, filtering }) => {
    const changes = entry[headers];
    const filters = traffic?.[filtering]?.headerFilters ?? [];
    return traffic === undefined || changes === undefined || filters.length === 0
      ? { changed: {}, diagnostics: [] }
      : {
          changed: { [headers]: filteredChanges(changes, filters) },
          diagnostics: filteredFindings(entry.origin, headers, changes, traffic.path, filtering, filters),
        };
  });
  return {
    entry: Object.assign({}, entry, ...sides.map(({ changed }) => changed)),
    diagnostics: sides.flatMap(({ diagnostics }) => diagnostics),
  };
}

/**
 * Changes as filters leave them. A header that may not be set is not there, so what clients or servers send goes as well; where a
 * filter takes it out whatever its value, it does that itself.
 */
function filteredChanges({ set, add, remove }: HeaderModifier, filters: readonly HeaderFilter[]): HeaderModifier {
  const kept = (headers: readonly Header[]): Header[] =>
    headers.flatMap(({ name, value }) => {
      const filter = filterOf({ name, value }, filters);
      return filter === undefined
        ? [{ name, value }]
        : filter.action === 'Redact'
          ? [{ name, value: PLACEHOLDER }]
          : [];
    });
  const left = kept(set);
  const removes = ({ action, pattern }: HeaderFilter): boolean => action === 'Remove' && pattern === undefined;
  const settled = [...left, ...filters.filter(removes)].map(({ name }) => name);
  const gone = set.map(({ name }) => name).filter(name => !settled.includes(name));
  return { set: left, add: kept(add), remove: [...remove, ...gone].sort() };
}

function filteredFindings(
  path: string,
  headers: string,
  changes: HeaderModifier,
  gateway: string,
  filtering: string,
  filters: readonly HeaderFilter[],
): Diagnostic[] {
  return (['set', 'add'] as const).flatMap(verb =>
    changes[verb].flatMap(header => {
      const filter = filterOf(header, filters);
      return filter === undefined
        ? []
        : [
            findingOf(ROUTE_HEADER_FILTERED, path, `${headers}.${verb}[${header.name}]`, header.value, {
              gateway,
              filter: `${filtering}.headerFilters[${filters.indexOf(filter)}]`,
            }),
          ];
    }),
  );
}

/** The first filter that does not let a header through as it is. */
function filterOf({ name, value }: Header, filters: readonly HeaderFilter[]): HeaderFilter | undefined {
  return filters.find(filter => {
    const meets = filter.pattern === undefined || compileRegex(filter.pattern).matches(value);
    return filter.name === name && (filter.action === 'Allow' ? !meets : meets);
  });
}

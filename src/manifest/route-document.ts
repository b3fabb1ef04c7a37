import { parseDuration } from './durations';
import { Fields } from './fields';
import { METADATA_TRANSLATIONS, ManifestDocument, ReadContext, Reading, translator } from './plan';
import { POLICY_TRANSLATIONS, readPolicy } from './policy-document';
import { Constructs, checkGateway, checkServer } from './references';
import { DocumentCheck } from './source-document';
import { GatewayRef } from '../model/route';
import { ServerRef } from '../model/server';
import { HeaderMatch } from '../route/header-match';
import { HeaderModifierOptions } from '../route/header-modifier-options';
import { McpRoute } from '../route/mcp-route';
import { McpBackend, McpMatchOptions, McpRouteProps } from '../route/route-options';
import { ToolMatch } from '../route/tool-match';
import { carry } from '../synthesis/carried';
import { Json } from '../values/json';
import { Path } from '../values/property-path';

const translateRoute = translator({
  ...METADATA_TRANSLATIONS,
  ...POLICY_TRANSLATIONS,
  gateway: 'spec.gatewayRef',
  backends: 'spec.backendRefs',
});

/** Where options of a route were read from. */
export function routeTranslator(spec: Json): (property: string) => Path {
  return property => {
    const [, option, verb, header] =
      /^(requestHeaders|responseHeaders)\.(set|add|remove)\[(.*)\]$/.exec(property) ?? [];
    return option === undefined ? translateRoute(property) : headerPlace(spec.filters ?? [], option, verb, header);
  };
}

/** Place of a header in filters, which a route has as one set of changes: by name, or by position among those to remove. */
function headerPlace(filters: readonly Json[], option: string, verb: string, header: string): Path {
  const places = filters.flatMap((filter, i) => {
    const { field, option: own } = FILTERS[filter.type as FilterType];
    const changes: readonly any[] = own === option ? (filter[field]?.[verb] ?? []) : [];
    return changes.map((change, n) => ({ path: ['spec', 'filters', i, field, verb, n], name: change.name }));
  });
  return (
    (verb === 'remove' ? places[Number(header)] : places.find(({ name }) => name === header))?.path ?? [
      'spec',
      'filters',
    ]
  );
}

/** A backend whose server is not looked up yet. */
interface BackendRef {
  readonly server: ServerRef;
  readonly weight?: number;
}

/** A rule whose servers are not looked up yet. */
interface MatchDocument {
  readonly conditions: Omit<McpMatchOptions, 'backends'>;
  readonly backends: readonly BackendRef[];
}

/** Reads an MCPRoute. */
export function readRoute(document: ManifestDocument, context: ReadContext): Reading {
  const { check, metadata } = document;
  const fields = new Fields(document.spec);
  const gateway = readGatewayRef(fields.read('gatewayRef'), document, context);
  const backends = readBackends(fields.read('backendRefs'), ['spec', 'backendRefs'], document, context);
  const matches = ((fields.read('matches') ?? []) as Json[]).map((match, i) =>
    readMatch(match, ['spec', 'matches', i], document, context),
  );
  const policy = readPolicy(fields, document, context, metadata.namespace);
  const options: McpRouteProps = {
    name: metadata.name,
    namespace: metadata.namespace,
    labels: metadata.labels,
    annotations: metadata.annotations,
    ...readFilters(check, fields.read('filters') ?? []),
    timeouts: durations(fields.read('timeouts'), ['request', 'backendRequest']),
    retry: readRetry(check, fields.read('retry')),
    ...policy.options,
  };
  fields.unread().forEach(({ path, value }) => check.error(path, value, 'is not supported yet', 'Remove it'));
  return {
    carried: policy.carried,
    create: (scope, id, constructs, extra) =>
      new McpRoute(
        scope,
        id,
        carry(
          {
            ...options,
            gateway: gateway && constructs.gateway(gateway),
            backends: backends.map(backend => lookUp(backend, constructs)),
            matches: matches.map(match => ({
              ...match.conditions,
              backends: match.backends.map(backend => lookUp(backend, constructs)),
            })),
          },
          extra,
        ),
      ),
  };
}

function lookUp({ server, weight }: BackendRef, constructs: Constructs): McpBackend {
  return { server: constructs.server(server), weight };
}

function readGatewayRef(
  ref: Json | undefined,
  { check, metadata }: ManifestDocument,
  context: ReadContext,
): GatewayRef | undefined {
  if (ref === undefined) {
    return context.defaultGateway;
  }
  if (!context.rendered) {
    return undefined;
  }
  const { kind = 'MCPGateway', name, namespace } = ref;
  const gateway: GatewayRef = {
    kind,
    name,
    namespace: kind === 'MCPGateway' ? (namespace ?? metadata.namespace) : undefined,
  };
  checkGateway(check, ['spec', 'gatewayRef', 'name'], gateway, context.inventory);
  return gateway;
}

function readBackends(
  refs: readonly Json[] | undefined,
  path: Path,
  { check, metadata }: ManifestDocument,
  { inventory }: ReadContext,
): BackendRef[] {
  return (refs ?? []).map(({ serverRef, weight }, i) => {
    const { kind = 'MCPServer', name } = serverRef;
    const server: ServerRef = { kind, name, namespace: kind === 'MCPServer' ? metadata.namespace : undefined };
    if (name === undefined || name === '') {
      check.error(
        [...path, i, 'serverRef', 'name'],
        name,
        'names no server',
        'Write the name of an MCPServer of this namespace, or of a ClusterMCPServer',
      );
    } else {
      checkServer(check, [...path, i, 'serverRef', 'name'], server, inventory);
    }
    return { server, weight };
  });
}

function readMatch(match: Json, path: Path, document: ManifestDocument, context: ReadContext): MatchDocument {
  const { check } = document;
  const headers = ((match.headers ?? []) as Json[]).map((header, i) =>
    readHeader(check, header, [...path, 'headers', i]),
  );
  return {
    conditions: {
      tools: readTools(check, match, path),
      method: match.method,
      headers: headers.flatMap(header => header ?? []),
    },
    backends: readBackends(match.backendRefs, [...path, 'backendRefs'], document, context),
  };
}

function readHeader(check: DocumentCheck, { type = 'Exact', name, value }: Json, path: Path): HeaderMatch | undefined {
  return check.attempt(
    property => [...path, property === 'name' ? 'name' : 'value'],
    () => {
      switch (type) {
        case 'Prefix':
          return HeaderMatch.prefix(name, value);
        case 'Regex':
          return HeaderMatch.regex(name, value);
        default:
          return HeaderMatch.exact(name, value);
      }
    },
  );
}

function readTools(check: DocumentCheck, { tools, toolMatch = {} }: Json, path: Path): ToolMatch | undefined {
  const ways = Object.keys(toolMatch);
  if (ways.length > 1) {
    check.error(
      [...path, 'toolMatch'],
      toolMatch,
      `has ${ways.join(' and ')}: it is not said whether one or all must match`,
      'Keep one, or write one rule for each',
    );
    return undefined;
  }
  if (tools?.length > 0 && ways.length > 0) {
    check.error(
      path,
      ['tools', 'toolMatch'],
      'has both: it is not said whether one or both must match',
      'Keep one, or write one rule for each',
    );
    return undefined;
  }
  if (tools?.length > 0) {
    return check.attempt(
      property => [
        ...path,
        'tools',
        ...(property.startsWith('globs[') ? [Number(property.slice('globs['.length, -1))] : []),
      ],
      () => ToolMatch.glob(...tools),
    );
  }
  return check.attempt(
    () => [...path, 'toolMatch', ways[0]],
    () => {
      switch (ways[0]) {
        case 'exactMatch':
          return ToolMatch.exact(toolMatch.exactMatch);
        case 'prefixMatch':
          return ToolMatch.prefix(toolMatch.prefixMatch);
        case 'regexMatch':
          return ToolMatch.regex(toolMatch.regexMatch);
        default:
          return undefined;
      }
    },
  );
}

/** Filter types, with the field of the schema and the option that each goes with. */
const FILTERS = {
  RequestHeaderModifier: { field: 'requestHeaderModifier', option: 'requestHeaders' },
  ResponseHeaderModifier: { field: 'responseHeaderModifier', option: 'responseHeaders' },
} as const;

type FilterType = keyof typeof FILTERS;

/** Several filters of one type are one set of changes; what they contradict each other in is an error. */
function readFilters(
  check: DocumentCheck,
  filters: readonly Json[],
): Pick<McpRouteProps, 'requestHeaders' | 'responseHeaders'> {
  const options: { requestHeaders?: HeaderModifierOptions; responseHeaders?: HeaderModifierOptions } = {};
  const seen = new Set<string>();
  filters.forEach((filter, i) => {
    const type: FilterType = filter.type;
    if (!(type in FILTERS)) {
      return;
    }
    const { field, option } = FILTERS[type];
    for (const other of Object.values(FILTERS)) {
      const given = filter[other.field] !== undefined;
      check.check(
        ['spec', 'filters', i, other.field],
        filter[other.field],
        other.field === field && !given
          ? `is missing for type ${type}`
          : other.field !== field && given
            ? `does not go with type ${type}`
            : undefined,
        other.field === field ? 'Add it' : 'Remove it, or write a filter of its own for it',
      );
    }
    const { set = [], add = [], remove = [] }: { set?: Json[]; add?: Json[]; remove?: string[] } = filter[field] ?? {};
    const place: Path = ['spec', 'filters', i, field];
    const note = (name: string, path: Path): void => {
      const key = `${type} ${name.toLowerCase()}`;
      check.check(
        path,
        name,
        seen.has(key) ? `is named twice by the ${type} filters of this route` : undefined,
        'Name each header once, in set, add or remove',
      );
      seen.add(key);
    };
    set.forEach(({ name }, n) => note(name, [...place, 'set', n, 'name']));
    add.forEach(({ name }, n) => note(name, [...place, 'add', n, 'name']));
    remove.forEach((name, n) => note(name, [...place, 'remove', n]));
    const before = options[option] ?? {};
    options[option] = {
      set: { ...before.set, ...valuesByName(set) },
      add: { ...before.add, ...valuesByName(add) },
      remove: [...(before.remove ?? []), ...remove],
    };
  });
  return options;
}

function valuesByName(headers: readonly Json[]): Record<string, string> {
  return Object.fromEntries(headers.map(({ name, value }) => [name, value]));
}

function readRetry(check: DocumentCheck, retry: Json | undefined): McpRouteProps['retry'] {
  if (retry === undefined) {
    return undefined;
  }
  check.check(
    ['spec', 'retry', 'attempts'],
    retry.attempts,
    retry.attempts === undefined ? 'is missing' : undefined,
    'Write how many attempts are made in all, the first included',
  );
  return retry.attempts === undefined
    ? undefined
    : { attempts: retry.attempts, codes: retry.codes, ...durations(retry, ['backoff']) };
}

/** The schema has checked that they are durations. */
function durations(object: Json | undefined, names: readonly string[]): Json | undefined {
  return (
    object &&
    Object.fromEntries(names.flatMap(name => (object[name] === undefined ? [] : [[name, parseDuration(object[name])]])))
  );
}

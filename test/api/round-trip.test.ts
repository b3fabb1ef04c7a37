import { Ajv } from 'ajv';
import fc from 'fast-check';
import { jsonOf } from './schema-arbitrary';
import { Codec } from '../../src/api/codec';
import { clusterMcpGateway, mcpGateway } from '../../src/api/mcp-gateway';
import { mcpRoute } from '../../src/api/mcp-route';
import { clusterMcpServer, mcpServer } from '../../src/api/mcp-server';
import { Place } from '../../src/api/place';
import { toJsonSchema } from '../../src/manifest/schema';
import { formatPath, Path, startsWith } from '../../src/values/property-path';

/*
 * What stands in a document is what is written again, whatever it says: nothing is lost on the way, and what is written is
 * taken by the schema.
 */

/** The value of JSON, with the places of what cannot be read. */
function decoded<T>(
  codec: Codec<T>,
  json: unknown,
): { readonly value: T | undefined; readonly unread: readonly Path[] } {
  const unread: Path[] = [];
  return { value: codec.decode(json, new Place(path => unread.push(path))), unread };
}

/** Places of everything that has nothing below it. */
function leaves(json: any, path: Path = []): Path[] {
  return typeof json !== 'object' || json === null || Object.keys(json).length === 0
    ? [path]
    : Object.entries(json).flatMap(([name, item]) =>
        leaves(item, [...path, Array.isArray(json) ? Number(name) : name]),
      );
}

/** Fields of which an empty one says no more than none. */
const NOTHING_IF_EMPTY = ['matchLabels', 'matchExpressions', 'values', 'prefix'];

/** JSON without what says nothing. */
function meant(json: any): any {
  if (Array.isArray(json)) {
    return json.map(meant);
  }
  return typeof json !== 'object' || json === null
    ? json
    : Object.fromEntries(
        Object.entries<any>(json)
          .filter(([name, item]) => !(NOTHING_IF_EMPTY.includes(name) && Object.keys(item).length === 0))
          .map(([name, item]) => [name, meant(item)]),
      );
}

describe.each(
  [mcpServer, clusterMcpServer, mcpRoute, mcpGateway, clusterMcpGateway].map(({ kind, spec }) => ({ kind, spec })),
)('$kind', ({ spec }) => {
  const validate = new Ajv({ strict: false, unicodeRegExp: false, formats: { int32: true, int64: true } }).compile(
    toJsonSchema(spec.schema),
  );

  test('what was read is written and read again', () => {
    fc.assert(
      fc.property(jsonOf(spec.schema), json => {
        const { value, unread } = decoded(spec, json);
        const written = spec.encode(value!);
        expect(validate(written) ? [] : validate.errors).toEqual([]);
        expect(decoded(spec, written)).toEqual({ value, unread: [] });
        // Items of lists move up where an earlier one cannot be read.
        const said = leaves(meant(json));
        const kept = unread.length > 0 ? undefined : said.map(formatPath);
        expect(kept === undefined ? undefined : leaves(meant(written)).map(formatPath).sort()).toEqual(kept?.sort());
        for (const path of said.filter(leaf => leaf.every(step => typeof step === 'string'))) {
          const lost = path.reduce<any>((object, step) => object?.[step], written) === undefined;
          expect(!lost || unread.some(place => startsWith(path, place.slice(0, -1)))).toBe(true);
        }
      }),
      { numRuns: 25, seed: 7 },
    );
  });
});

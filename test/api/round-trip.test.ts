import { Ajv } from 'ajv';
import fc from 'fast-check';
import { jsonOf } from './schema-arbitrary';
import { Codec } from '../../src/api/codec';
import { toJsonSchema } from '../../src/api/json-schema';
import { clusterMcpGateway, mcpGateway } from '../../src/api/mcp-gateway';
import { mcpRoute } from '../../src/api/mcp-route';
import { clusterMcpServer, mcpServer } from '../../src/api/mcp-server';
import { Place } from '../../src/api/place';
import { canonicalText } from '../../src/values/json';
import { Path, startsWith } from '../../src/values/paths';

/*
 * What stands in a document is what is written again, whatever it says: nothing is lost on the way, and what is written is
 * taken by the schema. The filters of a route, which become one set of changes, are tested by themselves.
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

const at = (json: any, path: Path): unknown => path.reduce((object, step) => object?.[step], json);
const inList = (path: Path): boolean => path.some(step => typeof step === 'number');
const isEqual = (a: unknown, b: unknown): boolean => canonicalText(a) === canonicalText(b);

/** JSON without what stands at a path. */
function without(json: any, [step, ...rest]: Path): any {
  const copy = Array.isArray(json) ? [...json] : { ...json };
  if (rest.length > 0) {
    copy[step] = without(json[step], rest);
  } else {
    delete copy[step];
  }
  return copy;
}

describe.each(
  [mcpServer, clusterMcpServer, mcpRoute, mcpGateway, clusterMcpGateway].map(({ kind, spec }) => ({ kind, spec })),
)('$kind', ({ spec }) => {
  const validate = new Ajv({ strict: false, unicodeRegExp: false, formats: { int32: true, int64: true } }).compile(
    toJsonSchema(spec.schema),
  );

  test('what was read is written and read again', () => {
    fc.assert(
      fc.property(jsonOf(spec.schema), anything => {
        const { filters, ...json } = anything as Record<string, unknown>;
        const { value, unread } = decoded(spec, json);
        const written = spec.encode(value!);
        const errors = validate(written) ? [] : validate.errors!;
        // A list may be left without items where none of them can be read.
        expect(errors.filter(({ keyword }) => unread.length === 0 || keyword !== 'minItems')).toEqual([]);
        expect(decoded(spec, written)).toEqual({ value, unread: [] });
        const lost = leaves(json).filter(path => at(written, path) === undefined);
        for (const path of lost) {
          const dropped = path.slice(0, path.findIndex((_, i) => at(written, path.slice(0, i + 1)) === undefined) + 1);
          // It says what would hold without it, or cannot be read: then items of lists move up.
          const reported = unread.some(
            place => startsWith(place, dropped) || startsWith(path, place.slice(0, -1)) || inList(path),
          );
          expect(reported || isEqual(decoded(spec, without(json, path)), { value, unread })).toBe(true);
        }
      }),
      { numRuns: 25, seed: 7 },
    );
  });
});

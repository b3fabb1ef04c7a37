import { DocumentCheck } from './source-document';
import { isObject, Json } from '../values/json';
import { Path } from '../values/paths';

/**
 * The spec of a route in the form of the schema. The proposal's own examples name servers as
 * `backendRefs: [{name: x}]`, where its schema says `serverRef.name`.
 */
export function normalizeBackendRefs(check: DocumentCheck, spec: Json): Json {
  const matches = Array.isArray(spec.matches)
    ? {
        matches: spec.matches.map((match: unknown, i: number) =>
          isObject(match)
            ? { ...match, ...normalized(check, ['spec', 'matches', i, 'backendRefs'], match.backendRefs) }
            : match,
        ),
      }
    : {};
  return { ...spec, ...normalized(check, ['spec', 'backendRefs'], spec.backendRefs), ...matches };
}

function normalized(check: DocumentCheck, path: Path, backendRefs: unknown): Json {
  return Array.isArray(backendRefs)
    ? { backendRefs: backendRefs.map((ref, i) => (isObject(ref) ? normalizedRef(check, [...path, i], ref) : ref)) }
    : {};
}

function normalizedRef(check: DocumentCheck, path: Path, ref: Json): Json {
  const { name, kind, ...rest } = ref;
  if (name === undefined && kind === undefined) {
    return ref;
  }
  if (ref.serverRef !== undefined) {
    check.error(path, ref, 'names a server twice, by serverRef and by itself', 'Keep serverRef');
    return rest;
  }
  return { ...rest, serverRef: { ...(name === undefined ? {} : { name }), ...(kind === undefined ? {} : { kind }) } };
}

import { API_VERSION, KIND_NAMES, ManifestKind, isManifestKind } from './kinds';
import { OtherKinds } from './manifest-options';
import { describeType } from './schema-findings';
import { DocumentCheck } from './source-document';
import { GROUP } from '../api/resource';
import { Json } from '../values/json';
import { nearest } from '../values/text';

/** Version of OME's own resources, which are not read here. */
const OME_API_VERSION = `${GROUP}/v1beta1`;

/** What becomes of a document: a construct, an object as it is, or only errors. */
export type Classification = { readonly kind: ManifestKind } | 'other' | undefined;

/** Decides by apiVersion and kind. */
export function classify(check: DocumentCheck, { apiVersion, kind }: Json, otherKinds: OtherKinds): Classification {
  for (const [field, value] of [
    ['apiVersion', apiVersion],
    ['kind', kind],
  ]) {
    check.check(
      [field],
      value,
      value === undefined || value === null
        ? 'is missing'
        : typeof value !== 'string'
          ? `is ${describeType(value)}, not text`
          : undefined,
      field === 'kind' ? `Write one of ${KIND_NAMES.join(', ')}` : `Write ${API_VERSION}`,
    );
  }
  if (!check.clean) {
    return undefined;
  }
  if (apiVersion === API_VERSION) {
    if (isManifestKind(kind)) {
      return { kind };
    }
    const meant = nearest(kind, KIND_NAMES);
    check.error(
      ['kind'],
      kind,
      `is not a kind of ${API_VERSION}`,
      meant === undefined ? `Write one of ${KIND_NAMES.join(', ')}` : `Write ${meant}`,
    );
    return undefined;
  }
  const ours = KIND_NAMES.some(name => name.toLowerCase() === kind.toLowerCase());
  const sameGroup = apiVersion.startsWith(`${GROUP}/`);
  // A version without a group is the core group's, which has none of these kinds.
  if (ours && (sameGroup || !apiVersion.includes('/'))) {
    check.error(['apiVersion'], apiVersion, `is not the version of ${kind}`, `Write ${API_VERSION}`);
    return undefined;
  }
  if (sameGroup && apiVersion !== OME_API_VERSION) {
    check.error(
      ['apiVersion'],
      apiVersion,
      `is not a version of ${GROUP}`,
      `Write ${API_VERSION} for ${KIND_NAMES.join(', ')}, ${OME_API_VERSION} for OME's own resources`,
    );
    return undefined;
  }
  if (otherKinds === OtherKinds.REJECT) {
    check.error(
      ['kind'],
      kind,
      `is a kind of ${apiVersion}, which a manifest does not turn into constructs`,
      'Remove the document, or pass otherKinds: OtherKinds.PASS_THROUGH to emit it as it is',
    );
    return undefined;
  }
  return 'other';
}

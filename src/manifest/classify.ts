import { API_VERSION, KIND_NAMES, ManifestKind, isManifestKind } from './kinds';
import { OtherKinds } from './manifest-options';
import { DocumentCheck } from './source-document';
import { GROUP } from '../api/resource';
import { describeType } from '../api/schema-findings';
import { errorKind } from '../model/findings';
import { Json } from '../values/json';
import { nearest } from '../values/text';

/** Version of OME's own resources, which are not read here. */
const OME_API_VERSION = `${GROUP}/v1beta1`;

const KIND_MISSING = errorKind('document-kind-missing', 'is missing', `Write one of ${KIND_NAMES.join(', ')}`);
const KIND_NOT_TEXT = errorKind(
  'document-kind-not-text',
  'is {type}, not text',
  `Write one of ${KIND_NAMES.join(', ')}`,
);
const KIND_UNKNOWN = errorKind('document-kind-unknown', `is not a kind of ${API_VERSION}`, 'Write {meant}');
const API_VERSION_MISSING = errorKind('api-version-missing', 'is missing', `Write ${API_VERSION}`);
const API_VERSION_NOT_TEXT = errorKind('api-version-not-text', 'is {type}, not text', `Write ${API_VERSION}`);
const API_VERSION_OF_KIND = errorKind('api-version-of-kind', 'is not the version of {kind}', `Write ${API_VERSION}`);
const API_VERSION_UNKNOWN = errorKind(
  'api-version-unknown',
  `is not a version of ${GROUP}`,
  `Write ${API_VERSION} for {kinds}, ${OME_API_VERSION} for OME's own resources`,
);
const KIND_NOT_OF_MANIFEST = errorKind(
  'kind-not-of-manifest',
  'is a kind of {apiVersion}, which a manifest does not turn into constructs',
  'Remove the document, or pass otherKinds: OtherKinds.PASS_THROUGH to emit it as it is',
);

/** What becomes of a document: a construct, an object as it is, or only errors. */
export type Classification = { readonly kind: ManifestKind } | 'other' | undefined;

/** Decides by apiVersion and kind. */
export function classify(check: DocumentCheck, { apiVersion, kind }: Json, otherKinds: OtherKinds): Classification {
  const given = (value: unknown) => value !== undefined && value !== null;
  const typeOf = (value: unknown) =>
    given(value) && typeof value !== 'string' ? { type: describeType(value) } : undefined;
  check.report(API_VERSION_MISSING, ['apiVersion'], apiVersion, !given(apiVersion));
  check.report(API_VERSION_NOT_TEXT, ['apiVersion'], apiVersion, typeOf(apiVersion));
  check.report(KIND_MISSING, ['kind'], kind, !given(kind));
  check.report(KIND_NOT_TEXT, ['kind'], kind, typeOf(kind));
  if (!check.clean) {
    return undefined;
  }
  if (apiVersion === API_VERSION) {
    if (isManifestKind(kind)) {
      return { kind };
    }
    const meant = nearest(kind, KIND_NAMES) ?? `one of ${KIND_NAMES.join(', ')}`;
    check.report(KIND_UNKNOWN, ['kind'], kind, { meant });
    return undefined;
  }
  const ours = KIND_NAMES.some(name => name.toLowerCase() === kind.toLowerCase());
  const sameGroup = apiVersion.startsWith(`${GROUP}/`);
  // A version without a group is the core group's, which has none of these kinds.
  if (ours && (sameGroup || !apiVersion.includes('/'))) {
    check.report(API_VERSION_OF_KIND, ['apiVersion'], apiVersion, { kind });
    return undefined;
  }
  if (sameGroup && apiVersion !== OME_API_VERSION) {
    check.report(API_VERSION_UNKNOWN, ['apiVersion'], apiVersion, { kinds: KIND_NAMES.join(', ') });
    return undefined;
  }
  if (otherKinds === OtherKinds.REJECT) {
    check.report(KIND_NOT_OF_MANIFEST, ['kind'], kind, { apiVersion });
    return undefined;
  }
  return 'other';
}

import { rewriteAuthzConfig, rewriteOidcConfig, rewriteProfile } from './flat-policies';
import { isFlat, rewriteServer } from './flat-server';
import { Rewriting } from './rewriting';
import { withoutNulls } from '../../api/json-schema';
import { GROUP } from '../../api/resource';
import { isObject, Json } from '../../values/json';
import { Path } from '../../values/paths';
import type { ConfigMapDocument } from '../authz-document';
import { API_VERSION, isManifestKind, ManifestKind } from '../kinds';
import type { DocumentCheck, SourceDocument } from '../source-document';

/*
 * OEP-0005 was written three times. Documents in the form of August and September 2025, and in that of examples of the final text whose
 * schemas say otherwise, are rewritten into today's form, and what they say is judged as if it had been written so.
 */

/** The version that the API had in August and September 2025. */
const EARLIER_VERSION = `${GROUP}/v1beta1`;

/** What documents are rewritten with. */
export interface EarlierContext {
  /** Namespace of objects that name none. */
  readonly chartNamespace: string | undefined;
  readonly configMaps: readonly ConfigMapDocument[];
}

/**
 * A document in today's form: itself, unless it was written in an earlier one.
 *
 * @param check takes what has no counterpart, at its place in the document as it was written
 */
export function inTodaysForm(
  document: SourceDocument,
  check: DocumentCheck,
  { chartNamespace, configMaps }: EarlierContext,
): SourceDocument {
  const { object } = document;
  const kind: unknown = object.kind;
  if (typeof kind !== 'string' || !isManifestKind(kind) || !isObject(object.spec)) {
    return typeof kind === 'string' && isManifestKind(kind) && object.apiVersion === EARLIER_VERSION
      ? { ...document, object: { ...object, apiVersion: API_VERSION } }
      : document;
  }
  const earlier = object.apiVersion === EARLIER_VERSION;
  if (!earlier && object.apiVersion !== API_VERSION) {
    return document;
  }
  const rewriting = new Rewriting({ ...object, apiVersion: API_VERSION, spec: withoutNulls(object.spec) });
  if (isServer(kind) && earlier) {
    const namespace = namespaceOf(object, kind) ?? chartNamespace;
    if (isFlat(rewriting.object.spec)) {
      rewriteServer(rewriting, check);
      rewriteAuthzConfig(rewriting, check);
      rewriteOidcConfig(rewriting, namespace, check);
      rewriteProfile(rewriting, namespace, configMaps, check);
    } else {
      rewriteNamedProfile(rewriting);
    }
  }
  rewriteRules(rewriting);
  return {
    ...document,
    object: rewriting.object,
    lineOf: path => document.lineOf(rewriting.placeOf(path)),
    written: { object, placeOf: path => rewriting.placeOf(path) },
  };
}

function isServer(kind: ManifestKind): boolean {
  return kind === 'MCPServer' || kind === 'ClusterMCPServer';
}

/** Namespace of a server's pods, as far as the document says it. */
function namespaceOf({ metadata, spec }: Json, kind: ManifestKind): string | undefined {
  return kind === 'MCPServer' ? metadata?.namespace : spec.workloadNamespace;
}

/** `builtin: { name }`, as it was in September 2025. */
function rewriteNamedProfile(rewriting: Rewriting): void {
  const path: Path = ['spec', 'permissionProfile'];
  const profile: unknown = rewriting.object.spec.permissionProfile;
  if (isObject(profile) && isObject(profile.builtin) && Object.keys(profile.builtin).join() === 'name') {
    rewriting.put(path, { ...profile }, path);
    rewriting.put([...path, 'builtin'], profile.builtin.name, [...path, 'builtin', 'name']);
  }
}

/** `tools` of a rule, as the text of the proposal has it ("Policy Hierarchy"): whoever may call them may list them. */
function rewriteRules(rewriting: Rewriting): void {
  const path: Path = ['spec', 'authorization'];
  const authorization: unknown = rewriting.object.spec.authorization;
  if (!isObject(authorization) || !Array.isArray(authorization.rules)) {
    return;
  }
  const { rules } = authorization;
  rewriting.put(path, { ...authorization, rules: [...rules] }, path);
  rules.forEach((rule: unknown, i) => {
    if (isObject(rule) && rule.tools !== undefined && rule.permissions === undefined) {
      const { tools, ...rest } = rule;
      const at: Path = [...path, 'rules', i];
      rewriting.put(at, rest, at);
      rewriting.make([...at, 'permissions'], [{ actions: ['tools/call', 'tools/list'] }], [...at, 'tools']);
      rewriting.put([...at, 'permissions', 0, 'tools'], tools, [...at, 'tools']);
    }
  });
}

import type { PolicyJson } from '@cedar-policy/cedar-wasm/nodejs';
import { AttributeTypes, StaticEntity } from './entities';
import { CedarSchema } from './schema';
import { RequestShape } from './vocabulary';

/** One policy. */
export interface CedarPolicy {
  /** Its `@id`, else its place: `policies[2]`, or `policies[2]#1` for the second policy of one text. */
  readonly id: string;
  /** Where it was written: `policies[2]`. */
  readonly property: string;
  readonly text: string;
  readonly json: PolicyJson;
}

/** Policies and entities that Cedar has validated and that can be translated. */
export interface CedarPolicies {
  readonly policies: readonly CedarPolicy[];
  readonly entities: readonly StaticEntity[];
  readonly attributes: AttributeTypes;
  /** What the policies use of claims, arguments and headers. */
  readonly shape: RequestShape;
  readonly schema: CedarSchema;
}

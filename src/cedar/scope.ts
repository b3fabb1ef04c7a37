import { BoundTerms } from './bindings';
import { AttributeTypes, StaticEntity } from './entities';
import { CedarAction, RequestShape } from './vocabulary';

/** What expressions are translated for. */
export interface Scope {
  readonly action: CedarAction;
  readonly entities: readonly StaticEntity[];
  readonly attributes: AttributeTypes;
  readonly shape: RequestShape;
  readonly bound: BoundTerms;
}

/*
 * Cedar policies: parsed and validated by Cedar itself, translated to CEL for gateways, and decided by Cedar for comparison.
 */
export type { CedarBindings, CedarAction, EntityType, EntityUid } from './vocabulary';
export { evaluateCedar } from './evaluate';
export type { CedarDecision, CedarRequest } from './evaluate';
export type { CedarFinding, TextPosition } from './wasm';
export { parseCedar } from './parse';
export type { CedarParse } from './parse';
export { mentionedEntities } from './policies';
export type { CedarPolicies, CedarPolicy } from './policies';
export { translateCedar } from './translate';
export type { CedarRequirement, CedarTranslation, TranslatedPolicy } from './translate';
export { CEDAR_ACTIONS } from './vocabulary';

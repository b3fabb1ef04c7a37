/* What answers questions of access, loaded when one is asked. */
export { defaultPrincipals, entryOf, knownTools, namedItems, principalsNamed, toolsOf } from './matrix-inputs';
export { nearest } from '../values/text';
export { callerOf } from '../passes/access/caller';
export { decide } from '../passes/access/decide';
export { computeMatrix, csvParts, jsonParts, rowsOf, toMarkdown, diff } from '../passes/access/matrix';

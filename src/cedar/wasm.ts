import type * as CedarWasm from '@cedar-policy/cedar-wasm/nodejs';

type Cedar = typeof CedarWasm;

const MODULE = '@cedar-policy/cedar-wasm/nodejs';

/** Cedar itself. Loaded on first use: it is a module of several megabytes that most charts never need. */
export function cedarWasm(): Cedar {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return require(MODULE);
}

/** Cedar has ended in the middle of something: what it was asked is more than it can take. */
export class CedarTrap extends Error {}

/**
 * Asks Cedar something. Where it ends in the middle of it, its memory is in no state to go on with: the next question is for
 * a copy of its own.
 *
 * @throws CedarTrap when Cedar ends
 */
export function askCedar<T>(question: (cedar: Cedar) => T): T {
  try {
    return question(cedarWasm());
  } catch (error) {
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    delete require.cache[require.resolve(MODULE)];
    throw new CedarTrap((error as Error).message);
  }
}

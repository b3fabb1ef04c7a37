import type * as CedarWasm from '@cedar-policy/cedar-wasm/nodejs';

/** Cedar itself. Loaded on first use: it is a module of several megabytes that most charts never need. */
export function cedarWasm(): typeof CedarWasm {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return require('@cedar-policy/cedar-wasm/nodejs');
}

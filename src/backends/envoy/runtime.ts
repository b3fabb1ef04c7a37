import { Struct } from './api';

/**
 * Settings of the running Envoy without which its matchers mean something else:
 * - regexes are read as UTF-8, not as bytes, so that `.` is a character;
 * - a header that is sent several times is one value, its lines joined by commas, and not met by any of its lines;
 * - regexes may be longer than a few dozen characters: one that is not refuses the whole configuration.
 */
export const RUNTIME: Struct = {
  'envoy.reloadable_features.re2_use_latin1_mode': false,
  'envoy.reloadable_features.match_headers_individually': false,
  'envoy.reloadable_features.rbac_match_headers_individually': false,
  're2.max_program_size.error_level': 2 ** 32 - 1,
};

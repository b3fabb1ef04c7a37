import { extension } from './config';
import { MetadataPath } from './identity';
import { Json } from '../../values/json';

/** Where the path is that a client asked for, without the query, in which it may leave secrets. */
export const REQUEST_PATH: MetadataPath = { namespace: 'mcp.request', path: ['path'] };

/** Keeps that path for logs and traces: when they are written, the path is that of the server, with whatever stands in it. */
export function requestPathFilter(): Json {
  const {
    namespace,
    path: [key],
  } = REQUEST_PATH;
  return extension('mcp.request', 'envoy.extensions.filters.http.header_to_metadata.v3.Config', {
    request_rules: [
      {
        header: ':path',
        on_header_present: {
          metadata_namespace: namespace,
          key,
          regex_value_rewrite: { pattern: { regex: '\\?.*' }, substitution: '' },
        },
      },
    ],
  });
}

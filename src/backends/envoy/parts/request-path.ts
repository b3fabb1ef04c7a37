import { part } from './part';
import { extension } from '../config/config';
import { MetadataPath } from '../config/names';

const NAMESPACE = 'mcp.request';
const KEY = 'path';

/** Where the path is that a client asked for, without the query, in which it may leave secrets. */
export const REQUEST_PATH: MetadataPath = { namespace: NAMESPACE, path: [KEY] };

/** Keeps that path for logs and traces: when they are written, the path is that of the server, with whatever stands in it. */
export const requestPath = part({
  filters: () => [
    extension(NAMESPACE, 'envoy.extensions.filters.http.header_to_metadata.v3.Config', {
      request_rules: [
        {
          header: ':path',
          on_header_present: {
            metadata_namespace: NAMESPACE,
            key: KEY,
            regex_value_rewrite: { pattern: { regex: '\\?.*' }, substitution: '' },
          },
        },
      ],
    }),
  ],
});

import { part } from './part';
import { REQUEST_PATH } from './request-path';
import { AccessLogField } from '../../../model/gateway';
import { inMetadata, inMetadataOr, literal } from '../config/formats';
import { ASKED_METHOD, CALL_ARGUMENTS, CALLED_TOOL } from '../config/names';
import { CALLER_USER } from '../dialect/identity';

/** What is logged of every request. No session: whoever has its id may be able to use it. And no query, where clients may leave secrets. */
export const accessLog = part({
  logFields: () => ({
    time: '%START_TIME%',
    client: '%DOWNSTREAM_DIRECT_REMOTE_ADDRESS_WITHOUT_PORT%',
    'http.method': '%REQUEST_HEADER(:METHOD)%',
    // The path that the client asked for; of a request that no filter saw, its own is still there.
    'http.path': inMetadataOr(REQUEST_PATH, 'PATH', 'NQ:ORIG_OR_PATH'),
    'http.status': '%RESPONSE_CODE%',
    'mcp.method': inMetadata(ASKED_METHOD),
    'mcp.tool': inMetadata(CALLED_TOOL),
    user: inMetadata(CALLER_USER),
    route: '%ROUTE_NAME%',
    server: '%UPSTREAM_HOST%',
    duration: '%DURATION%',
    reason: '%RESPONSE_CODE_DETAILS%',
    flags: '%RESPONSE_FLAGS%',
    trace: '%TRACE_ID%',
  }),
});

/** What a gateway has logged besides. */
export const accessLogFields = part({
  logFields: ({ gateway }) => Object.fromEntries(gateway.accessLog.map(({ name, source }) => [name, formatOf(source)])),
});

function formatOf(source: AccessLogField['source']): string {
  switch (source.kind) {
    case 'toolName':
      return inMetadata(CALLED_TOOL);
    case 'toolArguments':
      return inMetadata(CALL_ARGUMENTS);
    case 'requestHeader':
      return `%REQUEST_HEADER(${source.header})%`;
    case 'literal':
      return literal(source.value);
  }
}

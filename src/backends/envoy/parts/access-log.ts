import { part } from './part';
import { REQUEST_PATH } from './request-path';
import { celString } from '../../../cel/terms';
import { AccessLogField } from '../../../model/gateway';
import {
  celMetadata,
  inMetadata,
  inMetadataOr,
  literal,
  LogField,
  logged,
  loggedMetadata,
  saidByCaller,
} from '../config/formats';
import { ASKED_METHOD, CALL, CALL_ARGUMENTS, CALLED_TOOL } from '../config/names';
import { CALLER_USER } from '../dialect/identity';

/** What is logged of every request. No session: whoever has its id may be able to use it. And no query, where clients may leave secrets. */
export const accessLog = part({
  logFields: () => ({
    time: logged('%START_TIME%'),
    client: logged('%DOWNSTREAM_DIRECT_REMOTE_ADDRESS_WITHOUT_PORT%'),
    'http.method': saidByCaller('%REQUEST_HEADER(:METHOD)%', 'request.method'),
    // The path that the client asked for; of a request that no filter saw, its own is still there.
    'http.path': saidByCaller(
      inMetadataOr(REQUEST_PATH, 'PATH', 'NQ:ORIG_OR_PATH'),
      `${celString(REQUEST_PATH.namespace)} in metadata.filter_metadata ? ${celMetadata(REQUEST_PATH)} : request.url_path`,
    ),
    'http.status': logged('%RESPONSE_CODE%'),
    'mcp.method': loggedMetadata(ASKED_METHOD),
    'mcp.tool': loggedMetadata(CALLED_TOOL),
    user: loggedMetadata(CALLER_USER),
    route: logged('%ROUTE_NAME%'),
    server: logged('%UPSTREAM_HOST%'),
    duration: logged('%DURATION%'),
    reason: logged('%RESPONSE_CODE_DETAILS%'),
    flags: logged('%RESPONSE_FLAGS%'),
    trace: logged('%TRACE_ID%'),
  }),
});

/** What a gateway has logged besides. */
export const accessLogFields = part({
  logFields: ({ gateway }) => Object.fromEntries(gateway.accessLog.map(({ name, source }) => [name, fieldOf(source)])),
});

function fieldOf(source: AccessLogField['source']): LogField {
  switch (source.kind) {
    case 'toolName':
      return loggedMetadata(CALLED_TOOL);
    case 'toolArguments':
      // What is no object would stand in a line of text as it is: there the whole of the call does, which is one.
      return { json: inMetadata(CALL_ARGUMENTS), text: inMetadata(CALL) };
    case 'requestHeader':
      return saidByCaller(`%REQUEST_HEADER(${source.header})%`, `request.headers[${celString(source.header)}]`);
    case 'literal':
      return logged(literal(source.value));
  }
}

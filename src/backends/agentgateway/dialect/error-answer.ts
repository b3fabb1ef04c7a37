import { celString } from '../../../cel/terms';
import { DirectResponse } from '../config/config';

/*
 * Answers of the gateway itself that clients of MCP understand: errors of JSON-RPC, with the id of the request.
 */

/** An error. `data` is CEL. */
export function errorAnswer(status: number, code: number, message: string, data?: string): DirectResponse {
  const error = `{"code": ${code}, "message": ${celString(message)}${data === undefined ? '' : `, "data": ${data}`}}`;
  return {
    status,
    headers: { 'content-type': '"application/json"' },
    bodyExpression: `toJson({"jsonrpc": "2.0", "id": default(json(request.body).id, null), "error": ${error}})`,
  };
}

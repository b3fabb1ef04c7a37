import { Predicate } from '../../../cel/predicates';
import { celString } from '../../../cel/terms';
import { ConditionalResponse } from '../config/config';

/*
 * Answers of the gateway itself that clients of MCP understand: errors of JSON-RPC, with the id of the request.
 */

/** An error in answer to requests for which a condition holds; one that errs does not. `data` is CEL. */
export function errorAnswer(
  condition: Predicate,
  status: number,
  code: number,
  message: string,
  data?: string,
): ConditionalResponse {
  const error = `{"code": ${code}, "message": ${celString(message)}${data === undefined ? '' : `, "data": ${data}`}}`;
  return {
    condition,
    status,
    headers: { 'content-type': '"application/json"' },
    bodyExpression: `toJson({"jsonrpc": "2.0", "id": default(json(request.body).id, null), "error": ${error}})`,
  };
}

import { errorKind, InputCheck } from '../model/findings';
import { AccessLogField as AccessLogFieldModel, AccessLogSource } from '../model/gateway';
import { HEADER_NAME_INVALID, isHeaderName } from '../model/validation';
import { isCredentialHeader } from '../values/credentials';

const LOG_HEADER_OF_CREDENTIALS = errorKind(
  'log-header-of-credentials',
  'carries credentials, which must not reach a log',
  'Log another header',
);
const LOG_FIELD_NAME_INVALID = errorKind(
  'log-field-name-invalid',
  'is not a field name',
  'Use letters, digits, "_", "-" and ".", starting with a letter',
);

/**
 * A field that a gateway adds to each line of its access log.
 *
 * @example
 *
 * import { AccessLogField } from 'cdk8s-mcp';
 *
 * AccessLogField.toolName('tool');
 * AccessLogField.requestHeader('tenant', 'x-tenant');
 * AccessLogField.text('cluster', 'eu-1');
 */
export class AccessLogField {
  /**
   * The name of the tool called; empty for other requests.
   *
   * @param name name of the field
   * @throws when the name of the field is empty
   */
  public static toolName(name: string): AccessLogField {
    return AccessLogField.of(name, { kind: 'toolName' });
  }

  /**
   * The arguments of the tool called, as JSON. They may hold personal data and secrets.
   *
   * @param name name of the field
   * @throws when the name of the field is empty
   */
  public static toolArguments(name: string): AccessLogField {
    return AccessLogField.of(name, { kind: 'toolArguments' });
  }

  /**
   * A header of the request; empty when it has none. Headers with credentials are refused.
   *
   * @param name name of the field
   * @param header name of the header
   * @throws when the name of the field is empty, the header is not a header name, or it carries credentials
   */
  public static requestHeader(name: string, header: string): AccessLogField {
    const input = new InputCheck('AccessLogField.requestHeader');
    input.report(HEADER_NAME_INVALID, 'header', header, !isHeaderName(header));
    input.report(LOG_HEADER_OF_CREDENTIALS, 'header', header, isCredentialHeader(header));
    input.throwIfAny();
    return AccessLogField.of(name, { kind: 'requestHeader', header: header.toLowerCase() });
  }

  /**
   * The same text on every line.
   *
   * @param name name of the field
   * @param value the text
   * @throws when the name of the field is empty
   */
  public static text(name: string, value: string): AccessLogField {
    return AccessLogField.of(name, { kind: 'literal', value });
  }

  private static of(name: string, source: AccessLogSource): AccessLogField {
    const input = new InputCheck('AccessLogField');
    input.report(LOG_FIELD_NAME_INVALID, 'name', name, !/^[A-Za-z_][A-Za-z0-9_.-]*$/.test(name));
    input.throwIfAny();
    return new AccessLogField({ name, source });
  }

  /** @internal */
  public readonly _model: AccessLogFieldModel;

  private constructor(model: AccessLogFieldModel) {
    this._model = model;
  }
}

import { AccessLogField } from '../../src';
import { messageOf } from '../support/synth';

it.each<[string, () => AccessLogField, object]>([
  ['the tool', () => AccessLogField.toolName('tool'), { name: 'tool', source: { kind: 'toolName' } }],
  [
    'its arguments',
    () => AccessLogField.toolArguments('arguments'),
    { name: 'arguments', source: { kind: 'toolArguments' } },
  ],
  [
    'a header',
    () => AccessLogField.requestHeader('tenant', 'X-Tenant'),
    { name: 'tenant', source: { kind: 'requestHeader', header: 'x-tenant' } },
  ],
  [
    'a text',
    () => AccessLogField.text('cluster', 'eu-1'),
    { name: 'cluster', source: { kind: 'literal', value: 'eu-1' } },
  ],
])('logs %s', (_, create, model) => {
  expect(create()).toMatchObject({ _model: model });
});

it.each<[string, () => AccessLogField, string]>([
  ['no name', () => AccessLogField.toolName(''), '[AccessLogField] name: got "": is not a field name'],
  [
    'a header that is none',
    () => AccessLogField.requestHeader('x', 'a b'),
    '[AccessLogField.requestHeader] header: got "a b": is not a header name',
  ],
  [
    'a header with credentials',
    () => AccessLogField.requestHeader('x', 'Authorization'),
    '[AccessLogField.requestHeader] header: got "Authorization": carries credentials, which must not reach a log.',
  ],
])('refuses %s', (_, create, message) => {
  expect(messageOf(create)).toContain(message);
});

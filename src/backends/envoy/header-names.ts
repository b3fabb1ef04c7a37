import { SingleMethod } from '../../model/policy';
import { headerOf } from '../../passes/policy/authentication';

/** Headers that are not what the client sent when anything asks about them: of the connection, and what Envoy says of a request. */
const REWRITTEN: readonly string[] = [
  'connection',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
  'upgrade',
  'x-forwarded-client-cert',
  'x-forwarded-for',
  'x-forwarded-proto',
  'x-request-id',
];

/** Whether nothing can be asked about a header. Requests with a name that has an underscore are refused. */
export function isRewritten(name: string): boolean {
  return REWRITTEN.includes(name) || name.startsWith('x-envoy-') || name.includes('_');
}

/** Headers that credentials come in, or are passed on in: they are taken out, or replaced, when the caller is known. */
export function credentialHeaders(methods: readonly SingleMethod[]): ReadonlySet<string> {
  const names = methods.flatMap(method => headerOf(method)?.name ?? []);
  return new Set(names.length === 0 ? [] : [...names, 'authorization']);
}

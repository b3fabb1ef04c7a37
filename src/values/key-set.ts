/** Private members of JSON Web Keys (RFC 7518, 6.2.2, 6.3.2, 6.4.1): they must not reach a ConfigMap. */
const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];

/** URLs of the API server inside a cluster. */
const API_SERVER = /^https?:\/\/kubernetes(\.default(\.svc(\.[^:/]+)?)?)?(:[0-9]+)?(\/|$)/i;

/** Whether keys stand at the API server of the cluster, which shows them to nobody without a token. */
export function isApiServer(url: string): boolean {
  return API_SERVER.test(url);
}

/** What is wrong with the text of a JSON Web Key Set, whatever verifies with it. */
export function keySetProblem(text: string): string | undefined {
  let parsed: any;
  try {
    parsed = JSON.parse(text);
  } catch {
    return 'is not JSON';
  }
  if (!Array.isArray(parsed?.keys) || parsed.keys.length === 0) {
    return 'is not a JSON Web Key Set: it has no `keys`';
  }
  if (parsed.keys.some((key: unknown) => typeof key !== 'object' || key === null)) {
    return 'is not a JSON Web Key Set: a key is no object';
  }
  return parsed.keys.some((key: object) => PRIVATE_MEMBERS.some(member => member in key))
    ? 'contains a private or symmetric key'
    : undefined;
}

import { presentedCaller } from '../../../../src/backends/agentgateway/dialect/presented-caller';
import { celEvaluator, celLibrary, fromJson, isMet } from '../../../../src/cel/evaluate';
import { Entry } from '../../../../src/model/plan';
import { AuthenticationMethod, JwtMethod } from '../../../../src/model/policy';

const ISSUER = 'https://auth.acme.dev';
const BEARER = { name: 'authorization', prefix: 'Bearer ' };

/** What agentgateway's functions do, as far as the expressions use them. */
const evaluate = celEvaluator({
  functions: () => {
    const { celFunc, celMethod, CelScalar, mapType } = celLibrary();
    const headers = mapType(CelScalar.STRING, CelScalar.DYN);
    return [
      celFunc('unvalidatedJwtPayload', [CelScalar.STRING], CelScalar.DYN, token =>
        fromJson(JSON.parse(Buffer.from(token.split('.')[1], 'base64url').toString('utf8'))),
      ),
      celMethod('substring', CelScalar.STRING, [CelScalar.INT], CelScalar.STRING, function (from) {
        return this.slice(Number(from));
      }),
      celMethod('join', headers, [], headers, function () {
        return this;
      }),
    ];
  },
  rewrite: parsed => parsed,
});

const jwt = (changes: Partial<JwtMethod> = {}): JwtMethod => ({
  kind: 'jwt',
  issuer: ISSUER,
  audiences: ['mcp'],
  keys: { kind: 'url', url: `${ISSUER}/jwks` },
  header: BEARER,
  claims: { user: ['sub'], groups: ['groups'] },
  ...changes,
});

function textsFor(...methods: AuthenticationMethod[]): string[] {
  const authentication = methods.map(method => ({ method, origins: [] }));
  return presentedCaller({ policy: { authentication, levels: [], rateLimits: [] } } as unknown as Entry);
}

/** The first text that does not err is who calls; undefined where all do. */
function caller(texts: readonly string[], headers: Readonly<Record<string, string>>, expected: string): boolean {
  const variables = { request: fromJson({ headers }), source: fromJson({ subjectCn: null }) };
  const first = texts.find(text => evaluate(`(${text}) == (${text})`, variables).kind === 'value');
  return first !== undefined && isMet(evaluate(`(${first}) == ${JSON.stringify(expected)}`, variables));
}

const token = (claims: object): string => `x.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.y`;

it('tells callers by the subject of their token', () => {
  const texts = textsFor(jwt());
  const authorization = `Bearer ${token({ iss: ISSUER, sub: 'alice?>' })}`;
  expect(caller(texts, { authorization }, `token ${ISSUER} alice?>`)).toBe(true);
  for (const other of ['', 'Bearer', 'Bearer x', 'Bearer a.b.c', 'Bearer x.e30.y', `Bearer ${token({ sub: 1 })}`]) {
    expect(
      texts.some(
        text =>
          evaluate(`(${text}) != ""`, { request: fromJson({ headers: { authorization: other } }) }).kind === 'value',
      ),
    ).toBe(false);
  }
});

it('tells them by their user where a token has no subject', () => {
  const texts = textsFor(jwt({ claims: { user: ['https://acme.dev/who', 'mail'], groups: ['groups'] } }));
  const authorization = `Bearer ${token({ iss: ISSUER, 'https://acme.dev/who': { mail: 'a@acme.dev' } })}`;
  expect(caller(texts, { authorization }, 'user a@acme.dev')).toBe(true);
});

it('tells them by what is in the place of an API key, or of a token without a prefix', () => {
  const key = { kind: 'apiKey', header: { name: 'x-api-key', prefix: '' }, keys: [] } as const;
  expect(caller(textsFor(key), { 'x-api-key': 'k-1' }, 'key k-1')).toBe(true);
  const bare = jwt({ header: { name: 'x-token', prefix: '' } });
  expect(caller(textsFor(bare), { 'x-token': token({ iss: ISSUER, sub: 'bob' }) }, `token ${ISSUER} bob`)).toBe(true);
  // A choice: whichever is there.
  const either = textsFor({ kind: 'anyOf', methods: [jwt(), key] });
  expect(caller(either, { 'x-api-key': 'k-1' }, 'key k-1')).toBe(true);
});

it('tells them by the name in a certificate or before a password, and asks nothing where nobody has to say', () => {
  expect(
    textsFor({
      kind: 'clientCertificate',
      ca: { kind: 'secret', ref: { name: 'ca', key: 'ca.crt' } },
    } as unknown as AuthenticationMethod),
  ).toEqual(['"user " + source.subjectCn']);
  expect(
    textsFor({ kind: 'basic', htpasswd: { secretName: 'users', key: 'htpasswd' } } as unknown as AuthenticationMethod),
  ).toEqual(['"user " + string(base64.decode(request.headers.join()["authorization"].substring(6))).split(":")[0]']);
  expect(presentedCaller({} as Entry)).toEqual([]);
});
